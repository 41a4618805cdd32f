#include "portico/model/byte_size.hpp"

#include <gtest/gtest.h>

#include "portico/model/annotated.hpp"
#include "portico/model/schema.hpp"
#include "tests/model/reading.hpp"

namespace portico::model {
namespace {

class ByteSizes : public ::testing::TestWithParam<Case> {};

TEST_P(ByteSizes, are_read_as_pydantic_reads_them) {
    EXPECT_EQ(GetParam().read(GetParam().input), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, ByteSizes,
    ::testing::Values(
        Case{"json", &verdict<ByteSize>, "1024", "1024"},
        Case{"json", &verdict<ByteSize>, "3.0", "3"},
        Case{"json", &verdict<ByteSize>, R"("12")", "12"},
        Case{"json", &verdict<ByteSize>, R"("1.5 MiB")", "1572864"},
        Case{"json", &verdict<ByteSize>, R"("1.5MiB")", "1572864"},
        Case{"json", &verdict<ByteSize>, R"(" 2 GB ")", "2000000000"},
        Case{"json", &verdict<ByteSize>, R"("2k")", "2000"},
        Case{"json", &verdict<ByteSize>, R"("1 KIB")", "1024"},
        Case{"json", &verdict<ByteSize>, R"("1b")", "1"},
        Case{"json", &verdict<ByteSize>, R"("12 bit")", "1"},
        Case{"json", &verdict<ByteSize>, R"("1 kbit")", "125"},
        Case{"json", &verdict<ByteSize>, R"("1 Mibit")", "131072"},
        Case{"json", &verdict<ByteSize>, R"("4.35 kb")", "4350"},
        Case{"json", &verdict<ByteSize>, R"("0.1 b")", "0"},
        Case{"json", &verdict<ByteSize>, R"(".5kb")", "500"},
        Case{"json", &verdict<ByteSize>, R"("7 EiB")", "8070450532247928832"},
        Case{"json", &verdict<ByteSize>, R"("0.123456789012345678901234567890 EB")",
             "123456789012345678"},
        Case{"json", &verdict<ByteSize>, "9223372036854775807", "9223372036854775807"},
        Case{
            "json", &verdict<ByteSize>, R"("8 EiB")",
            R"(int_parsing_size: Unable to parse input string as an integer, exceeded maximum size |  | "8 EiB")"},
        Case{"json", &verdict<ByteSize>, "99999999999999999999999",
             "int_parsing_size: Unable to parse input string as an integer, exceeded maximum size "
             "|  | 99999999999999999999999"},
        Case{
            "json", &verdict<ByteSize>, R"("1 parsec")",
            R"(byte_size_unit: could not interpret byte unit: parsec | {"unit":"parsec"} | "1 parsec")"},
        Case{"json", &verdict<ByteSize>, R"("1 kib kib")",
             R"(byte_size: could not parse value and unit from byte string |  | "1 kib kib")"},
        Case{"json", &verdict<ByteSize>, R"("")",
             R"(byte_size: could not parse value and unit from byte string |  | "")"},
        Case{"json", &verdict<ByteSize>, R"("1.")",
             R"(byte_size: could not parse value and unit from byte string |  | "1.")"},
        Case{"json", &verdict<ByteSize>, R"("-1")",
             R"(byte_size: could not parse value and unit from byte string |  | "-1")"},
        Case{"json", &verdict<ByteSize>, "-1",
             "byte_size: could not parse value and unit from byte string |  | -1"},
        Case{"json", &verdict<ByteSize>, "1.5",
             "byte_size: could not parse value and unit from byte string |  | 1.5"},
        Case{"json", &verdict<ByteSize>, "null",
             "byte_size: could not parse value and unit from byte string |  | null"},
        Case{"text", &text_verdict<ByteSize>, "2 MB", "2000000"}));

TEST(ByteSize, can_be_bounded) {
    using Quota = Annotated<ByteSize, le(ByteSize::kMiB)>;
    EXPECT_EQ(verdict<Quota>(R"("1 MiB")"), "1048576");
    EXPECT_EQ(
        verdict<Quota>(R"("1.1 MiB")"),
        R"(less_than_equal: Input should be less than or equal to 1048576 | {"le":1048576} | "1.1 MiB")");
}

TEST(ByteSize, is_shown_to_people) {
    EXPECT_EQ(ByteSize(1000).human_readable(), "1000B");
    EXPECT_EQ(ByteSize(1572864).human_readable(), "1.5MiB");
    EXPECT_EQ(ByteSize(1572864).human_readable(true), "1.6MB");
    EXPECT_EQ(ByteSize(INT64_MAX).human_readable(), "8.0EiB");
    EXPECT_EQ(ByteSize::parse("1 kib")->bytes(), 1024);
    EXPECT_FALSE(ByteSize::parse("many"));
}

TEST(ByteSize, is_sent_as_a_text_or_an_integer_and_answered_as_an_integer) {
    EXPECT_EQ(json_schema(slot_of<ByteSize>())["anyOf"].size(), 2U);
    EXPECT_EQ(json_schema(slot_of<ByteSize>(), SchemaBuilder::Mode::serialization).dump(),
              R"({"type":"integer","minimum":0})");
}

}  // namespace
}  // namespace portico::model
