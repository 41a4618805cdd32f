#include "portico/core/reactor.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/core/test_reactor.hpp"

using namespace std::chrono_literals;

namespace portico::core {

namespace {

Task<void> sleep_to(Reactor::TimePoint at, bool& done) {
    co_await sleep_until(at);
    done = true;
}

Task<void> wait_for(int descriptor, std::string& order) {
    co_await readable(descriptor);
    order += "r";
    co_await writable(descriptor);
    order += "w";
}

Task<std::string> sleep_outside() {
    try {
        co_await sleep_for(1ms);
    } catch (const NoContext& error) {
        co_return error.what();
    }
    co_return "no exception";
}

Task<std::string> wait_outside() {
    try {
        co_await readable(0);
    } catch (const NoContext& error) {
        co_return error.what();
    }
    co_return "no exception";
}

std::string finish(Task<std::string> task) {
    task.handle().resume();
    return task.result();
}

}  // namespace

TEST(Sleep, ends_at_its_time) {
    TestReactor reactor;
    Context context(reactor);
    bool done = false;
    spawn(context, sleep_to(reactor.now() + 10ms, done));
    reactor.advance(9ms);
    EXPECT_FALSE(done);
    reactor.advance(1ms);
    EXPECT_TRUE(done);
    EXPECT_EQ(reactor.timers(), 0U);
}

TEST(Ready, resumes_when_the_descriptor_is) {
    TestReactor reactor;
    Context context(reactor);
    std::string order;
    spawn(context, wait_for(7, order));
    EXPECT_EQ(order, "");
    reactor.make_ready(7, Reactor::Interest::readable);
    EXPECT_EQ(order, "r");
    reactor.make_ready(7, Reactor::Interest::writable);
    EXPECT_EQ(order, "rw");
}

TEST(Awaiting, outside_a_loop_is_an_exception_that_says_so) {
    EXPECT_EQ(finish(sleep_outside()),
              "co_await needs a loop, but this coroutine runs in no Context");
    EXPECT_EQ(finish(wait_outside()),
              "co_await needs a loop, but this coroutine runs in no Context");
}

}  // namespace portico::core
