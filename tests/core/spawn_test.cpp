#include "portico/core/task.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

#include "tests/core/test_reactor.hpp"

using namespace std::chrono_literals;

namespace portico::core {

namespace {

Task<void> sleep_and_set(bool& done) {
    co_await sleep_for(5ms);
    done = true;
}

Task<void> throw_later() {
    co_await sleep_for(1ms);
    throw std::runtime_error("later");
}

Task<void> hold(std::shared_ptr<int> value) {
    co_await sleep_for(1ms);
    static_cast<void>(value);
}

class Spawn : public testing::Test {
protected:
    TestReactor reactor;
    Context context{reactor};
    Ending ending;
};

}  // namespace

TEST_F(Spawn, runs_up_to_the_first_suspension_and_later_to_the_end) {
    bool done = false;
    spawn(context, sleep_and_set(done), &Ending::record, &ending);
    EXPECT_FALSE(done);
    EXPECT_EQ(ending.calls, 0);
    reactor.advance(4ms);
    EXPECT_FALSE(done);
    reactor.advance(1ms);
    EXPECT_TRUE(done);
    EXPECT_EQ(ending.calls, 1);
    EXPECT_EQ(ending.exception, nullptr);
}

TEST_F(Spawn, tells_the_exception_that_left_the_task) {
    spawn(context, throw_later(), &Ending::record, &ending);
    reactor.advance(1ms);
    EXPECT_THROW(std::rethrow_exception(ending.exception), std::runtime_error);
}

TEST_F(Spawn, without_done_an_exception_is_dropped) {
    spawn(context, throw_later());
    EXPECT_NO_THROW(reactor.advance(1ms));
}

TEST_F(Spawn, destroys_the_task_before_done_is_called) {
    const auto value = std::make_shared<int>(1);
    struct Seen {
        const std::shared_ptr<int>& value;
        long uses = 0;
    } seen{value};
    spawn(
        context, hold(value),
        [](void* user, std::exception_ptr) {
            auto* at = static_cast<Seen*>(user);
            at->uses = at->value.use_count();
        },
        &seen);
    EXPECT_EQ(value.use_count(), 2);
    reactor.advance(1ms);
    EXPECT_EQ(seen.uses, 1);
}

}  // namespace portico::core
