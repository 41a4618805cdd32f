#pragma once

#include <concepts>
#include <string>
#include <type_traits>

#include "portico/model/constraints.hpp"
#include "portico/model/type_traits.hpp"

namespace portico::model::detail {

template <class T>
concept OptionalLike = requires(T& optional) {
    typename T::value_type;
    optional.has_value();
    optional.reset();
};

template <class T>
concept PointerLike = requires(T& pointer) {
    typename T::element_type;
    typename T::deleter_type;
    pointer.release();
};

template <class T>
concept MapLike = requires {
    typename T::key_type;
    typename T::mapped_type;
};

template <class T>
concept SetLike = !MapLike<T> && requires { typename T::key_type; };

template <class T>
concept ListLike = !SetLike<T> && !MapLike<T> && !OptionalLike<T> && requires(T& list) {
    typename T::value_type;
    list.push_back(std::declval<typename T::value_type>());
};

/// Which constraints hold for values of T; the constraints of an optional are those of its value.
template <class T>
consteval Fits fits_of() {
    if constexpr (std::same_as<T, bool>) {
        return Fits::anything;
    } else if constexpr (std::is_arithmetic_v<T>) {
        const Fits number = Fits::numbers | Fits::anything;
        return std::is_floating_point_v<T> ? number | Fits::reals : number;
    } else if constexpr (requires { TypeTraits<T>::kFits; }) {
        return TypeTraits<T>::kFits | Fits::anything;
    } else if constexpr (std::is_base_of_v<std::string, T>) {
        return Fits::texts | Fits::strings | Fits::anything;
    } else if constexpr (requires { &TypeTraits<T>::parse; }) {
        return Fits::texts | Fits::anything;
    } else if constexpr (OptionalLike<T>) {
        return fits_of<typename T::value_type>();
    } else if constexpr (PointerLike<T>) {
        return fits_of<typename T::element_type>();
    } else if constexpr (MapLike<T>) {
        return Fits::maps | Fits::items | Fits::anything;
    } else if constexpr (SetLike<T> || ListLike<T>) {
        return Fits::items | Fits::anything;
    } else if constexpr (requires(const T& variant) { variant.valueless_by_exception(); }) {
        return Fits::unions | Fits::anything;
    }
    return Fits::anything;
}

/// What an annotation asks for; those of other rooms, which have no `kFits`, may stand anywhere.
template <class C>
consteval Fits wants() {
    static_assert(
        requires { C::kFits; } || requires { typename C::Mark; },
        "portico: this is neither a constraint nor an annotation: what follows the type "
        "in Annotated<T, ...> is written like ge(1), max_length(100), description(\"…\")");
    if constexpr (requires { C::kFits; }) return C::kFits;
    return Fits::anything;
}

/// That the constraints are such as T can have.
template <class T, auto... C>
consteval bool check_fits() {
    constexpr Fits kHas = fits_of<T>();
    constexpr auto fit = [](Fits wanted, Fits group) {
        return wanted != group || shares(kHas, wanted);
    };
    static_assert(
        (fit(wants<decltype(C)>(), Fits::numbers) && ...),
        "portico: gt, ge, lt, le and multiple_of are for numbers, which this type is not");
    static_assert((fit(wants<decltype(C)>(), Fits::decimals) && ...),
                  "portico: max_digits and decimal_places are for Decimal, which this type is not");
    static_assert((fit(wants<decltype(C)>(), Fits::items) && ...),
                  "portico: min_items and max_items are for lists, sets and maps, which this type "
                  "is not");
    static_assert((fit(wants<decltype(C)>(), Fits::moments) && ...),
                  "portico: past and future are for Date, DateTime and NaiveDateTime, none of "
                  "which this type is");
    static_assert((fit(wants<decltype(C)>(), Fits::uuids) && ...),
                  "portico: uuid_version is for Uuid, which this type is not");
    static_assert((fit(wants<decltype(C)>(), Fits::strings) && ...),
                  "portico: strip_whitespace, to_lower and to_upper are for std::string, which "
                  "this type is not");
    static_assert((fit(wants<decltype(C)>(), Fits::reals) && ...),
                  "portico: allow_inf_nan is for float and double, which this type is not");
    static_assert((fit(wants<decltype(C)>(), Fits::texts) && ...),
                  "portico: pattern is for texts, which this type is not");
    static_assert((fit(wants<decltype(C)>(), Fits::texts | Fits::items) && ...),
                  "portico: min_length and max_length are for texts, lists, sets and maps, which "
                  "this type is not");
    static_assert((fit(wants<decltype(C)>(), Fits::maps) && ...),
                  "portico: extras are kept in a map: std::map<std::string, Json>");
    static_assert((fit(wants<decltype(C)>(), Fits::unions) && ...),
                  "portico: a discriminator is for std::variant, which this type is not");
    return true;
}

}  // namespace portico::model::detail
