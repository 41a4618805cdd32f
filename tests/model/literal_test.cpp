#include "portico/model/literal.hpp"

#include <gtest/gtest.h>

#include <map>
#include <variant>

#include "portico/model/annotated.hpp"
#include "portico/model/schema.hpp"
#include "tests/model/reading.hpp"

namespace portico::model {
namespace literals {
enum class Animal { cat, dog, lizard };
struct Cat {
    Literal<Animal::cat> kind;
    int lives;
};
struct Other {
    Literal<Animal::dog, Animal::lizard> kind;
};
struct One {
    Literal<1> version;
    int old_name;
};
struct Two {
    Literal<2, 3> version;
    int name;
};
}  // namespace literals

namespace {

using literals::Animal;
using literals::Cat;
using literals::One;
using literals::Other;
using literals::Two;

TEST(Literals, of_integers_are_numbers_and_nothing_else) {
    using Level = Literal<1, 2, -30>;
    EXPECT_EQ(verdict<Level>("2"), "2");
    EXPECT_EQ(verdict<Level>("-30"), "-30");
    EXPECT_EQ(verdict<Level>("3"),
              R"(literal_error: Input should be 1, 2 or -30 | {"expected":"1, 2 or -30"} | 3)");
    for (const auto* json : {R"("1")", "true", "1.0", "null"}) {
        EXPECT_EQ(verdict<Level>(json).substr(0, 13), "literal_error") << json;
    }
    EXPECT_EQ(text_verdict<Level>("2"), "2");
    EXPECT_EQ((read<std::map<Level, int>>(R"({"1":5})")), R"({"1":5})");
    EXPECT_EQ(json_schema(slot_of<Level>()).dump(), R"({"type":"integer","enum":[1,2,-30]})");
    EXPECT_EQ(json_schema(slot_of<Literal<7>>()).dump(), R"({"type":"integer","const":7})");
}

TEST(Literals, are_compared_with_their_options) {
    Annotated<Literal<1, 2>> level = 2;
    EXPECT_TRUE(level == 2);
    EXPECT_EQ(level.value(), 2);
    level = Literal<1, 2>(1);
    EXPECT_LT(level.value(), 2);
    const Literal<Animal::cat, Animal::dog> animal;
    EXPECT_TRUE(animal == Animal::cat);
    EXPECT_EQ(animal.value(), Animal::cat);
}

TEST(Literals, of_enumerators_have_the_names_of_the_enum) {
    EXPECT_EQ(read<Cat>(R"({"kind":"cat","lives":9})"), R"({"kind":"cat","lives":9})");
    EXPECT_EQ(verdict<Cat>(R"({"kind":"dog","lives":9})"),
              R"(literal_error: Input should be 'cat' | {"expected":"'cat'"} | "dog")");
    EXPECT_EQ(read<Other>(R"({"kind":"lizard"})"), R"({"kind":"lizard"})");
    EXPECT_EQ(json_schema(slot_of<Literal<Animal::cat>>()).dump(),
              R"({"type":"string","const":"cat"})");
    EXPECT_EQ(json_schema(slot_of<Literal<Animal::dog, Animal::lizard>>()).dump(),
              R"({"type":"string","enum":["dog","lizard"]})");
}

TEST(Literals, of_enumerators_and_integers_are_tags) {
    using Pet = Annotated<std::variant<Cat, Other>, discriminator("kind")>;
    EXPECT_EQ(read<Pet>(R"({"kind":"lizard"})"), R"({"kind":"lizard"})");
    EXPECT_EQ(json_schema(slot_of<Pet>())["$defs"]["Cat"]["properties"]["kind"]["const"].dump(),
              R"("cat")");
    using Versioned = Annotated<std::variant<One, Two>, discriminator("version")>;
    EXPECT_EQ(read<Versioned>(R"({"version":3,"name":4})"), R"({"version":3,"name":4})");
    EXPECT_EQ(
        verdict<Versioned>(R"({"version":4})"),
        R"(union_tag_invalid: Input tag '4' found using 'version' does not match any of the expected tags: 1, 2, 3 | {"discriminator":"'version'","tag":"4","expected_tags":"1, 2, 3"} | {"version":4})");
}

}  // namespace
}  // namespace portico::model
