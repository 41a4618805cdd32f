#include "portico/http/date.hpp"

#include <algorithm>
#include <cstdint>

#include "http/bytes.hpp"

namespace portico::http {

namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void put_two(char* to, unsigned value) noexcept {
    to[0] = static_cast<char>('0' + value / 10 % 10);
    to[1] = static_cast<char>('0' + value % 10);
}

/// Reads a date from left to right; any failure sticks.
class Scanner {
public:
    explicit Scanner(std::string_view text) noexcept : rest_(text) {}

    void literal(std::string_view expected) noexcept {
        ok_ = ok_ && rest_.starts_with(expected);
        if (ok_) rest_.remove_prefix(expected.size());
    }
    unsigned number(std::size_t digits) noexcept {
        unsigned value = 0;
        ok_ = ok_ && rest_.size() >= digits;
        for (std::size_t i = 0; ok_ && i < digits; ++i) {
            ok_ = is_digit(rest_[i]);
            value = value * 10 + static_cast<unsigned>(rest_[i] - '0');
        }
        if (ok_) rest_.remove_prefix(digits);
        return value;
    }
    unsigned month() noexcept {
        for (unsigned i = 0; ok_ && i < kMonths.size(); ++i) {
            if (!rest_.starts_with(kMonths[i])) continue;
            rest_.remove_prefix(3);
            return i + 1;
        }
        ok_ = false;
        return 0;
    }
    /// RFC 9110 §5.6.7, asctime: date3 = month SP ( 2DIGIT / ( SP 1DIGIT )).
    unsigned padded_day() noexcept {
        if (!rest_.starts_with(' ')) return number(2);
        literal(" ");
        return number(1);
    }
    [[nodiscard]] bool at_end() const noexcept { return ok_ && rest_.empty(); }

private:
    std::string_view rest_;
    bool ok_ = true;
};

struct Parts {
    int year;
    unsigned month;
    unsigned day;
    unsigned hour;
    unsigned minute;
    unsigned second;
};

void read_time(Scanner& scanner, Parts& parts) noexcept {
    parts.hour = scanner.number(2);
    scanner.literal(":");
    parts.minute = scanner.number(2);
    scanner.literal(":");
    parts.second = scanner.number(2);
}

std::optional<DateTime> to_time(const Parts& parts) noexcept {
    const year_month_day date{year{parts.year}, month{parts.month}, day{parts.day}};
    // A leap second counts as the second after it: system_clock has none.
    if (!date.ok() || parts.hour > 23 || parts.minute > 59 || parts.second > 60) return {};
    const sys_seconds time =
        sys_days{date} + hours{parts.hour} + minutes{parts.minute} + seconds{parts.second};
    // What the clock counts in nanoseconds ends in 1677 and 2262; a date past it is that end.
    return std::clamp(time, ceil<seconds>(DateTime::min()), floor<seconds>(DateTime::max()));
}

std::optional<DateTime> parse_imf_fixdate(std::string_view text) noexcept {
    Scanner scanner(text);
    Parts parts{};
    scanner.literal(", ");
    parts.day = scanner.number(2);
    scanner.literal(" ");
    parts.month = scanner.month();
    scanner.literal(" ");
    parts.year = static_cast<int>(scanner.number(4));
    scanner.literal(" ");
    read_time(scanner, parts);
    scanner.literal(" GMT");
    return scanner.at_end() ? to_time(parts) : std::nullopt;
}

std::optional<DateTime> parse_rfc850(std::string_view text, DateTime now) noexcept {
    Scanner scanner(text);
    Parts parts{};
    scanner.literal(", ");
    parts.day = scanner.number(2);
    scanner.literal("-");
    parts.month = scanner.month();
    scanner.literal("-");
    const int short_year = static_cast<int>(scanner.number(2));
    scanner.literal(" ");
    read_time(scanner, parts);
    scanner.literal(" GMT");
    if (!scanner.at_end()) return {};
    // RFC 9110 §5.6.7: a date that "appears to be more than 50 years in the future" is to be read
    // "as representing the most recent year in the past that had the same last two digits".
    const int this_year = static_cast<int>(year_month_day{floor<days>(now)}.year());
    parts.year = this_year - this_year % 100 + short_year;
    if (parts.year > this_year + 50) parts.year -= 100;
    if (parts.year < this_year - 49) parts.year += 100;
    return to_time(parts);
}

std::optional<DateTime> parse_asctime(std::string_view text) noexcept {
    Scanner scanner(text);
    Parts parts{};
    scanner.literal(" ");
    parts.month = scanner.month();
    scanner.literal(" ");
    parts.day = scanner.padded_day();
    scanner.literal(" ");
    read_time(scanner, parts);
    scanner.literal(" ");
    parts.year = static_cast<int>(scanner.number(4));
    return scanner.at_end() ? to_time(parts) : std::nullopt;
}

}  // namespace

std::string_view format_date(DateTime time, std::span<char, kDateLength> buffer) noexcept {
    const auto second = floor<seconds>(time);
    const auto date = floor<days>(second);
    const year_month_day parts{date};
    const hh_mm_ss clock{second - date};
    const auto year = static_cast<unsigned>(std::clamp(static_cast<int>(parts.year()), 0, 9999));

    std::ranges::copy(std::string_view("Sun, 06 Nov 1994 08:49:37 GMT"), buffer.begin());
    std::ranges::copy(kDays[weekday{date}.c_encoding()].substr(0, 3), buffer.begin());
    put_two(&buffer[5], static_cast<unsigned>(parts.day()));
    std::ranges::copy(kMonths[static_cast<unsigned>(parts.month()) - 1], buffer.begin() + 8);
    put_two(&buffer[12], year / 100);
    put_two(&buffer[14], year % 100);
    put_two(&buffer[17], static_cast<unsigned>(clock.hours().count()));
    put_two(&buffer[20], static_cast<unsigned>(clock.minutes().count()));
    put_two(&buffer[23], static_cast<unsigned>(clock.seconds().count()));
    return {buffer.data(), buffer.size()};
}

std::string format_date(DateTime time) {
    std::array<char, kDateLength> buffer;
    return std::string(format_date(time, buffer));
}

std::optional<DateTime> parse_date(std::string_view text, DateTime now) noexcept {
    for (const std::string_view day : kDays) {
        if (text.starts_with(day)) return parse_rfc850(text.substr(day.size()), now);
        if (!text.starts_with(day.substr(0, 3))) continue;
        const std::string_view rest = text.substr(3);
        return rest.starts_with(',') ? parse_imf_fixdate(rest) : parse_asctime(rest);
    }
    return {};
}

}  // namespace portico::http
