#include "portico/core/keyed_hash.hpp"

#include <gtest/gtest.h>

#include <string>

namespace portico::core {
namespace {

// The reference implementation's vectors for 128 bits: the key 00…0f, the text 00, 01, … of that
// length.
TEST(KeyedHash, is_siphash_2_4) {
    const KeyedHash hash{0x0706050403020100, 0x0f0e0d0c0b0a0908};
    EXPECT_EQ(hash(""), (Fingerprint{.high = 0x930255c71472f66d, .low = 0xe6a825ba047f81a3}));
    EXPECT_EQ(hash(std::string_view("\0", 1)),
              (Fingerprint{.high = 0x45fc229b11597634, .low = 0x44af996bd8c187da}));
    EXPECT_EQ(hash(std::string_view("\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16", 15)),
              (Fingerprint{.high = 0xd9c3cf970fec087e, .low = 0x11a8b03399e99354}));
}

TEST(KeyedHash, another_key_is_another_hash) {
    const KeyedHash a;
    const KeyedHash b;
    EXPECT_EQ(a("text"), a("text"));
    EXPECT_NE(a("text"), a("texT"));
    EXPECT_NE(a("text"), b("text"));
    EXPECT_NE(a(""), a(std::string_view("\0", 1)));
}

}  // namespace
}  // namespace portico::core
