#include "portico/crypto/password_hasher.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/support/loop.hpp"

namespace portico::crypto {
namespace {

constexpr PasswordCost kCheap{.memory_kib = 64, .passes = 1, .lanes = 1};

// From the test program of the reference implementation: "password", salt "somesalt".
class KnownHash : public testing::TestWithParam<const char*> {};

TEST_P(KnownHash, matches_its_password_and_is_replaced) {
    const PasswordHasher hasher{kCheap};
    const std::string stored = GetParam();
    const auto check = hasher.check(stored, "password");
    EXPECT_TRUE(check.matches);
    ASSERT_TRUE(check.new_hash);
    EXPECT_TRUE(check.new_hash->starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
    EXPECT_TRUE(hasher.check(*check.new_hash, "password").matches);
    EXPECT_FALSE(hasher.check(stored, "Password").matches);
}

INSTANTIATE_TEST_SUITE_P(
    Argon2, KnownHash,
    testing::Values(
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
        "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8",
        "$argon2i$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY"));

TEST(PasswordHasher, its_default_is_19_mib_two_passes_one_lane) {
    EXPECT_TRUE(
        PasswordHasher{}.hash("correct horse").starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
}

TEST(PasswordHasher, what_it_hashed_matches_and_stays) {
    const PasswordHasher hasher{kCheap};
    const std::string stored = hasher.hash("correct horse");
    const auto check = hasher.check(stored, "correct horse");
    EXPECT_TRUE(check);
    EXPECT_FALSE(check.new_hash);
    EXPECT_FALSE(hasher.check(stored, "correct horsf"));
    EXPECT_FALSE(hasher.check(stored, ""));
}

TEST(PasswordHasher, the_same_password_has_another_hash_each_time) {
    const PasswordHasher hasher{kCheap};
    EXPECT_NE(hasher.hash("correct horse"), hasher.hash("correct horse"));
}

TEST(PasswordHasher, a_password_is_bytes_to_its_end) {
    const PasswordHasher hasher{kCheap};
    const std::string stored = hasher.hash(std::string_view("a\0b", 3));
    EXPECT_TRUE(hasher.check(stored, std::string_view("a\0b", 3)));
    EXPECT_FALSE(hasher.check(stored, "a"));
}

TEST(PasswordHasher, an_unknown_user_a_strange_hash_and_a_wrong_password_cost_the_same) {
    const PasswordHasher hasher{kCheap};
    const std::string stored = hasher.hash("correct horse");
    const auto computations = [&](const std::optional<std::string>& hash) {
        const auto before = hasher.computations();
        EXPECT_FALSE(hasher.check(hash, "wrong"));
        return hasher.computations() - before;
    };
    EXPECT_EQ(computations(stored), 1u);
    EXPECT_EQ(computations(std::nullopt), 1u);
    EXPECT_EQ(computations("$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW"), 1u);
    EXPECT_EQ(computations(""), 1u);
}

TEST(PasswordHasher, nobody_logs_in_without_a_stored_hash) {
    const PasswordHasher hasher{kCheap};
    EXPECT_FALSE(hasher.check(std::nullopt, ""));
    EXPECT_FALSE(hasher.check(std::nullopt, "password"));
}

TEST(PasswordHasher, a_hash_that_would_take_the_memory_of_the_machine_is_not_computed) {
    const PasswordHasher hasher{kCheap};
    EXPECT_FALSE(hasher.check("$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5Q",
                              "password"));
}

TEST(PasswordHasher, a_password_above_the_bound_costs_nothing) {
    const PasswordHasher hasher{kCheap};
    const std::string most(PasswordHasher::kMaxPasswordBytes, 'x');
    const std::string stored = hasher.hash(most);
    EXPECT_TRUE(hasher.check(stored, most));
    const auto before = hasher.computations();
    EXPECT_FALSE(hasher.check(stored, most + 'x'));
    EXPECT_THROW((void)hasher.hash(most + 'x'), std::length_error);
    EXPECT_EQ(hasher.computations(), before);
}

TEST(PasswordHasher, refuses_a_cost_outside_its_ranges) {
    EXPECT_THROW(PasswordHasher({.memory_kib = 7}), std::invalid_argument);
    EXPECT_THROW(PasswordHasher({.memory_kib = (1U << 20) + 1}), std::invalid_argument);
    EXPECT_THROW(PasswordHasher({.passes = 0}), std::invalid_argument);
    EXPECT_THROW(PasswordHasher({.passes = 65}), std::invalid_argument);
    EXPECT_THROW(PasswordHasher({.lanes = 0}), std::invalid_argument);
    EXPECT_THROW(PasswordHasher({.lanes = 65}), std::invalid_argument);
    EXPECT_NO_THROW(PasswordHasher({.memory_kib = 8}));
}

TEST(PasswordHasher, works_on_an_executor) {
    core::Executor executor{{.name = "hashing"}};
    const PasswordHasher hasher{kCheap};
    tests::Loop loop;
    const std::string stored = loop.run(hasher.hash(executor, "correct horse"));
    EXPECT_TRUE(loop.run(hasher.check(executor, stored, "correct horse")));
    EXPECT_FALSE(loop.run(hasher.check(executor, stored, "wrong")));
    EXPECT_FALSE(loop.run(hasher.check(executor, std::nullopt, "wrong")));
    EXPECT_THROW((void)loop.run(hasher.hash(executor, std::string(2000, 'x'))), std::length_error);
}

}  // namespace
}  // namespace portico::crypto
