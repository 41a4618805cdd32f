#include "portico/auth/jwt.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "portico/crypto/base64.hpp"
#include "portico/crypto/hmac.hpp"
#include "tests/auth/data.hpp"
#include "tests/support/loop.hpp"

namespace portico::auth {
namespace {

using std::chrono::seconds;
using tests::StillClock;

constexpr std::string_view kSecret = "0123456789abcdef0123456789abcdef";
constexpr std::string_view kOther = "another secret of thirty-two bytes";

JwtKey hmac(Algorithm algorithm = Algorithm::HS256, std::string_view secret = kSecret) {
    return JwtKey::hmac(algorithm, secret).value();
}

JwtVerifier verifier() {
    return JwtVerifier{{.keys = {hmac()}}};
}

/// A token of any header and payload, signed with `key`.
std::string token_of(std::string_view header, std::string_view payload,
                     const JwtKey& key = hmac()) {
    std::string text = crypto::base64url_encode(header) + '.' + crypto::base64url_encode(payload);
    const std::string signature = key.sign(text);
    return text + '.' + crypto::base64url_encode(signature);
}

std::string token_of(std::string_view payload) {
    return token_of(R"({"alg":"HS256","typ":"JWT"})", payload);
}

constexpr std::string_view kLiving = R"({"sub":"alice","exp":1800000600})";

/// Why `token` is refused; fails the test when it is not.
std::optional<JwtError> refusal(const JwtVerifier& verifier, std::string_view token,
                                const StillClock& clock = StillClock{}) {
    const auto claims = verifier.verify(token, clock);
    return claims ? std::nullopt : std::optional(claims.error());
}

TEST(Jwt, what_is_signed_is_verified) {
    StillClock clock;
    const JwtSigner signer{{.key = hmac(), .issuer = "shop", .audience = "web"}};
    const JwtVerifier web{{.keys = {hmac()}, .issuer = "shop", .audience = "web"}};
    const auto claims = web.verify(signer.sign_json(R"({"sub":"alice","uid":7})", clock), clock);
    ASSERT_TRUE(claims) << describe(claims.error());
    EXPECT_EQ(claims->sub, "alice");
    EXPECT_EQ(claims->iss, "shop");
    EXPECT_EQ(claims->aud, std::vector<std::string>{"web"});
    EXPECT_EQ(claims->iat, 1'800'000'000);
    EXPECT_EQ(claims->nbf, 1'800'000'000);
    EXPECT_EQ(claims->exp, 1'800'001'800);
    EXPECT_EQ(claims->jti.size(), 22u);
    EXPECT_TRUE(claims->payload.contains("\"uid\":7"));
}

TEST(Jwt, the_signer_adds_only_what_the_claims_lack) {
    StillClock clock;
    const JwtSigner signer{{.key = hmac(), .issuer = "shop"}};
    const std::string token = signer.sign_json(
        R"({"jti":"mine","exp":1800000001,"iss":null,"aud":null,"nbf":1799999999,"note":null})",
        clock);
    const auto claims = verifier().verify(token, clock);
    ASSERT_TRUE(claims) << describe(claims.error());
    EXPECT_EQ(claims->payload,
              R"({"jti":"mine","exp":1800000001,"nbf":1799999999,"note":null,"iss":"shop",)"
              R"("iat":1800000000})");
}

TEST(Jwt, an_empty_object_and_strange_names_can_be_signed) {
    StillClock clock;
    const JwtSigner signer{{.key = hmac(), .issuer = "a \"shop\"\n"}};
    EXPECT_TRUE(verifier().verify(signer.sign_json("{}", clock), clock));
    const auto claims = verifier().verify(signer.sign_json(R"({"a\"\\\n":1})", clock), clock);
    ASSERT_TRUE(claims);
    EXPECT_TRUE(claims->payload.starts_with(R"({"a\"\\\u000a":1,)")) << claims->payload;
    EXPECT_EQ(claims->iss, "a \"shop\"\n");
}

TEST(Jwt, what_is_no_object_is_not_signed) {
    StillClock clock;
    const JwtSigner signer{{.key = hmac()}};
    EXPECT_THROW((void)signer.sign_json("[]", clock), std::invalid_argument);
    EXPECT_THROW((void)signer.sign_json("", clock), std::invalid_argument);
    EXPECT_THROW((void)signer.sign_json(R"({"a":1,"a":2})", clock), std::invalid_argument);
}

TEST(Jwt, signers_and_verifiers_need_a_key_that_can) {
    const auto public_key = JwtKey::public_key(Algorithm::ES256, data("p256.pub.pem")).value();
    EXPECT_THROW(JwtSigner({.key = public_key}), std::invalid_argument);
    EXPECT_THROW(JwtSigner({.key = hmac(), .lifetime = seconds(0)}), std::invalid_argument);
    EXPECT_THROW(JwtVerifier({}), std::invalid_argument);
}

// RFC 7515, appendix A.1–A.3; the expiry is of 2011.
constexpr std::string_view kRfcPayload =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"
    "fQ";

std::string rfc_token(std::string_view header, std::string_view signature) {
    return std::string(header).append(".").append(kRfcPayload).append(".").append(signature);
}

void expect_rfc_claims(const JwtKey& key, const std::string& token) {
    const JwtVerifier joe{{.keys = {key}, .issuer = "joe"}};
    const auto claims = joe.verify(token, StillClock{seconds(1'300'819'000)});
    ASSERT_TRUE(claims) << describe(claims.error());
    EXPECT_EQ(claims->exp, 1'300'819'380);
    EXPECT_TRUE(claims->payload.contains("http://example.com/is_root"));
}

TEST(Jwt, verifies_the_hs256_token_of_rfc_7515) {
    const auto secret = crypto::base64url_decode(
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
    expect_rfc_claims(hmac(Algorithm::HS256, *secret),
                      rfc_token("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9",
                                "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
}

TEST(Jwt, verifies_the_rs256_token_of_rfc_7515) {
    expect_rfc_claims(
        JwtKey::public_key(Algorithm::RS256, data("rfc7515_rsa.pub.pem")).value(),
        rfc_token("eyJhbGciOiJSUzI1NiJ9",
                  "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF"
                  "5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK"
                  "5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqt"
                  "FZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrB"
                  "p0igcN_IoypGlUPQGe77Rw"));
}

TEST(Jwt, verifies_the_es256_token_of_rfc_7515) {
    expect_rfc_claims(
        JwtKey::public_key(Algorithm::ES256, data("rfc7515_p256.pub.pem")).value(),
        rfc_token("eyJhbGciOiJFUzI1NiJ9",
                  "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-K"
                  "g6NU1Q"));
}

// Signed by OpenSSL's command line.
TEST(Jwt, verifies_a_ps256_token_of_another_program) {
    const auto key = JwtKey::public_key(Algorithm::PS256, data("rsa.pub.pem")).value();
    EXPECT_EQ(refusal(JwtVerifier{{.keys = {key}}}, data("ps256.jwt")), std::nullopt);
}

class EveryAlgorithm : public testing::TestWithParam<std::pair<Algorithm, const char*>> {};

TEST_P(EveryAlgorithm, signs_and_verifies_tokens) {
    const auto [algorithm, file] = GetParam();
    const auto key = *file == '\0' ? JwtKey::hmac(algorithm, kSecret).value()
                                   : JwtKey::private_key(algorithm, data(file)).value();
    StillClock clock;
    const std::string token = JwtSigner{{.key = key}}.sign_json(R"({"sub":"alice"})", clock);
    const JwtVerifier own{{.keys = {key}}};
    EXPECT_TRUE(own.verify(token, clock));
    std::string changed = token;
    changed[changed.size() / 2] = changed[changed.size() / 2] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(own.verify(changed, clock));
}

INSTANTIATE_TEST_SUITE_P(
    Algorithms, EveryAlgorithm,
    testing::Values(std::pair{Algorithm::HS256, ""}, std::pair{Algorithm::HS384, ""},
                    std::pair{Algorithm::HS512, ""}, std::pair{Algorithm::RS256, "rsa.pem"},
                    std::pair{Algorithm::PS256, "rsa.pem"}, std::pair{Algorithm::ES256, "p256.pem"},
                    std::pair{Algorithm::EdDSA, "ed25519.pem"}));

TEST(Jwt, a_public_key_taken_for_a_secret_opens_nothing) {
    const std::string pem = data("rsa.pub.pem");
    const JwtVerifier rsa{{.keys = {JwtKey::public_key(Algorithm::RS256, pem).value()}}};
    std::string text = crypto::base64url_encode(R"({"alg":"HS256","typ":"JWT"})") + '.' +
                       crypto::base64url_encode(kLiving);
    const std::string signature =
        crypto::Hmac(crypto::Sha::sha256, crypto::SecretKey(pem)).sign(text);
    text += '.' + crypto::base64url_encode(signature);
    EXPECT_EQ(refusal(rsa, text), JwtError::wrong_algorithm);
}

TEST(Jwt, the_header_can_not_choose_among_algorithms_of_one_secret) {
    EXPECT_EQ(refusal(verifier(), token_of(R"({"alg":"HS512"})", kLiving, hmac(Algorithm::HS512))),
              JwtError::wrong_algorithm);
}

TEST(Jwt, a_header_that_lies_about_its_algorithm_is_a_bad_signature) {
    EXPECT_EQ(refusal(verifier(), token_of(R"({"alg":"HS256"})", kLiving, hmac(Algorithm::HS512))),
              JwtError::bad_signature);
}

class None : public testing::TestWithParam<const char*> {};

TEST_P(None, is_no_algorithm) {
    const std::string header = std::string(R"({"alg":")") + GetParam() + R"("})";
    EXPECT_EQ(refusal(verifier(), token_of(header, kLiving)), JwtError::unsupported_algorithm);
    EXPECT_EQ(refusal(verifier(), crypto::base64url_encode(header) + '.' +
                                      crypto::base64url_encode(kLiving) + '.'),
              JwtError::unsupported_algorithm);
}

INSTANTIATE_TEST_SUITE_P(Spellings, None,
                         testing::Values("none", "None", "NONE", "nOnE", "", "hs256", "HS1"));

TEST(Jwt, keys_rotate) {
    StillClock clock;
    const JwtSigner before{{.key = hmac(Algorithm::HS256, kOther)}};
    const std::string token = before.sign_json("{}", clock);
    EXPECT_EQ(refusal(verifier(), token), JwtError::bad_signature);
    const JwtVerifier both{{.keys = {hmac(), hmac(Algorithm::HS256, kOther)}}};
    EXPECT_EQ(refusal(both, token), std::nullopt);
    EXPECT_EQ(refusal(both, token_of(kLiving)), std::nullopt);
}

struct Header {
    const char* json;
    std::optional<JwtError> refusal;
};

class Headers : public testing::TestWithParam<Header> {};

TEST_P(Headers, are_judged_before_the_signature) {
    EXPECT_EQ(refusal(verifier(), token_of(GetParam().json, kLiving)), GetParam().refusal);
}

INSTANTIATE_TEST_SUITE_P(
    Jose, Headers,
    testing::Values(
        Header{R"({"alg":"HS256"})", std::nullopt},
        Header{R"({"typ":"jwt","alg":"HS256","kid":"2026"})", std::nullopt},
        Header{R"({"alg":"HS256","crit":["exp"],"exp":1})", JwtError::critical_header},
        Header{R"({"alg":"HS256","crit":[]})", JwtError::critical_header},
        Header{R"({"alg":"HS256","b64":false,"crit":["b64"]})", JwtError::critical_header},
        Header{R"({"alg":"none","alg":"HS256"})", JwtError::duplicate_member},
        Header{R"({"alg":"HS256","typ":"JWT","\u0061lg":"none"})", JwtError::duplicate_member},
        Header{R"({"alg":"HS256","typ":"at+jwt"})", JwtError::wrong_type},
        Header{R"({"alg":"HS256","typ":1})", JwtError::malformed},
        Header{R"({"alg":1})", JwtError::malformed},
        Header{R"({"typ":"JWT"})", JwtError::malformed}, Header{R"([])", JwtError::malformed},
        Header{"", JwtError::malformed},
        Header{R"({"alg":"HS256","a":[[[[[[[[1]]]]]]]]})", JwtError::too_large}));

TEST(Jwt, a_type_other_than_jwt_can_be_asked_for) {
    const JwtVerifier access{{.keys = {hmac()}, .typ = "at+jwt"}};
    EXPECT_EQ(refusal(access, token_of(R"({"alg":"HS256","typ":"AT+JWT"})", kLiving)),
              std::nullopt);
    EXPECT_EQ(refusal(access, token_of(kLiving)), JwtError::wrong_type);
}

struct Payload {
    const char* json;
    std::optional<JwtError> refusal;
};

class Payloads : public testing::TestWithParam<Payload> {};

// At 1800000000 with the leeway of 30 seconds.
TEST_P(Payloads, are_judged_after_the_signature) {
    EXPECT_EQ(refusal(verifier(), token_of(GetParam().json)), GetParam().refusal);
}

INSTANTIATE_TEST_SUITE_P(
    Claims, Payloads,
    testing::Values(Payload{R"({"exp":1800000000})", std::nullopt},  // leeway
                    Payload{R"({"exp":1799999971})", std::nullopt},
                    Payload{R"({"exp":1799999970})", JwtError::expired},
                    Payload{R"({"exp":1799999970.5})", std::nullopt},
                    Payload{R"({"exp":0})", JwtError::expired},
                    Payload{R"({"exp":1.8e9})", std::nullopt},
                    Payload{R"({"sub":"alice"})", JwtError::missing_expiry},
                    Payload{R"({"exp":1800000600,"nbf":1800000030})", std::nullopt},
                    Payload{R"({"exp":1800000600,"nbf":1800000031})", JwtError::not_yet_valid},
                    Payload{R"({"exp":1800000600,"iat":1800000030})", std::nullopt},
                    Payload{R"({"exp":1800000600,"iat":1800000031})", JwtError::issued_in_future},
                    Payload{R"({"exp":1800000600,"aud":"web"})", JwtError::wrong_audience},
                    Payload{R"({"exp":1800000600,"aud":[]})", JwtError::wrong_audience},
                    Payload{R"({"exp":1800000600,"iss":"anybody"})", std::nullopt},
                    Payload{R"({"exp":"1800000600"})", JwtError::bad_claims},
                    Payload{R"({"exp":null})", JwtError::bad_claims},
                    Payload{R"({"exp":-1})", JwtError::bad_claims},
                    Payload{R"({"exp":1e400})", JwtError::bad_claims},
                    Payload{R"({"exp":253402300800})", JwtError::bad_claims},
                    Payload{R"({"exp":1800000600,"nbf":[]})", JwtError::bad_claims},
                    Payload{R"({"exp":1800000600,"sub":7})", JwtError::bad_claims},
                    Payload{R"({"exp":1800000600,"jti":null})", JwtError::bad_claims},
                    Payload{R"({"exp":1800000600,"aud":7})", JwtError::bad_claims},
                    Payload{R"({"exp":1800000600,"exp":1900000000})", JwtError::duplicate_member},
                    Payload{R"({"exp":1800000600,"a":{"b":1,"b":2}})", JwtError::duplicate_member},
                    Payload{R"({"exp":1800000600,"a":[[[[[[[1]]]]]]]})", std::nullopt},
                    Payload{R"({"exp":1800000600,"a":[[[[[[[[1]]]]]]]]})", JwtError::too_large},
                    Payload{"[1]", JwtError::malformed}, Payload{"", JwtError::malformed},
                    Payload{"{\"sub\":\"\xff\",\"exp\":1800000600}", JwtError::malformed}));

TEST(Jwt, issuer_and_audience_must_be_the_expected_ones) {
    const JwtVerifier web{{.keys = {hmac()}, .issuer = "shop", .audience = "web"}};
    const auto with = [&](std::string_view claims) {
        return refusal(web, token_of(std::string(R"({"exp":1800000600)").append(claims) + '}'));
    };
    EXPECT_EQ(with(R"(,"iss":"shop","aud":"web")"), std::nullopt);
    EXPECT_EQ(with(R"(,"iss":"shop","aud":["app","web"])"), std::nullopt);
    EXPECT_EQ(with(R"(,"aud":"web")"), JwtError::wrong_issuer);
    EXPECT_EQ(with(R"(,"iss":"Shop","aud":"web")"), JwtError::wrong_issuer);
    EXPECT_EQ(with(R"(,"iss":["shop"],"aud":"web")"), JwtError::bad_claims);
    EXPECT_EQ(with(R"(,"iss":"shop")"), JwtError::wrong_audience);
    EXPECT_EQ(with(R"(,"iss":"shop","aud":"Web")"), JwtError::wrong_audience);
    EXPECT_EQ(with(R"(,"iss":"shop","aud":["app"])"), JwtError::wrong_audience);
    EXPECT_EQ(with(R"(,"iss":"shop","aud":["web",1])"), JwtError::bad_claims);
}

TEST(Jwt, leeway_and_missing_expiry_are_options) {
    const JwtVerifier lax{{.keys = {hmac()}, .leeway = seconds(0), .require_expiry = false}};
    EXPECT_EQ(refusal(lax, token_of(R"({})")), std::nullopt);
    EXPECT_EQ(refusal(lax, token_of(R"({"exp":1800000001})")), std::nullopt);
    EXPECT_EQ(refusal(lax, token_of(R"({"exp":1800000000})")), JwtError::expired);
}

TEST(Jwt, texts_that_are_no_tokens_are_refused) {
    for (const std::string_view text : {"", ".", "..", "...", "a.b", "a.b.c", "x"}) {
        EXPECT_EQ(refusal(verifier(), text), JwtError::malformed) << text;
    }
    const std::string token = token_of(kLiving);
    for (const std::string& text :
         {token + "=", token + ".", "." + token, " " + token, token + "\n", token + ".x"}) {
        EXPECT_EQ(refusal(verifier(), text), JwtError::malformed) << text;
    }
}

TEST(Jwt, a_signature_has_one_spelling) {
    std::string token = token_of(kLiving);
    // 32 bytes are 43 characters: the last two bits of the last one are unused.
    const std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    token.back() = alphabet[alphabet.find(token.back()) ^ 1];
    EXPECT_EQ(refusal(verifier(), token), JwtError::malformed);
}

TEST(Jwt, every_changed_character_is_noticed) {
    const std::string token = token_of(kLiving);
    for (std::size_t i = 0; i < token.size(); ++i) {
        std::string changed = token;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        EXPECT_NE(refusal(verifier(), changed), std::nullopt) << i;
    }
}

TEST(Jwt, eight_kibibytes_are_the_most) {
    const auto of_size = [](std::size_t padding) {
        return token_of(R"({"exp":1800000600,"a":")" + std::string(padding, 'x') + "\"}");
    };
    std::size_t padding = 6000;
    while (of_size(padding).size() <= JwtVerifier::kMaxToken) ++padding;
    EXPECT_EQ(refusal(verifier(), of_size(padding - 1)), std::nullopt);
    EXPECT_EQ(refusal(verifier(), of_size(padding)), JwtError::too_large);
}

struct AccessClaims {
    std::string sub;
    std::int64_t uid;
    std::vector<std::string> scopes;
    std::string typ;
    std::optional<std::string> jti;
    std::optional<std::int64_t> exp;
};

TEST(Jwt, claims_are_a_struct) {
    StillClock clock;
    const JwtSigner signer{{.key = hmac()}};
    const std::string token = signer.sign(
        AccessClaims{.sub = "alice", .uid = 7, .scopes = {"read", "write"}, .typ = "access"},
        clock);
    const auto claims = verifier().verify<AccessClaims>(token, clock);
    ASSERT_TRUE(claims) << describe(claims.error());
    EXPECT_EQ(claims->sub, "alice");
    EXPECT_EQ(claims->uid, 7);
    EXPECT_EQ(claims->scopes, (std::vector<std::string>{"read", "write"}));
    EXPECT_EQ(claims->jti.value().size(), 22u);
    EXPECT_EQ(claims->exp, 1'800'001'800);
}

TEST(Jwt, claims_that_the_struct_does_not_accept_are_refused) {
    StillClock clock;
    const auto read = [&](std::string_view claims) {
        const auto result = verifier().verify<AccessClaims>(
            token_of(std::string(R"({"exp":1800000600,)").append(claims)), clock);
        return result ? std::nullopt : std::optional(result.error());
    };
    EXPECT_EQ(read(R"("sub":"a","uid":7,"scopes":[]})"), JwtError::bad_claims);
    EXPECT_EQ(read(R"("sub":"a","uid":"x","scopes":[],"typ":"access"})"), JwtError::bad_claims);
    EXPECT_EQ(verifier().verify<AccessClaims>(token_of(R"({"exp":1})"), clock).error(),
              JwtError::expired);
}

}  // namespace
}  // namespace portico::auth
