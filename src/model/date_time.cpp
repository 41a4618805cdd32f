#include "portico/model/date_time.hpp"

#include <charconv>
#include <cmath>

#include "model/numbers.hpp"
#include "model/time_parser.hpp"
#include "portico/core/clock.hpp"
#include "portico/model/reading_clock.hpp"

namespace portico::model {

constinit thread_local const core::Clock* detail::reading_clock = nullptr;

namespace {

using std::chrono::local_days;
using std::chrono::microseconds;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;
using Error = TimeParser::Error;

constexpr const char* kAware = "Input should have timezone info";
constexpr const char* kNaive = "Input should not have timezone info";
constexpr const char* kBeforeYearOne = "dates before 0000 are not supported as unix timestamps";
constexpr const char* kAfterYear9999 = "dates after 9999 are not supported as unix timestamps";
constexpr const char* kYearZero = "year 0 is out of range";
constexpr const char* kOutside = "the moment in UTC is outside the years 1 to 9999";

/// What a text says: a calendar and a clock, and maybe how far they are from UTC.
struct Moment {
    NaiveDateTime::TimePoint local;
    std::optional<std::chrono::minutes> offset;
};

void append_date(const year_month_day& date, std::string& out) {
    append_padded(static_cast<unsigned>(static_cast<int>(date.year())), 4, out);
    out += '-';
    append_padded(static_cast<unsigned>(date.month()), 2, out);
    out += '-';
    append_padded(static_cast<unsigned>(date.day()), 2, out);
}

/// Nothing but a date.
Error read_date(std::string_view text, year_month_day& out) {
    TimeParser parser(text);
    if (const Error error = parser.date(out)) return error;
    return parser.left() == 0 ? nullptr : TimeParser::kExtra;
}

/// RFC 3339 §5.6, the offset optional.
Error read_moment(std::string_view text, Moment& out) {
    TimeParser parser(text);
    year_month_day date;
    microseconds time{};
    if (const Error error = parser.date(date)) return error;
    if (parser.left() == 0) return TimeParser::kTooShort;
    if (!parser.take_separator()) {
        return "invalid datetime separator, expected `T`, `t`, `_` or space";
    }
    if (const Error error = parser.time(time)) return error;
    if (const Error error = parser.offset(out.offset)) return error;
    if (parser.left() != 0) return TimeParser::kExtra;
    out.local = local_days(date) + time;
    return nullptr;
}

/// "1493979010", "-5.5": the texts that are taken for a timestamp.
bool is_timestamp(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    const auto is_digits = [](std::string_view part) {
        return part.find_first_not_of("0123456789") == part.npos;
    };
    const std::string_view whole = text.substr(0, text.find('.'));
    return !whole.empty() && is_digits(whole) &&
           (whole.size() == text.size() || is_digits(text.substr(whole.size() + 1)));
}

/// Seconds since 1970, or milliseconds: beyond the year 2603 no seconds are meant.
Error read_timestamp(std::string_view number, Moment& out) {
    constexpr std::int64_t kWatershed = 20'000'000'000;
    if (number.starts_with('+')) number.remove_prefix(1);
    std::int64_t integer = 0;
    microseconds since{};
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), integer);
    if (error == std::errc() && end == number.data() + number.size()) {
        const bool seconds = integer >= -kWatershed && integer <= kWatershed;
        constexpr std::int64_t kMost = INT64_MAX / 1000;
        if (integer > kMost) return kAfterYear9999;
        if (integer < -kMost) return kBeforeYearOne;
        since = seconds ? std::chrono::seconds(integer) : std::chrono::milliseconds(integer);
    } else {
        double real = double_from(number).value_or(NAN);
        if (std::fabs(real) > static_cast<double>(kWatershed)) real /= 1000;
        if (!(real < 1e12)) return kAfterYear9999;
        if (real < -1e12) return kBeforeYearOne;
        since = microseconds(std::llround(real * 1e6));
    }
    out.offset = std::chrono::minutes(0);
    out.local = NaiveDateTime::TimePoint(since);
    if (out.local < local_days(year{1} / 1 / 1)) return kBeforeYearOne;
    if (out.local >= local_days(year{10000} / 1 / 1)) return kAfterYear9999;
    return nullptr;
}

