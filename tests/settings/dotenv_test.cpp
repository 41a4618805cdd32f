#include "portico/settings/dotenv.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace portico::settings {
namespace {

struct Value {
    std::string text;
    std::string value;
};
std::ostream& operator<<(std::ostream& out, const Value& value) {
    return out << value.text;
}

class DotenvValues : public testing::TestWithParam<Value> {};

TEST_P(DotenvValues, is_read_as) {
    const Dotenv read = parse_dotenv(GetParam().text);
    ASSERT_TRUE(read.errors.empty()) << read.errors.front().message;
    ASSERT_EQ(read.entries.size(), 1U);
    EXPECT_EQ(read.entries.front().name, "NAME");
    EXPECT_EQ(read.entries.front().value, GetParam().value);
}

INSTANTIATE_TEST_SUITE_P(
    Table, DotenvValues,
    testing::Values(Value{"NAME=value", "value"}, Value{"NAME=value\n", "value"},
                    Value{"NAME=value\r\n", "value"}, Value{"\xef\xbb\xbfNAME=value", "value"},
                    Value{"  NAME = value  ", "value"}, Value{"export NAME=value", "value"},
                    Value{"export\tNAME=value", "value"}, Value{"NAME=", ""}, Value{"NAME=\n", ""},
                    Value{"NAME=two words", "two words"}, Value{"NAME=a # comment", "a"},
                    Value{"NAME=a#b", "a#b"}, Value{"NAME=#b", "#b"}, Value{"NAME= # comment", ""},
                    Value{"NAME=a=b=c", "a=b=c"}, Value{"NAME=$HOME/${X}", "$HOME/${X}"},
                    Value{"NAME=a\"b", "a\"b"}, Value{R"(NAME=C:\new)", R"(C:\new)"},
                    Value{"NAME='a # b'", "a # b"}, Value{R"(NAME='\n"$x')", R"(\n"$x)"},
                    Value{"NAME='a\nb'", "a\nb"}, Value{"NAME=\"a\nb\"", "a\nb"},
                    Value{R"(NAME="a\nb\t\"c\"\\\$\r")", "a\nb\t\"c\"\\$\r"},
                    Value{"NAME=\"a\" # comment", "a"}, Value{"NAME=\"\"", ""},
                    Value{"# comment\n\n   # another\nNAME=a\n#end", "a"},
                    Value{"NAME='[\"https://a.example\"]'", "[\"https://a.example\"]"}));

struct Wrong {
    std::string text;
    std::size_t line;
    std::string message;
};
std::ostream& operator<<(std::ostream& out, const Wrong& wrong) {
    return out << wrong.text;
}

class DotenvErrors : public testing::TestWithParam<Wrong> {};

TEST_P(DotenvErrors, names_the_line) {
    const Dotenv read = parse_dotenv(GetParam().text);
    ASSERT_EQ(read.errors.size(), 1U);
    EXPECT_EQ(read.errors.front().line, GetParam().line);
    EXPECT_EQ(read.errors.front().message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Table, DotenvErrors,
    testing::Values(
        Wrong{"NAME", 1, "expected NAME=value"}, Wrong{"A=1\n=2", 2, "expected NAME=value"},
        Wrong{"A=1\n\n1B=2", 3, "expected NAME=value"}, Wrong{"A B=2", 1, "expected NAME=value"},
        Wrong{"export A", 1, "expected NAME=value"}, Wrong{"\xc3\x84=1", 1, "expected NAME=value"},
        Wrong{"A='1", 1, "the quote ' is not closed"},
        Wrong{"X=1\nA=\"1\n\n\nB=2", 2, "the quote \" is not closed"},
        Wrong{"A='1'2", 1, "expected the end of the line after the closing quote"},
        Wrong{"A='1\n'\nB=\"2\"#", 3, "expected the end of the line after the closing quote"},
        Wrong{"A=\"\\q\"", 1, R"(an unknown escape: expected \n, \r, \t, \\, \" or \$)"},
        Wrong{"A=\"\\", 1, R"(an unknown escape: expected \n, \r, \t, \\, \" or \$)"},
        Wrong{std::string("A=1\nB=\0", 7), 2, "a NUL byte: this is no text file"}));

TEST(Dotenv, a_file_over_a_mebibyte_is_refused) {
    const Dotenv read = parse_dotenv("A=" + std::string(kMostDotenvBytes, 'a'));
    ASSERT_EQ(read.errors.size(), 1U);
    EXPECT_EQ(read.errors.front().message, "the file is larger than 1 MiB");
    EXPECT_TRUE(read.entries.empty());
}

TEST(Dotenv, duplicates_are_kept_in_order_with_their_lines) {
    const auto entries = parse_dotenv("A=1\nB=\"x\ny\"\nA=2\n").entries;
    ASSERT_EQ(entries.size(), 3U);
    EXPECT_EQ(entries[0].line, 1U);
    EXPECT_EQ(entries[2].value, "2");
    EXPECT_EQ(entries[2].line, 4U);
}

TEST(Dotenv, a_wrong_line_hides_neither_the_others_nor_their_faults) {
    const Dotenv read = parse_dotenv("nonsense\nA=1\nB=\"\\q\" # x\nC='2'3\nD=4");
    ASSERT_EQ(read.errors.size(), 3U);
    EXPECT_EQ(read.errors[0].line, 1U);
    EXPECT_EQ(read.errors[1].line, 3U);
    EXPECT_EQ(read.errors[2].line, 4U);
    ASSERT_EQ(read.entries.size(), 2U);
    EXPECT_EQ(read.entries[0].name, "A");
    EXPECT_EQ(read.entries[1].name, "D");
}

TEST(Dotenv, behind_an_open_quote_nothing_is_read) {
    const Dotenv read = parse_dotenv("A=1\nB=\"2\nC=3\nnonsense");
    EXPECT_EQ(read.errors.size(), 1U);
    ASSERT_EQ(read.entries.size(), 1U);
    EXPECT_EQ(read.entries[0].name, "A");
}

TEST(Dotenv, an_empty_text_has_no_entries) {
    EXPECT_TRUE(parse_dotenv("").entries.empty());
    EXPECT_TRUE(parse_dotenv("\n\r\n  \n").entries.empty());
}

}  // namespace
}  // namespace portico::settings
