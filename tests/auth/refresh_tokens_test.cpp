#include "portico/auth/refresh_tokens.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <stdexcept>

#include "tests/support/loop.hpp"

namespace portico::auth {
namespace {

using namespace std::chrono_literals;

class MemoryStore final : public RefreshTokenStore {
public:
    core::Task<void> insert(const RefreshTokenRecord& record) override {
        records.emplace(record.token_hash, record);
        co_return;
    }
    core::Task<std::optional<RefreshTokenRecord>> find(std::string_view hash) override {
        const auto found = records.find(std::string(hash));
        auto result = found == records.end() ? std::nullopt : std::optional(found->second);
        if (after_find) std::exchange(after_find, nullptr)();
        co_return result;
    }
    core::Task<bool> mark_used(std::string_view hash, core::Clock::SystemTime) override {
        auto& record = records.at(std::string(hash));
        const bool first = !record.used && !record.revoked;
        if (first) record.used = true;
        co_return first;
    }
    core::Task<void> revoke_family(std::string_view family) override {
        for (auto& [hash, record] : records) {
            if (record.family == family) record.revoked = true;
        }
        co_return;
    }

    std::map<std::string, RefreshTokenRecord> records;
    std::function<void()> after_find;  ///< What another request does just then.
};

class Refresh : public testing::Test {
protected:
    std::string issue(std::string owner = "7") {
        return loop_.run(tokens_.issue(store_, std::move(owner), "read write"));
    }
    auto rotate(const std::string& token) { return loop_.run(tokens_.rotate(store_, token)); }

    tests::Loop loop_;
    MemoryStore store_;
    RefreshTokens tokens_{std::chrono::days(7), loop_.clock};
};

TEST_F(Refresh, a_token_is_256_random_bits_and_only_its_hash_is_stored) {
    const std::string token = issue();
    EXPECT_EQ(token.size(), 43u);
    EXPECT_NE(issue(), token);
    for (const auto& [hash, record] : store_.records) {
        EXPECT_EQ(hash.size(), 64u);
        EXPECT_EQ(hash.find(token), std::string::npos);
        EXPECT_EQ(record.expires_at, loop_.clock.now() + std::chrono::days(7));
    }
}

TEST_F(Refresh, each_use_gives_the_next_of_the_family) {
    const std::string first = issue();
    const auto second = rotate(first);
    ASSERT_TRUE(second);
    EXPECT_NE(second->token, first);
    EXPECT_EQ(second->record.owner, "7");
    EXPECT_EQ(second->record.scope, "read write");
    const auto third = rotate(second->token);
    ASSERT_TRUE(third);
    EXPECT_EQ(third->record.family, second->record.family);
}

TEST_F(Refresh, using_one_twice_revokes_the_family) {
    const std::string first = issue();
    const std::string other = issue();
    const auto second = rotate(first);
    EXPECT_EQ(rotate(first).error(), RefreshError::reused);
    EXPECT_EQ(rotate(second->token).error(), RefreshError::revoked);
    EXPECT_EQ(rotate(first).error(), RefreshError::revoked);
    EXPECT_TRUE(rotate(other));  // another log-in
}

TEST_F(Refresh, two_uses_that_race_revoke_the_family) {
    const std::string first = issue();
    std::string stolen;
    store_.after_find = [&] {
        tests::Loop other;
        stolen = other.run(tokens_.rotate(store_, first)).value().token;
    };
    EXPECT_EQ(rotate(first).error(), RefreshError::reused);
    EXPECT_EQ(rotate(stolen).error(), RefreshError::revoked);
}

TEST_F(Refresh, a_token_ends_with_its_lifetime) {
    const std::string token = issue();
    loop_.clock.advance(std::chrono::days(7) - 1s);
    const auto next = rotate(token);
    ASSERT_TRUE(next);
    loop_.clock.advance(std::chrono::days(7));
    EXPECT_EQ(rotate(next->token).error(), RefreshError::expired);
}

TEST_F(Refresh, what_is_no_token_is_unknown) {
    (void)issue();
    EXPECT_EQ(rotate("").error(), RefreshError::unknown);
    EXPECT_EQ(rotate(std::string(43, 'A')).error(), RefreshError::unknown);
    EXPECT_EQ(rotate(std::string(100'000, 'A')).error(), RefreshError::unknown);
    EXPECT_EQ(rotate(store_.records.begin()->first).error(), RefreshError::unknown);
}

TEST_F(Refresh, the_owner_can_revoke_his_family_and_nobody_else) {
    const std::string first = issue("7");
    const std::string second = rotate(first)->token;
    EXPECT_EQ(loop_.run(tokens_.revoke(store_, first, "8")).error(), RefreshError::other_owner);
    EXPECT_EQ(loop_.run(tokens_.revoke(store_, "x", "7")).error(), RefreshError::unknown);
    EXPECT_TRUE(loop_.run(tokens_.revoke(store_, first, "7")));  // used, but of the family
    EXPECT_EQ(rotate(second).error(), RefreshError::revoked);
}

TEST_F(Refresh, a_lifetime_is_positive) {
    EXPECT_THROW(RefreshTokens(0s), std::invalid_argument);
}

}  // namespace
}  // namespace portico::auth
