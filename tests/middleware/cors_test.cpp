#include "portico/middleware/cors.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/middleware/fixture.hpp"

namespace portico::middleware {
namespace {

using testing::Asked;
using testing::TestExchange;

CORSOptions shop() {
    return {.allow_origins = {"https://shop.example", "http://localhost:3000",
                              "https://*.apps.example:8443"},
            .allow_methods = {"GET", "POST"},
            .allow_headers = {"Authorization", "If-Match"},
            .allow_credentials = true,
            .expose_headers = {"ETag", "X-Request-ID"}};
}

Asked preflight(std::string origin, std::string method, std::string headers = {}) {
    Asked asked{.method = "OPTIONS",
                .headers = {{"Origin", std::move(origin)},
                            {"Access-Control-Request-Method", std::move(method)}}};
    if (!headers.empty()) asked.headers.emplace_back("Access-Control-Request-Headers", headers);
    return asked;
}

std::string answer_to(CORSOptions options, const Asked& asked, TestExchange** kept = nullptr) {
    static std::unique_ptr<TestExchange> exchange;
    CORSMiddleware layer(std::move(options));
    exchange = std::make_unique<TestExchange>(asked);
    const auto decided = exchange->ask(layer);
    layer.on_response(*exchange);
    if (kept) *kept = exchange.get();
    return decided;
}

TEST(Cors, a_preflight_is_answered_with_what_is_allowed) {
    TestExchange* exchange = nullptr;
    EXPECT_EQ(
        answer_to(shop(), preflight("https://shop.example", "POST", "authorization, X"), &exchange),
        "refuse 400 Disallowed CORS headers");
    EXPECT_EQ(
        answer_to(shop(), preflight("https://shop.example", "POST", "authorization,content-type"),
                  &exchange),
        "answer");
    EXPECT_EQ(exchange->response.status, 200);
    EXPECT_EQ(exchange->response.bytes(), "OK");
    EXPECT_EQ(exchange->header("Content-Type"), "text/plain; charset=utf-8");
    EXPECT_EQ(exchange->header("Access-Control-Allow-Origin"), "https://shop.example");
    EXPECT_EQ(exchange->header("Access-Control-Allow-Credentials"), "true");
    EXPECT_EQ(exchange->header("Access-Control-Allow-Methods"), "GET, POST");
    EXPECT_EQ(exchange->header("Access-Control-Allow-Headers"),
              "Accept, Accept-Language, Authorization, Content-Language, Content-Type, If-Match");
    EXPECT_EQ(exchange->header("Access-Control-Max-Age"), "600");
    EXPECT_EQ(exchange->header("Vary"), "Origin");
    EXPECT_EQ(exchange->header("Access-Control-Expose-Headers"), "");
}

TEST(Cors, a_refused_preflight_says_what_is_disallowed) {
    EXPECT_EQ(answer_to(shop(), preflight("https://evil.example", "GET")),
              "refuse 400 Disallowed CORS origin");
    EXPECT_EQ(answer_to(shop(), preflight("https://shop.example", "DELETE")),
              "refuse 400 Disallowed CORS method");
    EXPECT_EQ(answer_to(shop(), preflight("https://evil.example", "DELETE", "X-Evil")),
              "refuse 400 Disallowed CORS origin, method, headers");
}

TEST(Cors, a_preflight_refused_for_its_method_can_be_read_by_its_page) {
    TestExchange* exchange = nullptr;
    answer_to(shop(), preflight("https://shop.example", "DELETE"), &exchange);
    EXPECT_EQ(exchange->header("Access-Control-Allow-Origin"), "https://shop.example");
}

TEST(Cors, methods_are_case_sensitive_and_headers_are_not) {
    EXPECT_EQ(answer_to(shop(), preflight("https://shop.example", "post")),
              "refuse 400 Disallowed CORS method");
    EXPECT_EQ(answer_to(shop(), preflight("https://shop.example", "POST", "IF-MATCH,,")), "answer");
}

TEST(Cors, options_without_a_requested_method_is_no_preflight) {
    Asked asked{.method = "OPTIONS", .headers = {{"Origin", "https://shop.example"}}};
    EXPECT_EQ(answer_to(shop(), asked), "proceed");
    asked = {.method = "OPTIONS", .headers = {{"Access-Control-Request-Method", "GET"}}};
    EXPECT_EQ(answer_to(shop(), asked), "proceed");
}

TEST(Cors, an_allowed_origin_may_read_the_response) {
    TestExchange* exchange = nullptr;
    EXPECT_EQ(answer_to(shop(), {.headers = {{"Origin", "http://localhost:3000"}}}, &exchange),
              "proceed");
    EXPECT_EQ(exchange->header("Access-Control-Allow-Origin"), "http://localhost:3000");
    EXPECT_EQ(exchange->header("Access-Control-Allow-Credentials"), "true");
    EXPECT_EQ(exchange->header("Access-Control-Expose-Headers"), "ETag, X-Request-ID");
    EXPECT_EQ(exchange->header("Vary"), "Origin");
}

TEST(Cors, another_origin_is_served_but_may_not_read) {
    TestExchange* exchange = nullptr;
    EXPECT_EQ(answer_to(shop(), {.headers = {{"Origin", "https://evil.example"}}}, &exchange),
              "proceed");
    EXPECT_EQ(exchange->header("Access-Control-Allow-Origin"), "");
    EXPECT_EQ(exchange->header("Access-Control-Allow-Credentials"), "");
    EXPECT_EQ(exchange->header("Vary"), "Origin");
}

TEST(Cors, vary_is_there_without_an_origin_and_joins_what_is_there) {
    CORSMiddleware layer(shop());
    TestExchange exchange;
    exchange.response.headers.set("Vary", "Accept-Encoding");
    layer.on_response(exchange);
    EXPECT_EQ(exchange.header("Vary"), "Accept-Encoding, Origin");
}

TEST(Cors, origins_are_compared_whole) {
    const CORSMiddleware layer(shop());
    EXPECT_TRUE(layer.allows_origin("https://shop.example"));
    EXPECT_FALSE(layer.allows_origin("https://shop.example.evil.example"));
    EXPECT_FALSE(layer.allows_origin("https://shop.example:8443"));
    EXPECT_FALSE(layer.allows_origin("http://shop.example"));
    EXPECT_FALSE(layer.allows_origin("null"));
    EXPECT_FALSE(layer.allows_origin(""));
}

TEST(Cors, a_wildcard_stands_for_names_alone) {
    const CORSMiddleware layer(shop());
    EXPECT_TRUE(layer.allows_origin("https://a.apps.example:8443"));
    EXPECT_TRUE(layer.allows_origin("https://a.b.apps.example:8443"));
    EXPECT_FALSE(layer.allows_origin("https://apps.example:8443"));
    EXPECT_FALSE(layer.allows_origin("https://.apps.example:8443"));
    EXPECT_FALSE(layer.allows_origin("https://a.apps.example"));
    EXPECT_FALSE(layer.allows_origin("https://evil.example/.apps.example:8443"));
    EXPECT_FALSE(layer.allows_origin("https://evil@a.apps.example:8443"));
    EXPECT_FALSE(layer.allows_origin("http://a.apps.example:8443"));
}

TEST(Cors, any_origin_without_credentials_is_a_star) {
    TestExchange* exchange = nullptr;
    answer_to({.allow_origins = {"*"}}, {.headers = {{"Origin", "https://any.example"}}},
              &exchange);
    EXPECT_EQ(exchange->header("Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(exchange->header("Access-Control-Allow-Credentials"), "");
}

TEST(Cors, any_header_is_echoed) {
    TestExchange* exchange = nullptr;
    const CORSOptions options{.allow_origins = {"*"}, .allow_headers = {"*"}};
    EXPECT_EQ(answer_to(options, preflight("https://a.example", "GET", "X-A, X-B"), &exchange),
              "answer");
    EXPECT_EQ(exchange->header("Access-Control-Allow-Headers"), "X-A, X-B");
    EXPECT_EQ(exchange->header("Vary"), "Access-Control-Request-Headers, Origin");
}

TEST(Cors, any_method_is_every_known_one) {
    const CORSOptions options{.allow_origins = {"*"}, .allow_methods = {"*"}};
    EXPECT_EQ(answer_to(options, preflight("https://a.example", "PATCH")), "answer");
    EXPECT_EQ(answer_to(options, preflight("https://a.example", "BREW")),
              "refuse 400 Disallowed CORS method");
}

TEST(Cors, get_alone_is_allowed_unless_said) {
    EXPECT_EQ(answer_to({.allow_origins = {"*"}}, preflight("https://a.example", "POST")),
              "refuse 400 Disallowed CORS method");
}

TEST(Cors, a_private_network_is_allowed_when_set) {
    auto asked = preflight("https://a.example", "GET");
    asked.headers.emplace_back("Access-Control-Request-Private-Network", "true");
    TestExchange* exchange = nullptr;
    answer_to({.allow_origins = {"*"}}, asked, &exchange);
    EXPECT_EQ(exchange->header("Access-Control-Allow-Private-Network"), "");
    answer_to({.allow_origins = {"*"}, .allow_private_network = true}, asked, &exchange);
    EXPECT_EQ(exchange->header("Access-Control-Allow-Private-Network"), "true");
}

TEST(Cors, the_age_of_a_preflight_can_be_set) {
    TestExchange* exchange = nullptr;
    answer_to({.allow_origins = {"*"}, .max_age = std::chrono::seconds(5)},
              preflight("https://a.example", "GET"), &exchange);
    EXPECT_EQ(exchange->header("Access-Control-Max-Age"), "5");
}

TEST(Cors, a_star_with_credentials_is_refused_at_construction) {
    EXPECT_THROW(CORSMiddleware({.allow_origins = {"*"}, .allow_credentials = true}),
                 std::invalid_argument);
}

TEST(Cors, an_origin_that_can_not_match_is_refused_at_construction) {
    for (const auto* origin :
         {"null", "shop.example", "https://shop.example/", "https://shop.example/a",
          "https://Shop.example", "https://", "://a", "https://a*.example", "https://*",
          "https://*.*.example", "https://u@a.example", "https://a.example?x", "https://a example",
          ""}) {
        EXPECT_THROW(CORSMiddleware({.allow_origins = {origin}}), std::invalid_argument) << origin;
    }
}

TEST(Cors, a_name_that_is_no_token_is_refused_at_construction) {
    EXPECT_THROW(CORSMiddleware({.allow_methods = {"GET, POST"}}), std::invalid_argument);
    EXPECT_THROW(CORSMiddleware({.allow_headers = {"X:Y"}}), std::invalid_argument);
    EXPECT_THROW(CORSMiddleware({.expose_headers = {"X\r\nY"}}), std::invalid_argument);
}

}  // namespace
}  // namespace portico::middleware
