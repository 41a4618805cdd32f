#include "portico/core/sliding_window.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace portico::core {
namespace {

using namespace std::chrono_literals;
using TimePoint = SlidingWindow::TimePoint;

constexpr TimePoint kStart = TimePoint{} + 1000h;

TEST(SlidingWindow, allows_the_limit_and_no_more) {
    SlidingWindow window{{.limit = 3, .window = 1min}};
    for (std::uint32_t i = 1; i <= 3; ++i) {
        const auto answer = window.acquire("key", kStart);
        EXPECT_TRUE(answer.allowed);
        EXPECT_EQ(answer.counted, i);
        EXPECT_EQ(answer.remaining, 3 - i);
        EXPECT_EQ(answer.reset, 1min);
        EXPECT_EQ(answer.retry_after, 0s);
    }
    const auto answer = window.acquire("key", kStart + 10s);
    EXPECT_FALSE(answer.allowed);
    EXPECT_FALSE(answer.busy);
    EXPECT_EQ(answer.remaining, 0u);
    EXPECT_EQ(answer.retry_after, 50s);
    EXPECT_EQ(answer.reset, 50s);
}

TEST(SlidingWindow, a_place_is_free_when_its_event_is_a_window_old) {
    SlidingWindow window{{.limit = 2, .window = 1min}};
    EXPECT_TRUE(window.acquire("key", kStart).allowed);
    EXPECT_TRUE(window.acquire("key", kStart + 20s).allowed);
    EXPECT_FALSE(window.acquire("key", kStart + 1min - 1ns).allowed);
    EXPECT_TRUE(window.acquire("key", kStart + 1min).allowed);
    EXPECT_FALSE(window.acquire("key", kStart + 80s - 1ns).allowed);
    EXPECT_TRUE(window.acquire("key", kStart + 80s).allowed);
}

TEST(SlidingWindow, what_is_refused_does_not_count) {
    SlidingWindow window{{.limit = 1, .window = 1min}};
    EXPECT_TRUE(window.acquire("key", kStart).allowed);
    for (int i = 1; i < 60; ++i) EXPECT_FALSE(window.acquire("key", kStart + i * 1s).allowed);
    EXPECT_TRUE(window.acquire("key", kStart + 1min).allowed);
}

TEST(SlidingWindow, keys_are_counted_apart) {
    SlidingWindow window{{.limit = 1, .window = 1min}};
    EXPECT_TRUE(window.acquire("a", kStart).allowed);
    EXPECT_TRUE(window.acquire("b", kStart).allowed);
    EXPECT_FALSE(window.acquire("a", kStart).allowed);
}

class EveryLimit : public testing::TestWithParam<std::uint32_t> {};

// Events at times without a pattern: in no window that ends at an allowed one are there more than
// the limit, and what is refused would have been the one too many, a tick aside.
TEST_P(EveryLimit, is_never_exceeded_in_any_window) {
    const std::uint32_t limit = GetParam();
    const auto slack = limit <= 64 ? 0ns : std::chrono::nanoseconds(1min) / 64;
    SlidingWindow window{{.limit = limit, .window = 1min}};
    std::deque<TimePoint> allowed;
    TimePoint now = kStart;
    std::uint64_t random = 1;
    for (int i = 0; i < 20'000; ++i) {
        random = random * 6364136223846793005U + 1442695040888963407U;
        now += std::chrono::nanoseconds(random >> 33) * 120 / limit;
        if (random % 97 == 0) now += 30s;
        const bool got = window.acquire("key", now).allowed;
        while (!allowed.empty() && allowed.front() + 1min + slack <= now) allowed.pop_front();
        if (got) {
            std::size_t inside = 1;
            for (const TimePoint at : allowed) inside += at + 1min > now ? 1 : 0;
            ASSERT_LE(inside, limit);
            allowed.push_back(now);
        } else {
            ASSERT_GE(allowed.size(), limit);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Limits, EveryLimit, testing::Values(1, 2, 7, 64, 65, 100, 1000));

TEST(SlidingWindow, the_largest_limit_takes_little_memory) {
    SlidingWindow window{{.limit = 0x7fffffff, .window = 1s}};
    for (int i = 0; i < 100'000; ++i) {
        EXPECT_TRUE(window.acquire("key", kStart + i * 1us).allowed);
    }
    EXPECT_EQ(window.peek("key", kStart + 100ms).counted, 100'000u);
    EXPECT_EQ(window.peek("key", kStart + 2s).counted, 0u);
}

TEST(SlidingWindow, peeking_counts_nothing) {
    SlidingWindow window{{.limit = 1, .window = 1min}};
    EXPECT_TRUE(window.peek("key", kStart).allowed);
    EXPECT_TRUE(window.peek("key", kStart).allowed);
    EXPECT_EQ(window.size(), 0u);
    (void)window.acquire("key", kStart);
    EXPECT_FALSE(window.peek("key", kStart).allowed);
}

TEST(SlidingWindow, recording_counts_in_any_case_and_forgets_the_oldest) {
    SlidingWindow window{{.limit = 2, .window = 1min}};
    EXPECT_EQ(window.record("key", kStart).counted, 1u);
    EXPECT_EQ(window.record("key", kStart + 10s).counted, 2u);
    const auto answer = window.record("key", kStart + 20s);
    EXPECT_EQ(answer.counted, 2u);
    EXPECT_EQ(answer.reset, 50s);
}

TEST(SlidingWindow, a_reservation_keeps_a_place_until_it_is_given_back) {
    SlidingWindow window{{.limit = 2, .window = 1min}};
    auto first = window.reserve("key", kStart);
    auto second = window.reserve("key", kStart);
    EXPECT_TRUE(first);
    EXPECT_TRUE(second);
    const auto third = window.reserve("key", kStart);
    EXPECT_FALSE(third);
    EXPECT_TRUE(third.answer().busy);
    first.give_back();
    EXPECT_TRUE(window.reserve("key", kStart));
    second.count(kStart + 5s);
    second.give_back();  // too late: it has counted
    EXPECT_EQ(window.peek("key", kStart + 5s).counted, 1u);
}

TEST(SlidingWindow, events_are_not_busy_but_refused) {
    SlidingWindow window{{.limit = 1, .window = 1min}};
    window.reserve("key", kStart).count(kStart);
    const auto refused = window.reserve("key", kStart + 1s);
    EXPECT_FALSE(refused);
    EXPECT_FALSE(refused.answer().busy);
    EXPECT_EQ(refused.answer().retry_after, 59s);
}

TEST(SlidingWindow, a_reservation_that_is_dropped_counts_nothing) {
    SlidingWindow window{{.limit = 1, .window = 1min}};
    {
        const auto dropped = window.reserve("key", kStart);
    }
    EXPECT_TRUE(window.reserve("key", kStart));
}

TEST(SlidingWindow, memory_is_bounded) {
    SlidingWindow window{{.limit = 5, .window = 1min, .capacity = 256}};
    for (int i = 0; i < 10'000; ++i) (void)window.acquire(std::to_string(i), kStart + i * 1us);
    EXPECT_LE(window.size(), 256u);
}

TEST(SlidingWindow, a_flood_of_names_does_not_free_who_is_held_back) {
    SlidingWindow window{{.limit = 5, .window = 1min, .capacity = 256}};
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(window.acquire("victim", kStart).allowed);
    for (int i = 0; i < 20'000; ++i) (void)window.acquire(std::to_string(i), kStart + 1s);
    EXPECT_FALSE(window.acquire("victim", kStart + 2s).allowed);
    EXPECT_TRUE(window.acquire("victim", kStart + 1min).allowed);
}

TEST(SlidingWindow, even_a_flood_that_fills_every_counter_frees_nobody) {
    SlidingWindow window{{.limit = 4, .window = 1min, .capacity = 256}};
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(window.acquire("victim", kStart).allowed);
    std::uint64_t allowed = 0;
    for (int i = 0; i < 4'000; ++i) {
        for (int n = 0; n < 6; ++n) {
            allowed += window.acquire(std::to_string(i), kStart + 1s).allowed ? 1 : 0;
        }
    }
    EXPECT_FALSE(window.acquire("victim", kStart + 2s).allowed);
    // 256 keys with a counter each, 1024 shared counters for the others.
    EXPECT_LE(allowed, 4u * (256 + 1024));
    EXPECT_TRUE(window.acquire("somebody", kStart + 62s).allowed);
}

TEST(SlidingWindow, a_key_with_a_reservation_stays) {
    SlidingWindow window{{.limit = 5, .window = 1min, .capacity = 16}};
    auto reservation = window.reserve("key", kStart);
    for (int i = 0; i < 10'000; ++i) (void)window.acquire(std::to_string(i), kStart + i * 1s);
    reservation.count(kStart + 10'000s);
    EXPECT_EQ(window.peek("key", kStart + 10'000s).counted, 1u);
}

TEST(SlidingWindow, an_event_may_cost_more_than_one_place) {
    SlidingWindow window{{.limit = 5, .window = 10s}};
    EXPECT_TRUE(window.acquire("key", kStart, 2).allowed);
    EXPECT_EQ(window.acquire("key", kStart + 1s, 2).remaining, 1u);
    const auto refused = window.acquire("key", kStart + 2s, 4);
    EXPECT_FALSE(refused.allowed);
    EXPECT_EQ(refused.counted, 4u) << "what is refused does not count";
    EXPECT_EQ(refused.retry_after, 9s) << "when both have left";
    EXPECT_EQ(window.acquire("key", kStart + 2s, 2).retry_after, 8s) << "when the first has left";
    EXPECT_TRUE(window.acquire("key", kStart + 2s, 1).allowed);
    EXPECT_TRUE(window.acquire("key", kStart + 10s, 2).allowed);
}

TEST(SlidingWindow, refuses_options_outside_their_ranges) {
    EXPECT_THROW(SlidingWindow({.limit = 0}), std::invalid_argument);
    EXPECT_THROW(SlidingWindow({.limit = 0x80000000}), std::invalid_argument);
    EXPECT_THROW(SlidingWindow({.window = 999us}), std::invalid_argument);
    EXPECT_THROW(SlidingWindow({.window = 31 * 24h}), std::invalid_argument);
    EXPECT_THROW(SlidingWindow({.capacity = 0}), std::invalid_argument);
}

TEST(SlidingWindow, threads_count_together) {
    SlidingWindow window{{.limit = 1000, .window = 1min}};
    std::atomic<int> allowed = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 500; ++i) {
                if (window.acquire("key", kStart).allowed) ++allowed;
                auto reservation = window.reserve("other", kStart);
                if (i % 2 == 0) reservation.count(kStart);
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(allowed, 1000);
    EXPECT_EQ(window.peek("other", kStart).counted, 1000u);
}

}  // namespace
}  // namespace portico::core
