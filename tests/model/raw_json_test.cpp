#include "portico/model/raw_json.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "portico/model/annotated.hpp"
#include "portico/model/schema.hpp"
#include "portico/model/write_options.hpp"
#include "tests/model/reading.hpp"

namespace portico::model {
namespace raw_json {

constexpr auto kObject = [](const RawJson& value) -> std::optional<std::string> {
    if (!value.text().starts_with('{')) return "an object, please";
    return std::nullopt;
};

struct Event {
    std::string type;
    RawJson payload;
};
struct Checked {
    Annotated<RawJson, check(kObject)> payload;
};
struct Open {
    static constexpr auto model_config = ModelConfig{.extra = Extra::allow};
    Annotated<int> id;
    Annotated<std::map<std::string, RawJson>, extras> rest = empty;
};

}  // namespace raw_json

using raw_json::Checked;
using raw_json::Event;
using raw_json::Open;

TEST(RawJson, keeps_all_but_the_space_between_tokens) {
    EXPECT_EQ(read<Event>(
                  "{\"type\":\"a\",\"payload\": { \"b\" : [ 1.50,1e2 ,\t-0.0],\r\n\"b\":\" \\u00e9"
                  "\\\" \\\\\" } }"),
              "{\"type\":\"a\",\"payload\":{\"b\":[1.50,1e2,-0.0],\"b\":\" \\u00e9\\\" \\\\\"}}");
    EXPECT_EQ(read<std::vector<RawJson>>(R"([true, null , "x", 12345678901234567890123])"),
              R"([true,null,"x",12345678901234567890123])");
}

TEST(RawJson, is_checked_for_its_syntax_and_depth) {
    EXPECT_EQ(verdict<Event>(R"({"type":"a","payload":{"b":01}})"),
              R"(json_invalid: JSON decode error | {"error":"Expecting ',' delimiter"} | {})");
    EXPECT_FALSE(read_json<RawJson>(std::string(101, '[') + std::string(101, ']')));
    EXPECT_TRUE(read_json<RawJson>(std::string(100, '[') + std::string(100, ']')));
    EXPECT_FALSE(RawJson::parse("[1,]"));
    EXPECT_FALSE(RawJson::parse("1 2"));
    EXPECT_FALSE(RawJson::parse("\"\xFF\""));
    EXPECT_EQ(RawJson::parse(" [ ] ").value().text(), "[]");
}

TEST(RawJson, is_required_and_may_be_judged) {
    EXPECT_EQ(verdict<Checked>("{}"), "missing: Field required |  | {}");
    EXPECT_EQ(verdict<Checked>(R"({"payload":[1, 2]})"),
              R"(value_error: Value error, an object, please | {"error":{}} | [1,2])");
    EXPECT_EQ(read<Checked>(R"({"payload":{ }})"), R"({"payload":{}})");
}

TEST(RawJson, can_be_looked_into) {
    const auto value = RawJson::parse(R"({"a": [1, 2], "a": 3})").value();
    EXPECT_EQ(value.json(), Json::object({{"a", 3}}));
    EXPECT_EQ(RawJson(Json("x")).text(), R"("x")");
    EXPECT_EQ(RawJson::parse("[ 1 ]").value(), RawJson(Json::array({1})));
    EXPECT_NE(RawJson::parse("1.0").value(), RawJson(Json(1)));
}

TEST(RawJson, is_null_unless_it_was_given_a_value_and_when_it_was_moved) {
    RawJson value;
    EXPECT_TRUE(value.is_null());
    EXPECT_EQ(to_json(value), "null");
    value = RawJson(Json::array());
    const RawJson other = std::move(value);
    EXPECT_EQ(other.text(), "[]");
    EXPECT_EQ(to_json(value), "null");  // NOLINT(bugprone-use-after-move): it has to be JSON
}

TEST(RawJson, may_be_what_a_model_does_not_know) {
    EXPECT_EQ(read<Open>(R"({"id":1,"x":[ 1.0 ],"y":{}})"), R"({"id":1,"x":[1.0],"y":{}})");
    EXPECT_NE(json_schema(slot_of<Open>()).dump().find(R"("additionalProperties":true)"),
              std::string::npos);
}

TEST(RawJson, is_left_out_as_null) {
    EXPECT_EQ(to_json(Event{.type = "a", .payload = {}}, {.exclude_none = true}),
              R"({"type":"a"})");
}

TEST(RawJson, of_a_parameter_is_a_text) {
    EXPECT_EQ(text_verdict<RawJson>("[1]"), R"("[1]")");
}

}  // namespace portico::model
