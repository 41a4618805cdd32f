#include "portico/auth/jwt_key.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "portico/crypto/base64.hpp"
#include "tests/auth/data.hpp"

namespace portico::auth {
namespace {

constexpr std::string_view kSecret = "0123456789abcdef0123456789abcdef";

TEST(Algorithm, has_the_names_of_the_rfc_and_no_other) {
    for (const auto text : {"HS256", "HS384", "HS512", "RS256", "PS256", "ES256", "EdDSA"}) {
        const auto algorithm = algorithm_of(text);
        ASSERT_TRUE(algorithm) << text;
        EXPECT_EQ(name(*algorithm), text);
    }
    for (const auto text : {"none", "None", "hs256", "", "RS1", "HS256 "}) {
        EXPECT_FALSE(algorithm_of(text)) << text;
    }
}

TEST(JwtKey, a_secret_has_at_least_32_bytes) {
    EXPECT_TRUE(JwtKey::hmac(Algorithm::HS512, kSecret));
    EXPECT_EQ(JwtKey::hmac(Algorithm::HS256, kSecret.substr(1)).error(),
              KeyError::secret_too_short);
}

TEST(JwtKey, a_pem_file_is_no_secret) {
    EXPECT_EQ(JwtKey::hmac(Algorithm::HS256, data("rsa.pub.pem")).error(), KeyError::secret_is_pem);
}

TEST(JwtKey, an_algorithm_goes_with_its_kind_of_key) {
    EXPECT_EQ(JwtKey::hmac(Algorithm::RS256, kSecret).error(), KeyError::other_family);
    EXPECT_EQ(JwtKey::private_key(Algorithm::HS256, data("rsa.pem")).error(),
              KeyError::other_family);
    EXPECT_EQ(JwtKey::public_key(Algorithm::HS256, data("rsa.pub.pem")).error(),
              KeyError::other_family);
}

struct Unfit {
    Algorithm algorithm;
    const char* file;
    KeyError error;
};

class UnfitKey : public testing::TestWithParam<Unfit> {};

TEST_P(UnfitKey, is_refused) {
    const auto& [algorithm, file, error] = GetParam();
    const auto key = JwtKey::private_key(algorithm, data(file));
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error(), error) << describe(key.error());
}

INSTANTIATE_TEST_SUITE_P(
    Keys, UnfitKey,
    testing::Values(Unfit{Algorithm::RS256, "rsa_1024.pem", KeyError::rsa_too_small},
                    Unfit{Algorithm::PS256, "rsa_1024.pem", KeyError::rsa_too_small},
                    Unfit{Algorithm::RS256, "p256.pem", KeyError::other_type},
                    Unfit{Algorithm::ES256, "rsa.pem", KeyError::other_type},
                    Unfit{Algorithm::ES256, "p384.pem", KeyError::other_type},
                    Unfit{Algorithm::EdDSA, "p256.pem", KeyError::other_type},
                    Unfit{Algorithm::RS256, "rsa.pub.pem", KeyError::not_pem},
                    Unfit{Algorithm::RS256, "no such file", KeyError::not_pem},
                    Unfit{Algorithm::ES256, "encrypted.pem", KeyError::encrypted}));

TEST(JwtKey, a_private_key_is_no_public_one) {
    EXPECT_EQ(JwtKey::public_key(Algorithm::RS256, data("rsa.pem")).error(), KeyError::not_pem);
}

TEST(JwtKey, the_older_form_of_an_ec_key_is_read) {
    EXPECT_TRUE(JwtKey::private_key(Algorithm::ES256, data("p256_sec1.pem")));
}

TEST(JwtKey, a_public_key_does_not_sign) {
    const auto key = JwtKey::public_key(Algorithm::EdDSA, data("ed25519.pub.pem")).value();
    EXPECT_FALSE(key.can_sign());
    EXPECT_THROW((void)key.sign("text"), std::logic_error);
}

struct Pair {
    Algorithm algorithm;
    const char* private_file;
    const char* public_file;
    std::size_t signature_size;
};

class KeyPair : public testing::TestWithParam<Pair> {};

TEST_P(KeyPair, what_one_signs_the_other_verifies) {
    const auto& [algorithm, private_file, public_file, size] = GetParam();
    const auto signer = JwtKey::private_key(algorithm, data(private_file)).value();
    const auto verifier = JwtKey::public_key(algorithm, data(public_file)).value();
    for (int i = 0; i < 20; ++i) {  // an ECDSA signature is another one each time
        std::string signature = signer.sign("text");
        EXPECT_EQ(signature.size(), size);
        EXPECT_TRUE(signer.verify("text", signature));
        EXPECT_TRUE(verifier.verify("text", signature));
        EXPECT_FALSE(verifier.verify("texT", signature));
        EXPECT_FALSE(verifier.verify("text", std::string_view(signature).substr(1)));
        EXPECT_FALSE(verifier.verify("text", ""));
        EXPECT_FALSE(verifier.verify("text", std::string(size, '\0')));
        signature[size / 2] = static_cast<char>(signature[size / 2] ^ 1);
        EXPECT_FALSE(verifier.verify("text", signature));
    }
}

INSTANTIATE_TEST_SUITE_P(Pairs, KeyPair,
                         testing::Values(Pair{Algorithm::RS256, "rsa.pem", "rsa.pub.pem", 256},
                                         Pair{Algorithm::PS256, "rsa.pem", "rsa.pub.pem", 256},
                                         Pair{Algorithm::ES256, "p256.pem", "p256.pub.pem", 64},
                                         Pair{Algorithm::EdDSA, "ed25519.pem", "ed25519.pub.pem",
                                              64}));

TEST(JwtKey, a_signature_without_its_leading_zero_is_none) {
    // One RSA-PSS signature in 256 begins with a zero byte; OpenSSL takes it without as well.
    const auto key = JwtKey::private_key(Algorithm::PS256, data("rsa.pem")).value();
    std::string signature = key.sign("text");
    while (signature.front() != '\0') signature = key.sign("text");
    EXPECT_TRUE(key.verify("text", signature));
    EXPECT_FALSE(key.verify("text", std::string_view(signature).substr(1)));
    EXPECT_FALSE(key.verify("text", '\0' + signature));
}

TEST(JwtKey, a_signature_of_one_rsa_scheme_is_none_of_the_other) {
    const auto rs = JwtKey::private_key(Algorithm::RS256, data("rsa.pem")).value();
    const auto ps = JwtKey::private_key(Algorithm::PS256, data("rsa.pem")).value();
    EXPECT_FALSE(ps.verify("text", rs.sign("text")));
    EXPECT_FALSE(rs.verify("text", ps.sign("text")));
}

// RFC 8037, appendix A.4.
TEST(JwtKey, signs_as_rfc_8037) {
    constexpr std::string_view kText = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    constexpr std::string_view kSignature =
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    const auto signer = JwtKey::private_key(Algorithm::EdDSA, data("rfc8037_ed25519.pem")).value();
    EXPECT_EQ(crypto::base64url_encode(signer.sign(kText)), kSignature);
    const auto verifier =
        JwtKey::public_key(Algorithm::EdDSA, data("rfc8037_ed25519.pub.pem")).value();
    EXPECT_TRUE(verifier.verify(kText, crypto::base64url_decode(kSignature).value()));
}

}  // namespace
}  // namespace portico::auth
