#include "portico/middleware/timeout.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/middleware/fixture.hpp"

namespace portico::middleware {
namespace {

using std::chrono::seconds;

TEST(Timeout, sets_the_deadline_from_now) {
    testing::IdleReactor reactor;
    testing::TestExchange exchange({}, reactor);
    TimeoutMiddleware layer(seconds(5));
    EXPECT_EQ(exchange.ask(layer), "proceed");
    EXPECT_EQ(exchange.context.deadline(), reactor.at + seconds(5));
}

TEST(Timeout, does_not_lengthen_a_deadline) {
    testing::IdleReactor reactor;
    testing::TestExchange exchange({}, reactor);
    exchange.context.set_deadline(reactor.at + seconds(1));
    TimeoutMiddleware layer(seconds(5));
    EXPECT_EQ(exchange.ask(layer), "proceed");
    EXPECT_EQ(exchange.context.deadline(), reactor.at + seconds(1));
}

TEST(Timeout, a_limit_past_the_end_of_time_is_no_deadline) {
    testing::TestExchange exchange;
    TimeoutMiddleware layer(std::chrono::nanoseconds::max());
    EXPECT_EQ(exchange.ask(layer), "proceed");
    EXPECT_EQ(exchange.context.deadline(), core::Context::TimePoint::max());
}

TEST(Timeout, must_be_longer_than_nothing) {
    EXPECT_THROW(TimeoutMiddleware(seconds(0)), std::invalid_argument);
    EXPECT_THROW(TimeoutMiddleware(seconds(-1)), std::invalid_argument);
}

}  // namespace
}  // namespace portico::middleware
