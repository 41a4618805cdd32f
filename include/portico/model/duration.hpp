#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "portico/model/constraints.hpp"
#include "portico/model/details.hpp"
#include "portico/model/type_traits.hpp"

namespace portico::model {

/// A length of time to the microsecond, at most 106,751,990 days either way.
///
/// Read from ISO 8601 ("P3DT4H5M6.5S", "-PT36H", "P2W"; a year is 365 days, a month 30), from
/// "[3 days, ]HH:MM[:SS[.ffffff]]", or, unless `strict`, from a number of seconds. Written as
/// ISO 8601 in days and less, so that nobody has to know how long a month is: "P400DT1H".
///
///     Annotated<Duration> timeout = Duration(std::chrono::seconds(30));
class Duration {
public:
    static constexpr std::int64_t kMostDays = 106'751'990;

    constexpr Duration() noexcept = default;
    // NOLINTNEXTLINE(google-explicit-constructor): it is one.
    constexpr Duration(std::chrono::microseconds length) noexcept : length_(length) {}

    /// The error is Pydantic's: "invalid digit in duration".
    [[nodiscard]] static std::expected<Duration, std::string> parse(std::string_view text);

    [[nodiscard]] std::string to_string() const;
    [[nodiscard]] constexpr std::chrono::microseconds length() const noexcept { return length_; }
    // NOLINTNEXTLINE(google-explicit-constructor): it is one.
    [[nodiscard]] constexpr operator std::chrono::microseconds() const noexcept { return length_; }

    [[nodiscard]] auto operator<=>(const Duration&) const noexcept = default;

private:
    std::chrono::microseconds length_{};
};

template <>
struct TypeTraits<Duration> {
    static constexpr std::string_view kName = "timedelta";
    static constexpr Fits kFits = Fits::nothing;
    static const detail::TextDetails kText;
};

}  // namespace portico::model
