#include "portico/http/cookie.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using portico::http::Cookie;
using portico::http::NameValue;
using portico::http::parse_cookies;
using portico::http::SameSite;

namespace {

std::string error_of(const Cookie& cookie) {
    try {
        return "accepted: " + cookie.to_string();
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
}

std::string parsed(std::string_view field) {
    std::vector<NameValue> pairs;
    parse_cookies(field, pairs);
    std::string text;
    for (const auto& [name, value] : pairs) text.append(name).append("=").append(value).append("|");
    return text;
}

}  // namespace

TEST(Cookie, is_hidden_from_scripts_and_other_sites_by_default) {
    EXPECT_EQ((Cookie{.name = "theme", .value = "dark"}.to_string()),
              "theme=dark; Path=/; HttpOnly; SameSite=Lax");
}

TEST(Cookie, writes_every_attribute) {
    const Cookie cookie{
        .name = "id",
        .value = "a1",
        .path = "/app",
        .domain = ".example.com",
        .max_age = 90s,
        .expires = std::chrono::sys_days{std::chrono::year{1994} / 11 / 6} + 8h + 49min + 37s,
        .secure = true,
        .http_only = false,
        .same_site = SameSite::none,
        .partitioned = true};
    EXPECT_EQ(
        cookie.to_string(),
        "id=a1; Path=/app; Domain=example.com; Max-Age=90; Expires=Sun, 06 Nov 1994 08:49:37 GMT; "
        "Secure; SameSite=None; Partitioned");
}

TEST(Cookie, a_value_cannot_smuggle_an_attribute_or_a_header) {
    for (const auto* value :
         {"a;Path=/x", "a b", "a\"b", "a,b", "a\\b", "a\r\nX: 1", "\xC3\xA9", "\x7f"}) {
        EXPECT_TRUE(
            error_of({.name = "n", .value = value}).starts_with("cookie \"n\": value: expected"))
            << value;
    }
    EXPECT_TRUE(error_of({.name = "n", .value = std::string("a\0b", 3)})
                    .starts_with("cookie \"n\": value"));
}

TEST(Cookie, a_name_is_a_token) {
    for (const auto* name : {"", "a b", "a=b", "a;b", "a\n"}) {
        EXPECT_TRUE(error_of({.name = name, .value = "v"}).starts_with("cookie: name: expected"))
            << name;
    }
}

TEST(Cookie, a_path_and_a_domain_are_checked) {
    for (const auto* path : {"", "x", "/a;b", "/\n", "/\xC3\xA9"}) {
        EXPECT_NE(error_of({.name = "n", .path = path}).find("path: expected"), std::string::npos)
            << path;
    }
    EXPECT_NE(error_of({.name = "n", .path = "/" + std::string(1024, 'a')}).find("path:"),
              std::string::npos);
    for (const auto* domain : {".", "..a", "a..b", "a.", "a b", "a;b", "a\n", "*.a"}) {
        EXPECT_NE(error_of({.name = "n", .domain = domain}).find("domain: expected"),
                  std::string::npos)
            << domain;
    }
}

TEST(Cookie, one_that_browsers_would_drop_is_an_error) {
    EXPECT_NE(error_of({.name = "n", .value = std::string(4096, 'v')}).find("4096"),
              std::string::npos);
    EXPECT_NO_THROW(
        static_cast<void>(Cookie{.name = "n", .value = std::string(4095, 'v')}.to_string()));
    EXPECT_NE(error_of({.name = "n", .same_site = SameSite::none}).find("secure:"),
              std::string::npos);
    EXPECT_NE(error_of({.name = "n", .partitioned = true}).find("secure:"), std::string::npos);
}

TEST(Cookie, the_prefixes_bind_in_any_case) {
    for (const auto* name : {"__Host-a", "__host-a", "__Secure-a", "__SECURE-a"}) {
        EXPECT_NE(error_of({.name = name}).find("secure: expected true"), std::string::npos)
            << name;
    }
    EXPECT_NE(error_of({.name = "__Host-a", .path = "/x", .secure = true}).find("__Host-"),
              std::string::npos);
    EXPECT_NE(
        error_of({.name = "__Host-a", .domain = "a.example", .secure = true}).find("domain, path"),
        std::string::npos);
    EXPECT_NO_THROW(static_cast<void>(Cookie{.name = "__Host-a", .secure = true}.to_string()));
    EXPECT_NO_THROW(static_cast<void>(
        Cookie{.name = "__Secure-a", .path = "/x", .domain = "a.example", .secure = true}
            .to_string()));
}

TEST(Cookie, an_expired_one_keeps_what_names_it) {
    const Cookie cookie{.name = "__Secure-a",
                        .value = "v",
                        .path = "/x",
                        .domain = "a.b",
                        .max_age = 5s,
                        .secure = true};
    EXPECT_EQ(expired(cookie).to_string(),
              "__Secure-a=; Path=/x; Domain=a.b; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; "
              "Secure; "
              "HttpOnly; SameSite=Lax");
}

TEST(CookieField, is_read_leniently_and_in_order) {
    EXPECT_EQ(parsed(""), "");
    EXPECT_EQ(parsed("a=1"), "a=1|");
    EXPECT_EQ(parsed("a=1; b=2;c=3 ;\td=4"), "a=1|b=2|c=3|d=4|");
    EXPECT_EQ(parsed("a=1; a=2"), "a=1|a=2|");
    EXPECT_EQ(parsed("a=b=c"), "a=b=c|");
    EXPECT_EQ(parsed("a=\"quoted\"; b=\"; c=\"\""), "a=quoted|b=\"|c=|");
    EXPECT_EQ(parsed("nameless; =x; ;; a=;  "), "a=|");
    EXPECT_EQ(parsed("a=%20+"), "a=%20+|");
}

TEST(CookieField, no_more_than_the_bound_are_read) {
    std::string field;
    for (int i = 0; i < 1500; ++i) field += "a=1;";
    std::vector<NameValue> pairs;
    parse_cookies(field, pairs);
    parse_cookies(field, pairs);
    EXPECT_EQ(pairs.size(), portico::http::kMaxCookies);
}
