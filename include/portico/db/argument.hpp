#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "portico/db/detail/coding.hpp"
#include "portico/db/detail/parameters.hpp"
#include "portico/db/value.hpp"
#include "portico/model/slot_of.hpp"

namespace portico::db {

/// A value for the `:name` of a raw statement; made by `arg`.
struct Argument {
    std::string_view name;
    detail::Parameters value;
};

namespace detail {

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

/// What a member holds, without its annotations and below its optional.
template <class M>
struct Held {
    using Type = M;
};
template <class M, auto... C>
struct Held<model::Annotated<M, C...>> : Held<M> {};
template <class M>
struct Held<std::optional<M>> : Held<M> {};

template <class M>
using HeldBy = typename Held<M>::Type;

/// A number or bool, annotated or not.
template <class T>
    requires std::is_arithmetic_v<HeldBy<T>>
[[nodiscard]] Value plain_value(const T& value) {
    using Number = HeldBy<T>;
    static_assert(
        std::is_floating_point_v<Number> || sizeof(Number) < 8 || std::is_signed_v<Number>,
        "portico: a database has no unsigned 64-bit integers: use std::int64_t");
    const Number& number = value;
    if constexpr (std::is_floating_point_v<Number>) {
        return Value{static_cast<double>(number)};
    } else {
        return Value{static_cast<std::int64_t>(number)};
    }
}

template <class T>
void add_argument(const T& value, Parameters& out) {
    if constexpr (std::same_as<T, std::nullopt_t>) {
        out.add(Value{});
    } else if constexpr (IsOptional<T>::value) {
        if (!value) return out.add(Value{});
        add_argument(*value, out);
    } else if constexpr (std::is_arithmetic_v<HeldBy<T>>) {
        out.add(plain_value(value));
    } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
        out.add(Value{std::string_view(value)});
    } else {
        encode(coding_of(model::slot_of<T>(), "argument"), &value, Text::copied, out);
    }
}

}  // namespace detail

/// `arg("id", 7)`, `arg("email", text)`, `arg("until", std::nullopt)`, `arg("now", date_time)`.
/// Kept as a column of the type would keep it; for a `Decimal` with fixed places give its
/// `scaled(n)`.
template <class T>
[[nodiscard]] Argument arg(std::string_view name, const T& value) {
    Argument argument{.name = name, .value = {}};
    detail::add_argument(value, argument.value);
    return argument;
}

}  // namespace portico::db
