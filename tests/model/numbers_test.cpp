#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

#include "portico/model/read.hpp"

namespace portico::model {
namespace {

std::uint64_t bits(double value) {
    return std::bit_cast<std::uint64_t>(value);
}

void expect_nearest(const std::string& json) {
    const auto value = read_json<double>(json);
    ASSERT_TRUE(value) << json;
    EXPECT_EQ(bits(*value), bits(std::strtod(json.c_str(), nullptr))) << json;
}

TEST(Numbers, a_double_is_the_one_next_to_what_was_written) {
    for (const char* json : {"0",
                             "-0",
                             "-0.0",
                             "0.1",
                             "0.3",
                             "24.95",
                             "9007199254740992",
                             "9007199254740993",
                             "9007199254740992.5",
                             "0.000000000000000001",
                             "0.0000000000000000012",
                             "1e23",
                             "1.5E-7",
                             "123456789012345678",
                             "1234567890123456789012",
                             "12345678901234567.8",
                             "4.9406564584124654e-324",
                             "1.7976931348623157e308",
                             "8.5e-1",
                             "-1.0E+2"}) {
        expect_nearest(json);
    }
    std::mt19937_64 random(1);
    for (int i = 0; i < 20'000; ++i) {
        std::string digits = std::to_string(random() >> random() % 64);
        const std::size_t point = random() % (digits.size() + 1);
        if (point == 0) digits.insert(0, 1, '0');
        if (point < digits.size()) digits.insert(point == 0 ? 1 : point, 1, '.');
        expect_nearest(random() % 2 == 0 ? digits : "-" + digits);
    }
}

TEST(Numbers, an_integer_keeps_every_digit_of_its_width) {
    EXPECT_EQ(read_json<std::int64_t>("999999999999999999"), 999'999'999'999'999'999);
    EXPECT_EQ(read_json<std::int64_t>("-999999999999999999"), -999'999'999'999'999'999);
    EXPECT_EQ(read_json<std::int64_t>("9223372036854775807"), INT64_MAX);
    EXPECT_EQ(read_json<std::int64_t>("-9223372036854775808"), INT64_MIN);
    EXPECT_EQ(read_json<std::uint64_t>("18446744073709551615"), UINT64_MAX);
    EXPECT_FALSE(read_json<std::int64_t>("9223372036854775808"));
    EXPECT_FALSE(read_json<std::uint64_t>("18446744073709551616"));
    EXPECT_FALSE(read_json<std::uint64_t>("36893488147419103233"));
}

TEST(Numbers, a_point_behind_which_nothing_is_left_makes_an_integer) {
    EXPECT_EQ(read_json<int>("12.000"), 12);
    EXPECT_EQ(read_json<int>("-1.20e1"), -12);
    EXPECT_FALSE(read_json<int>("12.001"));
}

}  // namespace
}  // namespace portico::model