/// The lax reading of a date-time: also a timestamp, also a date alone.
bool read_lax(std::string_view text, Moment& out, detail::TextFault& fault) {
    constexpr std::string_view kWhat = "Input should be a valid datetime";
    if (read_moment(text, out) == nullptr) return true;
    if (is_timestamp(text)) {
        const Error error = read_timestamp(text, out);
        if (error != nullptr) {
            fault = detail::parse_fault("datetime_parsing", std::string(kWhat) + ", ", error);
        }
        return error == nullptr;
    }
    year_month_day date;
    const Error error = read_date(text, date);
    if (error == nullptr) {
        out = {local_days(date), {}};
        return true;
    }
    fault = error == std::string_view(kYearZero)
                ? detail::parse_fault("datetime_parsing", std::string(kWhat) + ", ", error)
                : detail::parse_fault("datetime_from_date_parsing",
                                      std::string(kWhat) + " or date, ", error);
    return false;
}

std::optional<DateTime> in_utc(const Moment& moment) {
    const auto utc = moment.local.time_since_epoch() - *moment.offset;
    const DateTime time{DateTime::TimePoint(utc)};
    const year_month_day date(std::chrono::floor<std::chrono::days>(time.time()));
    if (date.year() < year{1} || date.year() > year{9999}) return {};
    return time;
}

bool keep_aware(const Moment& moment, void* out, detail::TextFault& fault) {
    if (!moment.offset) {
        fault = {"timezone_aware", kAware};
        return false;
    }
    const auto time = in_utc(moment);
    if (!time) {
        fault =
            detail::parse_fault("datetime_parsing", "Input should be a valid datetime, ", kOutside);
        return false;
    }
    *static_cast<DateTime*>(out) = *time;
    return true;
}

bool keep_naive(const Moment& moment, void* out, detail::TextFault& fault) {
    if (moment.offset) {
        fault = {"timezone_naive", kNaive};
        return false;
    }
    *static_cast<NaiveDateTime*>(out) = moment.local;
    return true;
}

bool keep_day(const Moment& moment, void* out, detail::TextFault& fault) {
    const auto days = std::chrono::floor<std::chrono::days>(moment.local);
    if (days != moment.local) {
        fault = {"date_from_datetime_inexact",
                 "Datetimes provided to dates should have zero time - e.g. be exact dates"};
        return false;
    }
    *static_cast<Date*>(out) = year_month_day(days);
    return true;
}

using Keep = bool(const Moment&, void*, detail::TextFault&);

template <Keep keep>
bool parse_date_time(std::string_view text, void* out, detail::TextFault& fault) {
    Moment moment;
    return read_lax(text, moment, fault) && keep(moment, out, fault);
}

template <Keep keep>
bool parse_number(std::string_view number, void* out, detail::TextFault& fault) {
    Moment moment;
    if (const Error error = read_timestamp(number, moment)) {
        fault =
            detail::parse_fault("datetime_parsing", "Input should be a valid datetime, ", error);
        return false;
    }
    return keep(moment, out, fault);
}

bool date_fault(Error error, detail::TextFault& fault) {
    fault = detail::parse_fault("date_from_datetime_parsing",
                                "Input should be a valid date or datetime, ", error);
    return false;
}

bool parse_day(std::string_view text, void* out, detail::TextFault& fault) {
    year_month_day date;
    if (read_date(text, date) == nullptr) {
        *static_cast<Date*>(out) = date;
        return true;
    }
    Moment moment;
    Error error = read_moment(text, moment);
    if (error != nullptr && is_timestamp(text)) error = read_timestamp(text, moment);
    return error != nullptr ? date_fault(error, fault) : keep_day(moment, out, fault);
}

bool parse_day_number(std::string_view number, void* out, detail::TextFault& fault) {
    Moment moment;
    const Error error = read_timestamp(number, moment);
    return error != nullptr ? date_fault(error, fault) : keep_day(moment, out, fault);
}

template <class Point>
bool in_tense(const Annotations& annotations, Point time, Point now, std::string_view type,
              std::string_view what, detail::TextFault& fault) {
    const bool wants_past = annotations.tense == Tense::past;
    if (annotations.tense == Tense::any || (wants_past ? time < now : time > now)) return true;
    const std::string_view tense = wants_past ? "past" : "future";
    fault = {std::string(type) + "_" + std::string(tense),
             std::string(what) + " should be in the " + std::string(tense)};
    return false;
}

