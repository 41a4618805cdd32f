#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "portico/model/annotated.hpp"
#include "portico/model/constraints.hpp"
#include "portico/model/details.hpp"
#include "portico/model/type_traits.hpp"

namespace portico::model {

/// A moment, in UTC, to the microsecond; years 1 to 9999.
///
/// Read from RFC 3339 text, whose offset must be there ("Input should have timezone info"): with
/// "T", "t", "_" or a space between date and time, and up to nine digits of a second (cut to six);
/// or, unless `strict`, from a Unix timestamp: seconds, beyond 2·10¹⁰ milliseconds.
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

    /// RFC 3339 alone. The error is Pydantic's: "month value is outside expected range of 1-12".
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

/// What a calendar and a clock on the wall show, somewhere: 2026-11-23T21:37:27. To the
/// microsecond; years 1 to 9999. A text with an offset is refused ("Input should not have timezone
/// info"), and so is a Unix timestamp, which is a moment.
class NaiveDateTime {
public:
    using TimePoint = std::chrono::local_time<std::chrono::microseconds>;

    constexpr NaiveDateTime() noexcept = default;
    // NOLINTNEXTLINE(google-explicit-constructor)
    constexpr NaiveDateTime(TimePoint time) noexcept : time_(time) {}

    [[nodiscard]] static std::expected<NaiveDateTime, std::string> parse(std::string_view text);

    [[nodiscard]] std::string to_string() const;
    [[nodiscard]] constexpr TimePoint time() const noexcept { return time_; }

    [[nodiscard]] auto operator<=>(const NaiveDateTime&) const noexcept = default;

private:
    TimePoint time_{};
};

/// A day of the (proleptic) Gregorian calendar, years 1 to 9999: 2026-11-23.
///
/// Read also from a date-time or Unix timestamp at midnight, whose offset does not matter.
class Date {
public:
    constexpr Date() noexcept = default;
    // NOLINTNEXTLINE(google-explicit-constructor)
    constexpr Date(std::chrono::year_month_day day) noexcept : day_(day) {}

    /// YYYY-MM-DD alone.
    [[nodiscard]] static std::expected<Date, std::string> parse(std::string_view text);

    [[nodiscard]] std::string to_string() const;
    [[nodiscard]] constexpr std::chrono::year_month_day day() const noexcept { return day_; }

    [[nodiscard]] auto operator<=>(const Date&) const noexcept = default;

private:
    std::chrono::year_month_day day_{std::chrono::year{1970}, std::chrono::month{1},
                                     std::chrono::day{1}};
};

// NOLINTBEGIN(readability-identifier-naming): they are written as functions are.

/// Before now, of a day before today in UTC; see `ReadingClock`. `Annotated<Date, past>`
struct Past {
    static constexpr Fits kFits = Fits::moments;
    constexpr void apply(Annotations& to) const { to.tense = Tense::past; }
};
inline constexpr Past past{};

/// After now, of a day after today in UTC; see `ReadingClock`. `Annotated<DateTime, future>`
struct Future {
    static constexpr Fits kFits = Fits::moments;
    constexpr void apply(Annotations& to) const { to.tense = Tense::future; }
};
inline constexpr Future future{};

// NOLINTEND(readability-identifier-naming)

template <>
struct TypeTraits<DateTime> {
    static constexpr std::string_view kName = "datetime";
    static constexpr Fits kFits = Fits::moments;
    static const detail::TextDetails kText;
};

template <>
struct TypeTraits<NaiveDateTime> {
    static constexpr std::string_view kName = "datetime";
    static constexpr Fits kFits = Fits::moments;
    static const detail::TextDetails kText;
};

template <>
struct TypeTraits<Date> {
    static constexpr std::string_view kName = "date";
    static constexpr Fits kFits = Fits::moments;
    static const detail::TextDetails kText;
};

using PastDate = Annotated<Date, past>;
using FutureDate = Annotated<Date, future>;
using PastDateTime = Annotated<DateTime, past>;
using FutureDateTime = Annotated<DateTime, future>;

}  // namespace portico::model
