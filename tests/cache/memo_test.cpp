#include "portico/cache/memo.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

#include "portico/testing/fake_clock.hpp"
#include "portico/testing/test_reactor.hpp"

namespace {

using namespace portico;
using namespace std::chrono_literals;

class MemoTest : public ::testing::Test {
protected:
    /// Asks on the test's loop; the answers are added as they come.
    void ask() {
        core::spawn(context_, [](MemoTest& test) -> core::Task<void> {
            try {
                test.answers_.push_back(co_await test.memo_.get(
                    test.clock_, [&test]() -> core::Task<int> { return test.compute(); }));
            } catch (const std::runtime_error&) {
                ++test.failures_;
            }
        }(*this));
    }

    core::Task<int> compute() {
        const int number = ++computed_;
        co_await core::sleep_for(10ms);
        if (fails_) throw std::runtime_error("no value today");
        co_return number;
    }

    void run(std::chrono::milliseconds duration) {
        clock_.advance(duration);
        reactor_.run_ready();
    }

    portico::testing::FakeClock clock_;
    portico::testing::TestReactor reactor_{&clock_};
    core::Context context_{reactor_};
    cache::Memo<int> memo_{300s};
    std::vector<int> answers_;
    int computed_ = 0;
    int failures_ = 0;
    bool fails_ = false;
};

TEST_F(MemoTest, those_who_ask_at_once_share_one_computation) {
    for (int n = 0; n < 5; ++n) ask();
    EXPECT_TRUE(answers_.empty());
    run(10ms);
    EXPECT_EQ(answers_, (std::vector<int>{1, 1, 1, 1, 1}));
    EXPECT_EQ(computed_, 1);
}

TEST_F(MemoTest, a_value_is_kept_for_its_lifetime_and_not_longer) {
    ask();
    run(10ms);
    run(299s);
    ask();
    EXPECT_EQ(computed_, 1);
    run(1s);
    ask();
    run(10ms);
    EXPECT_EQ(computed_, 2);
    EXPECT_EQ(answers_, (std::vector<int>{1, 1, 2}));
}

TEST_F(MemoTest, a_failure_is_its_own_and_the_next_one_tries) {
    fails_ = true;
    ask();
    ask();
    run(10ms);
    EXPECT_EQ(failures_, 1);
    EXPECT_EQ(computed_, 2);
    fails_ = false;
    run(10ms);
    EXPECT_EQ(answers_, (std::vector<int>{2}));
}

TEST_F(MemoTest, a_cleared_value_is_computed_again) {
    ask();
    run(10ms);
    memo_.clear();
    ask();
    run(10ms);
    EXPECT_EQ(computed_, 2);
}

TEST(MemoThreads, loops_share_one_value) {
    cache::Memo<int> memo{1h};
    std::atomic<int> computed{0};
    const auto ask_many = [&] {
        portico::testing::FakeClock clock;
        portico::testing::TestReactor reactor{&clock};
        core::Context context{reactor};
        int answered = 0;
        for (int n = 0; n < 100; ++n) {
            core::spawn(context,
                        [](cache::Memo<int>& from, const core::Clock& now, std::atomic<int>& count,
                           int& done) -> core::Task<void> {
                            const int value = co_await from.get(
                                now, [&count]() -> core::Task<int> { co_return ++count; });
                            EXPECT_EQ(value, 1);
                            ++done;
                        }(memo, clock, computed, answered));
        }
        reactor.run_until([&] { return answered == 100; });
    };
    {
        std::vector<std::jthread> threads;
        for (int n = 0; n < 4; ++n) threads.emplace_back(ask_many);
    }
    EXPECT_EQ(computed, 1);
}

}  // namespace
