#include "portico/http/media_type.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

using portico::http::MediaType;
using portico::http::names_media_type;
using portico::http::negotiate_encoding;
using portico::http::negotiate_media_type;

namespace {

constexpr std::array<std::string_view, 3> kOffers = {"application/json", "text/html", "text/plain"};
constexpr std::array<std::string_view, 3> kCodings = {"zstd", "br", "gzip"};

std::string_view chosen_type(std::string_view accept) {
    const auto index = negotiate_media_type(accept, kOffers);
    return index ? kOffers[*index] : "none";
}

std::string_view chosen_coding(std::string_view accept_encoding) {
    const auto index = negotiate_encoding(accept_encoding, kCodings);
    return index ? kCodings[*index] : "identity";
}

}  // namespace

TEST(MediaType, is_a_type_a_subtype_and_parameters) {
    const auto type = MediaType::parse(" Text/HTML ; Charset=\"ut\\f-8\";; q=1 ").value();
    EXPECT_EQ(type.type(), "Text");
    EXPECT_EQ(type.subtype(), "HTML");
    EXPECT_EQ(type.parameter("charset"), "utf-8");
    EXPECT_EQ(type.parameter("q"), "1");
    EXPECT_EQ(type.parameter("boundary"), std::nullopt);
}

TEST(MediaType, what_is_malformed_is_none) {
    for (const auto* text :
         {"", "json", "/json", "application/", "application /json", "a/b/c", "a/b c", "a/b; x",
          "a/b; x=", "a/b; =y", "a/b; x = y", "a/b; x=\"y", "a/b; x=\"y\\", "a/b x=y",
          "a/b; x=\"y\"z", "a/b, c/d", "*/*", "text/*", "a\r/b"}) {
        EXPECT_FALSE(MediaType::parse(text)) << text;
    }
}

TEST(MediaType, json_is_application_json_or_has_the_suffix) {
    for (const auto* text : {"application/json", "Application/JSON; charset=utf-8",
                             "application/problem+json", "application/geo+JSON"}) {
        EXPECT_TRUE(MediaType::parse(text)->is_json()) << text;
    }
    for (const auto* text : {"text/json", "application/jsonl", "application/+json",
                             "application/xml", "application/json+xml", "text/plain"}) {
        EXPECT_FALSE(MediaType::parse(text)->is_json()) << text;
    }
}

TEST(MediaType, matches_ranges) {
    const auto type = MediaType::parse("Image/PNG").value();
    EXPECT_TRUE(type.matches("image/png"));
    EXPECT_TRUE(type.matches("image/*"));
    EXPECT_TRUE(type.matches("*/*"));
    EXPECT_TRUE(type.matches("image/png; q=1"));
    EXPECT_FALSE(type.matches("image/jpeg"));
    EXPECT_FALSE(type.matches("text/*"));
    EXPECT_FALSE(type.matches("image"));
    EXPECT_FALSE(type.matches("*/png"));
    EXPECT_FALSE(type.matches(""));
}

TEST(Accept, the_most_specific_range_decides_for_each_offer) {
    EXPECT_EQ(chosen_type(""), "application/json");
    EXPECT_EQ(chosen_type("*/*"), "application/json");
    EXPECT_EQ(chosen_type("text/html"), "text/html");
    EXPECT_EQ(chosen_type("text/*"), "text/html");
    EXPECT_EQ(chosen_type("text/*, text/html;q=0.5"), "text/plain");
    EXPECT_EQ(chosen_type("text/html;q=0, */*;q=0.1"), "application/json");
    EXPECT_EQ(chosen_type("application/json;q=0.2, text/html;q=0.9"), "text/html");
    EXPECT_EQ(chosen_type("TEXT/plain;Q=1.000, application/json;q=0.999"), "text/plain");
    EXPECT_EQ(chosen_type("image/png"), "none");
    EXPECT_EQ(chosen_type("application/json;q=0"), "none");
    EXPECT_EQ(chosen_type("text/html;level=1;q=0.4, text/plain"), "text/plain");
    EXPECT_EQ(chosen_type("text/html;q=0, text/html"), "text/html");
    EXPECT_EQ(chosen_type("text/plain; charset=utf-8"), "text/plain");
}

TEST(Accept, a_malformed_member_is_passed_over) {
    EXPECT_EQ(chosen_type("text/html;q=2, text/plain"), "text/plain");
    EXPECT_EQ(chosen_type("text/html;q=1.001, text/plain;q=0.1"), "text/plain");
    EXPECT_EQ(chosen_type("text/html;q=0.1234, text/plain;q=0.1"), "text/plain");
    EXPECT_EQ(chosen_type("text/html;q=-1, text/plain;q=0.1"), "text/plain");
    EXPECT_EQ(chosen_type("text/html;x=\"a,b\", text/plain;q=0.1"), "text/plain");
    EXPECT_EQ(chosen_type(", ,;"), "application/json");
}

TEST(Accept, members_past_the_bound_do_not_count) {
    std::string accept;
    for (int i = 0; i < 64; ++i) accept += "image/png,";
    EXPECT_EQ(chosen_type(accept + "text/html"), "none");
}

TEST(Accept, a_wildcard_names_no_type) {
    EXPECT_TRUE(names_media_type("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"));
    EXPECT_TRUE(names_media_type("Text/Html;q=0.1", "text/html"));
    EXPECT_FALSE(names_media_type("*/*", "text/html"));
    EXPECT_FALSE(names_media_type("text/*", "text/html"));
    EXPECT_FALSE(names_media_type("text/html;q=0", "text/html"));
    EXPECT_FALSE(names_media_type("", "text/html"));
}

TEST(AcceptEncoding, the_best_offer_that_is_accepted_wins) {
    EXPECT_EQ(chosen_coding(""), "identity");
    EXPECT_EQ(chosen_coding("gzip, deflate, br, zstd"), "zstd");
    EXPECT_EQ(chosen_coding("gzip, deflate, br"), "br");
    EXPECT_EQ(chosen_coding("gzip;q=1.0, br;q=0.9"), "gzip");
    EXPECT_EQ(chosen_coding("GZip"), "gzip");
    EXPECT_EQ(chosen_coding("x-gzip"), "gzip");
    EXPECT_EQ(chosen_coding("deflate"), "identity");
    EXPECT_EQ(chosen_coding("*"), "zstd");
    EXPECT_EQ(chosen_coding("zstd;q=0, *"), "br");
    EXPECT_EQ(chosen_coding("*, zstd;q=0"), "br");
    EXPECT_EQ(chosen_coding("*;q=0"), "identity");
    EXPECT_EQ(chosen_coding("gzip;q=0"), "identity");
}

TEST(AcceptEncoding, identity_wins_where_it_is_preferred) {
    EXPECT_EQ(chosen_coding("identity, gzip;q=0.5"), "identity");
    EXPECT_EQ(chosen_coding("identity;q=0.5, gzip;q=0.5"), "gzip");
    EXPECT_EQ(chosen_coding("identity;q=0, gzip;q=0.1"), "gzip");
}
