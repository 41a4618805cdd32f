// All layers together must cost a hot request no allocation once its memory is warm.

#include <gtest/gtest.h>

#include <array>
#include <memory>

#include "portico/middleware/access_log.hpp"
#include "portico/middleware/compression.hpp"
#include "portico/middleware/cors.hpp"
#include "portico/middleware/https.hpp"
#include "portico/middleware/proxy_headers.hpp"
#include "portico/middleware/request_id.hpp"
#include "portico/middleware/security_headers.hpp"
#include "portico/middleware/timeout.hpp"
#include "portico/middleware/trusted_host.hpp"
#include "tests/middleware/fixture.hpp"
#include "tests/support/allocations.hpp"

namespace portico::middleware {
namespace {

TEST(Allocations, a_warm_request_through_every_layer_makes_none) {
    ProxyHeadersMiddleware proxies({.trusted_proxies = {"10.0.0.0/8"}});
    TrustedHostMiddleware hosts({.allowed_hosts = {"localhost", "*.example"}});
    HttpsMiddleware https;
    CORSMiddleware cors({.allow_origins = {"https://shop.example"},
                         .allow_credentials = true,
                         .expose_headers = {"ETag", "Location"}});
    CompressionMiddleware compression;
    RequestIdMiddleware ids;
    SecurityHeadersMiddleware security;
    AccessLogMiddleware access{logging::Logger{}};
    TimeoutMiddleware timeout;
    const std::array<http::Middleware*, 9> layers{
        &proxies, &hosts, &https, &cors, &compression, &ids, &security, &access, &timeout};
    testing::TestExchange exchange({.target = "/items/7?q=1",
                                    .https = true,
                                    .headers = {{"Origin", "https://shop.example"},
                                                {"Accept-Encoding", "gzip, br"},
                                                {"Authorization", "Bearer x"}}});
    for (int round = 0; round < 3; ++round) {
        exchange.response.reset();
        exchange.response.set_content_type("application/json");
        exchange.response.text().assign(R"({"id":7})");
        const std::size_t before = test::allocations;
        for (http::Middleware* layer : layers) {
            ASSERT_EQ(layer->on_request(exchange).kind(), http::Decision::Kind::proceed);
        }
        for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) {
            (*layer)->on_response(exchange);
        }
        if (round > 0) EXPECT_EQ(test::allocations - before, 0U);
    }
    EXPECT_EQ(exchange.response.headers.size(), 15U);
}

}  // namespace
}  // namespace portico::middleware
