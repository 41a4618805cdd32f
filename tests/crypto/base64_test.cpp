#include "portico/crypto/base64.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace portico::crypto {
namespace {

struct Vector {
    std::string_view bytes;
    std::string_view text;
};

class Rfc4648 : public testing::TestWithParam<Vector> {};

TEST_P(Rfc4648, encodes_and_decodes) {
    const auto [bytes, text] = GetParam();
    EXPECT_EQ(base64_encode(bytes), text);
    EXPECT_EQ(base64_decode(text), bytes);
    const std::string bare(text.substr(0, text.find('=')));
    EXPECT_EQ(base64_encode_unpadded(bytes), bare);
    EXPECT_EQ(base64_decode_unpadded(bare), bytes);
    EXPECT_EQ(base64url_encode(bytes), bare);
    EXPECT_EQ(base64url_decode(bare), bytes);
}

INSTANTIATE_TEST_SUITE_P(Section10, Rfc4648,
                         testing::Values(Vector{"", ""}, Vector{"f", "Zg=="}, Vector{"fo", "Zm8="},
                                         Vector{"foo", "Zm9v"}, Vector{"foob", "Zm9vYg=="},
                                         Vector{"fooba", "Zm9vYmE="},
                                         Vector{"foobar", "Zm9vYmFy"}));

TEST(Base64url, uses_minus_and_underscore) {
    EXPECT_EQ(base64url_encode("\xfb\xff\xfe"), "-__-");
    EXPECT_EQ(base64_encode("\xfb\xff\xfe"), "+//+");
    EXPECT_EQ(base64url_decode("-__-"), "\xfb\xff\xfe");
}

TEST(Base64url, every_byte_comes_back_at_every_place) {
    for (int byte = 0; byte < 256; ++byte) {
        for (std::size_t size = 1; size < 5; ++size) {
            const std::string bytes(size, static_cast<char>(byte));
            EXPECT_EQ(base64url_decode(base64url_encode(bytes)), bytes);
        }
    }
}

class NotBase64url : public testing::TestWithParam<std::string_view> {};

TEST_P(NotBase64url, is_refused) {
    EXPECT_EQ(base64url_decode(GetParam()), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Texts, NotBase64url,
                         testing::Values("Z", "Zm9vY",           // a length of 1 modulo 4
                                         "Zg==", "Zm8=", "=",    // padding
                                         "Zh", "Zm9", "Zm9vYh",  // unused bits that are not zero
                                         "-_+/", "Zm/v",         // the other alphabet
                                         "Zm 9", "Zm9v\n", "Zm\xc3\xa4",
                                         std::string_view("Z\0", 2)));

class NotBase64 : public testing::TestWithParam<std::string_view> {};

TEST_P(NotBase64, is_refused) {
    EXPECT_EQ(base64_decode(GetParam()), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Texts, NotBase64,
                         testing::Values("Zg", "Zg=", "Zg===", "====", "Z===", "Zh==", "Zg==Zg==",
                                         "-__-", "Z=g="));

TEST(Base64url, a_buffer_that_is_too_small_is_refused) {
    std::array<char, 3> buffer{};
    EXPECT_EQ(base64url_decode("Zm9v", buffer), 3u);
    EXPECT_EQ(base64url_decode("Zm9v", std::span(buffer).first(2)), std::nullopt);
}

TEST(Base64url, the_bound_of_the_decoded_size_holds) {
    for (std::size_t size = 0; size < 40; ++size) {
        const auto text = base64url_encode(std::string(size, 'x'));
        EXPECT_GE(base64_decoded_size(text.size()), size);
    }
}

}  // namespace
}  // namespace portico::crypto
