#include "model/time_parser.hpp"

#include <charconv>
#include <cmath>

#include "model/numbers.hpp"

namespace portico::model {

namespace {

using std::chrono::microseconds;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

TimeParser::Error TimeParser::date(std::chrono::year_month_day& out) {
    unsigned y = 0;
    unsigned m = 0;
    unsigned d = 0;
    if (text_.size() < 10) return kTooShort;
    if (!digits(4, y)) return "invalid character in year";
    if (!take('-')) return "invalid date separator, expected `-`";
    if (!digits(2, m)) return "invalid character in month";
    if (!take('-')) return "invalid date separator, expected `-`";
    if (!digits(2, d)) return "invalid character in day";
    if (m < 1 || m > 12) return "month value is outside expected range of 1-12";
    out = std::chrono::year{static_cast<int>(y)} / std::chrono::month{m} / std::chrono::day{d};
    // Year 0 is no year that a date-time can be written in.
    if (y == 0) return "year 0 is out of range";
    if (!out.ok()) return "day value is outside expected range";
    return nullptr;
}

TimeParser::Error TimeParser::time(microseconds& out, bool any_hours) {
    unsigned h = 0;
    unsigned m = 0;
    unsigned s = 0;
    if (left() < 5) return kTooShort;
    if (any_hours) {
        while (h < 100'000'000 && is_digit(peek())) static_cast<void>(digits(1, h));
        if (peek() != ':') return "invalid character in hour";
    } else if (!digits(2, h)) {
        return "invalid character in hour";
    }
    if (!take(':')) return "invalid time separator, expected `:`";
    if (!digits(2, m)) return "invalid character in minute";
    if (h > 23 && !any_hours) return "hour value is outside expected range of 0-23";
    if (m > 59) return "minute value is outside expected range of 0-59";
    std::uint64_t micros = 0;
    if (take(':')) {
        if (left() < 2) return kTooShort;
        if (!digits(2, s)) return "invalid character in second";
        if (s > 59) return "second value is outside expected range of 0-59";
        if (take('.') || take(',')) {
            if (const Error error = fraction(micros)) return error;
        }
    }
    out = std::chrono::hours(h) + std::chrono::minutes(m) + std::chrono::seconds(s) +
          microseconds(micros);
    return nullptr;
}

TimeParser::Error TimeParser::offset(std::optional<std::chrono::minutes>& out) {
    out = std::chrono::minutes(0);
    if (take('Z') || take('z')) return nullptr;
    const bool minus = peek() == '-';
    if (!take('+') && !take('-')) {
        out.reset();
        return left() == 0 ? nullptr : "invalid timezone sign";
    }
    unsigned h = 0;
    unsigned m = 0;
    if (left() < 2) return kTooShort;
    if (!digits(2, h)) return "invalid timezone hour";
    static_cast<void>(take(':'));
    if (left() < 2) return kTooShort;
    if (!digits(2, m)) return "invalid timezone minute";
    if (m > 59) return "timezone minute value is outside expected range of 0-59";
    if (h > 23) return "timezone offset must be less than 24 hours";
    out = std::chrono::minutes(static_cast<int>(h * 60 + m) * (minus ? -1 : 1));
    return nullptr;
}

TimeParser::Error TimeParser::fraction(std::uint64_t& micros) {
    unsigned places = 0;
    for (; is_digit(peek()); ++at_, ++places) {
        // RFC 3339 §5.6 bounds no fraction; beyond nanoseconds nobody means it.
        if (places == 9) return "second fraction value is more than 9 digits long";
        if (places < 6) micros = micros * 10 + static_cast<unsigned>(peek() - '0');
    }
    if (places == 0) return "second fraction digits missing after `.`";
    for (; places < 6; ++places) micros *= 10;
    return nullptr;
}

bool TimeParser::digits(std::size_t count, unsigned& out) {
    for (std::size_t i = 0; i < count; ++i, ++at_) {
        if (!is_digit(peek())) return false;
        out = out * 10 + static_cast<unsigned>(peek() - '0');
    }
    return true;
}

bool TimeParser::take(char c) {
    if (left() == 0 || peek() != c) return false;
    ++at_;
    return true;
}

std::optional<microseconds> microseconds_from(std::string_view number) {
    constexpr std::int64_t kMost = INT64_MAX / 1'000'000;
    std::int64_t seconds = 0;
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), seconds);
    if (error == std::errc() && end == number.data() + number.size()) {
        if (seconds > kMost || seconds < -kMost) return {};
        return std::chrono::seconds(seconds);
    }
    const double real = double_from(number).value_or(NAN);
    if (!(std::fabs(real) <= static_cast<double>(kMost))) return {};
    // The whole seconds apart, so that nothing of a fraction is lost to them.
    const double whole = std::trunc(real);
    return std::chrono::seconds(static_cast<std::int64_t>(whole)) +
           microseconds(std::llround((real - whole) * 1e6));
}

void append_padded(unsigned value, unsigned width, std::string& out) {
    const std::string digits = std::to_string(value);
    out.append(width > digits.size() ? width - digits.size() : 0, '0');
    out += digits;
}

void append_clock(microseconds since_midnight, std::string& out) {
    const std::chrono::hh_mm_ss clock(since_midnight);
    append_padded(static_cast<unsigned>(clock.hours().count()), 2, out);
    out += ':';
    append_padded(static_cast<unsigned>(clock.minutes().count()), 2, out);
    out += ':';
    append_padded(static_cast<unsigned>(clock.seconds().count()), 2, out);
    if (const auto fraction = clock.subseconds().count(); fraction != 0) {
        out += '.';
        append_padded(static_cast<unsigned>(fraction), 6, out);
    }
}

}  // namespace portico::model
