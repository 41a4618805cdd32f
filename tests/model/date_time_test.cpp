#include "portico/model/date_time.hpp"

#include <gtest/gtest.h>

#include "portico/model/reading_clock.hpp"

#include "portico/model/duration.hpp"
#include "portico/model/schema.hpp"
#include "portico/model/time_of_day.hpp"
#include "tests/model/reading.hpp"

namespace portico::model {
namespace {

class Times : public testing::TestWithParam<Case> {};

TEST_P(Times, are_read_as_pydantic_reads_them) {
    EXPECT_EQ(GetParam().read(GetParam().input), GetParam().expected);
}

/// What stands between the type of the fault and its input, when both parts of it are the same.
template <class T>
std::string brief(std::string_view json) {
    const std::string all = verdict<T>(json);
    return all.substr(0, all.find(" | "));
}

const Case kMoments[] = {
    {"date-time", &verdict<DateTime>, R"("2026-01-02T03:04Z")", R"("2026-01-02T03:04:00Z")"},
    {"date-time", &verdict<DateTime>, R"("2026-01-02 03:04:05+0130")", R"("2026-01-02T01:34:05Z")"},
    {"date-time", &verdict<DateTime>, R"("2026-01-02T03:04:05.1234567z")",
     R"("2026-01-02T03:04:05.123456Z")"},
    {"date-time", &verdict<DateTime>, R"("2026-01-02T25:00:00Z")",
     R"(datetime_from_date_parsing: Input should be a valid datetime or date, unexpected extra characters at the end of the input | {"error":"unexpected extra characters at the end of the input"} | "2026-01-02T25:00:00Z")"},
    {"date-time", &brief<DateTime>, R"("x")",
     "datetime_from_date_parsing: Input should be a valid datetime or date, input is too short"},
    {"date-time", &brief<DateTime>, R"("tomorrow, 9")",
     "datetime_from_date_parsing: Input should be a valid datetime or date, invalid character in "
     "year"},
    {"date-time", &brief<DateTime>, R"("2026-01-02")",
     "timezone_aware: Input should have timezone info"},
    {"date-time", &brief<DateTime>, R"("0000-01-01")",
     "datetime_parsing: Input should be a valid datetime, year 0 is out of range"},
    {"timestamp", &verdict<DateTime>, "1493979010", R"("2017-05-05T10:10:10Z")"},
    {"timestamp", &verdict<DateTime>, "1493979010.5", R"("2017-05-05T10:10:10.500000Z")"},
    {"timestamp", &verdict<DateTime>, "1493979010000", R"("2017-05-05T10:10:10Z")"},
    {"timestamp", &verdict<DateTime>, R"("1493979010.5")", R"("2017-05-05T10:10:10.500000Z")"},
    {"timestamp", &verdict<DateTime>, R"("+5")", R"("1970-01-01T00:00:05Z")"},
    {"timestamp", &verdict<DateTime>, "-1", R"("1969-12-31T23:59:59Z")"},
    {"timestamp", &verdict<DateTime>, "20000000000", R"("2603-10-11T11:33:20Z")"},
    {"timestamp", &verdict<DateTime>, "20000000001", R"("1970-08-20T11:33:20.001000Z")"},
    {"timestamp", &verdict<DateTime>, "253402300799999", R"("9999-12-31T23:59:59.999000Z")"},
    {"timestamp", &brief<DateTime>, "253402300800000",
     "datetime_parsing: Input should be a valid datetime, dates after 9999 are not supported as "
     "unix timestamps"},
    {"timestamp", &brief<DateTime>, "1e300",
     "datetime_parsing: Input should be a valid datetime, dates after 9999 are not supported as "
     "unix timestamps"},
    {"timestamp", &brief<DateTime>, "-99999999999999999999",
     "datetime_parsing: Input should be a valid datetime, dates before 0000 are not supported as "
     "unix timestamps"},
    {"timestamp", &brief<DateTime>, R"("1e3")",
     "datetime_from_date_parsing: Input should be a valid datetime or date, input is too short"},
    {"timestamp", &brief<DateTime>, "true", "datetime_type: Input should be a valid datetime"},
    {"timestamp", &brief<Annotated<DateTime, strict>>, "5",
     "datetime_type: Input should be a valid datetime"},
    {"out of UTC's years", &brief<DateTime>, R"("0001-01-01T00:00:00+10:00")",
     "datetime_parsing: Input should be a valid datetime, the moment in UTC is outside the years 1 "
     "to 9999"},
    {"naive", &verdict<NaiveDateTime>, R"("2026-01-02T03:04:05.5")",
     R"("2026-01-02T03:04:05.500000")"},
    {"naive", &verdict<NaiveDateTime>, R"("2026-01-02")", R"("2026-01-02T00:00:00")"},
    {"naive", &brief<NaiveDateTime>, R"("2026-01-02T03:04:05Z")",
     "timezone_naive: Input should not have timezone info"},
    {"naive", &brief<NaiveDateTime>, "5", "timezone_naive: Input should not have timezone info"},
    {"past", &verdict<PastDateTime>, R"("2020-01-02T00:00:00Z")", R"("2020-01-02T00:00:00Z")"},
    {"past", &brief<PastDateTime>, R"("9999-01-02T00:00:00Z")",
     "datetime_past: Input should be in the past"},
    {"future", &verdict<FutureDateTime>, R"("9999-01-02T00:00:00Z")", R"("9999-01-02T00:00:00Z")"},
    {"future", &brief<FutureDateTime>, R"("2020-01-02T00:00:00Z")",
     "datetime_future: Input should be in the future"},
    {"naive past", &brief<Annotated<NaiveDateTime, past>>, R"("9999-01-02")",
     "datetime_past: Input should be in the past"},
    {"parameter", &text_verdict<DateTime>, "1493979010", R"("2017-05-05T10:10:10Z")"},
};

const Case kDays[] = {
    {"date", &verdict<Date>, R"("2026-01-02")", R"("2026-01-02")"},
    {"date", &verdict<Date>, R"("2026-01-02T00:00:00+01:00")", R"("2026-01-02")"},
    {"date", &verdict<Date>, "86400", R"("1970-01-02")"},
    {"date", &verdict<Date>, "86400.0", R"("1970-01-02")"},
    {"date", &verdict<Date>, R"("-86400")", R"("1969-12-31")"},
    {"date", &verdict<Date>, R"("2026-01-02T00:00:01")",
     R"(date_from_datetime_inexact: Datetimes provided to dates should have zero time - e.g. be exact dates |  | "2026-01-02T00:00:01")"},
    {"date", &brief<Date>, "86401",
     "date_from_datetime_inexact: Datetimes provided to dates should have zero time - e.g. be "
     "exact dates"},
    {"date", &brief<Date>, R"("2026-01-02x")",
     "date_from_datetime_parsing: Input should be a valid date or datetime, invalid datetime "
     "separator, expected `T`, `t`, `_` or space"},
    {"date", &brief<Date>, R"("2026-01-02T25:00")",
     "date_from_datetime_parsing: Input should be a valid date or datetime, hour value is outside "
     "expected range of 0-23"},
    {"date", &brief<Date>, R"("2026-01-02T00:00X")",
     "date_from_datetime_parsing: Input should be a valid date or datetime, invalid timezone sign"},
    {"date", &brief<Date>, R"("")",
     "date_from_datetime_parsing: Input should be a valid date or datetime, input is too short"},
    {"date", &brief<Date>, "null", "date_type: Input should be a valid date"},
    {"date", &brief<Annotated<Date, strict>>, "86400", "date_type: Input should be a valid date"},
    {"past", &brief<PastDate>, R"("9999-01-02")", "date_past: Date should be in the past"},
    {"past", &verdict<PastDate>, R"("2020-01-02")", R"("2020-01-02")"},
    {"future", &brief<FutureDate>, R"("2020-01-02")", "date_future: Date should be in the future"},
    {"future", &verdict<FutureDate>, R"("9999-01-02")", R"("9999-01-02")"},
    {"optional past", &brief<Annotated<std::optional<Date>, past>>, R"("9999-01-02")",
     "date_past: Date should be in the past"},
    {"parameter", &text_verdict<Date>, "2026-01-02T00:00", R"("2026-01-02")"},
};

const Case kClocks[] = {
    {"time", &verdict<Time>, R"("03:04")", R"("03:04:00")"},
    {"time", &verdict<Time>, R"("03:04:05.123")", R"("03:04:05.123000")"},
    {"time", &verdict<Time>, R"("03:04:05Z")", R"("03:04:05Z")"},
    {"time", &verdict<Time>, R"("03:04:05-01:30")", R"("03:04:05-01:30")"},
    {"time", &verdict<Time>, "3600.5", R"("01:00:00.500000Z")"},
    {"time", &verdict<Time>, "86399", R"("23:59:59Z")"},
    {"time", &verdict<Time>, "86400",
     R"(time_parsing: Input should be in a valid time format, numeric times may not exceed 86,399 seconds | {"error":"numeric times may not exceed 86,399 seconds"} | 86400)"},
    {"time", &brief<Time>, "-1",
     "time_parsing: Input should be in a valid time format, time in seconds should be positive"},
    {"time", &brief<Time>, R"("3600")",
     "time_parsing: Input should be in a valid time format, input is too short"},
    {"time", &brief<Time>, R"("24:00")",
     "time_parsing: Input should be in a valid time format, hour value is outside expected range "
     "of 0-23"},
    {"time", &brief<Time>, R"("03:60")",
     "time_parsing: Input should be in a valid time format, minute value is outside expected range "
     "of 0-59"},
    {"time", &brief<Time>, R"("03:04:61")",
     "time_parsing: Input should be in a valid time format, second value is outside expected range "
     "of 0-59"},
    {"time", &brief<Time>, R"("03-04")",
     "time_parsing: Input should be in a valid time format, invalid time separator, expected `:`"},
    {"time", &brief<Time>, R"("03:04:05.")",
     "time_parsing: Input should be in a valid time format, second fraction digits missing after "
     "`.`"},
    {"time", &brief<Time>, R"("03:04x")",
     "time_parsing: Input should be in a valid time format, invalid timezone sign"},
    {"time", &brief<Time>, R"("03:04:05+24:00")",
     "time_parsing: Input should be in a valid time format, timezone offset must be less than 24 "
     "hours"},
    {"time", &brief<Time>, R"("03:04:05+01:60")",
     "time_parsing: Input should be in a valid time format, timezone minute value is outside "
     "expected range of 0-59"},
    {"time", &brief<Time>, "null", "time_type: Input should be a valid time"},
    {"time", &brief<Annotated<Time, strict>>, "3600", "time_type: Input should be a valid time"},
    {"parameter", &text_verdict<Time>, "03:04", R"("03:04:00")"},
};

const Case kDurations[] = {
    {"ISO", &verdict<Duration>, R"("P1DT2H3M4.5S")", R"("P1DT2H3M4.5S")"},
    {"ISO", &verdict<Duration>, R"("-P1D")", R"("-P1D")"},
    {"ISO", &verdict<Duration>, R"("P1Y2M1W")", R"("P432D")"},
    {"ISO", &verdict<Duration>, R"("PT36H")", R"("P1DT12H")"},
    {"ISO", &verdict<Duration>, R"("PT1.5H")", R"("PT1H30M")"},
    {"ISO", &verdict<Duration>, R"("P1.5D")", R"("P1DT12H")"},
    {"ISO", &verdict<Duration>, R"("PT1S2M")", R"("PT2M1S")"},
    {"ISO", &verdict<Duration>, R"("P1DT")", R"("P1D")"},
    {"ISO", &verdict<Duration>, R"("PT0.0000001S")", R"("PT0S")"},
    {"ISO", &verdict<Duration>, R"("P106751990D")", R"("P106751990D")"},
    {"ISO", &verdict<Duration>, R"("P106751991D")",
     R"(time_delta_parsing: Input should be a valid timedelta, durations may not exceed 106,751,990 days | {"error":"durations may not exceed 106,751,990 days"} | "P106751991D")"},
    {"ISO", &brief<Duration>, R"("P99999999999999999999999999Y99999999999999999999Y")",
     "time_delta_parsing: Input should be a valid timedelta, durations may not exceed 106,751,990 "
     "days"},
    {"ISO", &brief<Duration>, R"("P")",
     "time_delta_parsing: Input should be a valid timedelta, input is too short"},
    {"ISO", &brief<Duration>, R"("PT")",
     "time_delta_parsing: Input should be a valid timedelta, input is too short"},
    {"ISO", &brief<Duration>, R"("P1")",
     "time_delta_parsing: Input should be a valid timedelta, quantity invalid in date part of "
     "duration"},
    {"ISO", &brief<Duration>, R"("PT1D")",
     "time_delta_parsing: Input should be a valid timedelta, quantity invalid in time part of "
     "duration"},
    {"clock", &verdict<Duration>, R"("1 day, 02:03:04")", R"("P1DT2H3M4S")"},
    {"clock", &verdict<Duration>, R"("2d 02:03")", R"("P2DT2H3M")"},
    {"clock", &verdict<Duration>, R"("3 days")", R"("P3D")"},
    {"clock", &verdict<Duration>, R"("-02:03:04")", R"("-PT2H3M4S")"},
    {"clock", &verdict<Duration>, R"("25:00")", R"("P1DT1H")"},
    {"clock", &brief<Duration>, R"("1:2:3")",
     "time_delta_parsing: Input should be a valid timedelta, invalid character in minute"},
    {"clock", &brief<Duration>, R"("99999999999999999999:00")",
     "time_delta_parsing: Input should be a valid timedelta, invalid character in hour"},
    {"clock", &brief<Duration>, R"("2 days 3:04")",
     "time_delta_parsing: Input should be a valid timedelta, input is too short"},
    {"clock", &brief<Duration>, R"("x")",
     "time_delta_parsing: Input should be a valid timedelta, invalid digit in duration"},
    {"clock", &brief<Duration>, R"("")",
     "time_delta_parsing: Input should be a valid timedelta, input is too short"},
    {"clock", &brief<Duration>, R"("5")",
     "time_delta_parsing: Input should be a valid timedelta, \"day\" identifier in duration not "
     "correctly formatted"},
    {"seconds", &verdict<Duration>, "5.5", R"("PT5.5S")"},
    {"seconds", &verdict<Duration>, "-90", R"("-PT1M30S")"},
    {"seconds", &verdict<Duration>, "1e3", R"("PT16M40S")"},
    {"seconds", &verdict<Duration>, "0", R"("PT0S")"},
    {"seconds", &brief<Duration>, "1e20",
     "time_delta_parsing: Input should be a valid timedelta, durations may not exceed 106,751,990 "
     "days"},
    {"seconds", &brief<Annotated<Duration, strict>>, "5",
     "time_delta_type: Input should be a valid timedelta"},
    {"null", &brief<Duration>, "null", "time_delta_type: Input should be a valid timedelta"},
    {"parameter", &text_verdict<Duration>, "PT90S", R"("PT1M30S")"},
};

INSTANTIATE_TEST_SUITE_P(Moments, Times, testing::ValuesIn(kMoments));
INSTANTIATE_TEST_SUITE_P(Days, Times, testing::ValuesIn(kDays));
INSTANTIATE_TEST_SUITE_P(Clocks, Times, testing::ValuesIn(kClocks));
INSTANTIATE_TEST_SUITE_P(Durations, Times, testing::ValuesIn(kDurations));

TEST(TimesSchema, have_a_format_in_the_schema) {
    EXPECT_EQ(json_schema(slot_of<NaiveDateTime>()).dump(),
              R"({"type":"string","format":"date-time-local"})");
    EXPECT_EQ(json_schema(slot_of<PastDate>()).dump(), R"({"type":"string","format":"date"})");
    EXPECT_EQ(json_schema(slot_of<Time>()).dump(), R"({"type":"string","format":"time-local"})");
    EXPECT_EQ(json_schema(slot_of<Duration>()).dump(), R"({"type":"string","format":"duration"})");
}

TEST(Duration, the_longest_and_shortest_are_written) {
    EXPECT_EQ(Duration(std::chrono::microseconds::min()).to_string(), "-P106751991DT4H54.775808S");
    EXPECT_EQ(Duration(std::chrono::hours(24 * 400)).to_string(), "P400D");
}

class StoppedClock final : public core::Clock {
public:
    [[nodiscard]] SystemTime now() const noexcept override {
        return std::chrono::sys_days(std::chrono::year(2000) / 1 / 1);
    }
    [[nodiscard]] SteadyTime steady_now() const noexcept override { return {}; }
};

TEST(Tenses, go_by_the_clock_that_is_read_with) {
    EXPECT_EQ(verdict<FutureDate>(R"("2001-01-01")"),
              R"(date_future: Date should be in the future |  | "2001-01-01")");
    {
        const StoppedClock clock;
        const ReadingClock reading(clock);
        EXPECT_EQ(verdict<FutureDate>(R"("2001-01-01")"), R"("2001-01-01")");
        EXPECT_EQ(verdict<PastDateTime>(R"("2000-01-01T00:00:00Z")").substr(0, 13),
                  "datetime_past");
        EXPECT_EQ(verdict<PastDateTime>(R"("1999-12-31T23:59:59Z")"), R"("1999-12-31T23:59:59Z")");
    }
    EXPECT_EQ(verdict<PastDate>(R"("2001-01-01")"), R"("2001-01-01")");
}

}  // namespace
}  // namespace portico::model
