#include "portico/middleware/proxy_headers.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

#include "portico/logging/capture.hpp"
#include "portico/logging/logging.hpp"
#include "tests/middleware/fixture.hpp"

namespace portico::middleware {
namespace {

using testing::TestExchange;

const testing::Asked kForwarded{.headers = {{"X-Forwarded-For", "203.0.113.7"},
                                            {"X-Forwarded-Proto", "https"},
                                            {"X-Forwarded-Host", "shop.example"}}};

void come_from(TestExchange& exchange, std::string_view peer) {
    exchange.request.set_peer(http::IpAddress::parse(peer).value(), 1);
}

TEST(ProxyHeaders, a_trusted_proxy_says_who_asks) {
    ProxyHeadersMiddleware layer({.trusted_proxies = {"10.0.0.0/8"}});
    TestExchange exchange(kForwarded);
    come_from(exchange, "10.1.2.3");
    EXPECT_EQ(exchange.ask(layer), "proceed");
    EXPECT_EQ(exchange.request.client().to_string(), "203.0.113.7");
    EXPECT_TRUE(exchange.request.is_https());
    EXPECT_EQ(exchange.request.host(), "shop.example");
}

TEST(ProxyHeaders, others_are_not_believed) {
    ProxyHeadersMiddleware layer({.trusted_proxies = {"10.0.0.0/8"}});
    TestExchange exchange(kForwarded);
    come_from(exchange, "192.0.2.1");
    EXPECT_EQ(exchange.ask(layer), "proceed");
    EXPECT_EQ(exchange.request.client().to_string(), "192.0.2.1");
    EXPECT_FALSE(exchange.request.is_https());
    EXPECT_EQ(exchange.request.host(), "api.example");
}

TEST(ProxyHeaders, the_kind_of_fields_is_an_option) {
    ProxyHeadersMiddleware layer(
        {.trusted_proxies = {"::1"}, .fields = http::ForwardingFields::forwarded});
    TestExchange exchange(kForwarded);
    come_from(exchange, "::1");
    EXPECT_EQ(exchange.ask(layer), "proceed");
    EXPECT_EQ(exchange.request.client().to_string(), "::1");
}

TEST(ProxyHeaders, a_forgotten_proxy_is_told_of_once) {
    auto lines = std::make_shared<logging::CaptureSink>();
    auto logging = logging::setup({.to_stdout = false, .sinks = {lines}}).value();
    ProxyHeadersMiddleware layer({.logger = logging->logger("portico.proxy")});
    for (const auto* peer : {"192.0.2.1", "10.1.2.3", "127.0.0.1"}) {
        TestExchange exchange(kForwarded);
        come_from(exchange, peer);
        EXPECT_EQ(exchange.ask(layer), "proceed");
    }
    TestExchange plain;
    come_from(plain, "10.9.9.9");
    EXPECT_EQ(plain.ask(layer), "proceed");
    ASSERT_EQ(lines->lines().size(), 1U);
    EXPECT_EQ(lines->lines()[0].fields.at("peer"), "10.1.2.3");
}

TEST(ProxyHeaders, a_malformed_entry_is_refused_at_construction) {
    try {
        ProxyHeadersMiddleware layer({.trusted_proxies = {"::1", "10.0.0.1/8"}});
        FAIL() << "10.0.0.1/8 was accepted";
    } catch (const std::invalid_argument& error) {
        EXPECT_NE(std::string(error.what()).find("trusted_proxies: \"10.0.0.1/8\": "),
                  std::string::npos);
    }
}

}  // namespace
}  // namespace portico::middleware
