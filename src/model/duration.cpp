#include "portico/model/duration.hpp"

#include "model/numbers.hpp"
#include "model/time_parser.hpp"

namespace portico::model {
namespace {

using std::chrono::microseconds;
using Error = TimeParser::Error;

constexpr Error kTooLong = "durations may not exceed 106,751,990 days";
constexpr Error kNoDigit = "invalid digit in duration";
constexpr Error kBadDay = "\"day\" identifier in duration not correctly formatted";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// A sum of quantities, which is bounded at every step.
class Sum {
public:
    void add(std::uint64_t whole, std::uint64_t nanos, std::int64_t unit_in_seconds) {
        const Wide unit = static_cast<Wide>(unit_in_seconds) * 1'000'000;
        total_ += whole * unit + nanos * unit / 1'000'000'000;
        if (total_ > kMost) total_ = kMost + 1;
    }
    [[nodiscard]] Error result(bool negative, microseconds& out) const {
        if (total_ > kMost) return kTooLong;
        out = microseconds(static_cast<std::int64_t>(negative ? -total_ : total_));
        return nullptr;
    }

private:
    static constexpr Wide kMost = static_cast<Wide>(Duration::kMostDays) * 86'400 * 1'000'000;

    Wide total_ = 0;
};

/// Digits at the front of the text, at most 2⁶⁰; they are taken off.
std::uint64_t take_number(std::string_view& text) {
    std::uint64_t value = 0;
    for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1)) {
        if (value < (std::uint64_t{1} << 56)) {
            value = value * 10 + static_cast<unsigned>(text.front() - '0');
        }
    }
    return value;
}

/// A fraction's digits in billionths; what is smaller is cut off.
std::uint64_t take_fraction(std::string_view& text) {
    std::uint64_t nanos = 0;
    unsigned places = 0;
    for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1)) {
        if (places++ < 9) nanos = nanos * 10 + static_cast<unsigned>(text.front() - '0');
    }
    for (; places < 9; ++places) nanos *= 10;
    return nanos;
}

std::int64_t date_unit(char c) {
    switch (c) {
        case 'Y':
            return 365 * 86'400;
        case 'M':
            return 30 * 86'400;
        case 'W':
            return 7 * 86'400;
        case 'D':
            return 86'400;
        default:
            return 0;
    }
}

std::int64_t time_unit(char c) {
    switch (c) {
        case 'H':
            return 3'600;
        case 'M':
            return 60;
        case 'S':
            return 1;
        default:
            return 0;
    }
}

/// ISO 8601 behind its "P".
Error read_iso(std::string_view text, Sum& sum) {
    bool in_time = false;
    if (text.empty() || text == "T") return TimeParser::kTooShort;
    while (!text.empty()) {
        if (text.front() == 'T' && !in_time) {
            in_time = true;
            text.remove_prefix(1);
            continue;
        }
        if (!is_digit(text.front())) return kNoDigit;
        const std::uint64_t whole = take_number(text);
        std::uint64_t nanos = 0;
        if (text.starts_with('.') || text.starts_with(',')) {
            text.remove_prefix(1);
            if (text.empty() || !is_digit(text.front())) return kNoDigit;
            nanos = take_fraction(text);
        }
        const char letter = text.empty() ? '\0' : text.front();
        const std::int64_t unit = in_time ? time_unit(letter) : date_unit(letter);
        if (unit == 0) {
            return in_time ? "quantity invalid in time part of duration"
                           : "quantity invalid in date part of duration";
        }
        text.remove_prefix(1);
        sum.add(whole, nanos, unit);
    }
    return nullptr;
}

