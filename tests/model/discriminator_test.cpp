#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "portico/model/annotated.hpp"
#include "portico/model/literal.hpp"
#include "portico/model/schema.hpp"
#include "portico/model/secret.hpp"
#include "tests/model/reading.hpp"

namespace portico::model {

namespace nested {
struct Black {
    Literal<"cat"> kind;
    Literal<"black"> colour;
    std::string name;
};
struct White {
    Literal<"cat"> kind;
    Literal<"white"> colour;
    int age;
};
struct Dog {
    Literal<"dog"> kind;
    std::string name;
};
}  // namespace nested

namespace pets {
enum class Kind { cat, dog, fish };
struct Cat {
    Annotated<Kind> kind = Kind::cat;
    int lives;
};
struct Dog {
    Annotated<Kind> kind = Kind::dog;
    std::string name;
};
using Pet = Annotated<std::variant<Cat, Dog>, discriminator("kind")>;
struct Owner {
    Pet pet;
    std::vector<Pet> more;
    Annotated<std::optional<std::variant<Cat, Dog>>, discriminator("kind")> gone;
};
struct Login {
    Annotated<std::string, alias("type")> kind = "login";
    SecretString password;
};
struct Logout {
    Annotated<std::string, alias("type")> kind = "logout";
};
using Action = Annotated<std::variant<Login, Logout>, discriminator("kind")>;
struct Square {
    Literal<"square", "box"> shape;
    double side;
};
struct Circle {
    Literal<"circle"> shape;
    double radius;
};
using Figure = Annotated<std::variant<Square, Circle>, discriminator("shape")>;
struct Bird {
    Kind kind;
};
struct Twin {
    Annotated<Kind> kind = Kind::cat;
};
template <class A>
using With = Annotated<std::variant<Cat, A>, discriminator("kind")>;
}  // namespace pets

namespace {

TEST(Discriminator, chooses_the_alternative_by_the_tag) {
    EXPECT_EQ(read<pets::Pet>(R"({"kind":"cat","lives":9})"), R"({"kind":"cat","lives":9})");
    EXPECT_EQ(read<pets::Pet>(R"({"name":"rex","kind":"dog"})"), R"({"kind":"dog","name":"rex"})");
    EXPECT_EQ(
        read<pets::Owner>(R"({"pet":{"kind":"cat","lives":1},"more":[{"kind":"dog","name":"a"}],)"
                          R"("gone":{"kind":"dog","name":"b"}})"),
        R"({"pet":{"kind":"cat","lives":1},"more":[{"kind":"dog","name":"a"}],)"
        R"("gone":{"kind":"dog","name":"b"}})");
}

TEST(Discriminator, tells_the_faults_of_that_alternative_alone_below_its_tag) {
    EXPECT_EQ(read<pets::Pet>(R"({"kind":"cat"})"),
              R"([{"type":"missing","loc":["body","cat","lives"],"msg":"Field required",)"
              R"("input":{"kind":"cat"}}])");
}

TEST(Discriminator, faults_are_pydantics_to_the_letter) {
    EXPECT_EQ(verdict<pets::Pet>("{}"),
              "union_tag_not_found: Unable to extract tag using discriminator 'kind' | "
              R"({"discriminator":"'kind'"} | {})");
    EXPECT_EQ(verdict<pets::Pet>(R"({"kind":"x"})"),
              "union_tag_invalid: Input tag 'x' found using 'kind' does not match any of the "
              "expected tags: 'cat', 'dog' | "
              R"({"discriminator":"'kind'","tag":"x","expected_tags":"'cat', 'dog'"} | )"
              R"({"kind":"x"})");
    EXPECT_EQ(verdict<pets::Pet>(R"({"kind":null})").substr(0, 40),
              "union_tag_invalid: Input tag 'None' foun");
    EXPECT_EQ(verdict<pets::Pet>(R"({"kind":7})").substr(0, 37),
              "union_tag_invalid: Input tag '7' foun");
    EXPECT_EQ(verdict<pets::Pet>("3"),
              "model_attributes_type: Input should be a valid dictionary or object to extract "
              "fields from |  | 3");
}

TEST(Discriminator, a_literal_is_a_tag_each_of_its_values) {
    EXPECT_EQ(read<pets::Figure>(R"({"shape":"circle","radius":2})"),
              R"({"shape":"circle","radius":2.0})");
    EXPECT_EQ(read<pets::Figure>(R"({"shape":"box","side":2})"), R"({"shape":"box","side":2.0})");
    EXPECT_EQ(verdict<pets::Figure>(R"({"shape":"cube"})").substr(0, 122),
              "union_tag_invalid: Input tag 'cube' found using 'shape' does not match any of the "
              "expected tags: 'square', 'box', 'circle'");
    EXPECT_EQ(json_schema(slot_of<pets::Figure>())["discriminator"]["mapping"].dump(),
              R"({"square":"#/$defs/Square","box":"#/$defs/Square","circle":"#/$defs/Circle"})");
}

TEST(Discriminator, of_tags_that_are_sent_twice_the_last_counts) {
    EXPECT_EQ(read<pets::Pet>(R"({"kind":"dog","lives":9,"kind":"cat"})"),
              R"({"kind":"cat","lives":9})");
}

TEST(Discriminator, a_tag_that_nobody_knows_is_cut) {
    const std::string tag(100'000, 'x');
    EXPECT_LT(verdict<pets::Pet>(R"({"kind":")" + tag + R"("})").size(), 1000U);
}

TEST(Discriminator, shows_no_tag_beside_a_secret) {
    EXPECT_EQ(read<pets::Action>(R"({"type":"hunter2"})").find("hunter2"), std::string::npos);
    EXPECT_EQ(read<pets::Action>(R"({"type":"logout"})"), R"({"type":"logout"})");
}

TEST(Discriminator, hides_no_error_of_syntax) {
    EXPECT_EQ(verdict<pets::Pet>(R"({"kind":"cat","lives":9,})").substr(0, 12), "json_invalid");
    EXPECT_EQ(verdict<pets::Pet>(R"({"kind":"cat")").substr(0, 12), "json_invalid");
}

TEST(Discriminator, shows_in_the_schema) {
    const Json schema = json_schema(slot_of<pets::Owner>());
    EXPECT_EQ(schema["$defs"]["Owner"]["properties"]["pet"].dump(),
              R"({"discriminator":{"propertyName":"kind","mapping":{"cat":"#/$defs/Cat",)"
              R"("dog":"#/$defs/Dog"}},"oneOf":[{"$ref":"#/$defs/Cat"},{"$ref":"#/$defs/Dog"}],)"
              R"("title":"Pet"})");
    EXPECT_EQ(json_schema(slot_of<pets::Action>())["discriminator"]["propertyName"].as_string(),
              "type");
}

TEST(Discriminator, a_member_that_tells_nothing_apart_is_a_mistake_of_the_program) {
    EXPECT_THROW(read<pets::With<pets::Bird>>(R"({"kind":"cat"})"), std::logic_error);
    EXPECT_THROW(read<pets::With<pets::Twin>>(R"({"kind":"cat"})"), std::logic_error);
    EXPECT_THROW(read<pets::With<int>>(R"({"kind":"cat"})"), std::logic_error);
}

TEST(Discriminators, may_have_unions_within_unions) {
    using Cats = Annotated<std::variant<nested::Black, nested::White>, discriminator("colour")>;
    using Pet = Annotated<std::variant<Cats, nested::Dog>, discriminator("kind")>;
    EXPECT_EQ(read<Pet>(R"({"kind":"dog","name":"Rex"})"), R"({"kind":"dog","name":"Rex"})");
    EXPECT_EQ(read<Pet>(R"({"kind":"cat","colour":"white","age":3})"),
              R"({"kind":"cat","colour":"white","age":3})");
    EXPECT_EQ(
        read<Pet>(R"({"kind":"cat","colour":"black","name":3})"),
        R"([{"type":"string_type","loc":["body","cat","black","name"],"msg":"Input should be a valid string","input":3}])");
    EXPECT_EQ(verdict<Pet>(R"({"kind":"cat","colour":"red"})").substr(0, 70),
              "union_tag_invalid: Input tag 'red' found using 'colour' does not match");
    EXPECT_EQ(verdict<Pet>(R"({"kind":"cow"})").substr(0, 119),
              "union_tag_invalid: Input tag 'cow' found using 'kind' does not match any of the "
              "expected tags: 'cat', 'dog' | {\"discrim");
    const Json schema = json_schema(slot_of<Pet>());
    EXPECT_EQ(schema["oneOf"][0]["discriminator"]["propertyName"].dump(), R"("colour")");
    EXPECT_EQ(schema["discriminator"]["mapping"].dump(), R"({"dog":"#/$defs/Dog"})");
}

}  // namespace
}  // namespace portico::model
