#include "guard/detection/canonical.hpp"

#include <gtest/gtest.h>

#include <array>
#include <utility>

namespace portico::guard::detail {
namespace {

using namespace std::string_view_literals;

std::string decoded(std::string_view text) {
    std::string out;
    return decode_layer(text, out) ? out : std::string(text);
}

TEST(Canonical, one_layer_of_every_encoding) {
    for (const auto& [text, expected] :
         std::to_array<std::pair<std::string_view, std::string_view>>({
             {"%3Cscript%3e", "<script>"},
             {"%u003cx%uFF1e", "<x>"},
             {R"(\x3cx\u003e\u{3c}\u{00003e})", "<x><>"},
             {R"(\074x\076)", "<x>"},
             {"&lt;x&gt;&#60;&#x3E;&#0000060;&lpar;&NewLine;", "<x><><(\n"},
             {"&ltx&#60x", "<x<x"},
             {"\xc0\xaf\xe0\x80\xaf\xf0\x80\x80\xaf\xf8\x80\x80\x80\xaf", "////"},
             {"\xef\xbc\x9c\xef\xbd\x93\xef\xbc\x9e", "<s>"},          // full-width
             {"s\xe2\x80\x8b\xef\xbb\xbf\xc2\xadx\xc2\xa0y", "sx y"},  // no width, no break
             {"\xf0\x9d\x90\x80\xe2\x93\x91\xc5\xbf", "Abs"},  // mathematical, circled, long s
             {"a%00b", "a\0b"sv},
             {"1+or+1%3D1", "1 or 1=1"},
             {"1+1 %3d 2", "1+1 = 2"},
             {"$%5B2%2B2%5D", "$[2+2]"},
             {"%27%2Bor+1", "'+or+1"},
         })) {
        EXPECT_EQ(decoded(text), expected) << text;
    }
}

TEST(Canonical, what_is_malformed_stays) {
    for (const auto text : {"100% sure", "%",           "%4",
                            "%zz",       "%u12",        R"(C:\users\new\)",
                            R"(\x4)",    R"(\u12)",     R"(\u{}\u{1234567})",
                            R"(\08)",    "&",           "&;",
                            "&nosuch;",  "AT&T",        "&#;",
                            "&#x;",      "&#99999999;", "\xff\xfe",
                            "\xe2\x82",  "gr\xfc\xdf"}) {
        std::string out;
        EXPECT_FALSE(decode_layer(text, out)) << text;
    }
}

TEST(Canonical, other_scripts_stay) {
    std::string out;
    EXPECT_FALSE(decode_layer("日本語、Ελληνικά, русский, ‘quoted’ — 😀", out));
}

TEST(Canonical, a_layer_is_one_layer) {
    EXPECT_EQ(decoded("%253C"), "%3C");
    EXPECT_EQ(decoded("&amp;lt;"), "&lt;");
    EXPECT_EQ(decoded("%26lt;"), "&lt;");
}

TEST(Canonical, base64_of_text_is_decoded_and_other_data_is_not) {
    std::string out;
    ASSERT_TRUE(decode_base64_text("PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", out));
    EXPECT_EQ(out, "<script>alert(1)</script>");
    EXPECT_TRUE(decode_base64_text("JyBvciAxPTEtLSBhYmM", out));
    for (const auto text : {"iVBORw0KGgoAAAANSUhEUg", "internationalization",
                            "PHNjcmlwdD4=", "550e8400-e29b-41d4-a716-446655440000",
                            "PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg!"}) {
        EXPECT_FALSE(decode_base64_text(text, out)) << text;
    }
}

TEST(Canonical, traits_tell_plain_values_apart) {
    EXPECT_TRUE(traits("Alice_42, ok-").has(Traits::kSpace));
    EXPECT_TRUE(traits("alice_42-x,y").plain());
    EXPECT_FALSE(traits("o'brien").plain());
    EXPECT_TRUE(traits("100%").has(Traits::kEscape));
    EXPECT_TRUE(traits("gr\xc3\xbcn").has(Traits::kHigh));
}

}  // namespace
}  // namespace portico::guard::detail
