#include <gtest/gtest.h>

#include <array>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "portico/model/date_time.hpp"
#include "portico/model/schema.hpp"
#include "portico/model/secret.hpp"
#include "portico/model/slot_of.hpp"
#include "portico/model/uuid.hpp"
#include "tests/model/reading.hpp"

namespace portico::model {
namespace {

enum class Level : std::uint8_t { low = 1, high = 2 };
enum class Color { red, green };

struct Box {
    std::array<int, 2> size;
    std::pair<std::string, double> label;
    int after;
};

template <class... T>
using Tuple = std::tuple<T...>;

class Containers : public testing::TestWithParam<Case> {};

TEST_P(Containers, are_read_as_pydantic_reads_them) {
    EXPECT_EQ(GetParam().read(GetParam().input), GetParam().expected);
}

const Case kTuples[] = {
    {"tuple", &read<Tuple<int, std::string>>, R"([ 1, "a" ])", R"([1,"a"])"},
    {"pair", &read<std::pair<int, std::optional<int>>>, "[1,null]", "[1,null]"},
    {"tuple", &read<Tuple<int>>, R"("x")",
     R"([{"type":"tuple_type","loc":["body"],"msg":"Input should be a valid tuple","input":"x"}])"},
    {"tuple", &read<Tuple<int, std::string>>, R"(["x",1])",
     R"([{"type":"int_parsing","loc":["body",0],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"},{"type":"string_type","loc":["body",1],"msg":"Input should be a valid string","input":1}])"},
    {"tuple", &read<Tuple<int, int, int>>, "[1]",
     R"([{"type":"missing","loc":["body",1],"msg":"Field required","input":[1]},{"type":"missing","loc":["body",2],"msg":"Field required","input":[1]}])"},
    {"tuple", &read<Tuple<int, int>>, "[]",
     R"([{"type":"missing","loc":["body",0],"msg":"Field required","input":[]},{"type":"missing","loc":["body",1],"msg":"Field required","input":[]}])"},
    {"tuple", &read<Tuple<int, int>>, R"(["x",2,3])",
     R"([{"type":"too_long","loc":["body"],"msg":"Tuple should have at most 2 items after validation, not 3","input":["x",2,3],"ctx":{"field_type":"Tuple","max_length":2,"actual_length":3}}])"},
    {"tuple of a secret", &read<Tuple<SecretString, int>>, R"(["hunter2"])",
     R"([{"type":"missing","loc":["body",1],"msg":"Field required","input":["**********"]}])"},
    {"tuple in a list", &read<std::vector<Tuple<int, bool>>>, "[[1,true],[2,false]]",
     "[[1,true],[2,false]]"},
    {"broken tuple", &read<Tuple<int, int>>, "[1 2]",
     R"([{"type":"json_invalid","loc":["body",3],"msg":"JSON decode error","input":{},"ctx":{"error":"Expecting ',' delimiter"}}])"},
    {"array", &read<std::array<int, 3>>, "[1,2,3]", "[1,2,3]"},
    {"array", &verdict<std::array<int, 3>>, "[1,2]",
     R"(too_short: List should have at least 3 items after validation, not 2 | {"field_type":"List","min_length":3,"actual_length":2} | [1,2])"},
    {"array", &verdict<std::array<int, 1>>, "[1,2]",
     R"(too_long: List should have at most 1 item after validation, not 2 | {"field_type":"List","max_length":1,"actual_length":2} | [1,2])"},
    {"array", &verdict<std::array<int, 1>>, "{}",
     "list_type: Input should be a valid list |  | {}"},
    {"variant", &read<std::variant<Tuple<int, int>, std::array<std::string, 2>>>, R"(["a","b"])",
     R"(["a","b"])"},
    {"variant", &read<std::variant<Tuple<int, int>, std::array<int, 3>>>, "1",
     R"([{"type":"tuple_type","loc":["body","tuple[int,int]"],"msg":"Input should be a valid tuple","input":1},{"type":"list_type","loc":["body","list[int]"],"msg":"Input should be a valid list","input":1}])"},
    {"model", &read<Box>, R"({"size":[1,2],"label":["a",1.5],"after":3})",
     R"({"size":[1,2],"label":["a",1.5],"after":3})"},
};

