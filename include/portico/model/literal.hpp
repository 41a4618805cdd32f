#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string_view>
#include <type_traits>

#include "portico/model/constraints.hpp"
#include "portico/model/slot_of.hpp"

namespace portico::model {
namespace detail {

/// A literal as a template argument, which must not be explicit: a text, an integer, an
/// enumerator.
template <std::size_t N, class V = void>
struct Option {
    V value;
    // NOLINTNEXTLINE(google-explicit-constructor)
    consteval Option(V option) : value(option) {}
};
template <std::size_t N>
struct Option<N, void> : Literal<N> {
    // NOLINTNEXTLINE(google-explicit-constructor)
    consteval Option(const char (&text)[N]) : Literal<N>(text) {}
};
template <std::size_t N>
Option(const char (&)[N]) -> Option<N>;
template <class V>
    requires(std::is_integral_v<V> || std::is_enum_v<V>)
Option(V) -> Option<1, V>;

/// What the options of a Literal are: an enum, std::int64_t, or void for texts.
template <class O>
struct OptionValue;
template <std::size_t N, class V>
struct OptionValue<Option<N, V>> {
    using Type = std::conditional_t<std::is_integral_v<V>, std::int64_t, V>;
};

}  // namespace detail

/// One of the texts that are written out: `Literal<"asc", "desc"> order`. One byte.
///
/// Nothing else is read ("Input should be 'asc' or 'desc'"), nothing else can be assigned: a
/// literal that is no option does not compile. Made without a value it is the first option.
///
///     Annotated<Literal<"asc", "desc">> order = "asc";
///     if (query.order == "desc") …
template <detail::Option First, detail::Option... Rest>
class Literal {
    static_assert(sizeof...(Rest) < 255);
    static_assert((std::is_void_v<typename detail::OptionValue<decltype(Rest)>::Type> && ...),
                  "portico: the options of a Literal are all texts, all integers, or all "
                  "enumerators of one enum");
    static constexpr std::string_view kOptions[] = {First.view(), Rest.view()...};

public:
    constexpr Literal() noexcept = default;
    template <std::size_t N>
    // NOLINTNEXTLINE(google-explicit-constructor): a literal becomes one where it is written.
    consteval Literal(const char (&option)[N])
        : index_(static_cast<std::uint8_t>(
              std::ranges::find(kOptions, std::string_view(option, N - 1)) - kOptions)) {
        if (index_ == std::size(kOptions)) throw "this text is none of the options of the Literal";
    }

    [[nodiscard]] constexpr std::string_view str() const noexcept { return kOptions[index_]; }
    // NOLINTNEXTLINE(google-explicit-constructor): it is a text.
    [[nodiscard]] constexpr operator std::string_view() const noexcept { return str(); }

    /// With another, or with a literal, which is one of the options or does not compile.
    [[nodiscard]] friend constexpr bool operator==(Literal a, Literal b) noexcept = default;
    /// As the options are listed.
    [[nodiscard]] friend constexpr auto operator<=>(Literal a, Literal b) noexcept = default;

private:
    std::uint8_t index_ = 0;
};

/// One of the integers, or enumerators of one enum, that are written out: `Literal<1, 2>`,
/// `Literal<Animal::cat>`, which is read, written and described as the enum is, by name or value,
/// and is the tag of an alternative that a document can tell apart (`const`).
///
///     Annotated<Literal<1, 2>> version = 1;
///     Literal<Animal::cat> kind;
///     if (version == 2) …
template <detail::Option First, detail::Option... Rest>
    requires(!std::is_void_v<typename detail::OptionValue<decltype(First)>::Type>)
class Literal<First, Rest...> {
public:
    using Value = typename detail::OptionValue<decltype(First)>::Type;

private:
    static_assert(
        (std::is_same_v<typename detail::OptionValue<decltype(Rest)>::Type, Value> && ...),
        "portico: the options of a Literal are all texts, all integers, or all enumerators of one "
        "enum");
    static constexpr Value kOptions[] = {static_cast<Value>(First.value),
                                         static_cast<Value>(Rest.value)...};

public:
    constexpr Literal() noexcept = default;
    // NOLINTNEXTLINE(google-explicit-constructor): an option becomes one where it is written.
    consteval Literal(Value option) : value_(option) {
        if (std::ranges::find(kOptions, option) == std::end(kOptions)) {
            throw "this value is none of the options of the Literal";
        }
    }

    [[nodiscard]] constexpr Value value() const noexcept { return value_; }

    /// With another, or with a value, which is one of the options or does not compile.
    [[nodiscard]] friend constexpr bool operator==(Literal a, Literal b) noexcept = default;
    [[nodiscard]] friend constexpr auto operator<=>(Literal a, Literal b) noexcept = default;

private:
    Value value_ = kOptions[0];
};

namespace detail {

/// The digits of an integer.
template <std::int64_t Number>
struct Digits {
    char text[20]{};
    std::size_t size = 0;

    consteval Digits() {
        std::uint64_t rest =
            Number < 0 ? -static_cast<std::uint64_t>(Number) : std::uint64_t(Number);
        do {
            text[size++] = static_cast<char>('0' + rest % 10);
            rest /= 10;
        } while (rest != 0);
        if (Number < 0) text[size++] = '-';
        std::ranges::reverse(text, text + size);
    }
};
template <std::int64_t Number>
inline constexpr Digits<Number> kDigits;

template <class V, auto... Options>
struct LiteralValues;
template <auto... Options>
struct LiteralValues<void, Options...> {
    static constexpr auto kValues = [] {
        std::int64_t next = 0;
        return std::array{EnumValue{Options.view(), next++}...};
    }();
    static constexpr EnumDetails kDetails{.is_literal = true,
                                          .values = kValues,
                                          .pretty = {},
                                          .pretty_type = {},
                                          .first = 0,
                                          .bytes = 1,
                                          .is_signed = false,
                                          .cell = nullptr};
};
template <auto... Options>
struct LiteralValues<std::int64_t, Options...> {
    static constexpr EnumValue kValues[] = {
        {std::string_view(kDigits<Options.value>.text, kDigits<Options.value>.size),
         static_cast<std::int64_t>(Options.value)}...};
    static constexpr EnumDetails kDetails{.by_value = true,
                                          .is_literal = true,
                                          .values = kValues,
                                          .pretty = {},
                                          .pretty_type = {},
                                          .first = 0,
                                          .bytes = 8,
                                          .is_signed = true,
                                          .cell = nullptr};
};
/// Which enumerators; their names are the enum's.
template <class E, auto... Options>
struct LiteralValues {
    static constexpr std::int64_t kPicked[] = {static_cast<std::int64_t>(Options.value)...};
    static inline constinit std::atomic<const std::span<const EnumValue>*> cell{nullptr};
    static constexpr EnumDetails kDetails{.by_value = kEnumDetails<E>.by_value,
                                          .is_literal = true,
                                          .values = {},
                                          .pretty = {},
                                          .pretty_type = {},
                                          .first = 0,
                                          .bytes = sizeof(E),
                                          .is_signed = kEnumDetails<E>.is_signed,
                                          .cell = &cell,
                                          .of = &kType<E>,
                                          .picked = kPicked};
};

template <detail::Option First, detail::Option... Rest>
struct TypeOf<model::Literal<First, Rest...>> {
    using Values = LiteralValues<typename OptionValue<decltype(First)>::Type, First, Rest...>;
    static constexpr Kind kKind = Kind::enumerator;
    static constexpr std::string_view kName = "literal";
    static consteval const void* details() { return &Values::kDetails; }
};

}  // namespace detail
}  // namespace portico::model
