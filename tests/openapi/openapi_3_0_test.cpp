#include "portico/openapi/document.hpp"

#include <gtest/gtest.h>

namespace portico::openapi {
namespace {

using model::Json;

/// A schema where documents have one, converted.
std::string converted(std::string_view schema) {
    Json document = Json::object();
    document["paths"]["schema"] = Json::parse(schema).value();
    document["components"]["schemas"]["B"]["type"] = "object";
    return as_openapi_3_0(document)["paths"]["schema"].dump();
}

struct Case {
    const char* from;
    const char* to;
};
class Schemas : public ::testing::TestWithParam<Case> {};
TEST_P(Schemas, are_said_in_words_of_3_0) {
    EXPECT_EQ(converted(GetParam().from), GetParam().to);
}
INSTANTIATE_TEST_SUITE_P(
    Conversions, Schemas,
    ::testing::Values(
        Case{R"({"type":"string"})", R"({"type":"string"})"},
        Case{R"({"type":["string","null"]})", R"({"type":"string","nullable":true})"},
        Case{R"({"type":["string","integer"]})",
             R"({"allOf":[{"anyOf":[{"type":"string"},{"type":"integer"}]}]})"},
        Case{R"({"anyOf":[{"type":"integer","minimum":1},{"type":"null"}],"title":"N"})",
             R"({"title":"N","type":"integer","minimum":1,"nullable":true})"},
        Case{R"({"anyOf":[{"$ref":"#/components/schemas/B"},{"type":"null"}]})",
             R"({"allOf":[{"$ref":"#/components/schemas/B"}],"nullable":true,"type":"object"})"},
        Case{R"({"anyOf":[{"type":"string"},{"type":"integer"},{"type":"null"}]})",
             R"({"anyOf":[{"type":"string"},{"type":"integer"}],"nullable":true})"},
        Case{R"({"type":"null"})", R"({"enum":[null],"nullable":true})"},
        Case{R"({"type":"number","exclusiveMinimum":0})",
             R"({"type":"number","minimum":0,"exclusiveMinimum":true})"},
        Case{R"({"exclusiveMaximum":5,"maximum":3})", R"({"maximum":3})"},
        Case{R"({"exclusiveMinimum":5,"minimum":3})", R"({"minimum":5,"exclusiveMinimum":true})"},
        Case{R"({"const":"cat"})", R"({"enum":["cat"]})"},
        Case{R"({"examples":["a","b"]})", R"({"example":"a"})"},
        Case{R"({"type":"string","contentMediaType":"application/octet-stream"})",
             R"({"type":"string","format":"binary"})"},
        Case{R"({"type":"string","contentEncoding":"base64"})",
             R"({"type":"string","format":"byte"})"},
        Case{R"({"$ref":"#/components/schemas/B","description":"other"})",
             R"({"description":"other","allOf":[{"$ref":"#/components/schemas/B"}]})"},
        Case{R"({"type":"array","prefixItems":[{"type":"string"},{"const":1}],"minItems":2})",
             R"({"type":"array","minItems":2,"items":{"anyOf":[{"type":"string"},{"enum":[1]}]}})"},
        Case{R"({"type":"array","items":false})", R"({"type":"array","items":{}})"},
        Case{R"({"type":"array"})", R"({"type":"array","items":{}})"},
        Case{R"({"patternProperties":{"a":{}},"propertyNames":{}})", R"({})"},
        Case{R"({"additionalProperties":{"const":1}})", R"({"additionalProperties":{"enum":[1]}})"},
        // Members of a model may be called like keywords.
        Case{
            R"({"properties":{"const":{"const":1},"examples":{"type":["string","null"]}}})",
            R"({"properties":{"const":{"enum":[1]},"examples":{"type":"string","nullable":true}}})"}));

TEST(OpenApi30, reaches_the_schemas_of_operations_and_leaves_examples_alone) {
    const Json document = Json::parse(R"({"openapi":"3.1.0",
        "info":{"title":"T","summary":"S","license":{"name":"MIT","identifier":"MIT"}},
        "webhooks":{"w":{}},
        "paths":{"/x":{"get":{"parameters":[{"schema":{"const":1},"examples":{"a":{"value":{"schema":{"const":2}}}}}],
            "responses":{"200":{"content":{"a/b":{"schema":{"const":3}}},
                                "headers":{"H":{"schema":{"const":4}}}}},
            "callbacks":{"c":{"{$url}":{"post":{"requestBody":{"content":{"a/b":{"schema":{"const":5}}}}}}}}}}}})")
                              .value();
    EXPECT_EQ(
        as_openapi_3_0(document).dump(),
        R"({"openapi":"3.0.3","info":{"title":"T","license":{"name":"MIT"}},)"
        R"("paths":{"/x":{"get":{"parameters":[{"schema":{"enum":[1]},"examples":{"a":{"value":{"schema":{"const":2}}}}}],)"
        R"("responses":{"200":{"content":{"a/b":{"schema":{"enum":[3]}}},"headers":{"H":{"schema":{"enum":[4]}}}}},)"
        R"("callbacks":{"c":{"{$url}":{"post":{"requestBody":{"content":{"a/b":{"schema":{"enum":[5]}}}}}}}}}}},)"
        R"("x-webhooks":{"w":{}}})");
}

TEST(OpenApi30, keeps_the_schemas_that_are_still_referred_to) {
    const Json document = Json::parse(R"({"openapi":"3.1.0","paths":{
        "/a":{"get":{"parameters":[{"schema":{"type":"string",
            "contentSchema":{"$ref":"#/components/schemas/Dropped"}}}]}},
        "/b":{"get":{"parameters":[{"schema":{"$ref":"#/components/schemas/Kept"}}]}}},
        "components":{"schemas":{
            "Dropped":{"properties":{"a":{"$ref":"#/components/schemas/DroppedToo"}}},
            "DroppedToo":{"type":"object"},
            "Kept":{"properties":{"a":{"$ref":"#/components/schemas/KeptToo"}}},
            "KeptToo":{"properties":{"a":{"$ref":"#/components/schemas/Kept"}}}}}})")
                              .value();
    EXPECT_EQ(as_openapi_3_0(document)["components"].dump(),
              R"({"schemas":{"Kept":{"properties":{"a":{"$ref":"#/components/schemas/KeptToo"}}},)"
              R"("KeptToo":{"properties":{"a":{"$ref":"#/components/schemas/Kept"}}}}})");
}

}  // namespace
}  // namespace portico::openapi
