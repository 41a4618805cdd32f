#include "portico/model/date_time.hpp"

namespace portico::model {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;
using Error = const char*;

constexpr Error kTooShort = "input is too short";

/// A cursor over a date or time, with Pydantic's words for what is wrong.
class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    Error date(year_month_day& out) {
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
        out = year{static_cast<int>(y)} / month{m} / day{d};
        // Year 0 is no year that a date-time can be written in.
        if (y == 0) return "year 0 is out of range";
        if (!out.ok()) return "day value is outside expected range";
        return nullptr;
    }

    Error time(std::chrono::microseconds& out) {
        unsigned h = 0;
        unsigned m = 0;
        unsigned s = 0;
        if (left() < 5) return kTooShort;
        if (!digits(2, h)) return "invalid character in hour";
        if (!take(':')) return "invalid time separator, expected `:`";
        if (!digits(2, m)) return "invalid character in minute";
        if (h > 23) return "hour value is outside expected range of 0-23";
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
              std::chrono::microseconds(micros);
        return nullptr;
    }

    /// None: the text has no offset.
    Error offset(bool& there, std::chrono::minutes& out) {
        there = true;
        if (take('Z') || take('z')) return nullptr;
        const bool minus = peek() == '-';
        if (!take('+') && !take('-')) {
            there = false;
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

    bool take_separator() { return take('T') || take('t') || take('_') || take(' '); }
    [[nodiscard]] std::size_t left() const { return text_.size() - at_; }

private:
    Error fraction(std::uint64_t& micros) {
        unsigned places = 0;
        for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_, ++places) {
            // RFC 3339 §5.6 bounds no fraction; beyond nanoseconds nobody means it.
            if (places == 9) return "second fraction value is more than 9 digits long";
            if (places < 6) micros = micros * 10 + static_cast<unsigned>(text_[at_] - '0');
        }
        if (places == 0) return "second fraction digits missing after `.`";
        for (; places < 6; ++places) micros *= 10;
        return nullptr;
    }

    bool digits(std::size_t count, unsigned& out) {
        for (std::size_t i = 0; i < count; ++i, ++at_) {
            if (at_ >= text_.size() || text_[at_] < '0' || text_[at_] > '9') return false;
            out = out * 10 + static_cast<unsigned>(text_[at_] - '0');
        }
        return true;
    }
    [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    bool take(char c) {
        if (peek() != c || left() == 0) return false;
        ++at_;
        return true;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

constexpr const char* kNaive = "Input should have timezone info";

void append_padded(unsigned value, unsigned width, std::string& out) {
    std::string digits = std::to_string(value);
    out.append(width > digits.size() ? width - digits.size() : 0, '0');
    out += digits;
}

void append_date(const year_month_day& date, std::string& out) {
    append_padded(static_cast<unsigned>(static_cast<int>(date.year())), 4, out);
    out += '-';
    append_padded(static_cast<unsigned>(date.month()), 2, out);
    out += '-';
    append_padded(static_cast<unsigned>(date.day()), 2, out);
}

}  // namespace

std::expected<DateTime, std::string> DateTime::parse(std::string_view text) {
    Parser parser(text);
    year_month_day date;
    std::chrono::microseconds time{};
    std::chrono::minutes offset{};
    bool has_offset = false;
    if (const Error error = parser.date(date)) return std::unexpected(error);
    if (parser.left() == 0) return std::unexpected(kNaive);
    if (!parser.take_separator()) {
        return std::unexpected("invalid datetime separator, expected `T`, `t`, `_` or space");
    }
    if (const Error error = parser.time(time)) return std::unexpected(error);
    if (const Error error = parser.offset(has_offset, offset)) return std::unexpected(error);
    if (parser.left() != 0) {
        return std::unexpected("unexpected extra characters at the end of the input");
    }
    if (!has_offset) return std::unexpected(kNaive);
    const DateTime moment(TimePoint(sys_days(date)) + time - offset);
    const year_month_day in_utc(std::chrono::floor<std::chrono::days>(moment.time_));
    if (in_utc.year() < year{1} || in_utc.year() > year{9999}) {
        return std::unexpected("the moment in UTC is outside the years 1 to 9999");
    }
    return moment;
}

std::string DateTime::to_string() const {
    const auto days = std::chrono::floor<std::chrono::days>(time_);
    const std::chrono::hh_mm_ss clock(time_ - days);
    std::string out;
    out.reserve(27);
    append_date(year_month_day(days), out);
    out += 'T';
    append_padded(static_cast<unsigned>(clock.hours().count()), 2, out);
    out += ':';
    append_padded(static_cast<unsigned>(clock.minutes().count()), 2, out);
    out += ':';
    append_padded(static_cast<unsigned>(clock.seconds().count()), 2, out);
    if (const auto fraction = clock.subseconds().count(); fraction != 0) {
        out += '.';
        append_padded(static_cast<unsigned>(fraction), 6, out);
    }
    out += 'Z';
    return out;
}

std::expected<Date, std::string> Date::parse(std::string_view text) {
    Parser parser(text);
    year_month_day date;
    if (const Error error = parser.date(date)) return std::unexpected(error);
    if (parser.left() != 0) {
        return std::unexpected("unexpected extra characters at the end of the input");
    }
    return Date(date);
}

std::string Date::to_string() const {
    std::string out;
    append_date(day_, out);
    return out;
}

constinit const detail::TextDetails TypeTraits<DateTime>::kText{
    .parse =
        [](std::string_view text, void* out, detail::TextFault& fault) {
            auto moment = DateTime::parse(text);
            if (moment) {
                *static_cast<DateTime*>(out) = *moment;
                return true;
            }
            if (moment.error() == kNaive) {
                fault = {"timezone_aware", kNaive};
            } else {
                fault = detail::parse_fault("datetime_from_date_parsing",
                                            "Input should be a valid datetime or date, ",
                                            moment.error());
            }
            return false;
        },
    .print = [](const void* value,
                std::string& out) { out += static_cast<const DateTime*>(value)->to_string(); },
    .schema = R"({"type":"string","format":"date-time"})",
    .wrong_type = "datetime_type",
    .wrong_type_msg = "Input should be a valid datetime",
};

constinit const detail::TextDetails TypeTraits<Date>::kText{
    .parse =
        [](std::string_view text, void* out, detail::TextFault& fault) {
            auto date = Date::parse(text);
            if (date) {
                *static_cast<Date*>(out) = *date;
                return true;
            }
            fault = detail::parse_fault("date_from_datetime_parsing",
                                        "Input should be a valid date or datetime, ", date.error());
            return false;
        },
    .print = [](const void* value,
                std::string& out) { out += static_cast<const Date*>(value)->to_string(); },
    .schema = R"({"type":"string","format":"date"})",
    .wrong_type = "date_type",
    .wrong_type_msg = "Input should be a valid date",
};

}  // namespace portico::model
