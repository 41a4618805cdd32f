#include "portico/middleware/https.hpp"

#include <gtest/gtest.h>

#include "tests/middleware/fixture.hpp"

namespace portico::middleware {
namespace {

using testing::Asked;
using testing::TestExchange;

Asked page(std::string target = "/docs") {
    return {.target = std::move(target),
            .headers = {{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}}};
}

std::string decide(const Asked& asked, HttpsOptions options = {}) {
    HttpsMiddleware layer(std::move(options));
    TestExchange exchange(asked);
    const auto decided = exchange.ask(layer);
    if (decided != "answer") return decided;
    return std::to_string(exchange.response.status) + " " + exchange.header("Location");
}

TEST(Https, a_request_over_https_goes_on) {
    auto asked = page();
    asked.https = true;
    EXPECT_EQ(decide(asked), "proceed");
}

TEST(Https, a_page_is_redirected_with_path_and_query) {
    EXPECT_EQ(decide(page("/docs?a=1&b=%20")), "307 https://api.example/docs?a=1&b=%20");
    auto head = page();
    head.method = "HEAD";
    EXPECT_EQ(decide(head), "307 https://api.example/docs");
}

TEST(Https, the_port_of_a_redirect_is_that_of_https) {
    auto asked = page();
    asked.host = "api.example:8000";
    EXPECT_EQ(decide(asked), "307 https://api.example/docs");
    EXPECT_EQ(decide(asked, {.port = 8443}), "307 https://api.example:8443/docs");
    asked.host = "[::1]:8000";
    EXPECT_EQ(decide(asked), "307 https://[::1]/docs");
}

TEST(Https, everything_else_is_refused) {
    EXPECT_EQ(decide({}), "refuse 403 ");
    EXPECT_EQ(decide({.headers = {{"Accept", "*/*"}}}), "refuse 403 ");
    EXPECT_EQ(decide({.headers = {{"Accept", "text/*"}}}), "refuse 403 ");
    EXPECT_EQ(decide({.headers = {{"Accept", "text/html;q=0"}}}), "refuse 403 ");
    EXPECT_EQ(decide({.headers = {{"Accept", "application/json"}}}), "refuse 403 ");
    auto post = page();
    post.method = "POST";
    EXPECT_EQ(decide(post), "refuse 403 ");
}

TEST(Https, a_page_view_with_credentials_is_refused) {
    auto asked = page();
    asked.headers.emplace_back("Authorization", "Bearer x");
    EXPECT_EQ(decide(asked), "refuse 403 ");
    asked = page();
    asked.headers.emplace_back("Cookie", "a=b");
    EXPECT_EQ(decide(asked), "refuse 403 ");
}

TEST(Https, without_a_host_there_is_nowhere_to_redirect_to) {
    auto asked = page();
    asked.host = "";
    EXPECT_EQ(decide(asked), "refuse 403 ");
}

TEST(Https, exempt_paths_are_whole) {
    const HttpsOptions options{.exempt_paths = {"/health"}};
    EXPECT_EQ(decide({.target = "/health"}, options), "proceed");
    EXPECT_EQ(decide({.target = "/health?x=1"}, options), "proceed");
    EXPECT_EQ(decide({.target = "/health/"}, options), "refuse 403 ");
    EXPECT_EQ(decide({.target = "/healthy"}, options), "refuse 403 ");
}

TEST(Https, a_route_can_require_it_alone) {
    HttpsMiddleware layer({.everywhere = false, .exempt_paths = {"/pay"}});
    TestExchange free({.target = "/pay"});
    EXPECT_EQ(free.ask(layer), "proceed");
    http::RoutePolicy policy;
    policy.require_https = true;
    TestExchange paid({.target = "/pay"});
    paid.request.set_route(&policy);
    EXPECT_EQ(paid.ask(layer), "refuse 403 ");
}

}  // namespace
}  // namespace portico::middleware