DateTime::TimePoint now() {
    const core::Clock* const clock = detail::reading_clock;
    return std::chrono::floor<microseconds>(
        (clock != nullptr ? *clock : core::system_clock()).now());
}

bool constrain_moment(const Annotations& annotations, const void* value, detail::TextFault& fault) {
    return in_tense(annotations, static_cast<const DateTime*>(value)->time(), now(), "datetime",
                    "Input", fault);
}

/// Of no zone: as if it were in UTC.
bool constrain_naive(const Annotations& annotations, const void* value, detail::TextFault& fault) {
    return in_tense(annotations,
                    static_cast<const NaiveDateTime*>(value)->time().time_since_epoch(),
                    now().time_since_epoch(), "datetime", "Input", fault);
}

bool constrain_day(const Annotations& annotations, const void* value, detail::TextFault& fault) {
    return in_tense(annotations, sys_days(static_cast<const Date*>(value)->day()),
                    std::chrono::floor<std::chrono::days>(now()), "date", "Date", fault);
}

void append_date_time(microseconds since_epoch, std::string& out) {
    const auto days = std::chrono::floor<std::chrono::days>(since_epoch);
    append_date(year_month_day(sys_days(days)), out);
    out += 'T';
    append_clock(since_epoch - days, out);
}

template <class T>
void print(const void* value, std::string& out) {
    out += static_cast<const T*>(value)->to_string();
}

}  // namespace

std::expected<DateTime, std::string> DateTime::parse(std::string_view text) {
    Moment moment;
    year_month_day date;
    if (read_date(text, date) == nullptr) return std::unexpected(kAware);
    if (const Error error = read_moment(text, moment)) return std::unexpected(error);
    if (!moment.offset) return std::unexpected(kAware);
    const auto time = in_utc(moment);
    if (!time) return std::unexpected(kOutside);
    return *time;
}

std::string DateTime::to_string() const {
    std::string out;
    out.reserve(27);
    append_date_time(time_.time_since_epoch(), out);
    out += 'Z';
    return out;
}

std::expected<NaiveDateTime, std::string> NaiveDateTime::parse(std::string_view text) {
    Moment moment;
    if (const Error error = read_moment(text, moment)) return std::unexpected(error);
    if (moment.offset) return std::unexpected(kNaive);
    return moment.local;
}

std::string NaiveDateTime::to_string() const {
    std::string out;
    append_date_time(time_.time_since_epoch(), out);
    return out;
}

std::expected<Date, std::string> Date::parse(std::string_view text) {
    year_month_day date;
    if (const Error error = read_date(text, date)) return std::unexpected(error);
    return Date(date);
}

std::string Date::to_string() const {
    std::string out;
    append_date(day_, out);
    return out;
}

constinit const detail::TextDetails TypeTraits<DateTime>::kText{
    .parse = &parse_date_time<keep_aware>,
    .print = &print<DateTime>,
    .schema = R"({"type":"string","format":"date-time"})",
    .wrong_type = "datetime_type",
    .wrong_type_msg = "Input should be a valid datetime",
    .parse_number = &parse_number<keep_aware>,
    .constrain = &constrain_moment,
};

constinit const detail::TextDetails TypeTraits<NaiveDateTime>::kText{
    .parse = &parse_date_time<keep_naive>,
    .print = &print<NaiveDateTime>,
    // Without an offset it is no "date-time" of RFC 3339: a word of the OpenAPI format registry.
    .schema = R"({"type":"string","format":"date-time-local"})",
    .wrong_type = "datetime_type",
    .wrong_type_msg = "Input should be a valid datetime",
    .parse_number = &parse_number<keep_naive>,
    .constrain = &constrain_naive,
};

constinit const detail::TextDetails TypeTraits<Date>::kText{
    .parse = &parse_day,
    .print = &print<Date>,
    .schema = R"({"type":"string","format":"date"})",
    .wrong_type = "date_type",
    .wrong_type_msg = "Input should be a valid date",
    .parse_number = &parse_day_number,
    .constrain = &constrain_day,
};

}  // namespace portico::model