template <class Key>
using Counts = std::map<Key, int>;
template <class Key>
using Names = std::map<Key, std::string>;

const Case kMaps[] = {
    {"int keys", &read<Counts<int>>, R"({"2":1,"-1":2,"02":3})", R"({"-1":2,"2":3})"},
    {"int keys", &read<Counts<std::uint8_t>>, R"({"x":1,"256":2})",
     R"([{"type":"int_parsing","loc":["body","x","[key]"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"},{"type":"less_than_equal","loc":["body","256","[key]"],"msg":"Input should be less than or equal to 255","input":"256","ctx":{"le":255}}])"},
    {"bounded keys", &verdict<Counts<Annotated<int, ge(1)>>>, R"({"0":1})",
     R"(greater_than_equal: Input should be greater than or equal to 1 | {"ge":1} | "0")"},
    {"enum keys", &read<Counts<Color>>, R"({"green":1})", R"({"green":1})"},
    {"enum keys", &verdict<Counts<Color>>, R"({"pink":1})",
     R"(enum: Input should be 'red' or 'green' | {"expected":"'red' or 'green'"} | "pink")"},
    {"bool keys", &read<std::unordered_map<bool, int>>, R"({"yes":1})", R"({"true":1})"},
    {"UUID keys", &read<Counts<Uuid>>, R"({"C0FFEE00-1234-4567-89ab-0123456789AB":1})",
     R"({"c0ffee00-1234-4567-89ab-0123456789ab":1})"},
    {"UUID keys", &verdict<Counts<Uuid>>, R"({"x":1})",
     R"(uuid_parsing: Input should be a valid UUID, invalid character: found `x` at 0 | {"error":"invalid character: found `x` at 0"} | "x")"},
    {"date keys", &read<Counts<Date>>, R"({"2026-01-02":1})", R"({"2026-01-02":1})"},
    {"lone surrogate", &verdict<Counts<std::string>>, R"({"\ud800":1})",
     "string_unicode: Input should be a valid string, unable to parse raw data as a unicode string "
     "|  | \"\xEF\xBF\xBD\""},
};

INSTANTIATE_TEST_SUITE_P(Tuples, Containers, testing::ValuesIn(kTuples));
INSTANTIATE_TEST_SUITE_P(Maps, Containers, testing::ValuesIn(kMaps));

template <class T>
std::string several(std::vector<std::string_view> texts) {
    T value{};
    Faults faults;
    return read_text(texts, slot_of<T>(), &value, Location("q"), faults) ? to_json(value)
                                                                         : faults.to_json();
}

TEST(Tuples, are_read_from_a_parameter_that_comes_several_times) {
    EXPECT_EQ((several<std::pair<int, std::string>>({"1", "a"})), R"([1,"a"])");
    EXPECT_EQ((several<std::array<int, 2>>({"1", "2"})), "[1,2]");
    EXPECT_EQ(
        (several<std::pair<int, int>>({"1", "2", "3"})),
        R"([{"type":"too_long","loc":["q"],"msg":"Tuple should have at most 2 items after validation, not 3","input":["1","2","3"],"ctx":{"field_type":"Tuple","max_length":2,"actual_length":3}}])");
    EXPECT_EQ(
        (several<std::pair<int, int>>({"x"})),
        R"([{"type":"int_parsing","loc":["q",0],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"},{"type":"missing","loc":["q",1],"msg":"Field required","input":["x"]}])");
    EXPECT_EQ(
        (several<std::array<int, 2>>({"1"})),
        R"([{"type":"too_short","loc":["q"],"msg":"List should have at least 2 items after validation, not 1","input":["1"],"ctx":{"field_type":"List","min_length":2,"actual_length":1}}])");
    EXPECT_EQ((several<std::pair<int, int>>({})),
              R"([{"type":"missing","loc":["q"],"msg":"Field required","input":null}])");
}

