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

/// A moment, in UTC, to the microsecond; years 1 to 9999.
///
/// Read from RFC 3339 text, whose offset must be there ("Input should have timezone info"): with
/// "T", "t", "_" or a space between date and time, and up to nine digits of a second (cut to six).
/// Written in UTC with "Z", with a fraction only if there is one: 2026-11-23T21:37:27.123400Z.
class DateTime {
public:
    using TimePoint = std::chrono::sys_time<std::chrono::microseconds>;

    constexpr DateTime() noexcept = default;
    // NOLINTNEXTLINE(google-explicit-constructor): a time of the system clock is a moment.
    constexpr DateTime(TimePoint time) noexcept : time_(time) {}
    template <class Duration>
    constexpr explicit DateTime(std::chrono::sys_time<Duration> time) noexcept
        : time_(std::chrono::floor<std::chrono::microseconds>(time)) {}

    [[nodiscard]] static constexpr DateTime from_unix_microseconds(std::int64_t value) noexcept {
        return TimePoint(std::chrono::microseconds(value));
    }

    /// The error is Pydantic's: "month value is outside expected range of 1-12".
    [[nodiscard]] static std::expected<DateTime, std::string> parse(std::string_view text);

    [[nodiscard]] std::string to_string() const;
    [[nodiscard]] constexpr TimePoint time() const noexcept { return time_; }
    [[nodiscard]] constexpr std::int64_t unix_microseconds() const noexcept {
        return time_.time_since_epoch().count();
    }

    [[nodiscard]] auto operator<=>(const DateTime&) const noexcept = default;

private:
    TimePoint time_{};
};

/// A day of the (proleptic) Gregorian calendar, years 1 to 9999: 2026-11-23.
class Date {
public:
    constexpr Date() noexcept = default;
    // NOLINTNEXTLINE(google-explicit-constructor)
    constexpr Date(std::chrono::year_month_day day) noexcept : day_(day) {}

    [[nodiscard]] static std::expected<Date, std::string> parse(std::string_view text);

    [[nodiscard]] std::string to_string() const;
    [[nodiscard]] constexpr std::chrono::year_month_day day() const noexcept { return day_; }

    [[nodiscard]] auto operator<=>(const Date&) const noexcept = default;

private:
    std::chrono::year_month_day day_{std::chrono::year{1970}, std::chrono::month{1},
                                     std::chrono::day{1}};
};

template <>
struct TypeTraits<DateTime> {
    static constexpr std::string_view kName = "datetime";
    static constexpr Fits kFits = Fits::nothing;
    static const detail::TextDetails kText;
};

template <>
struct TypeTraits<Date> {
    static constexpr std::string_view kName = "date";
    static constexpr Fits kFits = Fits::nothing;
    static const detail::TextDetails kText;
};

}  // namespace portico::model
