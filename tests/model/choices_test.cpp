#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "portico/model/annotated.hpp"
#include "portico/model/member_options.hpp"
#include "portico/model/schema.hpp"
#include "tests/model/reading.hpp"

/// Members that may be sent under several names.
namespace portico::model {
namespace choices {

struct Forbidding {
    static constexpr auto model_config =
        ModelConfig{.extra = Extra::forbid, .alias_generator = &to_camel, .populate_by_name = true};
    Annotated<int> user_id = 0;
    Annotated<int> age = 3;
};
struct Keeping {
    static constexpr auto model_config =
        ModelConfig{.extra = Extra::allow, .alias_generator = &to_camel, .populate_by_name = true};
    Annotated<int> user_id = 0;
    Annotated<std::map<std::string, Json>, extras> rest = empty;
};
struct Several {
    static constexpr auto model_config = ModelConfig{.extra = Extra::forbid};
    Annotated<int, validation_alias("n"), validation_alias("number")> count;
    Annotated<std::string, validation_alias("name"), validation_alias("/user/names/1"),
              validation_alias("/a~1b/~0")>
        name = "nobody";
};
struct Deep {
    Annotated<std::vector<int>, validation_alias("/data/0/list"), min_length(1)> list;
    Annotated<int, validation_alias("/data/1")> second = 0;
};

}  // namespace choices

namespace {

using choices::Deep;
using choices::Forbidding;
using choices::Keeping;
using choices::Several;

TEST(Choices, a_name_beside_its_alias_is_an_unknown_member_whatever_the_order) {
    constexpr auto kForbidden =
        R"([{"type":"extra_forbidden","loc":["body","user_id"],"msg":"Extra inputs are not permitted","input":1}])";
    EXPECT_EQ(read<Forbidding>(R"({"userId":2,"user_id":1})"), kForbidden);
    EXPECT_EQ(read<Forbidding>(R"({"user_id":1,"userId":2})"), kForbidden);
    EXPECT_EQ(read<Forbidding>(R"({"user_id":1})"), R"({"userId":1,"age":3})");
    EXPECT_EQ(read<Forbidding>(R"({"user_id":1,"user_id":2})"), R"({"userId":2,"age":3})");
}

TEST(Choices, of_a_name_that_was_passed_over_no_fault_stays) {
    EXPECT_EQ(read<Keeping>(R"({"user_id":"x","userId":2})"), R"({"userId":2,"user_id":"x"})");
    EXPECT_EQ(read<Keeping>(R"({"user_id":[1],"user_id":{"a":1.50},"userId":2})"),
              R"({"userId":2,"user_id":{"a":1.5}})");
}

TEST(Choices, unknown_members_are_told_in_the_order_in_which_they_were_sent) {
    EXPECT_EQ(
        read<Forbidding>(R"({"user_id":1,"x":2,"userId":"y"})"),
        R"([{"type":"int_parsing","loc":["body","userId"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"y"},)"
        R"({"type":"extra_forbidden","loc":["body","user_id"],"msg":"Extra inputs are not permitted","input":1},)"
        R"({"type":"extra_forbidden","loc":["body","x"],"msg":"Extra inputs are not permitted","input":2}])");
}

TEST(Choices, the_name_written_first_counts) {
    EXPECT_EQ(read<Several>(R"({"n":1})"), R"({"count":1,"name":"nobody"})");
    EXPECT_EQ(read<Several>(R"({"number":2})"), R"({"count":2,"name":"nobody"})");
    EXPECT_EQ(
        read<Several>(R"({"number":2,"n":1})"),
        R"([{"type":"extra_forbidden","loc":["body","number"],"msg":"Extra inputs are not permitted","input":2}])");
    EXPECT_EQ(
        read<Several>(R"({"count":2})"),
        R"([{"type":"missing","loc":["body","n"],"msg":"Field required","input":{"count":2}},)"
        R"({"type":"extra_forbidden","loc":["body","count"],"msg":"Extra inputs are not permitted","input":2}])");
    EXPECT_EQ(
        read<Several>(R"({"number":"x"})"),
        R"([{"type":"int_parsing","loc":["body","number"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"}])");
}

TEST(Choices, a_json_pointer_leads_into_what_was_sent) {
    EXPECT_EQ(read<Several>(R"({"n":1,"user":{"names":["a","b"]}})"), R"({"count":1,"name":"b"})");
    EXPECT_EQ(read<Several>(R"({"user":{"names":["a","b"]},"name":"c","n":1})"),
              R"({"count":1,"name":"c"})");
    EXPECT_EQ(read<Several>(R"({"n":1,"a/b":{"~":"t"},"user":{"names":["a"]}})"),
              R"({"count":1,"name":"t"})");
    EXPECT_EQ(read<Several>(R"({"n":1,"user":{"names":["a","b"],"names":3},"user":7})"),
              R"({"count":1,"name":"nobody"})");
    EXPECT_EQ(read<Several>(R"({"n":1,"user":{"names":{"1":"b"}}})"), R"({"count":1,"name":"b"})");
}

TEST(Choices, faults_behind_a_pointer_are_where_the_value_is) {
    EXPECT_EQ(
        read<Deep>(R"({"data":[{"list":[1,"x"]},2]})"),
        R"([{"type":"int_parsing","loc":["body","data",0,"list",1],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"}])");
    EXPECT_EQ(read<Deep>(R"({"data":[{"list":[1]},2]})"), R"({"list":[1],"second":2})");
    // Nothing is read by the member's own name; it is what the schema calls it.
    EXPECT_EQ(
        read<Deep>(R"({"list":[1]})"),
        R"([{"type":"missing","loc":["body","list"],"msg":"Field required","input":{"list":[1]}}])");
    EXPECT_TRUE(json_schema(slot_of<Deep>())["$defs"]["Deep"]["properties"].contains("list"));
    EXPECT_TRUE(json_schema(slot_of<Several>())["$defs"]["Several"]["properties"].contains("n"));
}

}  // namespace
}  // namespace portico::model