TEST(Tuples, have_a_length_in_the_schema) {
    EXPECT_EQ(
        (json_schema(slot_of<std::pair<bool, std::string>>()).dump()),
        R"({"type":"array","prefixItems":[{"type":"boolean"},{"type":"string"}],"minItems":2,"maxItems":2})");
    EXPECT_EQ((json_schema(slot_of<std::array<bool, 3>>()).dump()),
              R"({"type":"array","items":{"type":"boolean"},"minItems":3,"maxItems":3})");
}

TEST(Tuples, can_be_judged_by_a_check) {
    using Range = Annotated<std::pair<int, int>, check([](const std::pair<int, int>& range) {
                                return range.first <= range.second
                                           ? std::optional<std::string>()
                                           : std::optional<std::string>("from is after to");
                            })>;
    EXPECT_EQ(read<Range>("[1,2]"), "[1,2]");
    EXPECT_EQ(verdict<Range>("[2,1]"),
              R"(value_error: Value error, from is after to | {"error":{}} | [2,1])");
}

TEST(Maps, say_in_the_schema_what_their_keys_are) {
    EXPECT_EQ(json_schema(slot_of<Names<int>>()).dump(),
              R"({"type":"object","additionalProperties":{"type":"string"}})");
    EXPECT_EQ(
        json_schema(slot_of<Names<Uuid>>()).dump(),
        R"({"type":"object","additionalProperties":{"type":"string"},"propertyNames":{"format":"uuid"}})");
    EXPECT_EQ(json_schema(slot_of<Counts<Color>>())["propertyNames"].dump(),
              R"({"$ref":"#/$defs/Color"})");
}

}  // namespace

template <>
struct TypeTraits<Level> {
    static constexpr bool by_value = true;
};

namespace {

TEST(EnumsByValue, are_read_written_and_described_as_numbers) {
    EXPECT_EQ(read<Level>("2"), "2");
    EXPECT_EQ(read<Level>("2.0"), "2");
    EXPECT_EQ(text_verdict<Level>("1"), "1");
    EXPECT_EQ(verdict<Level>("3"), R"(enum: Input should be 1 or 2 | {"expected":"1 or 2"} | 3)");
    EXPECT_EQ(verdict<Level>(R"("low")"),
              R"(enum: Input should be 1 or 2 | {"expected":"1 or 2"} | "low")");
    EXPECT_EQ(read<Counts<Level>>(R"({"1":5})"), R"({"1":5})");
    EXPECT_EQ(json_schema(slot_of<Level>())["$defs"]["Level"].dump(),
              R"({"type":"integer","enum":[1,2],"title":"Level"})");
}

template <class T>
bool copies() {
    return slot_of<T>().type->copy != nullptr;
}

TEST(Containers, say_that_they_can_be_copied_only_when_all_in_them_can) {
    using MoveOnly = std::vector<std::unique_ptr<int>>;
    EXPECT_FALSE(copies<MoveOnly>());
    EXPECT_FALSE(copies<std::vector<MoveOnly>>());
    EXPECT_FALSE((copies<std::tuple<int, MoveOnly>>()));
    EXPECT_FALSE((copies<std::pair<std::string, MoveOnly>>()));
    EXPECT_FALSE((copies<std::map<std::string, MoveOnly>>()));
    EXPECT_FALSE((copies<std::variant<int, MoveOnly>>()));
    EXPECT_FALSE((copies<std::optional<std::tuple<MoveOnly>>>()));
    EXPECT_TRUE((copies<std::tuple<int, std::vector<std::string>>>()));
    EXPECT_TRUE((copies<std::map<std::string, std::variant<int, std::vector<int>>>>()));
    EXPECT_EQ((read<std::tuple<int, MoveOnly>>("[1,[2]]")), "[1,[2]]");
}

}  // namespace
}  // namespace portico::model
