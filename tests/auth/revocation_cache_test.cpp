#include "portico/auth/revocation_cache.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

#include "tests/support/loop.hpp"

namespace portico::auth {
namespace {

using namespace std::chrono_literals;
using Known = RevocationCache::Known;

class Revocations : public testing::Test {
protected:
    bool is_revoked(const std::string& jti) {
        return loop_.run(
            cache_.is_revoked(jti, loop_.clock.now() + 30min, [this, jti]() -> core::Task<bool> {
                ++asked_;
                co_return store_.contains(jti);
            }));
    }

    tests::Loop loop_;
    RevocationCache cache_{loop_.clock};
    std::set<std::string> store_;
    int asked_ = 0;
};

TEST_F(Revocations, the_store_is_asked_once_a_second) {
    EXPECT_FALSE(is_revoked("a"));
    EXPECT_FALSE(is_revoked("a"));
    EXPECT_EQ(asked_, 1);
    loop_.clock.advance(1s - 1ns);
    EXPECT_FALSE(is_revoked("a"));
    EXPECT_EQ(asked_, 1);
    loop_.clock.advance(1ns);
    EXPECT_FALSE(is_revoked("a"));
    EXPECT_EQ(asked_, 2);
}

TEST_F(Revocations, another_process_is_heard_within_a_second) {
    EXPECT_FALSE(is_revoked("a"));
    store_.insert("a");
    loop_.clock.advance(1s);
    EXPECT_TRUE(is_revoked("a"));
}

TEST_F(Revocations, a_revocation_of_this_process_counts_at_once_and_for_good) {
    EXPECT_FALSE(is_revoked("a"));
    cache_.revoke("a", loop_.clock.now() + 30min);
    EXPECT_TRUE(is_revoked("a"));
    loop_.clock.advance(29min);
    EXPECT_TRUE(is_revoked("a"));
    EXPECT_EQ(asked_, 1);
}

TEST_F(Revocations, a_revocation_while_the_store_is_asked_is_not_forgotten) {
    const auto asked_at = loop_.clock.steady_now();
    cache_.revoke("a", loop_.clock.now() + 30min);
    cache_.remember_alive("a", asked_at);
    EXPECT_EQ(cache_.look_up("a"), Known::revoked);
}

TEST_F(Revocations, the_second_begins_with_the_question) {
    const auto asked_at = loop_.clock.steady_now();
    loop_.clock.advance(1s);
    cache_.remember_alive("a", asked_at);
    EXPECT_EQ(cache_.look_up("a"), Known::unknown);
}

TEST_F(Revocations, memory_is_bounded_and_revocations_are_kept_longest) {
    RevocationCache cache{{.capacity = 320}, loop_.clock};
    for (int i = 0; i < 5; ++i) cache.revoke("r" + std::to_string(i), loop_.clock.now() + 30min);
    for (int i = 0; i < 10'000; ++i) {
        cache.remember_alive(std::to_string(i), loop_.clock.steady_now());
    }
    EXPECT_LE(cache.size(), 320u);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(cache.look_up("r" + std::to_string(i)), Known::revoked);
    for (int i = 0; i < 10'000; ++i) cache.revoke(std::to_string(i), loop_.clock.now() + 30min);
    EXPECT_LE(cache.size(), 320u);
}

TEST_F(Revocations, without_staleness_the_store_is_asked_each_time) {
    RevocationCache cache{{.staleness = 0ms}, loop_.clock};
    cache.remember_alive("a", loop_.clock.steady_now());
    EXPECT_EQ(cache.look_up("a"), Known::unknown);
}

TEST_F(Revocations, threads_share_it) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([this, t] {
            for (int i = 0; i < 500; ++i) {
                const std::string jti = std::to_string(i);
                if (t == 0) cache_.revoke(jti, loop_.clock.now() + 30min);
                cache_.remember_alive(jti, loop_.clock.steady_now());
                (void)cache_.look_up(jti);
            }
        });
    }
    for (auto& thread : threads) thread.join();
    for (int i = 0; i < 500; ++i) EXPECT_EQ(cache_.look_up(std::to_string(i)), Known::revoked);
}

}  // namespace
}  // namespace portico::auth
