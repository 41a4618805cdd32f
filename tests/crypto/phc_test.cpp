#include "crypto/phc.hpp"

#include <gtest/gtest.h>

namespace portico::crypto {
namespace {

constexpr std::string_view kHash =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5Q";

TEST(Phc, is_read_and_written) {
    const auto phc = parse_phc(kHash);
    ASSERT_TRUE(phc);
    EXPECT_EQ(phc->variant, Phc::Variant::argon2id);
    EXPECT_EQ(phc->version, 19u);
    EXPECT_EQ(phc->cost, (PasswordCost{.memory_kib = 19456, .passes = 2, .lanes = 1}));
    EXPECT_EQ(phc->salt, "somesalt");
    EXPECT_EQ(phc->hash.size(), 16u);
    EXPECT_EQ(format_phc(*phc), kHash);
}

TEST(Phc, without_a_version_is_version_16) {
    const auto phc = parse_phc("$argon2i$m=256,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5Q");
    ASSERT_TRUE(phc);
    EXPECT_EQ(phc->version, 16u);
    EXPECT_EQ(phc->variant, Phc::Variant::argon2i);
}

class NotPhc : public testing::TestWithParam<std::string_view> {};

TEST_P(NotPhc, is_refused) {
    EXPECT_FALSE(parse_phc(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(
    Texts, NotPhc,
    testing::Values(
        "", "$", "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW", "argon2id",
        "$argon2x$v=19$m=256,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5Q",
        "$argon2id$v=18$m=256,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5Q",
        "$argon2id$v=19$m=256,t=2$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5Q",
        "$argon2id$v=19$t=2,m=256,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5Q",
        "$argon2id$v=19$m=+256,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5Q",
        "$argon2id$v=19$m=0256,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5Q",
        "$argon2id$v=19$m=4294967296,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5Q",
        "$argon2id$v=19$m=1048577,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5Q",  // above 1 GiB
        "$argon2id$v=19$m=256,t=65,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5Q",     // above 64 passes
        "$argon2id$v=19$m=256,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5Q",
        "$argon2id$v=19$m=8,t=2,p=2$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5Q",  // below 8 KiB a lane
        "$argon2id$v=19$m=256,t=2,p=1$c2FsdA$CTFhFdXPJO1aFaMaO6Mm5Q",     // a salt of 4 bytes
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$CTFhFdU",               // a hash of 5 bytes
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5Q$",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ=$CTFhFdXPJO1aFaMaO6Mm5Q"));

}  // namespace
}  // namespace portico::crypto
