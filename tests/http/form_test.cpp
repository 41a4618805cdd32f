#include "portico/http/form.hpp"

#include <gtest/gtest.h>

#include <string>

using portico::core::Arena;
using portico::http::parse_form;

namespace {

std::string parsed(std::string_view body) {
    Arena arena;
    const auto pairs = parse_form(body, arena);
    if (!pairs) return "error: " + pairs.error().detail;
    std::string text;
    for (const auto& [name, value] : *pairs)
        text.append(name).append("=").append(value).append("|");
    return text;
}

}  // namespace

TEST(Form, is_decoded_pair_by_pair) {
    EXPECT_EQ(parsed(""), "");
    EXPECT_EQ(parsed("a=1&b=2&a=3"), "a=1|b=2|a=3|");
    EXPECT_EQ(parsed("full+name=Ann+Lee&x=%C3%a9%26%3D%2B"), "full name=Ann Lee|x=\xC3\xA9&=+|");
    EXPECT_EQ(parsed("a&b=&=c&&=&"), "a=|b=|=c|=|");
    EXPECT_EQ(parsed("a=b=c;d=e"), "a=b=c;d=e|");
}

TEST(Form, an_invalid_escape_stays_as_it_is) {
    EXPECT_EQ(parsed("a=%&b=%2&c=%zz&d=100%25%"), "a=%|b=%2|c=%zz|d=100%%|");
}

TEST(Form, too_many_fields_are_an_error) {
    std::string body;
    for (int i = 0; i < 1000; ++i) body += "a=1&";
    EXPECT_EQ(parsed(body).size(), 4000U);
    EXPECT_EQ(parsed(body + "b"), "error: Too many fields. Maximum number of fields is 1000.");
}

TEST(Form, a_field_that_is_too_long_is_an_error) {
    const std::string body = "a=" + std::string(1024 * 1024 - 2, 'x');
    EXPECT_EQ(parsed("b=1&" + body + "&c=1").substr(0, 4), "b=1|");
    EXPECT_EQ(parsed("b=1&" + body + "x&c=1"), "error: Field exceeded maximum size of 1024KB.");
}
