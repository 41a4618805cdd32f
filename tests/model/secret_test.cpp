#include "portico/model/secret.hpp"

#include <gtest/gtest.h>

#include <variant>
#include <vector>

#include "portico/model/annotated.hpp"
#include "portico/model/email.hpp"
#include "portico/model/schema.hpp"
#include "portico/model/uuid.hpp"
#include "tests/model/reading.hpp"

namespace portico::model {
namespace {

using Pin = Secret<Annotated<int, ge(1000), le(9999)>>;
using Token = Annotated<Secret<std::string>, min_length(3)>;
struct Card {
    Annotated<Pin> pin;
    Annotated<Secret<Uuid>> token;
};

TEST(Secrets, of_any_type_are_read_and_never_shown) {
    const auto card =
        read_json<Card>(R"({"pin":1234,"token":"6ba7b810-9dad-11d1-80b4-00c04fd430c8"})");
    ASSERT_TRUE(card);
    EXPECT_EQ(card->pin.reveal(), 1234);
    EXPECT_EQ(card->token.reveal().to_string(), "6ba7b810-9dad-11d1-80b4-00c04fd430c8");
    EXPECT_EQ(to_json(*card), R"({"pin":"**********","token":"**********"})");
    EXPECT_EQ(read_json<Pin>(R"("4321")")->reveal(), 4321);
    EXPECT_EQ(text_verdict<Pin>("4321"), R"("**********")");
}

TEST(Secrets, of_a_wrong_form_tell_nothing_of_it) {
    EXPECT_EQ(
        verdict<Pin>("12"),
        R"(greater_than_equal: Input should be greater than or equal to 1000 | {"ge":1000} | "**********")");
    EXPECT_EQ(
        verdict<Pin>(R"("abc")"),
        R"(int_parsing: Input should be a valid integer, unable to parse string as an integer |  | "**********")");
    EXPECT_EQ(verdict<Secret<Uuid>>(R"("6ba7b810-9dad-11d1-80b4-00c04fd430cX")"),
              R"(uuid_parsing: Input should be a valid UUID |  | "**********")");
    EXPECT_EQ(verdict<Secret<Email>>(R"("a b@example.com")"),
              R"(value_error: value is not a valid email address |  | "**********")");
    EXPECT_EQ(verdict<Secret<Uuid>>("7"),
              R"(string_type: Input should be a valid string |  | "**********")");
    EXPECT_EQ(
        verdict<Token>(R"("ab")"),
        R"(string_too_short: String should have at least 3 characters | {"min_length":3} | "**********")");
}

TEST(Secrets, hide_what_they_are_a_part_of) {
    const auto fault = verdict<std::variant<Pin, bool>>(R"("98x6")");
    EXPECT_EQ(fault.find("98x6"), std::string::npos) << fault;
    EXPECT_EQ(read<std::vector<Pin>>("[1234,17]").find("17"), std::string::npos);
}

TEST(Secrets, are_passwords_in_the_schema) {
    EXPECT_EQ(json_schema(slot_of<Secret<Uuid>>()).dump(),
              R"({"type":"string","format":"password","writeOnly":true})");
}

TEST(Secrets, are_gone_from_where_they_were_moved) {
    Secret<int> from(1234);
    const Secret<int> to = std::move(from);
    EXPECT_EQ(from.reveal(), 0);  // NOLINT(bugprone-use-after-move)
    EXPECT_EQ(to.reveal(), 1234);
    SecretString text("hunter2");
    SecretString copy(text);
    text = std::move(copy);
    EXPECT_TRUE(copy.empty());  // NOLINT(bugprone-use-after-move)
    EXPECT_EQ(text.reveal(), "hunter2");
    EXPECT_EQ(SecretString().to_string(), "");
}

}  // namespace
}  // namespace portico::model
