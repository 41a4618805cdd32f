#include "portico/model/schema.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <set>
#include <variant>
#include <vector>

#include "portico/model/date_time.hpp"
#include "portico/model/decimal.hpp"
#include "portico/model/email.hpp"
#include "portico/model/partial.hpp"
#include "portico/model/secret_string.hpp"
#include "portico/model/slot_of.hpp"
#include "portico/model/uuid.hpp"

namespace portico::model {

namespace shop {
enum class Color { red, green };
struct Address {
    std::string city;
};
template <class T>
struct Page {
    std::vector<T> items;
    std::optional<std::string> next_cursor;
};
struct Closed {
    static constexpr auto model_config =
        ModelConfig{.extra = Extra::forbid, .title = "Shut", .description = "Nothing else"};
    int a;
};
struct Everything {
    Annotated<std::string, min_length(1), max_length(100), pattern("^a"), description("Shown"),
              example("pen"), title("The name")>
        name;
    Annotated<double, gt(0), le(9.5)> price;
    Annotated<int, ge(1), lt(10), multiple_of(3)> count = 3;
    unsigned positive;
    std::optional<std::string> note;
    Annotated<std::optional<int>, ge(3), deprecated> maybe;
    Annotated<std::vector<std::string>, min_items(1), max_items(3)> tags = {"a"};
    std::set<int> numbers;
    std::map<std::string, double> rates;
    Annotated<Color> color = Color::green;
    Address address;
    std::variant<int, std::string> either;
    Json anything;
    Uuid id;
    DateTime created_at;
    Date day;
    Email email;
    Annotated<SecretString, min_length(8)> password;
    Decimal amount;
    Annotated<bool, alias("isDone")> is_done = false;
};
struct Node {
    int value;
    std::vector<Node> children;
};
}  // namespace shop
namespace other {
struct Address {
    int number;
};
}  // namespace other

namespace {

using Mode = SchemaBuilder::Mode;

Json parsed(std::string_view text) {
    return Json::parse(text).value();
}

TEST(Schema, a_model_with_every_kind_of_member) {
    SchemaBuilder builder;
    EXPECT_EQ(builder.schema_of(slot_of<shop::Everything>(), Mode::validation).dump(),
              R"({"$ref":"#/components/schemas/Everything"})");
    const Json& schema = builder.definitions().at("Everything");
    const Json expected = parsed(R"({
  "type": "object",
  "properties": {
    "name": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^a",
             "title": "The name", "description": "Shown", "examples": ["pen"]},
    "price": {"type": "number", "exclusiveMinimum": 0, "maximum": 9.5, "title": "Price"},
    "count": {"type": "integer", "minimum": 1, "exclusiveMaximum": 10, "multipleOf": 3,
              "title": "Count", "default": 3},
    "positive": {"type": "integer", "minimum": 0, "title": "Positive"},
    "note": {"anyOf": [{"type": "string"}, {"type": "null"}], "title": "Note"},
    "maybe": {"anyOf": [{"type": "integer", "minimum": 3}, {"type": "null"}], "title": "Maybe",
              "deprecated": true},
    "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 3,
             "title": "Tags", "default": ["a"]},
    "numbers": {"type": "array", "items": {"type": "integer"}, "uniqueItems": true,
                "title": "Numbers"},
    "rates": {"type": "object", "additionalProperties": {"type": "number"}, "title": "Rates"},
    "color": {"$ref": "#/components/schemas/Color", "default": "green"},
    "address": {"$ref": "#/components/schemas/Address"},
    "either": {"anyOf": [{"type": "integer"}, {"type": "string"}], "title": "Either"},
    "anything": {"title": "Anything"},
    "id": {"type": "string", "format": "uuid", "title": "Id"},
    "created_at": {"type": "string", "format": "date-time", "title": "Created At"},
    "day": {"type": "string", "format": "date", "title": "Day"},
    "email": {"type": "string", "format": "email", "title": "Email"},
    "password": {"type": "string", "format": "password", "writeOnly": true, "minLength": 8,
                 "title": "Password"},
    "amount": {"type": "number", "title": "Amount"},
    "isDone": {"type": "boolean", "title": "Isdone", "default": false}
  },
  "required": ["name", "price", "positive", "numbers", "rates", "address", "either", "anything",
               "id", "created_at", "day", "email", "password", "amount"],
  "title": "Everything"
})");
    EXPECT_EQ(schema, expected) << schema.dump(2);
    EXPECT_EQ(builder.definitions().at("Color").dump(),
              R"({"type":"string","enum":["red","green"],"title":"Color"})");
}

TEST(Schema, what_is_answered_has_every_member) {
    SchemaBuilder builder;
    static_cast<void>(builder.schema_of(slot_of<shop::Everything>(), Mode::serialization));
    EXPECT_EQ(builder.definitions().at("Everything")["required"].size(), 20U);
}

TEST(Schema, a_model_that_is_sent_and_answered_is_described_as_sent_in_either_order) {
    for (const bool sent_first : {true, false}) {
        SchemaBuilder builder;
        const auto slot = slot_of<shop::Everything>();
        static_cast<void>(
            builder.schema_of(slot, sent_first ? Mode::validation : Mode::serialization));
        static_cast<void>(
            builder.schema_of(slot, sent_first ? Mode::serialization : Mode::validation));
        EXPECT_EQ(builder.definitions().at("Everything")["required"].size(), 14U);
    }
}

TEST(Schema, a_model_may_refer_to_itself) {
    const Json schema = json_schema(slot_of<shop::Node>());
    EXPECT_EQ(schema["$ref"].as_string(), "#/$defs/Node");
    EXPECT_EQ(schema["$defs"]["Node"]["properties"]["children"]["items"].dump(),
              R"({"$ref":"#/$defs/Node"})");
}

TEST(Schema, two_types_of_one_name_are_told_apart_by_their_namespaces) {
    SchemaBuilder builder;
    EXPECT_EQ(builder.schema_of(slot_of<shop::Address>(), Mode::validation)["$ref"].as_string(),
              "#/components/schemas/Address");
    EXPECT_EQ(builder.schema_of(slot_of<other::Address>(), Mode::validation)["$ref"].as_string(),
              "#/components/schemas/portico__model__other__Address");
}

TEST(Schema, a_template_is_named_by_its_arguments_without_namespaces) {
    SchemaBuilder builder;
    EXPECT_EQ(builder.schema_of(slot_of<shop::Page<shop::Address>>(), Mode::validation)["$ref"]
                  .as_string(),
              "#/components/schemas/Page_Address_");
}

TEST(Schema, a_models_options_show) {
    const Json schema = json_schema(slot_of<shop::Closed>())["$defs"]["Shut"];
    EXPECT_EQ(schema["additionalProperties"], Json(false));
    EXPECT_EQ(schema["title"].as_string(), "Shut");
    EXPECT_EQ(schema["description"].as_string(), "Nothing else");
}

TEST(Schema, a_partial_model_requires_nothing_and_has_no_defaults) {
    const Json schema =
        json_schema(slot_of<Partial<shop::Everything>>())["$defs"]["PartialEverything"];
    EXPECT_FALSE(schema.contains("required"));
    EXPECT_EQ(schema["properties"].size(), 20U);
    EXPECT_FALSE(schema["properties"]["count"].contains("default"));
}

TEST(Schema, a_title_is_the_name_in_title_case) {
    EXPECT_EQ(title_of("item_id"), "Item Id");
    EXPECT_EQ(title_of("x2y"), "X2Y");
}

}  // namespace
}  // namespace portico::model
