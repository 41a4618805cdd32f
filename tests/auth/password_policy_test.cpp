#include "portico/auth/password_policy.hpp"

#include <gtest/gtest.h>

namespace portico::auth {
namespace {

TEST(PasswordPolicy, eight_to_128_characters) {
    const PasswordPolicy policy;
    EXPECT_FALSE(policy.check("tr0ub4d"));
    EXPECT_TRUE(policy.check("tr0ub4do"));
    EXPECT_TRUE(policy.check(std::string(128, 'x')));
    EXPECT_EQ(policy.check(std::string(129, 'x')).error(),
              "Password should have 8 to 128 characters");
}

TEST(PasswordPolicy, characters_are_counted_not_bytes) {
    const PasswordPolicy policy;
    EXPECT_FALSE(policy.check("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f"));
    std::string longest;
    for (int i = 0; i < 128; ++i) longest += "\xf0\x9f\x98\x80";
    EXPECT_TRUE(policy.check(longest));
    EXPECT_FALSE(policy.check(longest + "x"));
    EXPECT_FALSE(policy.check(std::string(2000, '\x80')));
}

TEST(PasswordPolicy, what_everybody_tries_first_is_refused) {
    for (const auto common : {"password", "Password1", "12345678", "QWERTYUIOP"}) {
        EXPECT_FALSE(PasswordPolicy{}.check(common)) << common;
        EXPECT_TRUE(PasswordPolicy{.refuse_common = false}.check(common)) << common;
    }
}

TEST(PasswordPolicy, a_password_is_not_the_username) {
    EXPECT_FALSE(PasswordPolicy{}.check("alice.smith", "Alice.Smith"));
    EXPECT_TRUE(PasswordPolicy{}.check("alice.smith", "alice"));
    EXPECT_TRUE(PasswordPolicy{.refuse_username = false}.check("alice.smith", "alice.smith"));
}

TEST(PasswordPolicy, the_sentence_does_not_repeat_the_password) {
    EXPECT_EQ(PasswordPolicy{}.check("secret1").error().find("secret1"), std::string::npos);
}

}  // namespace
}  // namespace portico::auth
