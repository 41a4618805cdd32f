#pragma once

#include <compare>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "portico/model/constraints.hpp"
#include "portico/model/details.hpp"
#include "portico/model/type_traits.hpp"

namespace portico::model {

/// An exact decimal number, for money: what was written is what is kept, "1.10" with its zero.
///
/// An integer of at most 36 digits and a scale, the number of digits after the point (0–36). Read
/// from a JSON number's own text (never through a double) or from a string; written as a JSON
/// number, where Pydantic writes a string. Compares by value: 1.1 == 1.10. No arithmetic.
///
///     auto price = Decimal::parse("19.99").value();
///     price.scaled(2);                  // 1999: what a database keeps
///     Decimal::from_scaled(1999, 2);    // 19.99
class Decimal {
public:
    static constexpr unsigned kMostDigits = 36;

    constexpr Decimal() noexcept = default;
    /// `units` / 10^`scale`; a scale above 36 is 36.
    [[nodiscard]] static constexpr Decimal from_scaled(std::int64_t units,
                                                       unsigned scale) noexcept {
        Decimal decimal;
        decimal.mantissa_ = units;
        decimal.scale_ = scale < kMostDigits ? scale : kMostDigits;
        return decimal;
    }
    /// Digits with an optional sign, point and exponent. None: no decimal, or more than 36 digits.
    [[nodiscard]] static std::optional<Decimal> parse(std::string_view text) noexcept;

    /// Plain notation, never an exponent: "-0.05".
    [[nodiscard]] std::string to_string() const;
    /// The value times 10^`scale`, when that is an integer of 64 bits.
    [[nodiscard]] std::optional<std::int64_t> scaled(unsigned scale) const noexcept;
    [[nodiscard]] double to_double() const noexcept;
    /// Digits after the point, as written.
    [[nodiscard]] constexpr unsigned scale() const noexcept { return scale_; }
    /// Significant digits and digits after the point; as written, or without trailing zeros.
    struct Digits {
        unsigned total;
        unsigned places;
    };
    [[nodiscard]] Digits digits(bool normalized) const noexcept;

    /// Exact. `factor` is not zero.
    [[nodiscard]] bool is_multiple_of(const Decimal& factor) const noexcept;

    [[nodiscard]] std::strong_ordering operator<=>(const Decimal& other) const noexcept;
    [[nodiscard]] bool operator==(const Decimal& other) const noexcept {
        return (*this <=> other) == std::strong_ordering::equal;
    }

private:
    __extension__ using Mantissa = __int128;

    Mantissa mantissa_ = 0;
    unsigned scale_ = 0;
};

template <>
struct TypeTraits<Decimal> {
    static constexpr std::string_view kName = "decimal";
    static constexpr Fits kFits = Fits::numbers | Fits::decimals;
    static const detail::TextDetails kText;
};

}  // namespace portico::model
