#include "portico/crypto/random.hpp"

#include <gtest/gtest.h>

#include <set>

#include "portico/crypto/base64.hpp"

namespace portico::crypto {
namespace {

TEST(Random, a_token_has_as_many_bytes_as_asked) {
    EXPECT_EQ(random_token().size(), 43u);
    EXPECT_EQ(base64url_decode(random_token(16))->size(), 16u);
    EXPECT_EQ(random_token(0), "");
}

TEST(Random, no_two_tokens_are_the_same) {
    std::set<std::string> tokens;
    for (int i = 0; i < 1000; ++i) tokens.insert(random_token(16));
    EXPECT_EQ(tokens.size(), 1000u);
}

TEST(Random, a_uuid_says_its_version_and_variant) {
    for (int i = 0; i < 100; ++i) {
        const std::string text = random_uuid_text();
        ASSERT_EQ(text.size(), 36u);
        EXPECT_EQ(text[14], '4');
        EXPECT_NE(std::string_view("89ab").find(text[19]), std::string_view::npos);
        for (const std::size_t dash : {8u, 13u, 18u, 23u}) EXPECT_EQ(text[dash], '-');
        EXPECT_EQ(text.find_first_not_of("0123456789abcdef-"), std::string::npos);
    }
}

}  // namespace
}  // namespace portico::crypto
