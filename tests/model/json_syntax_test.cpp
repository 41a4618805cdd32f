#include "portico/model/json.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/model/reading.hpp"

namespace portico::model {
namespace {

using namespace std::string_literals;

std::string nested(std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
}

// ---- what must be read (JSONTestSuite's y_), and what it is

struct Good {
    std::string text;
    std::string dumped;
};

class JsonAccepts : public testing::TestWithParam<Good> {};

TEST_P(JsonAccepts, a_text_of_rfc_8259) {
    const auto json = Json::parse(GetParam().text);
    ASSERT_TRUE(json) << json.error().message;
    EXPECT_EQ(json->dump(), GetParam().dumped);
    // The same through a model's member that takes anything.
    EXPECT_EQ(read<Json>(GetParam().text), GetParam().dumped);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc8259, JsonAccepts,
    testing::Values(Good{"null", "null"}, Good{" true ", "true"}, Good{"false\r\n", "false"},
                    Good{"0", "0"}, Good{"-0", "0"}, Good{"-0.0", "-0.0"}, Good{"42", "42"},
                    Good{"1E22", "1e+22"}, Good{"0e+1", "0.0"}, Good{"1.5e-3", "0.0015"},
                    Good{"123e65", "1.23e+67"}, Good{"9223372036854775807", "9223372036854775807"},
                    Good{"18446744073709551615", "18446744073709551615"},
                    Good{"100000000000000000000000", "1e+23"}, Good{"\"\"", "\"\""},
                    Good{R"("\u0061\u30af\u30ea\u30b9")", "\"aクリス\""},
                    Good{R"("\uD801\udc37")", "\"\U00010437\""},
                    Good{R"("\"\\\/\b\f\n\r\t")", R"("\"\\/\b\f\n\r\t")"},
                    Good{"\"\x7F\"", "\"\x7F\""}, Good{"\"\xE2\x80\xA8\"", "\"\xE2\x80\xA8\""},
                    Good{"\"\xF4\x8F\xBF\xBF\"", "\"\xF4\x8F\xBF\xBF\""}, Good{"[]", "[]"},
                    Good{"[ ]", "[]"}, Good{"[1 , 2]", "[1,2]"}, Good{"[[]   ]", "[[]]"},
                    Good{"[null, 1, \"1\", {}]", "[null,1,\"1\",{}]"}, Good{"{}", "{}"},
                    Good{"{\"\":0}", "{\"\":0}"}, Good{"{ \"a\" : { } }", "{\"a\":{}}"},
                    Good{"{\"b\":1,\"a\":2}", "{\"b\":1,\"a\":2}"},
                    // RFC 8259 §4 leaves it open; the last counts, as in Python.
                    Good{"{\"a\":1,\"b\":2,\"a\":3}", "{\"b\":2,\"a\":3}"},
                    Good{nested(100), nested(100)}));

// ---- what must not (n_), with Python's words and offset

struct Bad {
    std::string text;
    std::string message;
    std::size_t offset;
};

class JsonRefuses : public testing::TestWithParam<Bad> {};

struct Small {
    Annotated<int> known = 0;
};

TEST_P(JsonRefuses, what_is_not_json_in_pythons_words) {
    const auto& [text, message, offset] = GetParam();
    const auto json = Json::parse(text);
    ASSERT_FALSE(json) << json->dump();
    EXPECT_EQ(json.error().message, message);
    EXPECT_EQ(json.error().offset, offset);
    // Where nobody looks at the value, it is refused all the same.
    for (const std::string& whole :
         {text, "{\"ignored\":[" + text, "{\"known\":[" + text, "[[" + text}) {
        EXPECT_FALSE(read_json<Small>(whole)) << whole;
        EXPECT_FALSE(read_json<std::vector<int>>(whole)) << whole;
    }
    const auto faults = read_json<Small>(text).error();
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults.list()[0].type, "json_invalid");
    EXPECT_EQ(faults.list()[0].msg, "JSON decode error");
    EXPECT_EQ(faults.list()[0].joined_loc(), "body." + std::to_string(offset));
    EXPECT_EQ(faults.list()[0].input, "{}");
}

constexpr const char* kValue = "Expecting value";
constexpr const char* kComma = "Expecting ',' delimiter";
constexpr const char* kName = "Expecting property name enclosed in double quotes";
constexpr const char* kExtra = "Extra data";
constexpr const char* kControl = "Invalid control character at";
constexpr const char* kOpen = "Unterminated string starting at";
constexpr const char* kEscape = "Invalid \\escape";
constexpr const char* kHex = "Invalid \\uXXXX escape";

INSTANTIATE_TEST_SUITE_P(
    Rfc8259, JsonRefuses,
    testing::Values(
        Bad{"", kValue, 0}, Bad{"  ", kValue, 2}, Bad{"\xEF\xBB\xBF{}", kValue, 0},
        Bad{"tru", kValue, 0}, Bad{"nul", kValue, 0}, Bad{"True", kValue, 0}, Bad{"NaN", kValue, 0},
        Bad{"Infinity", kValue, 0}, Bad{"-Infinity", kValue, 0}, Bad{"-", kValue, 0},
        Bad{"+1", kValue, 0}, Bad{".5", kValue, 0}, Bad{"01", kExtra, 1}, Bad{"-01", kExtra, 2},
        Bad{"1.", kExtra, 1}, Bad{"1e", kExtra, 1}, Bad{"1e+", kExtra, 1}, Bad{"0x1", kExtra, 1},
        Bad{"1_000", kExtra, 1}, Bad{"1 2", kExtra, 2}, Bad{"nullx", kExtra, 4},
        Bad{"\"a\" x", kExtra, 4}, Bad{"{}}", kExtra, 2}, Bad{"[", kValue, 1}, Bad{"[1", kComma, 2},
        Bad{"[1,", kValue, 3}, Bad{"[1,]", kValue, 3}, Bad{"[,1]", kValue, 1},
        Bad{"[1,,2]", kValue, 3}, Bad{"[1 2]", kComma, 3}, Bad{"[1}", kComma, 2},
        Bad{"[1:2]", kComma, 2}, Bad{"]", kValue, 0}, Bad{"{", kName, 1}, Bad{"{1:2}", kName, 1},
        Bad{"{'a':1}", kName, 1}, Bad{"{a:1}", kName, 1},
        Bad{"{\"a\"}", "Expecting ':' delimiter", 4},
        Bad{"{\"a\" 1}", "Expecting ':' delimiter", 5}, Bad{"{\"a\":}", kValue, 5},
        Bad{"{\"a\":1", kComma, 6}, Bad{"{\"a\":1,}", kName, 7},
        Bad{"{\"a\":1 \"b\":2}", kComma, 7}, Bad{"{\"a\":1,,\"b\":2}", kName, 7},
        Bad{"{,}", kName, 1}, Bad{"\"", kOpen, 0}, Bad{"\"abc", kOpen, 0},
        Bad{"[\"é\", \"abc", kOpen, 6}, Bad{"\"a\nb\"", kControl, 2}, Bad{"\"a\tb\"", kControl, 2},
        Bad{"\"\0\""s, kControl, 1}, Bad{"\"\\x\"", kEscape, 1}, Bad{"\"\\\"", kOpen, 0},
        Bad{"\"\\", kOpen, 0}, Bad{"\"\\u12\"", kHex, 2}, Bad{"\"\\u12G4\"", kHex, 2},
        Bad{"\"\\uD800\\u12\"", kHex, 8}, Bad{"/* */1", kValue, 0}, Bad{"[1]//", kExtra, 3},
        Bad{"\0"s, kValue, 0}, Bad{"1\0"s, kExtra, 1}, Bad{"\"\xFF\"", "Invalid UTF-8", 1},
        Bad{"\"\xC0\x80\"", "Invalid UTF-8", 1}, Bad{"\"\xED\xA0\x80\"", "Invalid UTF-8", 1},
        Bad{"\"\xF4\x90\x80\x80\"", "Invalid UTF-8", 1}, Bad{"\"\xE2\x82", "Invalid UTF-8", 1},
        Bad{nested(101), "Nested deeper than 100 levels", 100},
        Bad{nested(10'000), "Nested deeper than 100 levels", 100}));

TEST(JsonSyntax, ten_thousand_objects_deep_is_refused_without_recursion) {
    std::string text;
    for (int i = 0; i < 10'000; ++i) text += "{\"a\":";
    const auto faults = read_json<Small>(text).error();
    EXPECT_EQ(faults.list()[0].ctx, R"({"error":"Nested deeper than 100 levels"})");
}

TEST(JsonSyntax, an_error_at_the_end_is_alone_whatever_was_wrong_before) {
    const auto faults = read_json<std::vector<int>>(R"(["a","b","c")").error();
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults.list()[0].type, "json_invalid");
}

TEST(JsonSyntax, a_string_is_whole_wherever_its_special_bytes_fall) {
    for (std::size_t length = 0; length < 70; ++length) {
        for (const std::string special : {"", "\\n", "\\u00e9"}) {
            const std::string plain(length, 'x');
            const auto json = Json::parse("\"" + plain + special + plain + "\"");
            ASSERT_TRUE(json);
            const std::string middle = special.empty() ? "" : special == "\\n" ? "\n" : "é";
            EXPECT_EQ(json->as_string(), plain + middle + plain);
        }
        EXPECT_FALSE(Json::parse("\"" + std::string(length, 'x') + "\x01\""));
        EXPECT_FALSE(Json::parse("\"" + std::string(length, 'x') + "\x80\""));
    }
}

TEST(JsonSyntax, many_members_of_one_name_are_not_quadratic) {
    std::string text = "{";
    for (int i = 0; i < 50'000; ++i) text += "\"" + std::to_string(i % 25'000) + "\":1,";
    text += "\"x\":1}";
    EXPECT_EQ(Json::parse(text)->size(), 25'001U);
}

}  // namespace
}  // namespace portico::model
