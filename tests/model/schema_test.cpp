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
#include "portico/model/secret.hpp"
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
struct Shelf {
    Page<Address> page;
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
    Json reference = builder.schema_of(slot_of<shop::Everything>(), Mode::validation);
    builder.settle(reference);
    EXPECT_EQ(reference.dump(), R"({"$ref":"#/components/schemas/Everything"})");
    const Json& schema = builder.definitions().at("Everything");
    const Json expected = parsed(R"({
  "type": "object",
  "properties": {
    "name": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^a",
             "title": "The name", "description": "Shown", "examples": ["pen"]},
    "price": {"type": "number", "exclusiveMinimum": 0, "maximum": 9.5, "title": "Price"},
    "count": {"type": "integer", "minimum": 1, "exclusiveMaximum": 10, "multipleOf": 3,
              "title": "Count", "default": 3},
    "positive": {"type": "integer", "minimum": 0, "maximum": 4294967295, "title": "Positive"},
    "note": {"anyOf": [{"type": "string"}, {"type": "null"}], "title": "Note"},
    "maybe": {"anyOf": [{"type": "integer", "minimum": 3, "maximum": 2147483647}, {"type": "null"}], "title": "Maybe",
              "deprecated": true},
    "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 3,
             "title": "Tags", "default": ["a"]},
    "numbers": {"type": "array", "items": {"type": "integer", "minimum": -2147483648,
                "maximum": 2147483647}, "uniqueItems": true,
                "title": "Numbers"},
    "rates": {"type": "object", "additionalProperties": {"type": "number"}, "title": "Rates"},
    "color": {"$ref": "#/components/schemas/Color", "default": "green"},
    "address": {"$ref": "#/components/schemas/Address"},
    "either": {"anyOf": [{"type": "integer", "minimum": -2147483648,
               "maximum": 2147483647}, {"type": "string"}], "title": "Either"},
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
    const Json schema = json_schema(slot_of<shop::Everything>(), Mode::serialization);
    EXPECT_EQ(schema["$defs"]["Everything"]["required"].size(), 20U);
}

/// A document of both schemas of a model, and its definitions' names.
std::pair<Json, std::string> both(Slot slot, bool separate, bool sent_first = true) {
    SchemaBuilder builder("#/", separate);
    Json document = Json::array();
    document.push_back(
        builder.schema_of(slot, sent_first ? Mode::validation : Mode::serialization));
    document.push_back(
        builder.schema_of(slot, sent_first ? Mode::serialization : Mode::validation));
    builder.settle(document);
    std::string names;
    for (const auto& [name, definition] : builder.definitions()) {
        names += name + ":" + std::to_string(definition["required"].size()) + " ";
    }
    return {document, names};
}

TEST(Schema, a_model_that_is_sent_and_answered_is_two_where_they_differ) {
    const auto [document, names] = both(slot_of<shop::Node>(), true);
    EXPECT_EQ(document.dump(), R"([{"$ref":"#/Node"},{"$ref":"#/Node"}])");
    for (const bool sent_first : {true, false}) {
        const auto [page, page_names] =
            both(slot_of<shop::Page<shop::Address>>(), true, sent_first);
        EXPECT_EQ(page_names, "Address:1 Page_Address_-Input:1 Page_Address_-Output:2 ");
        EXPECT_EQ(page[sent_first ? 0 : 1]["$ref"].as_string(), "#/Page_Address_-Input");
        EXPECT_EQ(page[sent_first ? 1 : 0]["$ref"].as_string(), "#/Page_Address_-Output");
    }
}

TEST(Schema, a_model_is_two_when_one_of_its_members_is) {
    const auto [document, names] = both(slot_of<shop::Shelf>(), true);
    EXPECT_EQ(names,
              "Address:1 Page_Address_-Input:1 Page_Address_-Output:2 Shelf-Input:1 "
              "Shelf-Output:1 ");
}

TEST(Schema, input_and_output_are_one_when_they_are_not_to_be_separate) {
    for (const bool sent_first : {true, false}) {
        EXPECT_EQ(both(slot_of<shop::Page<shop::Address>>(), false, sent_first).second,
                  "Address:1 Page_Address_:1 ");
    }
}

TEST(Schema, a_text_that_looks_like_a_name_is_left_alone) {
    SchemaBuilder builder("#/");
    Json document = Json::array();
    document.push_back(builder.schema_of(slot_of<shop::Page<int>>(), Mode::validation));
    document.push_back("Page_int_-Input");
    builder.settle(document);
    EXPECT_EQ(document.dump(), R"([{"$ref":"#/Page_int_"},"Page_int_-Input"])");
}

TEST(Schema, an_integer_is_bounded_by_its_width_where_no_constraint_bounds_it) {
    const auto schema = [](Slot slot) { return json_schema(slot).dump(); };
    EXPECT_EQ(schema(slot_of<std::int8_t>()), R"({"type":"integer","maximum":127,"minimum":-128})");
    EXPECT_EQ(schema(slot_of<std::uint16_t>()),
              R"({"type":"integer","maximum":65535,"minimum":0})");
    EXPECT_EQ(schema(slot_of<std::int32_t>()),
              R"({"type":"integer","maximum":2147483647,"minimum":-2147483648})");
    EXPECT_EQ(schema(slot_of<std::uint32_t>()),
              R"({"type":"integer","maximum":4294967295,"minimum":0})");
    EXPECT_EQ(schema(slot_of<std::int64_t>()), R"({"type":"integer"})");
    EXPECT_EQ(schema(slot_of<std::uint64_t>()), R"({"type":"integer","minimum":0})");
    EXPECT_EQ(schema(slot_of<Annotated<int, gt(0)>>()),
              R"({"type":"integer","maximum":2147483647,"exclusiveMinimum":0})");
    EXPECT_EQ(schema(slot_of<Annotated<int, ge(-5), lt(9)>>()),
              R"({"type":"integer","exclusiveMaximum":9,"minimum":-5})");
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

template <class T>
struct Unnamed {
    T value;
};

TEST(Schema, a_template_is_named_by_its_arguments_without_namespaces) {
    SchemaBuilder builder;
    EXPECT_EQ(json_schema(slot_of<shop::Page<shop::Address>>())["$ref"].as_string(),
              "#/$defs/Page_Address_");
    const Json schema = json_schema(slot_of<shop::Page<Unnamed<std::string>>>());
    EXPECT_EQ(schema["$ref"].as_string(), "#/$defs/Page_Unnamed_string__");
    EXPECT_EQ(schema["$defs"]["Page_Unnamed_string__"]["title"].as_string(),
              "Page<Unnamed<string>>");
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
