#include "portico/core/context.hpp"

#include <gtest/gtest.h>

#include "tests/core/test_reactor.hpp"

using namespace std::chrono_literals;

namespace portico::core {

namespace {

Task<void> sleep_once() {
    co_await sleep_for(1ms);
}

Task<void> commit(bool& committed) {
    const Shield shield(co_await this_context());
    co_await sleep_for(1ms);
    committed = true;
}

Task<void> commit_and_go_on(bool& committed, bool& went_on) {
    co_await commit(committed);
    co_await sleep_for(1ms);
    went_on = true;
}

class ContextTest : public testing::Test {
protected:
    TestReactor reactor;
    Context context{reactor};
    Ending ending;
};

}  // namespace

TEST_F(ContextTest, goes_on_unless_it_is_stopped) {
    EXPECT_NO_THROW(context.throw_if_stopped());
    context.set_deadline(reactor.now() + 1ms);
    EXPECT_NO_THROW(context.throw_if_stopped());
    reactor.advance(1ms);
    EXPECT_THROW(context.throw_if_stopped(), DeadlineExceeded);
    context.cancel();
    EXPECT_THROW(context.throw_if_stopped(), Cancelled);
    context.reset();
    EXPECT_NO_THROW(context.throw_if_stopped());
}

TEST_F(ContextTest, cancelling_surfaces_at_the_await_that_is_waiting) {
    spawn(context, sleep_once(), &Ending::record, &ending);
    context.cancel();
    EXPECT_EQ(ending.calls, 0);
    reactor.advance(1ms);
    ASSERT_EQ(ending.calls, 1);
    EXPECT_THROW(std::rethrow_exception(ending.exception), Cancelled);
}

TEST_F(ContextTest, a_deadline_surfaces_at_the_await_that_outlives_it) {
    context.set_deadline(reactor.now() + 1ms);
    spawn(context, sleep_once(), &Ending::record, &ending);
    reactor.advance(1ms);
    ASSERT_EQ(ending.calls, 1);
    EXPECT_THROW(std::rethrow_exception(ending.exception), DeadlineExceeded);
}

TEST_F(ContextTest, a_shield_puts_the_stop_off_to_the_next_await_after_it) {
    bool committed = false;
    bool went_on = false;
    spawn(context, commit_and_go_on(committed, went_on), &Ending::record, &ending);
    context.cancel();
    reactor.advance(1ms);
    EXPECT_TRUE(committed);
    EXPECT_EQ(ending.calls, 0);
    reactor.advance(1ms);
    EXPECT_FALSE(went_on);
    ASSERT_EQ(ending.calls, 1);
    EXPECT_THROW(std::rethrow_exception(ending.exception), Cancelled);
}

TEST_F(ContextTest, shields_nest) {
    context.cancel();
    {
        const Shield outer(&context);
        {
            const Shield inner(&context);
        }
        EXPECT_NO_THROW(context.throw_if_stopped());
    }
    EXPECT_THROW(context.throw_if_stopped(), Cancelled);
}

TEST_F(ContextTest, a_shield_of_no_context_does_nothing) {
    const Shield shield(nullptr);
    SUCCEED();
}

}  // namespace portico::core
