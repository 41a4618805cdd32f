#include "auth/json_members.hpp"

#include <gtest/gtest.h>

namespace portico::auth {
namespace {

using Fault = JsonMembers::Fault;

Fault scan(std::string_view text) {
    return JsonMembers{}.scan(text);
}

TEST(JsonMembers, gives_the_members_of_the_outermost_object) {
    JsonMembers members;
    ASSERT_EQ(members.scan(R"( {"a" : 1.5e-3, "b\u0063":{"a":[true,null]} ,"d":"x\"y"} )"),
              Fault::none);
    ASSERT_EQ(members.list().size(), 3u);
    EXPECT_EQ(members.find("a")->value, "1.5e-3");
    EXPECT_EQ(members.find("bc")->value, R"({"a":[true,null]})");
    EXPECT_EQ(json_text(members.find("d")->value), "x\"y");
    EXPECT_EQ(members.find("e"), nullptr);
}

TEST(JsonMembers, no_object_has_a_member_twice) {
    EXPECT_EQ(scan(R"({"a":1,"a":1})"), Fault::duplicate);
    EXPECT_EQ(scan(R"({"a":1,"\u0061":2})"), Fault::duplicate);
    EXPECT_EQ(scan(R"({"b":[{"a":1,"c":2,"a":3}]})"), Fault::duplicate);
    EXPECT_EQ(scan(R"({"a":{"a":{"a":1}},"b":{"a":1},"":2})"), Fault::none);
}

std::string nested(std::size_t depth) {
    std::string text = R"({"a":)" + std::string(depth - 1, '[');
    return text + "1" + std::string(depth - 1, ']') + '}';
}

TEST(JsonMembers, eight_levels_are_the_most) {
    EXPECT_EQ(scan(nested(8)), Fault::none);
    EXPECT_EQ(scan(nested(9)), Fault::too_large);
    EXPECT_EQ(scan(nested(4000)), Fault::too_large);
}

TEST(JsonMembers, members_are_bounded) {
    const auto with = [](int count) {
        std::string text = "{";
        for (int i = 0; i < count; ++i) {
            text += (i == 0 ? "\"m" : ",\"m") + std::to_string(i) + "\":0";
        }
        return text + '}';
    };
    EXPECT_EQ(scan(with(128)), Fault::none);
    EXPECT_EQ(scan(with(129)), Fault::too_large);
    EXPECT_EQ(scan("{\"a\":[" + with(100) + ',' + with(100) + "]}"), Fault::none);
}

class NotAnObject : public testing::TestWithParam<std::string_view> {};

TEST_P(NotAnObject, is_malformed) {
    EXPECT_EQ(scan(GetParam()), Fault::malformed) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(
    Texts, NotAnObject,
    testing::Values("", " ", "[]", "1", "\"a\"", "null", "{", "}", "{}{}", "{} x", "{,}", "{\"a\"}",
                    "{\"a\":}", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "{'a':1}", "{\"a\":01}",
                    "{\"a\":+1}", "{\"a\":1.}", "{\"a\":.5}", "{\"a\":1e}", "{\"a\":-}",
                    "{\"a\":NaN}", "{\"a\":tru}", "{\"a\":[1,]}", "{\"a\":[1 2]}", "{\"a\":[}",
                    "{\"a\":\"x}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12g4\"}", "{\"a\":\"\\u12",
                    "{\"a\":\"\n\"}", "{\"a\":\"\xff\"}", "{\"a\":\"\xc0\x80\"}",
                    "{\"a\":\"\xed\xa0\x80\"}", "{\"a\":\"\xf4\x90\x80\x80\"}",
                    "{\"a\":\"\xe2\x82\"}", "{\"\\ud800\":1}", std::string_view("{\"a\":1}\0", 8),
                    std::string_view("{\"a\":\"\0\"}", 9)));

TEST(JsonText, resolves_escapes) {
    EXPECT_EQ(json_text(R"("\"\\\/\b\f\n\r\t\u00e4\u20ac\ud83d\ude00")"),
              "\"\\/\b\f\n\r\t\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
    EXPECT_EQ(json_text(R"("\ud83d")"), std::nullopt);
    EXPECT_EQ(json_text(R"("\ud83dx\ude00")"), std::nullopt);
    EXPECT_EQ(json_text(R"("\ude00")"), std::nullopt);
    EXPECT_EQ(json_text("12"), std::nullopt);
    EXPECT_EQ(json_text(R"("")"), "");
}

TEST(JsonTexts, takes_arrays_of_strings_alone) {
    EXPECT_EQ(json_texts(R"([ "a" ,"b\"]" ])"), (std::vector<std::string>{"a", "b\"]"}));
    EXPECT_EQ(json_texts("[]"), std::vector<std::string>{});
    EXPECT_EQ(json_texts(R"(["a",1])"), std::nullopt);
    EXPECT_EQ(json_texts(R"([["a"]])"), std::nullopt);
    EXPECT_EQ(json_texts(R"("a")"), std::nullopt);
}

}  // namespace
}  // namespace portico::auth
