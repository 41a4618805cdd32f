#include "portico/middleware/request_id.hpp"

#include <gtest/gtest.h>

#include "tests/middleware/fixture.hpp"

namespace portico::middleware {
namespace {

TEST(RequestId, is_told_on_every_response) {
    RequestIdMiddleware layer;
    testing::TestExchange exchange;
    exchange.response.headers.set("X-Request-ID", "the handler's");
    layer.on_response(exchange);
    EXPECT_EQ(exchange.header("X-Request-ID"), "id-1");
    EXPECT_EQ(exchange.response.headers.count("X-Request-ID"), 1U);
}

TEST(RequestId, without_an_id_there_is_no_field) {
    RequestIdMiddleware layer;
    testing::TestExchange exchange;
    exchange.request.set_id("");
    layer.on_response(exchange);
    EXPECT_TRUE(exchange.response.headers.empty());
}

}  // namespace
}  // namespace portico::middleware
