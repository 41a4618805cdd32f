#pragma once

#include <concepts>
#include <initializer_list>
#include <type_traits>
#include <utility>

#include "portico/model/constraints.hpp"
#include "portico/model/fits.hpp"
#include "portico/model/member_options.hpp"

namespace portico::model {

/// Says that a member has an empty default: `Annotated<std::vector<std::string>> tags = empty;`
struct Empty {};
inline constexpr Empty empty{};

namespace detail {

/// While a model's table is built: notes the `Annotated` members that are default-constructed,
/// which are those that were written without a default.
class DefaultRecorder {
public:
    virtual void record(const void* member) = 0;
    /// It was given a default after all: `= empty`.
    virtual void forget(const void* member) = 0;

protected:
    ~DefaultRecorder() = default;
};
extern constinit thread_local DefaultRecorder* default_recorder;

inline void record_default(const void* member) {
    if (default_recorder != nullptr) [[unlikely]]
        default_recorder->record(member);
}

inline void forget_default(const void* member) {
    if (default_recorder != nullptr) [[unlikely]]
        default_recorder->forget(member);
}

struct AnyMember;  // what reflection.hpp counts members with

template <class T>
struct ItemOf {
    struct None {};
    using Type = None;
};
template <class T>
    requires requires { typename T::value_type; }
struct ItemOf<T> {
    using Type = typename T::value_type;
};

}  // namespace detail

/// A member with constraints or metadata; it is used as the T that it is.
///
///     Annotated<std::string, min_length(1), max_length(100), description("Display name")> name;
///     Annotated<int, ge(1), le(100)> limit = 20;
///     Annotated<std::vector<std::string>, max_items(10)> tags = empty;
///
/// Without a default it is required. The default constructor is explicit for that: `= {}` does not
/// compile, nor does `Model{.other = 1}` that leaves a required member out.
/// A class is derived from, any other type is converted to. Same size and layout as T.
template <class T, auto... C>
class Annotated : public T {
    static_assert(detail::check_fits<T, C...>());

public:
    explicit Annotated()
        requires(!detail::kHasFactory<C...>)
        : T() {
        detail::record_default(this);
    }
    Annotated()
        requires(detail::kHasFactory<C...>)
        : T(detail::make_default<C...>()) {}
    // NOLINTBEGIN(google-explicit-constructor): a T becomes an Annotated T wherever one is written.
    Annotated(Empty) : T() { detail::forget_default(this); }
    Annotated(std::initializer_list<typename detail::ItemOf<T>::Type> items)
        requires requires { typename T::value_type; }
        : T(items) {}
    template <class U>
        requires(std::is_convertible_v<U, T> && !std::same_as<std::remove_cvref_t<U>, Annotated> &&
                 !std::same_as<std::remove_cvref_t<U>, Empty> &&
                 !std::same_as<std::remove_cvref_t<U>, detail::AnyMember>)
    constexpr Annotated(U&& value) : T(std::forward<U>(value)) {}
    // NOLINTEND(google-explicit-constructor)

    using T::operator=;
};

template <class T, auto... C>
    requires(!std::is_class_v<T>)
class Annotated<T, C...> {
    static_assert(detail::check_fits<T, C...>());

public:
    explicit Annotated()
        requires(!detail::kHasFactory<C...>)
        : value() {
        detail::record_default(this);
    }
    Annotated()
        requires(detail::kHasFactory<C...>)
        : value(detail::make_default<C...>()) {}
    // NOLINTBEGIN(google-explicit-constructor)
    constexpr Annotated(T from) noexcept : value(from) {}
    constexpr operator const T&() const noexcept { return value; }
    // NOLINTEND(google-explicit-constructor)

    T value;
};

}  // namespace portico::model
