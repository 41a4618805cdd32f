#include "portico/core/gcra.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace portico::core {
namespace {

using namespace std::chrono_literals;
using TimePoint = Gcra::TimePoint;

constexpr TimePoint kStart = TimePoint{} + 1000h;

TEST(Gcra, allows_a_burst_and_then_one_an_interval) {
    Gcra rate{{.limit = 60, .window = 1min, .burst = 3}};
    for (std::uint32_t i = 1; i <= 3; ++i) {
        const auto answer = rate.acquire("key", kStart);
        EXPECT_TRUE(answer.allowed);
        EXPECT_EQ(answer.counted, i);
        EXPECT_EQ(answer.remaining, 3 - i);
        EXPECT_EQ(answer.reset, i * 1s);
        EXPECT_EQ(answer.retry_after, 0s);
    }
    const auto refused = rate.acquire("key", kStart + 400ms);
    EXPECT_FALSE(refused.allowed);
    EXPECT_EQ(refused.retry_after, 600ms);
    EXPECT_EQ(refused.reset, 2600ms);
    EXPECT_FALSE(rate.acquire("key", kStart + 1s - 1ns).allowed);
    EXPECT_TRUE(rate.acquire("key", kStart + 1s).allowed);
    EXPECT_FALSE(rate.acquire("key", kStart + 2s - 1ns).allowed);
}

TEST(Gcra, never_lets_more_than_a_burst_gather) {
    Gcra rate{{.limit = 60, .window = 1min, .burst = 2}};
    EXPECT_TRUE(rate.acquire("key", kStart).allowed);
    for (const auto later : {1h, 2h}) {
        EXPECT_TRUE(rate.acquire("key", kStart + later).allowed);
        EXPECT_TRUE(rate.acquire("key", kStart + later).allowed);
        EXPECT_FALSE(rate.acquire("key", kStart + later).allowed);
    }
}

TEST(Gcra, counts_a_cost_as_a_whole_or_not_at_all) {
    Gcra rate{{.limit = 60, .window = 1min, .burst = 5}};
    EXPECT_TRUE(rate.acquire("key", kStart, 4).allowed);
    const auto refused = rate.acquire("key", kStart, 3);
    EXPECT_FALSE(refused.allowed);
    EXPECT_EQ(refused.remaining, 1u);
    EXPECT_EQ(refused.retry_after, 2s);
    EXPECT_TRUE(rate.acquire("key", kStart, 1).allowed);
    EXPECT_TRUE(rate.acquire("other", kStart, 5).allowed);
}

TEST(Gcra, peek_counts_nothing) {
    Gcra rate{{.limit = 60, .window = 1min, .burst = 1}};
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(rate.peek("key", kStart).allowed);
    EXPECT_EQ(rate.size(), 0u);
    EXPECT_TRUE(rate.acquire("key", kStart).allowed);
    EXPECT_EQ(rate.peek("key", kStart).retry_after, 1s);
}

TEST(Gcra, is_never_faster_than_its_limit) {
    Gcra rate{{.limit = 7, .window = 1s, .burst = 1}};  // no whole number of nanoseconds
    std::uint64_t served = 0;
    for (auto now = kStart; now < kStart + 100s; now += 1ms) {
        served += rate.acquire("key", now).allowed ? 1 : 0;
    }
    EXPECT_LE(served, 700u);
    EXPECT_GE(served, 690u);
}

TEST(Gcra, a_flood_of_keys_pushes_out_none_that_is_held_back) {
    Gcra rate{{.limit = 60, .window = 1min, .burst = 4, .capacity = 64}};
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(rate.acquire("held", kStart).allowed);
    for (int i = 0; i < 10'000; ++i) {
        (void)rate.acquire(std::to_string(i), kStart);
        ASSERT_LE(rate.size(), 64u);
    }
    EXPECT_FALSE(rate.acquire("held", kStart).allowed);
}

TEST(Gcra, keys_without_a_place_share_a_count) {
    Gcra rate{{.limit = 60, .window = 1min, .burst = 2, .capacity = 16}};
    int served = 0;
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 10'000; ++i) {
            served += rate.acquire(std::to_string(i), kStart).allowed ? 1 : 0;
        }
    }
    EXPECT_LT(served, 10'000);
    EXPECT_EQ(rate.size(), 16u);
}

TEST(Gcra, threads_count_together) {
    Gcra rate{{.limit = 60, .window = 1min, .burst = 1000}};
    std::atomic<int> served = 0;
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 1000; ++i) served += rate.acquire("key", kStart).allowed ? 1 : 0;
        });
    }
    threads.clear();
    EXPECT_EQ(served, 1000);
}

TEST(Gcra, refuses_options_outside_their_ranges) {
    EXPECT_THROW(Gcra({.limit = 0}), std::invalid_argument);
    EXPECT_THROW(Gcra({.window = 999us}), std::invalid_argument);
    EXPECT_THROW(Gcra({.window = 24h * 31}), std::invalid_argument);
    EXPECT_THROW(Gcra({.burst = 0}), std::invalid_argument);
    EXPECT_THROW(Gcra({.limit = 1, .window = 24h, .burst = 366}), std::invalid_argument);
    EXPECT_THROW(Gcra({.capacity = 0}), std::invalid_argument);
    EXPECT_NO_THROW(Gcra({.limit = 1, .window = 24h, .burst = 365}));
    EXPECT_NO_THROW(Gcra({.limit = 0x7fffffff, .window = 1ms, .burst = 0x7fffffff}));
}

}  // namespace
}  // namespace portico::core
