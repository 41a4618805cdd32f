#include <gtest/gtest.h>

#include <stdexcept>

#include "portico/crypto/hmac.hpp"
#include "tests/crypto/hex.hpp"

namespace portico::crypto {
namespace {

std::string range(int from, int to) {
    std::string bytes;
    for (int byte = from; byte <= to; ++byte) bytes.push_back(static_cast<char>(byte));
    return bytes;
}

// RFC 5869, appendix A.1–A.3.
TEST(Hkdf, gives_the_keys_of_rfc_5869) {
    EXPECT_EQ(
        hkdf(SecretKey{std::string(22, '\x0b')}, range(0xf0, 0xf9), 42, range(0, 12)).reveal(),
        unhex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
              "34007208d5b887185865"));
    EXPECT_EQ(hkdf(SecretKey{range(0, 0x4f)}, range(0xb0, 0xff), 82, range(0x60, 0xaf)).reveal(),
              unhex("b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                    "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                    "cc30c58179ec3e87c14c01d5c1f3434f1d87"));
    EXPECT_EQ(hkdf(SecretKey{std::string(22, '\x0b')}, "", 42).reveal(),
              unhex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                    "9d201395faa4b61a96c8"));
}

TEST(Hkdf, another_purpose_is_another_key) {
    const SecretKey key{"0123456789abcdef0123456789abcdef"};
    EXPECT_EQ(hkdf(key, "cursors").size(), 32u);
    EXPECT_EQ(hkdf(key, "cursors").reveal(), hkdf(key, "cursors").reveal());
    EXPECT_NE(hkdf(key, "cursors").reveal(), hkdf(key, "csrf").reveal());
}

TEST(Hkdf, its_length_is_bounded) {
    const SecretKey key{"key"};
    EXPECT_EQ(hkdf(key, "", 8160).size(), 8160u);
    EXPECT_EQ(hkdf(key, "", 0).size(), 0u);
    EXPECT_THROW((void)hkdf(key, "", 8161), std::length_error);
}

}  // namespace
}  // namespace portico::crypto