Error read_clock(std::string_view text, Sum& sum) {
    TimeParser parser(text);
    microseconds time{};
    if (const Error error = parser.time(time, true)) return error;
    if (parser.left() != 0) return TimeParser::kExtra;
    const auto micros = static_cast<std::uint64_t>(time.count());
    sum.add(micros / 1'000'000, micros % 1'000'000 * 1'000, 1);
    return nullptr;
}

/// "3 days, 04:05:06", "3d"
Error read_days(std::string_view text, Sum& sum) {
    const auto skip = [&](char c, char other) {
        const bool there = !text.empty() && (text.front() == c || text.front() == other);
        if (there) text.remove_prefix(1);
        return there;
    };
    if (!is_digit(text.front())) return kNoDigit;
    const std::uint64_t days = take_number(text);
    while (skip(' ', ' ')) {
    }
    if (!skip('d', 'D')) return kBadDay;
    if (skip('a', 'A')) {
        if (!skip('y', 'Y')) return kBadDay;
        skip('s', 'S');
    }
    sum.add(days, 0, 86'400);
    skip(',', ',');
    while (skip(' ', ' ')) {
    }
    return text.empty() ? nullptr : read_clock(text, sum);
}

Error read_duration(std::string_view text, microseconds& out) {
    Sum sum;
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    if (text.empty()) return TimeParser::kTooShort;
    Error error = nullptr;
    if (text.front() == 'P') {
        error = read_iso(text.substr(1), sum);
    } else if (text.size() < 5 || text.find_first_of("dD") != text.npos) {
        error = read_days(text, sum);
    } else {
        error = read_clock(text, sum);
    }
    return error != nullptr ? error : sum.result(negative, out);
}

bool duration_fault(std::string_view error, detail::TextFault& fault) {
    fault = detail::parse_fault("time_delta_parsing", "Input should be a valid timedelta, ", error);
    return false;
}

bool parse_number(std::string_view number, void* out, detail::TextFault& fault) {
    constexpr auto kMost = std::chrono::seconds(Duration::kMostDays * 86'400);
    const auto length = microseconds_from(number);
    if (!length || *length > kMost || *length < -kMost) return duration_fault(kTooLong, fault);
    *static_cast<Duration*>(out) = *length;
    return true;
}

void append_quantity(std::uint64_t value, char unit, std::string& out) {
    if (value == 0) return;
    out += std::to_string(value);
    out += unit;
}

}  // namespace

std::expected<Duration, std::string> Duration::parse(std::string_view text) {
    microseconds length{};
    if (const Error error = read_duration(text, length)) return std::unexpected(error);
    return length;
}

std::string Duration::to_string() const {
    const bool negative = length_.count() < 0;
    const auto bits = static_cast<std::uint64_t>(length_.count());
    const std::uint64_t micros = negative ? 0 - bits : bits;
    const std::uint64_t seconds = micros / 1'000'000;
    std::string out = negative ? "-P" : "P";
    append_quantity(seconds / 86'400, 'D', out);
    std::string clock;
    append_quantity(seconds / 3'600 % 24, 'H', clock);
    append_quantity(seconds / 60 % 60, 'M', clock);
    if (const auto fraction = micros % 1'000'000; fraction != 0) {
        std::string digits;
        append_padded(static_cast<unsigned>(fraction), 6, digits);
        while (digits.ends_with('0')) digits.pop_back();
        clock += std::to_string(seconds % 60) + "." + digits + "S";
    } else {
        append_quantity(seconds % 60, 'S', clock);
    }
    if (micros == 0) clock = "0S";
    if (!clock.empty()) out += "T" + clock;
    return out;
}

constinit const detail::TextDetails TypeTraits<Duration>::kText{
    .parse =
        [](std::string_view text, void* out, detail::TextFault& fault) {
            const auto duration = Duration::parse(text);
            if (!duration) return duration_fault(duration.error(), fault);
            *static_cast<Duration*>(out) = *duration;
            return true;
        },
    .print = [](const void* value,
                std::string& out) { out += static_cast<const Duration*>(value)->to_string(); },
    .schema = R"({"type":"string","format":"duration"})",
    .wrong_type = "time_delta_type",
    .wrong_type_msg = "Input should be a valid timedelta",
    .parse_number = &parse_number,
};

}  // namespace portico::model
