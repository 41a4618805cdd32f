#include "portico/model/read.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <variant>

#include "portico/model/date_time.hpp"
#include "portico/model/decimal.hpp"
#include "portico/model/email.hpp"
#include "portico/model/secret.hpp"
#include "portico/model/uuid.hpp"
#include "tests/model/reading.hpp"

namespace portico::model {
namespace {

enum class Color { red, green, blue };

class ScalarFromJson : public testing::TestWithParam<Case> {};

TEST_P(ScalarFromJson, is_the_value_or_pydantics_fault) {
    EXPECT_EQ(GetParam().read(GetParam().input), GetParam().expected);
}

const Case kBooleans[] = {
    {"bool", &verdict<bool>, "true", "true"},
    {"bool", &verdict<bool>, "false", "false"},
    {"bool", &verdict<bool>, "1", "true"},
    {"bool", &verdict<bool>, "0.0", "false"},
    {"bool", &verdict<bool>, R"("Yes")", "true"},
    {"bool", &verdict<bool>, R"("off")", "false"},
    {"bool", &verdict<bool>, "2",
     "bool_parsing: Input should be a valid boolean, unable to interpret input |  | 2"},
    {"bool", &verdict<bool>, "1.5", "bool_type: Input should be a valid boolean |  | 1.5"},
    {"bool", &verdict<bool>, R"("maybe")",
     R"(bool_parsing: Input should be a valid boolean, unable to interpret input |  | "maybe")"},
    {"bool", &verdict<bool>, "null", "bool_type: Input should be a valid boolean |  | null"},
    {"bool", &verdict<bool>, "[ ]", "bool_type: Input should be a valid boolean |  | []"},
    {"strict bool", &verdict<Annotated<bool, strict>>, "1",
     "bool_type: Input should be a valid boolean |  | 1"},
};

const Case kIntegers[] = {
    {"int", &verdict<int>, "-7", "-7"},
    {"int", &verdict<int>, "1.0", "1"},
    {"int", &verdict<int>, "1e3", "1000"},
    {"int", &verdict<int>, "true", "1"},
    {"int", &verdict<int>, R"("42")", "42"},
    {"int", &verdict<int>, R"(" +1_000 ")", "1000"},
    {"int", &verdict<int>, R"("3.0")", "3"},
    {"int", &verdict<int>, "-0", "0"},
    {"int", &verdict<int>, "1.5",
     "int_from_float: Input should be a valid integer, got a number with a fractional part |  | "
     "1.5"},
    {"int", &verdict<int>, R"("abc")",
     R"(int_parsing: Input should be a valid integer, unable to parse string as an integer |  | "abc")"},
    {"int", &verdict<int>, R"("")",
     R"(int_parsing: Input should be a valid integer, unable to parse string as an integer |  | "")"},
    {"int", &verdict<int>, R"("1__0")",
     R"(int_parsing: Input should be a valid integer, unable to parse string as an integer |  | "1__0")"},
    {"int", &verdict<int>, "null", "int_type: Input should be a valid integer |  | null"},
    {"int", &verdict<int>, "{}", "int_type: Input should be a valid integer |  | {}"},
    {"int", &verdict<int>, "1e400", "finite_number: Input should be a finite number |  | 1e400"},
    {"int", &verdict<int>, "2147483648",
     R"(less_than_equal: Input should be less than or equal to 2147483647 | {"le":2147483647} | 2147483648)"},
    {"int", &verdict<int>, "-2147483649",
     R"(greater_than_equal: Input should be greater than or equal to -2147483648 | {"ge":-2147483648} | -2147483649)"},
    {"int64", &verdict<std::int64_t>, "9223372036854775807", "9223372036854775807"},
    {"int64", &verdict<std::int64_t>, "-9223372036854775808", "-9223372036854775808"},
    {"int64", &verdict<std::int64_t>, "9223372036854775808",
     R"(less_than_equal: Input should be less than or equal to 9223372036854775807 | {"le":9223372036854775807} | 9223372036854775808)"},
    {"int64", &verdict<std::int64_t>, "123456789012345678901",
     "int_parsing_size: Unable to parse input string as an integer, exceeded maximum size |  | "
     "123456789012345678901"},
    {"uint64", &verdict<std::uint64_t>, "18446744073709551615", "18446744073709551615"},
    {"uint8", &verdict<std::uint8_t>, "255", "255"},
    {"uint8", &verdict<std::uint8_t>, "256",
     R"(less_than_equal: Input should be less than or equal to 255 | {"le":255} | 256)"},
    {"uint8", &verdict<std::uint8_t>, "-1",
     R"(greater_than_equal: Input should be greater than or equal to 0 | {"ge":0} | -1)"},
    {"int8", &verdict<std::int8_t>, "-128", "-128"},
    {"gt", &verdict<Annotated<int, gt(3)>>, "3",
     R"(greater_than: Input should be greater than 3 | {"gt":3} | 3)"},
    {"ge", &verdict<Annotated<int, ge(3)>>, "2",
     R"(greater_than_equal: Input should be greater than or equal to 3 | {"ge":3} | 2)"},
    {"lt", &verdict<Annotated<int, lt(3)>>, "3",
     R"(less_than: Input should be less than 3 | {"lt":3} | 3)"},
    {"le of a value past the type", &verdict<Annotated<int, le(3)>>, "3000000000",
     R"(less_than_equal: Input should be less than or equal to 3 | {"le":3} | 3000000000)"},
    {"multiple_of", &verdict<Annotated<int, multiple_of(7)>>, "8",
     R"(multiple_of: Input should be a multiple of 7 | {"multiple_of":7} | 8)"},
    {"multiple_of", &verdict<Annotated<int, multiple_of(7)>>, "-14", "-14"},
    {"strict int", &verdict<Annotated<int, strict>>, "1.0",
     "int_type: Input should be a valid integer |  | 1.0"},
    {"strict int", &verdict<Annotated<int, strict>>, R"("1")",
     R"(int_type: Input should be a valid integer |  | "1")"},
};

const Case kNumbers[] = {
    {"double", &verdict<double>, "1", "1.0"},
    {"double", &verdict<double>, "0.1", "0.1"},
    {"double", &verdict<double>, "1e16", "1e+16"},
    {"double", &verdict<double>, "123456789012345680.0", "1.2345678901234568e+17"},
    {"double", &verdict<double>, "1e-5", "1e-05"},
    {"double", &verdict<double>, "-0.0", "-0.0"},
    {"double", &verdict<double>, "1e-400", "0.0"},
    {"double", &verdict<double>, "5e-324", "5e-324"},
    {"double", &verdict<double>, "1.7976931348623157e308", "1.7976931348623157e+308"},
    {"double", &verdict<double>, "true", "1.0"},
    {"double", &verdict<double>, R"(" 1.5e3 ")", "1500.0"},
    {"double", &verdict<double>, "1e400",
     "finite_number: Input should be a finite number |  | 1e400"},
    {"double", &verdict<double>, R"("nan")",
     R"(finite_number: Input should be a finite number |  | "nan")"},
    {"double", &verdict<double>, R"("inf")",
     R"(finite_number: Input should be a finite number |  | "inf")"},
    {"double", &verdict<double>, R"("x")",
     R"(float_parsing: Input should be a valid number, unable to parse string as a number |  | "x")"},
    {"double", &verdict<double>, "null", "float_type: Input should be a valid number |  | null"},
    {"float", &verdict<float>, "0.1", "0.1"},
    {"float", &verdict<float>, "1e39", "finite_number: Input should be a finite number |  | 1e39"},
    {"gt", &verdict<Annotated<double, gt(0)>>, "0",
     R"(greater_than: Input should be greater than 0 | {"gt":0.0} | 0)"},
    {"le", &verdict<Annotated<double, le(10.5)>>, "10.6",
     R"(less_than_equal: Input should be less than or equal to 10.5 | {"le":10.5} | 10.6)"},
    {"multiple_of", &verdict<Annotated<double, multiple_of(0.1)>>, "0.3", "0.3"},
    {"multiple_of", &verdict<Annotated<double, multiple_of(0.1)>>, "0.35",
     R"(multiple_of: Input should be a multiple of 0.1 | {"multiple_of":0.1} | 0.35)"},
};

const Case kTexts[] = {
    {"string", &verdict<std::string>, R"("a\"\\\/\b\f\n\r\té\u00e9\ud83d\ude00")",
     "\"a\\\"\\\\/\\b\\f\\n\\r\\té\u00e9\U0001F600\""},
    {"string", &verdict<std::string>, "5", "string_type: Input should be a valid string |  | 5"},
    {"string", &verdict<std::string>, "null",
     "string_type: Input should be a valid string |  | null"},
    {"U+0000", &verdict<std::string>, R"("a\u0000b")",
     R"(value_error: Value error, a text may not contain the character U+0000 | {"error":{}} | "a\u0000b")"},
    {"half a character", &verdict<std::string>, R"("\ud800")",
     "string_unicode: Input should be a valid string, unable to parse raw data as a unicode string "
     "|  | \"\uFFFD\""},
    {"min_length", &verdict<Annotated<std::string, min_length(1)>>, R"("")",
     R"(string_too_short: String should have at least 1 character | {"min_length":1} | "")"},
    {"min_length counts characters", &verdict<Annotated<std::string, min_length(3)>>, R"("éé")",
     R"(string_too_short: String should have at least 3 characters | {"min_length":3} | "éé")"},
    {"max_length", &verdict<Annotated<std::string, max_length(2)>>, R"("abc")",
     R"(string_too_long: String should have at most 2 characters | {"max_length":2} | "abc")"},
    {"max_length counts characters", &verdict<Annotated<std::string, max_length(2)>>, R"("éé")",
     R"("éé")"},
    {"pattern", &verdict<Annotated<std::string, pattern("^[a-z]+$")>>, R"("a1")",
     R"(string_pattern_mismatch: String should match pattern '^[a-z]+$' | {"pattern":"^[a-z]+$"} | "a1")"},
    {"pattern is searched for", &verdict<Annotated<std::string, pattern("b")>>, R"("abc")",
     R"("abc")"},
    {"enum", &verdict<Color>, R"("green")", R"("green")"},
    {"enum", &verdict<Color>, R"("pink")",
     R"(enum: Input should be 'red', 'green' or 'blue' | {"expected":"'red', 'green' or 'blue'"} | "pink")"},
    {"enum", &verdict<Color>, "1",
     R"(enum: Input should be 'red', 'green' or 'blue' | {"expected":"'red', 'green' or 'blue'"} | 1)"},
    {"uuid", &verdict<Uuid>, R"("C0FFEE00-1234-4567-89ab-0123456789AB")",
     R"("c0ffee00-1234-4567-89ab-0123456789ab")"},
    {"uuid", &verdict<Uuid>, R"("abc")",
     R"(uuid_parsing: Input should be a valid UUID, invalid length: expected length 32 for simple format, found 3 | {"error":"invalid length: expected length 32 for simple format, found 3"} | "abc")"},
    {"uuid", &verdict<Uuid>, "1",
     "uuid_type: UUID input should be a string, bytes or UUID object |  | 1"},
    {"datetime", &verdict<DateTime>, R"("2026-11-23T22:37:27.5+01:00")",
     R"("2026-11-23T21:37:27.500000Z")"},
    {"datetime", &verdict<DateTime>, R"("2026-11-23T21:37:27")",
     R"(timezone_aware: Input should have timezone info |  | "2026-11-23T21:37:27")"},
    {"datetime", &verdict<DateTime>, R"("2026-13-23T21:37:27Z")",
     R"(datetime_from_date_parsing: Input should be a valid datetime or date, month value is outside expected range of 1-12 | {"error":"month value is outside expected range of 1-12"} | "2026-13-23T21:37:27Z")"},
    {"datetime", &verdict<DateTime>, "true",
     "datetime_type: Input should be a valid datetime |  | true"},
    {"date", &verdict<Date>, R"("2024-02-29")", R"("2024-02-29")"},
    {"date", &verdict<Date>, R"("2023-02-29")",
     R"(date_from_datetime_parsing: Input should be a valid date or datetime, day value is outside expected range | {"error":"day value is outside expected range"} | "2023-02-29")"},
    {"email", &verdict<Email>, R"("Jane.Doe@Example.org")", R"("Jane.Doe@Example.org")"},
    {"email", &verdict<Email>, R"("jane@münchen.de")", R"("jane@münchen.de")"},
    {"email", &verdict<Email>, R"("jane@a℀b.de")",
     R"(value_error: value is not a valid email address: The part after the @-sign contains invalid characters. | {"reason":"The part after the @-sign contains invalid characters."} | "jane@a℀b.de")"},
    {"email", &verdict<Email>, R"("jane")",
     R"(value_error: value is not a valid email address: An email address must have an @-sign. | {"reason":"An email address must have an @-sign."} | "jane")"},
    {"secret", &verdict<SecretString>, R"("hunter2")", R"("**********")"},
    {"secret", &verdict<Annotated<SecretString, min_length(8)>>, R"("hunter2")",
     R"(string_too_short: String should have at least 8 characters | {"min_length":8} | "**********")"},
    {"secret", &verdict<SecretString>, R"({"a":"hunter2"})",
     R"(string_type: Input should be a valid string |  | "**********")"},
};

const Case kDecimals[] = {
    {"decimal", &verdict<Decimal>, "19.99", "19.99"},
    {"decimal", &verdict<Decimal>, "1.10", "1.10"},
    {"decimal", &verdict<Decimal>, R"("0.1")", "0.1"},
    {"decimal", &verdict<Decimal>, "0.1000000000000000055511151231257827",
     "0.1000000000000000055511151231257827"},
    {"decimal", &verdict<Decimal>, "-0.05", "-0.05"},
    {"decimal", &verdict<Decimal>, "12e2", "1200"},
    {"decimal", &verdict<Decimal>, "12e-4", "0.0012"},
    {"decimal", &verdict<Decimal>, R"("1,5")",
     R"(decimal_parsing: Input should be a valid decimal |  | "1,5")"},
    {"decimal", &verdict<Decimal>, R"("NaN")",
     R"(finite_number: Input should be a finite number |  | "NaN")"},
    {"decimal", &verdict<Decimal>, R"("-Infinity")",
     R"(finite_number: Input should be a finite number |  | "-Infinity")"},
    {"decimal", &verdict<Decimal>, "true",
     "decimal_type: Decimal input should be an integer, float, string or Decimal object |  | true"},
    {"gt", &verdict<Annotated<Decimal, gt(0)>>, "0.00",
     R"(greater_than: Input should be greater than 0 | {"gt":0} | 0.00)"},
    {"decimal_places", &verdict<Annotated<Decimal, decimal_places(2)>>, "1.999",
     R"(decimal_max_places: Decimal input should have no more than 2 decimal places | {"decimal_places":2} | 1.999)"},
    {"decimal_places", &verdict<Annotated<Decimal, decimal_places(2)>>, "1.990", "1.990"},
    {"max_digits", &verdict<Annotated<Decimal, max_digits(3)>>, "1234",
     R"(decimal_max_digits: Decimal input should have no more than 3 digits in total | {"max_digits":3} | 1234)"},
    {"whole digits", &verdict<Annotated<Decimal, max_digits(4), decimal_places(2)>>, "123.4",
     R"(decimal_whole_digits: Decimal input should have no more than 2 digits before the decimal point | {"whole_digits":2} | 123.4)"},
    {"multiple_of", &verdict<Annotated<Decimal, multiple_of(0.05)>>, "0.15", "0.15"},
    {"multiple_of", &verdict<Annotated<Decimal, multiple_of(0.05)>>, "0.16",
     R"(multiple_of: Input should be a multiple of 0.05 | {"multiple_of":0.05} | 0.16)"},
};

const Case kParameters[] = {
    {"bool", &text_verdict<bool>, "On", "true"},
    {"bool", &text_verdict<bool>, "nope",
     R"(bool_parsing: Input should be a valid boolean, unable to interpret input |  | "nope")"},
    {"int", &text_verdict<int>, "007", "7"},
    {"int", &text_verdict<int>, "foo",
     R"(int_parsing: Input should be a valid integer, unable to parse string as an integer |  | "foo")"},
    {"int", &text_verdict<std::int64_t>, "99999999999999999999",
     R"(int_parsing_size: Unable to parse input string as an integer, exceeded maximum size |  | "99999999999999999999")"},
    {"double", &text_verdict<double>, "+2.5", "2.5"},
    {"enum", &text_verdict<Color>, "red", R"("red")"},
    {"string", &text_verdict<std::string>, "\xFF",
     "string_unicode: Input should be a valid string, unable to parse raw data as a unicode string "
     "|  | \"\uFFFD\""},
    {"optional", &text_verdict<std::optional<int>>, "5", "5"},
    {"union", &text_verdict<std::variant<int, std::string>>, "5", R"("5")"},
    {"union", &text_verdict<std::variant<int, bool>>, "5", "5"},
    {"union", &text_verdict<std::variant<int, std::string>>, "five", R"("five")"},
    {"secret", &text_verdict<Annotated<SecretString, max_length(3)>>, "hunter2",
     R"(string_too_long: String should have at most 3 characters | {"max_length":3} | "**********")"},
};

INSTANTIATE_TEST_SUITE_P(Booleans, ScalarFromJson, testing::ValuesIn(kBooleans));
INSTANTIATE_TEST_SUITE_P(Integers, ScalarFromJson, testing::ValuesIn(kIntegers));
INSTANTIATE_TEST_SUITE_P(Numbers, ScalarFromJson, testing::ValuesIn(kNumbers));
INSTANTIATE_TEST_SUITE_P(Texts, ScalarFromJson, testing::ValuesIn(kTexts));
INSTANTIATE_TEST_SUITE_P(Decimals, ScalarFromJson, testing::ValuesIn(kDecimals));
INSTANTIATE_TEST_SUITE_P(Parameters, ScalarFromJson, testing::ValuesIn(kParameters));

}  // namespace
}  // namespace portico::model
