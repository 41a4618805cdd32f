#include "portico/http/middleware.hpp"

#include <gtest/gtest.h>

#include "portico/core/reactor.hpp"

namespace portico::http {

namespace {

class StillReactor final : public core::Reactor {
public:
    void post(Callback) override {}
    void when_ready(int, Interest, Callback) override {}
    void forget(int) noexcept override {}
    TimerId start_timer(TimePoint, Callback) override { return 1; }
    void cancel_timer(TimerId) noexcept override {}
    TimePoint now() const noexcept override { return {}; }
};

class TestExchange final : public Exchange {
public:
    using Exchange::Exchange;
    void send() noexcept override {}
};

core::Task<Decision> decide() {
    co_return Decision::answer();
}

}  // namespace

TEST(Decision, a_refusal_is_an_answer_that_the_application_formats) {
    StillReactor reactor;
    TestExchange exchange(reactor);
    const Decision decision = Decision::refuse(exchange, 403, "Forbidden");
    EXPECT_EQ(decision.kind(), Decision::Kind::answer);
    ASSERT_TRUE(exchange.refusal);
    EXPECT_EQ(exchange.refusal->status, 403);
    EXPECT_EQ(exchange.refusal->detail, "Forbidden");
}

TEST(Decision, can_wait_for_a_task) {
    Decision decision = Decision::wait(decide());
    EXPECT_EQ(decision.kind(), Decision::Kind::wait);
    decision.task().handle().resume();
    EXPECT_EQ(decision.task().result().kind(), Decision::Kind::answer);
}

TEST(Middleware, goes_on_unless_it_says_otherwise) {
    StillReactor reactor;
    TestExchange exchange(reactor);
    Middleware middleware;
    EXPECT_EQ(middleware.on_request(exchange).kind(), Decision::Kind::proceed);
    EXPECT_FALSE(exchange.refusal);
}

}  // namespace portico::http
