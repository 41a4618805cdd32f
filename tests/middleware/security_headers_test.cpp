#include "portico/middleware/security_headers.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "portico/http/content_security_policy.hpp"
#include "tests/middleware/fixture.hpp"

namespace portico::middleware {
namespace {

using testing::Asked;
using testing::TestExchange;

constexpr std::string_view kPagePolicy =
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: "
    "https:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'";

std::unique_ptr<TestExchange> answer(SecurityHeadersOptions options, const Asked& asked = {},
                                     std::string_view content_type = "application/json") {
    SecurityHeadersMiddleware layer(std::move(options));
    auto exchange = std::make_unique<TestExchange>(asked);
    exchange->response.set_content_type(content_type);
    layer.on_response(*exchange);
    return exchange;
}

TEST(SecurityHeaders, an_api_answer_may_load_nothing) {
    const auto exchange = answer({});
    EXPECT_EQ(exchange->header("Content-Security-Policy"),
              "default-src 'none'; frame-ancestors 'none'");
    EXPECT_EQ(exchange->header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(exchange->header("X-Frame-Options"), "DENY");
    EXPECT_EQ(exchange->header("Referrer-Policy"), "strict-origin-when-cross-origin");
    EXPECT_EQ(exchange->header("Cross-Origin-Opener-Policy"), "same-origin");
    EXPECT_EQ(exchange->header("Cross-Origin-Resource-Policy"), "same-origin");
    EXPECT_NE(exchange->header("Permissions-Policy").find("camera=()"), std::string::npos);
}

TEST(SecurityHeaders, a_page_may_load_its_own) {
    EXPECT_EQ(answer({}, {}, "text/html; charset=utf-8")->header("Content-Security-Policy"),
              kPagePolicy);
    EXPECT_EQ(answer({}, {}, "TEXT/HTML")->header("Content-Security-Policy"), kPagePolicy);
    EXPECT_NE(answer({}, {}, "text/html5")->header("Content-Security-Policy"), kPagePolicy);
}

TEST(SecurityHeaders, the_redoc_page_may_start_its_worker) {
    EXPECT_EQ(answer({}, {.target = "/redoc"}, "text/html")->header("Content-Security-Policy"),
              std::string(kPagePolicy) + "; worker-src blob:");
    EXPECT_EQ(answer({.worker_pages = {}}, {.target = "/redoc"}, "text/html")
                  ->header("Content-Security-Policy"),
              kPagePolicy);
}

TEST(SecurityHeaders, a_page_has_a_nonce_of_its_own_where_it_asked_for_one) {
    using http::ContentSecurityPolicy;
    namespace csp = http::csp;
    SecurityHeadersMiddleware layer(
        {.page_policy = ContentSecurityPolicy{.default_src = {csp::self},
                                              .script_src = {csp::nonce, csp::strict_dynamic},
                                              .style_src = {csp::self, csp::nonce}}
                            .to_string()});
    const auto policy_of = [&](TestExchange& exchange) {
        exchange.response.set_content_type("text/html");
        layer.on_response(exchange);
        return std::string(exchange.header("Content-Security-Policy"));
    };
    TestExchange first({});
    const std::string nonce(csp_nonce(first.request));
    EXPECT_EQ(nonce.size(), 32U);
    EXPECT_EQ(csp_nonce(first.request), nonce);
    EXPECT_EQ(policy_of(first), "default-src 'self'; script-src 'nonce-" + nonce +
                                    "' 'strict-dynamic'; style-src 'self' 'nonce-" + nonce + "'");
    TestExchange second({.target = "/redoc"});
    EXPECT_NE(csp_nonce(second.request), nonce);
    EXPECT_TRUE(policy_of(second).ends_with("'; worker-src blob:"));
    TestExchange without({});
    EXPECT_EQ(policy_of(without),
              "default-src 'self'; script-src 'strict-dynamic'; style-src 'self'");
}

TEST(SecurityHeaders, a_policy_can_be_tried_out) {
    const auto page =
        answer({.page_policy_report_only = "default-src 'none'; report-to csp"}, {}, "text/html");
    EXPECT_EQ(page->header("Content-Security-Policy"), kPagePolicy);
    EXPECT_EQ(page->header("Content-Security-Policy-Report-Only"),
              "default-src 'none'; report-to csp");
    EXPECT_EQ(answer({.page_policy_report_only = "default-src 'none'"})
                  ->header("Content-Security-Policy-Report-Only"),
              "");
}

TEST(SecurityHeaders, what_a_response_set_itself_stays) {
    SecurityHeadersMiddleware layer;
    TestExchange exchange({.https = true, .headers = {{"Authorization", "x"}}});
    exchange.response.headers.set("content-security-policy", "own");
    exchange.response.headers.set("Cache-Control", "public");
    exchange.response.headers.set("X-Frame-Options", "SAMEORIGIN");
    layer.on_response(exchange);
    EXPECT_EQ(exchange.header("Content-Security-Policy"), "own");
    EXPECT_EQ(exchange.response.headers.count("Content-Security-Policy"), 1U);
    EXPECT_EQ(exchange.header("Cache-Control"), "public");
    EXPECT_EQ(exchange.header("X-Frame-Options"), "SAMEORIGIN");
}

TEST(SecurityHeaders, hsts_is_sent_over_https_alone) {
    EXPECT_EQ(answer({})->header("Strict-Transport-Security"), "");
    EXPECT_EQ(answer({}, {.https = true})->header("Strict-Transport-Security"),
              "max-age=31536000; includeSubDomains");
    EXPECT_EQ(
        answer({.hsts = {.preload = true}}, {.https = true})->header("Strict-Transport-Security"),
        "max-age=31536000; includeSubDomains; preload");
    EXPECT_EQ(answer({.hsts = {.max_age = std::chrono::seconds(60), .include_subdomains = false}},
                     {.https = true})
                  ->header("Strict-Transport-Security"),
              "max-age=60");
    EXPECT_EQ(
        answer({.hsts = {.enabled = false}}, {.https = true})->header("Strict-Transport-Security"),
        "");
}

TEST(SecurityHeaders, preload_needs_a_year_and_subdomains) {
    EXPECT_THROW(
        SecurityHeadersMiddleware({.hsts = {.include_subdomains = false, .preload = true}}),
        std::invalid_argument);
    EXPECT_THROW(
        SecurityHeadersMiddleware({.hsts = {.max_age = std::chrono::days(1), .preload = true}}),
        std::invalid_argument);
}

TEST(SecurityHeaders, an_answer_to_credentials_is_not_stored) {
    EXPECT_EQ(answer({})->header("Cache-Control"), "");
    EXPECT_EQ(answer({}, {.headers = {{"Authorization", "Bearer x"}}})->header("Cache-Control"),
              "no-store");
    EXPECT_EQ(answer({}, {.headers = {{"Cookie", "a=b"}}})->header("Cache-Control"), "no-store");
    EXPECT_EQ(answer({.no_store_with_credentials = false}, {.headers = {{"Cookie", "a=b"}}})
                  ->header("Cache-Control"),
              "");
}

TEST(SecurityHeaders, an_empty_text_leaves_its_field_out) {
    const auto exchange = answer({.api_policy = "",
                                  .frame_options = "",
                                  .content_type_nosniff = false,
                                  .referrer_policy = "",
                                  .permissions_policy = "",
                                  .cross_origin_opener_policy = "",
                                  .cross_origin_resource_policy = ""});
    EXPECT_EQ(exchange->response.headers.size(), 1U);  // the content type
    EXPECT_EQ(answer({.page_policy = ""}, {.target = "/redoc"}, "text/html")
                  ->header("Content-Security-Policy"),
              "");
}

TEST(SecurityHeaders, texts_can_be_changed_and_added) {
    const auto exchange = answer({.api_policy = "default-src 'self'",
                                  .frame_options = "SAMEORIGIN",
                                  .referrer_policy = "no-referrer",
                                  .permissions_policy = "camera=()",
                                  .cross_origin_opener_policy = "unsafe-none",
                                  .cross_origin_resource_policy = "cross-origin",
                                  .custom = {{"X-Team", "shop"}}});
    EXPECT_EQ(exchange->header("Content-Security-Policy"), "default-src 'self'");
    EXPECT_EQ(exchange->header("X-Frame-Options"), "SAMEORIGIN");
    EXPECT_EQ(exchange->header("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(exchange->header("Permissions-Policy"), "camera=()");
    EXPECT_EQ(exchange->header("Cross-Origin-Opener-Policy"), "unsafe-none");
    EXPECT_EQ(exchange->header("Cross-Origin-Resource-Policy"), "cross-origin");
    EXPECT_EQ(exchange->header("X-Team"), "shop");
}

TEST(SecurityHeaders, a_text_that_can_not_stand_in_a_header_is_refused_at_construction) {
    EXPECT_THROW(SecurityHeadersMiddleware({.api_policy = "a\r\nb"}), std::invalid_argument);
    EXPECT_THROW(SecurityHeadersMiddleware({.custom = {{"X Y", "z"}}}), std::invalid_argument);
}

}  // namespace
}  // namespace portico::middleware
