#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "portico/model/constraints.hpp"
#include "portico/model/slot_of.hpp"

namespace portico::model {
namespace detail {

/// A literal as a template argument, which must not be explicit.
template <std::size_t N>
struct Option : Literal<N> {
    // NOLINTNEXTLINE(google-explicit-constructor)
    consteval Option(const char (&text)[N]) : Literal<N>(text) {}
};

}  // namespace detail

/// One of the texts that are written out: `Literal<"asc", "desc"> order`. One byte.
///
/// Nothing else is read ("Input should be 'asc' or 'desc'"), nothing else can be assigned: a
/// literal that is no option does not compile. Made without a value it is the first option.
///
///     Annotated<Literal<"asc", "desc">> order = "asc";
///     if (query.order == "desc") …
template <detail::Option... Options>
class Literal {
    static_assert(sizeof...(Options) > 0 && sizeof...(Options) < 256);
    static constexpr std::string_view kOptions[] = {Options.view()...};

public:
    constexpr Literal() noexcept = default;
    template <std::size_t N>
    // NOLINTNEXTLINE(google-explicit-constructor): a literal becomes one where it is written.
    consteval Literal(const char (&option)[N])
        : index_(static_cast<std::uint8_t>(
              std::ranges::find(kOptions, std::string_view(option, N - 1)) - kOptions)) {
        if (index_ == sizeof...(Options)) throw "this text is none of the options of the Literal";
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

namespace detail {

template <class T>
struct LiteralValues;
template <detail::Option... Options>
struct LiteralValues<model::Literal<Options...>> {
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

template <detail::Option... Options>
struct TypeOf<model::Literal<Options...>> {
    static constexpr Kind kKind = Kind::enumerator;
    static constexpr std::string_view kName = "literal";
    static consteval const void* details() {
        return &LiteralValues<model::Literal<Options...>>::kDetails;
    }
};

}  // namespace detail
}  // namespace portico::model
