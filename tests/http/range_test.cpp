#include "portico/http/range.hpp"

#include <gtest/gtest.h>

#include <string>

namespace portico::http {
namespace {

using Ranges = std::vector<ByteRange>;

Ranges of_100(std::string_view field) {
    return parse_range(field, 100).value();
}
RangeError error_of(std::string_view field, std::uint64_t size = 100) {
    return parse_range(field, size).error();
}

TEST(Range, has_a_first_and_a_last_byte) {
    EXPECT_EQ(of_100("bytes=0-0"), (Ranges{{0, 1}}));
    EXPECT_EQ(of_100("bytes=10-19"), (Ranges{{10, 10}}));
    EXPECT_EQ(of_100("bytes=10-"), (Ranges{{10, 90}}));
    EXPECT_EQ(of_100("bytes=-10"), (Ranges{{90, 10}}));
    EXPECT_EQ(of_100("BYTES=0-99"), (Ranges{{0, 100}}));
}

TEST(Range, ends_at_the_end_however_large_the_number) {
    EXPECT_EQ(of_100("bytes=90-1000"), (Ranges{{90, 10}}));
    EXPECT_EQ(of_100("bytes=-1000"), (Ranges{{0, 100}}));
    EXPECT_EQ(of_100("bytes=1-18446744073709551616"), (Ranges{{1, 99}}));
    EXPECT_EQ(of_100("bytes=-99999999999999999999999"), (Ranges{{0, 100}}));
}

TEST(Range, several_keep_their_order_and_those_that_touch_are_one) {
    EXPECT_EQ(of_100("bytes=50-59, 0-9"), (Ranges{{50, 10}, {0, 10}}));
    EXPECT_EQ(of_100("bytes=0-9,10-19"), (Ranges{{0, 20}}));
    EXPECT_EQ(of_100("bytes=0-9,5-19,40-49"), (Ranges{{0, 20}, {40, 10}}));
    EXPECT_EQ(of_100("bytes=0-9,40-49,20-29,5-45"), (Ranges{{0, 50}}));
    EXPECT_EQ(of_100("bytes=50-59,0-9,55-70"), (Ranges{{50, 21}, {0, 10}}));
}

TEST(Range, empty_list_elements_are_passed_over) {
    EXPECT_EQ(of_100("bytes=,0-1,, \t5-6,"), (Ranges{{0, 2}, {5, 2}}));
}

TEST(Range, those_beyond_the_end_are_left_out_and_only_those_are_unsatisfiable) {
    EXPECT_EQ(of_100("bytes=0-1,100-"), (Ranges{{0, 2}}));
    EXPECT_EQ(error_of("bytes=100-"), RangeError::unsatisfiable);
    EXPECT_EQ(error_of("bytes=100-200,99999999999999999999-"), RangeError::unsatisfiable);
    EXPECT_EQ(error_of("bytes=-0"), RangeError::unsatisfiable);
    EXPECT_EQ(error_of("bytes=0-", 0), RangeError::unsatisfiable);
    EXPECT_EQ(error_of("bytes=-5", 0), RangeError::unsatisfiable);
}

TEST(Range, of_another_unit_asks_for_the_whole) {
    EXPECT_EQ(of_100("pages=1-2"), Ranges{});
    EXPECT_EQ(of_100("seconds=abc"), Ranges{});
}

TEST(Range, what_is_none_is_malformed) {
    for (const auto* field :
         {"", "bytes", "0-1", "=0-1", "bytes =0-1", "bytes=", "bytes=,", "bytes=-", "bytes=5",
          "bytes=a-b", "bytes=1-0", "bytes=0-1,2-1", "bytes=0-1;2-3", "bytes=0--1", "bytes=+0-1",
          "bytes=0 - 1", "bytes=0x0-1"}) {
        const auto ranges = parse_range(field, 100);
        ASSERT_FALSE(ranges) << field;
        EXPECT_EQ(ranges.error(), RangeError::malformed) << field;
    }
}

TEST(Range, too_many_ask_for_the_whole) {
    std::string field = "bytes=0-0";
    for (std::size_t i = 1; i < kMaxRanges; ++i) field += "," + std::to_string(2 * i) + "-";
    field.insert(6, ",");
    EXPECT_EQ(parse_range(field, 1000)->size(), 2U);
    EXPECT_EQ(parse_range(field + ",500-501", 1000), Ranges{});
}

}  // namespace
}  // namespace portico::http
