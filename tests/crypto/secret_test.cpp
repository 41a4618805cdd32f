#include "portico/crypto/secret.hpp"

#include <gtest/gtest.h>

#include <concepts>
#include <ostream>

namespace portico::crypto {
namespace {

TEST(ConstantTimeEqual, compares_bytes_and_lengths) {
    EXPECT_TRUE(constant_time_equal("", ""));
    EXPECT_TRUE(constant_time_equal("secret", "secret"));
    EXPECT_FALSE(constant_time_equal("secret", "secreT"));
    EXPECT_FALSE(constant_time_equal("secret", "secret "));
    EXPECT_FALSE(constant_time_equal("", "s"));
}

TEST(Wipe, leaves_nothing_in_the_memory_of_a_text) {
    std::string text(100, 's');
    const char* const memory = text.data();
    wipe(text);
    EXPECT_TRUE(text.empty());
    for (std::size_t i = 0; i < text.capacity(); ++i) EXPECT_EQ(memory[i], '\0');
}

TEST(SecretKey, reveals_its_bytes_and_moves_them) {
    SecretKey key{"0123456789abcdef0123456789abcdef"};
    const SecretKey copy = key;
    const SecretKey moved = std::move(key);
    EXPECT_EQ(moved.reveal(), copy.reveal());
    EXPECT_EQ(moved.size(), 32u);
    EXPECT_TRUE(SecretKey{}.empty());
}

TEST(SecretKey, assigning_replaces_the_bytes) {
    SecretKey key{"old"};
    const SecretKey other{"new"};
    key = other;
    EXPECT_EQ(key.reveal(), "new");
    key = SecretKey{"newer"};
    EXPECT_EQ(key.reveal(), "newer");
}

template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };
static_assert(!Printable<SecretKey>);
static_assert(!std::convertible_to<SecretKey, std::string_view>);
static_assert(!std::equality_comparable<SecretKey>);

}  // namespace
}  // namespace portico::crypto
