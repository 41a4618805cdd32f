#include "portico/http/date.hpp"

#include <gtest/gtest.h>

using namespace std::chrono;
using portico::http::DateCache;
using portico::http::DateTime;
using portico::http::format_date;
using portico::http::parse_date;

namespace {

constexpr DateTime on(int y, unsigned m, unsigned d, int h = 0, int min = 0, int s = 0) {
    return sys_days{year{y} / static_cast<int>(m) / static_cast<int>(d)} + hours{h} + minutes{min} +
           seconds{s};
}

constexpr DateTime kNow = on(2026, 11, 24);

}  // namespace

TEST(Date, is_written_as_an_imf_fixdate) {
    EXPECT_EQ(format_date(on(1994, 11, 6, 8, 49, 37)), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(format_date(DateTime{}), "Thu, 01 Jan 1970 00:00:00 GMT");
    EXPECT_EQ(format_date(on(2000, 2, 29, 23, 59, 59) + 999ms), "Tue, 29 Feb 2000 23:59:59 GMT");
    EXPECT_EQ(format_date(on(1969, 12, 31, 23, 59, 59) + 1ms), "Wed, 31 Dec 1969 23:59:59 GMT");
}

TEST(Date, is_read_in_the_three_forms_of_rfc_9110) {
    for (const auto* text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                             "Sun Nov  6 08:49:37 1994"}) {
        EXPECT_EQ(parse_date(text, kNow), on(1994, 11, 6, 8, 49, 37)) << text;
    }
    EXPECT_EQ(parse_date("Sun Nov 16 08:49:37 1994", kNow), on(1994, 11, 16, 8, 49, 37));
    EXPECT_EQ(parse_date("Tue, 29 Feb 2000 23:59:60 GMT", kNow), on(2000, 3, 1));
}

TEST(Date, everything_else_is_refused) {
    for (const auto* text : {"",
                             "Sun",
                             "Sun,",
                             "0",
                             "784111777",
                             "1994-11-06T08:49:37Z",
                             "Sun, 6 Nov 1994 08:49:37 GMT",
                             "sun, 06 nov 1994 08:49:37 gmt",
                             "Sun, 06 Nov 1994 08:49:37 UTC",
                             "Sun, 06 Nov 1994 08:49:37 +0000",
                             "Sun, 06 Nov 1994 08:49:37 GMT ",
                             " Sun, 06 Nov 1994 08:49:37 GMT",
                             "Sun, 31 Feb 1994 08:49:37 GMT",
                             "Sun, 00 Nov 1994 08:49:37 GMT",
                             "Sun, 06 Nov 1994 24:00:00 GMT",
                             "Sun, 06 Nov 1994 08:60:37 GMT",
                             "Sun, 06 Nov 1994 08:49:61 GMT",
                             "Sun, 06 Nov 94 08:49:37 GMT",
                             "Sunday, 06-Nov-1994 08:49:37 GMT",
                             "Sun Nov 6 08:49:37 1994",
                             "Sun Nov  6 08:49:37 1994 GMT",
                             "Xxx, 06 Nov 1994 08:49:37 GMT",
                             "Sun, 06 Foo 1994 08:49:37 GMT",
                             "Sun, 06 Nov -994 08:49:37 GMT"}) {
        EXPECT_EQ(parse_date(text, kNow), std::nullopt) << text;
    }
}

TEST(Date, a_short_year_lies_at_most_fifty_years_ahead) {
    EXPECT_EQ(parse_date("Sunday, 06-Nov-76 00:00:00 GMT", kNow), on(2076, 11, 6));
    EXPECT_EQ(parse_date("Sunday, 06-Nov-77 00:00:00 GMT", kNow), on(1977, 11, 6));
    EXPECT_EQ(parse_date("Sunday, 06-Nov-00 00:00:00 GMT", on(1999, 1, 1)), on(2000, 11, 6));
    EXPECT_EQ(parse_date("Sunday, 06-Nov-99 00:00:00 GMT", on(2001, 1, 1)), on(1999, 11, 6));
}

TEST(Date, one_past_the_clocks_range_is_its_end) {
    EXPECT_GT(parse_date("Fri, 31 Dec 9999 23:59:59 GMT", kNow).value(), on(2262, 1, 1));
    EXPECT_LT(parse_date("Sat, 01 Jan 0000 00:00:00 GMT", kNow).value(), on(1678, 1, 1));
}

TEST(Date, what_is_written_can_be_read) {
    for (int day = 0; day < 40000; day += 13) {
        const DateTime time = on(1970, 1, 1) + days{day} + seconds{(day * 7919) % 86400};
        ASSERT_EQ(parse_date(format_date(time), kNow), time);
    }
}

TEST(DateCache, follows_the_second) {
    DateCache cache;
    EXPECT_EQ(cache.at(on(1994, 11, 6, 8, 49, 37)), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(cache.at(on(1994, 11, 6, 8, 49, 37) + 999ms), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(cache.at(on(1994, 11, 6, 8, 49, 38)), "Sun, 06 Nov 1994 08:49:38 GMT");
    EXPECT_EQ(cache.at(on(1994, 11, 6, 8, 49, 37)), "Sun, 06 Nov 1994 08:49:37 GMT");
}
