#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "portico/model/annotations.hpp"

/// What may stand in `Annotated<T, …>` and in a parameter: `Path<int, "id", ge(1)>`.
///
/// Another room adds annotations of its own without a change here: any structural type with
/// `using Mark = X;` is kept as a mark that `mark<X>(annotations)` finds. It is an X itself, or has
/// `constexpr X value() const`.
namespace portico::model {

/// Which values a constraint can hold for.
enum class Fits : std::uint16_t {
    nothing = 0,
    numbers = 1,    ///< Integers, floating point, `Decimal`.
    texts = 2,      ///< Strings and types with a text form.
    items = 4,      ///< Lists, sets, maps.
    decimals = 8,   ///< `Decimal`.
    anything = 16,  ///< Not a constraint: a description.
    moments = 32,   ///< `Date`, `DateTime`, `NaiveDateTime`.
    uuids = 64,     ///< `Uuid`.
    strings = 128,  ///< `std::string`.
    reals = 256,    ///< float, double.
    maps = 512,     ///< `std::map` and its like.
    unions = 1024,  ///< `std::variant`.
};
[[nodiscard]] constexpr Fits operator|(Fits a, Fits b) noexcept {
    return static_cast<Fits>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
[[nodiscard]] constexpr bool shares(Fits a, Fits b) noexcept {
    return (static_cast<unsigned>(a) & static_cast<unsigned>(b)) != 0;
}

// NOLINTBEGIN(readability-identifier-naming): they are written as functions are.

/// Greater than: `gt(0)`. Compared exactly: an integer with a real bound too.
struct gt {
    Number bound;
    consteval explicit gt(Number value) : bound(value) {}
    static constexpr Fits kFits = Fits::numbers;
    constexpr void apply(Annotations& to) const { to.gt = bound; }
};

/// Greater than or equal to.
struct ge {
    Number bound;
    consteval explicit ge(Number value) : bound(value) {}
    static constexpr Fits kFits = Fits::numbers;
    constexpr void apply(Annotations& to) const { to.ge = bound; }
};

/// Less than.
struct lt {
    Number bound;
    consteval explicit lt(Number value) : bound(value) {}
    static constexpr Fits kFits = Fits::numbers;
    constexpr void apply(Annotations& to) const { to.lt = bound; }
};

/// Less than or equal to.
struct le {
    Number bound;
    consteval explicit le(Number value) : bound(value) {}
    static constexpr Fits kFits = Fits::numbers;
    constexpr void apply(Annotations& to) const { to.le = bound; }
};

/// A multiple of a number greater than 0.
struct multiple_of {
    Number factor;
    consteval explicit multiple_of(Number value) : factor(value) {
        if (value.kind == Number::Kind::real ? !(value.real > 0) : value.integer == 0) {
            throw "multiple_of takes a number greater than 0";
        }
    }
    static constexpr Fits kFits = Fits::numbers;
    constexpr void apply(Annotations& to) const { to.multiple_of = factor; }
};

/// At least so many characters (code points) of a text, or items of a list.
struct min_length {
    std::size_t least;
    consteval explicit min_length(std::size_t value) : least(value) {}
    static constexpr Fits kFits = Fits::texts | Fits::items;
    constexpr void apply(Annotations& to) const { to.min_length = least; }
};

/// At most so many characters (code points) of a text, or items of a list.
struct max_length {
    std::size_t most;
    consteval explicit max_length(std::size_t value) : most(value) {}
    static constexpr Fits kFits = Fits::texts | Fits::items;
    constexpr void apply(Annotations& to) const { to.max_length = most; }
};

/// `min_length` for lists, sets and maps alone.
struct min_items {
    std::size_t least;
    consteval explicit min_items(std::size_t value) : least(value) {}
    static constexpr Fits kFits = Fits::items;
    constexpr void apply(Annotations& to) const { to.min_length = least; }
};

/// `max_length` for lists, sets and maps alone.
struct max_items {
    std::size_t most;
    consteval explicit max_items(std::size_t value) : most(value) {}
    static constexpr Fits kFits = Fits::items;
    constexpr void apply(Annotations& to) const { to.max_length = most; }
};

/// Significant digits of a `Decimal`, at most.
struct max_digits {
    std::size_t most;
    consteval explicit max_digits(std::size_t value) : most(value) {}
    static constexpr Fits kFits = Fits::decimals;
    constexpr void apply(Annotations& to) const { to.max_digits = most; }
};

/// Digits after a `Decimal`'s point, at most. Trailing zeros do not count.
struct decimal_places {
    std::size_t most;
    consteval explicit decimal_places(std::size_t value) : most(value) {}
    static constexpr Fits kFits = Fits::decimals;
    constexpr void apply(Annotations& to) const { to.decimal_places = most; }
};

/// Only values of the type itself: "1" is no integer, 1.0 neither. `Annotated<int, strict>`
struct Strict {
    static constexpr Fits kFits = Fits::anything;
    constexpr void apply(Annotations& to) const { to.strict = true; }
};
inline constexpr Strict strict{};

/// Marked as deprecated in the documentation; works as before. `Annotated<int, deprecated>`
struct Deprecated {
    static constexpr Fits kFits = Fits::anything;
    constexpr void apply(Annotations& to) const { to.deprecated = true; }
};
inline constexpr Deprecated deprecated{};

namespace detail {

/// A literal as a template argument.
template <std::size_t N>
struct Literal {
    char text[N]{};
    consteval explicit Literal(const char (&literal)[N]) {
        for (std::size_t i = 0; i < N; ++i) text[i] = literal[i];
    }
    [[nodiscard]] constexpr std::string_view view() const noexcept { return {text, N - 1}; }
};

}  // namespace detail

/// A text matches if the regular expression (RE2) is found anywhere in it: anchor it with ^…$.
template <std::size_t N>
struct pattern : detail::Literal<N> {
    consteval explicit pattern(const char (&literal)[N]) : detail::Literal<N>(literal) {}
    static constexpr Fits kFits = Fits::texts;
    static constexpr bool kIsPattern = true;
};

/// The title in the schema, instead of the name in title case.
template <std::size_t N>
struct title : detail::Literal<N> {
    consteval explicit title(const char (&literal)[N]) : detail::Literal<N>(literal) {}
    static constexpr Fits kFits = Fits::anything;
    constexpr void apply(Annotations& to) const { to.title = this->view(); }
};

/// A sentence for the documentation; Markdown.
template <std::size_t N>
struct description : detail::Literal<N> {
    consteval explicit description(const char (&literal)[N]) : detail::Literal<N>(literal) {}
    static constexpr Fits kFits = Fits::anything;
    constexpr void apply(Annotations& to) const { to.description = this->view(); }
};

/// The member's name outside: in JSON, parameters, schemas and faults.
template <std::size_t N>
struct alias : detail::Literal<N> {
    consteval explicit alias(const char (&literal)[N]) : detail::Literal<N>(literal) {}
    static constexpr Fits kFits = Fits::anything;
    constexpr void apply(Annotations& to) const { to.alias = this->view(); }
};

/// An example for the documentation; may be given up to four times.
template <class T>
struct example {
    T value;
    consteval explicit example(T from) : value(from) {}
    template <std::size_t N>
    consteval explicit example(const char (&literal)[N]) : value(literal) {}
    static constexpr Fits kFits = Fits::anything;

    constexpr void apply(Annotations& to) const {
        if (to.example_count == Annotations::kMostExamples) throw "at most four examples";
        Example& next = to.examples[to.example_count++];
        if constexpr (requires { value.view(); }) {
            next = {.kind = Example::Kind::text, .text = value.view()};
        } else if constexpr (std::is_same_v<T, bool>) {
            next = {.kind = Example::Kind::boolean, .truth = value};
        } else {
            next = {.kind = Example::Kind::number, .number = Number(value)};
        }
    }
};
template <std::size_t N>
example(const char (&)[N]) -> example<detail::Literal<N>>;

/// The user's own check: a function, or a lambda without captures, from a const reference to the
/// value to std::optional<std::string>. What it returns is the fault "Value error, …".
///
///     Annotated<int, check([](const int& n) -> std::optional<std::string> {
///         return n % 7 == 0 ? std::optional<std::string>("no multiple of 7, please") :
///         std::nullopt;
///     })> number;
template <class F>
struct check {
    F function;
    consteval explicit check(F from) : function(from) {}
    static constexpr Fits kFits = Fits::anything;
    static constexpr bool kIsCheck = true;
};

// NOLINTEND(readability-identifier-naming)

}  // namespace portico::model
