#include "portico/model/discriminator.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <variant>
#include <vector>

#include "portico/model/literal.hpp"
#include "portico/model/schema.hpp"
#include "tests/model/reading.hpp"

namespace portico::model {
namespace {

struct Cat {
    Literal<"cat", "tiger"> kind;
    int lives;
};
struct Dog {
    Annotated<Literal<"dog">> kind;
    Annotated<std::string> name = "Rex";
};
using Pet = Annotated<std::variant<Cat, Dog>, discriminator("kind")>;
struct Home {
    std::vector<Pet> pets;
};

class Tagged : public testing::TestWithParam<Case> {};

TEST_P(Tagged, variants_are_read_as_pydantic_reads_them) {
    EXPECT_EQ(GetParam().read(GetParam().input), GetParam().expected);
}

const Case kCases[] = {
    {"first", &read<Pet>, R"({"lives":9,"kind":"tiger"})", R"({"kind":"tiger","lives":9})"},
    {"second", &read<Pet>, R"({"kind":"dog"})", R"({"kind":"dog","name":"Rex"})"},
    {"the last tag counts", &read<Pet>, R"({"kind":"cat","lives":1,"kind":"dog"})",
     R"({"kind":"dog","name":"Rex"})"},
    {"faults of the one alone", &read<Pet>, R"({"kind":"cat"})",
     R"([{"type":"missing","loc":["body","cat","lives"],"msg":"Field required","input":{"kind":"cat"}}])"},
    {"unknown", &verdict<Pet>, R"({"kind":"x"})",
     R"(union_tag_invalid: Input tag 'x' found using 'kind' does not match any of the expected tags: 'cat', 'tiger', 'dog' | {"discriminator":"'kind'","tag":"x","expected_tags":"'cat', 'tiger', 'dog'"} | {"kind":"x"})"},
    {"a number", &verdict<Pet>, R"({"kind":1})",
     R"(union_tag_invalid: Input tag '1' found using 'kind' does not match any of the expected tags: 'cat', 'tiger', 'dog' | {"discriminator":"'kind'","tag":"1","expected_tags":"'cat', 'tiger', 'dog'"} | {"kind":1})"},
    {"none", &verdict<Pet>, "{}",
     R"(union_tag_not_found: Unable to extract tag using discriminator 'kind' | {"discriminator":"'kind'"} | {})"},
    {"no object", &verdict<Pet>, "null",
     "model_attributes_type: Input should be a valid dictionary or object to extract fields from | "
     " | null"},
    {"in a list", &read<Home>, R"({"pets":[{"kind":"dog"},{"kind":"cat","lives":"x"},{}]})",
     R"([{"type":"int_parsing","loc":["body","pets",1,"cat","lives"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"},{"type":"union_tag_not_found","loc":["body","pets",2],"msg":"Unable to extract tag using discriminator 'kind'","input":{},"ctx":{"discriminator":"'kind'"}}])"},
    {"optional", &read<Annotated<std::optional<std::variant<Cat, Dog>>, discriminator("kind")>>,
     R"({"kind":"dog"})", R"({"kind":"dog","name":"Rex"})"},
    {"broken", &verdict<Pet>, R"({"kind":"dog",})",
     R"(json_invalid: JSON decode error | {"error":"Expecting property name enclosed in double quotes"} | {})"},
};
INSTANTIATE_TEST_SUITE_P(Cases, Tagged, testing::ValuesIn(kCases));

TEST(TaggedVariants, show_at_most_a_hundred_bytes_of_a_tag) {
    const std::string tag(5000, 'x');
    const std::string all = verdict<Pet>(R"({"kind":")" + tag + R"("})");
    EXPECT_LT(all.size(), 800U);
}

TEST(TaggedVariants, are_one_of_their_models_in_the_schema) {
    EXPECT_EQ(
        json_schema(slot_of<Home>())["$defs"]["Home"]["properties"]["pets"]["items"].dump(),
        R"({"discriminator":{"propertyName":"kind","mapping":{"cat":"#/$defs/Cat","tiger":"#/$defs/Cat","dog":"#/$defs/Dog"}},"oneOf":[{"$ref":"#/$defs/Cat"},{"$ref":"#/$defs/Dog"}]})");
}

}  // namespace
}  // namespace portico::model
