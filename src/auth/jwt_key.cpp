#include "portico/auth/jwt_key.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>
#include <new>
#include <stdexcept>
#include <utility>

#include "portico/crypto/hmac.hpp"

namespace portico::auth {

namespace {

template <auto Free>
struct Deleter {
    template <class T>
    void operator()(T* object) const noexcept {
        Free(object);
    }
};
using Bio = std::unique_ptr<BIO, Deleter<BIO_free>>;
using Pkey = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Deleter<ECDSA_SIG_free>>;

constexpr std::array<std::pair<Algorithm, std::string_view>, 7> kNames{{
    {Algorithm::HS256, "HS256"},
    {Algorithm::HS384, "HS384"},
    {Algorithm::HS512, "HS512"},
    {Algorithm::RS256, "RS256"},
    {Algorithm::PS256, "PS256"},
    {Algorithm::ES256, "ES256"},
    {Algorithm::EdDSA, "EdDSA"},
}};

constexpr bool is_hmac(Algorithm algorithm) noexcept {
    return algorithm <= Algorithm::HS512;
}

constexpr int kRsaLeastBits = 2048;
constexpr int kCoordinate = 32;  // of P-256

const unsigned char* bytes(std::string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}

/// OpenSSL keeps what went wrong in a queue of the thread; what was handled here is not left in it.
struct ForgetErrors {
    ~ForgetErrors() { ERR_clear_error(); }
};

std::optional<KeyError> check(Algorithm algorithm, const EVP_PKEY* key) {
    switch (algorithm) {
        case Algorithm::RS256:
        case Algorithm::PS256:
            if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) return KeyError::other_type;
            if (EVP_PKEY_get_bits(key) < kRsaLeastBits) return KeyError::rsa_too_small;
            return {};
        case Algorithm::ES256: {
            if (EVP_PKEY_get_base_id(key) != EVP_PKEY_EC) return KeyError::other_type;
            std::array<char, 32> group{};
            std::size_t length = 0;
            if (EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) != 1 ||
                std::string_view(group.data(), length) != "prime256v1") {
                return KeyError::other_type;
            }
            return {};
        }
        case Algorithm::EdDSA:
            if (EVP_PKEY_get_base_id(key) != EVP_PKEY_ED25519) return KeyError::other_type;
            return {};
        default:
            return KeyError::other_family;
    }
}

/// r and s, 32 bytes each (RFC 7518 §3.4), of OpenSSL's DER form.
std::string raw_of_der(std::string_view der) {
    const unsigned char* at = bytes(der);
    const Signature signature{d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()))};
    std::string raw(2 * kCoordinate, '\0');
    auto* out = reinterpret_cast<unsigned char*>(raw.data());
    if (!signature || BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out, kCoordinate) < 0 ||
        BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out + kCoordinate, kCoordinate) < 0) {
        throw std::runtime_error("OpenSSL gives an ECDSA signature that is none");
    }
    return raw;
}

std::string der_of_raw(std::string_view raw) {
    const Signature signature{ECDSA_SIG_new()};
    BIGNUM* const r = BN_bin2bn(bytes(raw), kCoordinate, nullptr);
    BIGNUM* const s = BN_bin2bn(bytes(raw) + kCoordinate, kCoordinate, nullptr);
    if (!signature || ECDSA_SIG_set0(signature.get(), r, s) != 1) {
        BN_free(r);
        BN_free(s);
        throw std::bad_alloc();
    }
    std::string der(80, '\0');  // two integers of at most 33 bytes, and their frames
    auto* at = reinterpret_cast<unsigned char*>(der.data());
    const int size = i2d_ECDSA_SIG(signature.get(), &at);
    if (size <= 0) throw std::bad_alloc();
    der.resize(static_cast<std::size_t>(size));
    return der;
}

}  // namespace

std::string_view name(Algorithm algorithm) noexcept {
    return kNames[static_cast<std::size_t>(algorithm)].second;
}

std::optional<Algorithm> algorithm_of(std::string_view name) noexcept {
    for (const auto& [algorithm, text] : kNames) {
        if (text == name) return algorithm;
    }
    return {};
}

std::string_view describe(KeyError error) noexcept {
    switch (error) {
        case KeyError::secret_too_short:
            return "expected a secret of at least 32 bytes";
        case KeyError::secret_is_pem:
            return "expected a secret, got a PEM file";
        case KeyError::other_family:
            return "the algorithm does not go with this kind of key";
        case KeyError::not_pem:
            return "expected a key in PEM (-----BEGIN …)";
        case KeyError::encrypted:
            return "the private key is encrypted; decrypt it with `openssl pkey -in key.pem`";
        case KeyError::other_type:
            return "the key is of another type than the algorithm needs (RS256 and PS256: RSA, "
                   "ES256: P-256, EdDSA: Ed25519)";
        case KeyError::rsa_too_small:
            break;
    }
    return "expected an RSA key of at least 2048 bits";
}

class JwtKey::Material {
public:
    Material(Algorithm algorithm_, bool can_sign_) noexcept
        : algorithm(algorithm_), can_sign(can_sign_) {}
    Material(const Material&) = delete;
    Material& operator=(const Material&) = delete;
    virtual ~Material() = default;

    [[nodiscard]] virtual std::string sign(std::string_view text) const = 0;
    [[nodiscard]] virtual bool verify(std::string_view text, std::string_view signature) const = 0;

    const Algorithm algorithm;
    const bool can_sign;
};

namespace {

class HmacMaterial final : public JwtKey::Material {
public:
    HmacMaterial(Algorithm algorithm_, std::string_view secret)
        : Material(algorithm_, true), mac_(sha_of(algorithm_), crypto::SecretKey(secret)) {}

    std::string sign(std::string_view text) const override { return mac_.sign(text); }
    bool verify(std::string_view text, std::string_view signature) const override {
        return mac_.verify(text, signature);
    }

private:
    static crypto::Sha sha_of(Algorithm algorithm) noexcept {
        return algorithm == Algorithm::HS256   ? crypto::Sha::sha256
               : algorithm == Algorithm::HS384 ? crypto::Sha::sha384
                                               : crypto::Sha::sha512;
    }

    crypto::Hmac mac_;
};

class PairMaterial final : public JwtKey::Material {
public:
    PairMaterial(Algorithm algorithm_, bool can_sign_, Pkey key) noexcept
        : Material(algorithm_, can_sign_), key_(std::move(key)) {}

    std::string sign(std::string_view text) const override {
        if (!can_sign) throw std::logic_error("a public key can't sign");
        const DigestContext context{EVP_MD_CTX_new()};
        EVP_PKEY_CTX* settings = nullptr;
        std::size_t size = 0;
        if (!context ||
            EVP_DigestSignInit(context.get(), &settings, digest(), nullptr, key_.get()) != 1 ||
            !set_padding(settings) ||
            EVP_DigestSign(context.get(), nullptr, &size, bytes(text), text.size()) != 1) {
            throw std::runtime_error("OpenSSL can't sign with this key");
        }
        std::string signature(size, '\0');
        auto* const out = reinterpret_cast<unsigned char*>(signature.data());
        if (EVP_DigestSign(context.get(), out, &size, bytes(text), text.size()) != 1) {
            throw std::runtime_error("OpenSSL can't sign with this key");
        }
        signature.resize(size);
        return algorithm == Algorithm::ES256 ? raw_of_der(signature) : signature;
    }

    bool verify(std::string_view text, std::string_view signature) const override {
        const ForgetErrors forget;
        std::string der;
        if (algorithm == Algorithm::ES256) {
            if (signature.size() != 2 * kCoordinate) return false;
            der = der_of_raw(signature);
            signature = der;
        } else if (signature.size() != static_cast<std::size_t>(EVP_PKEY_get_size(key_.get()))) {
            // RFC 8017 §8.2.2: "If the length of the signature S is not k octets, output 'invalid
            // signature'". OpenSSL lets leading zeros be left out.
            return false;
        }
        const DigestContext context{EVP_MD_CTX_new()};
        EVP_PKEY_CTX* settings = nullptr;
        return context &&
               EVP_DigestVerifyInit(context.get(), &settings, digest(), nullptr, key_.get()) == 1 &&
               set_padding(settings) &&
               EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(text),
                                text.size()) == 1;
    }

private:
    /// Ed25519 hashes by itself.
    [[nodiscard]] const EVP_MD* digest() const noexcept {
        return algorithm == Algorithm::EdDSA ? nullptr : EVP_sha256();
    }

    /// RFC 7518 §3.5: "the size of the salt value is the same size as the hash function output".
    [[nodiscard]] bool set_padding(EVP_PKEY_CTX* settings) const noexcept {
        if (algorithm != Algorithm::PS256) return true;
        return EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING) == 1 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST) == 1;
    }

    Pkey key_;
};

/// Called where a pass phrase is needed; OpenSSL would ask the terminal for one.
int no_pass_phrase(char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

}  // namespace

std::expected<JwtKey, KeyError> JwtKey::hmac(Algorithm algorithm, std::string_view secret) {
    constexpr std::size_t kLeastBytes = 32;
    if (!is_hmac(algorithm)) return std::unexpected(KeyError::other_family);
    if (secret.contains("-----BEGIN ")) return std::unexpected(KeyError::secret_is_pem);
    if (secret.size() < kLeastBytes) return std::unexpected(KeyError::secret_too_short);
    return JwtKey(std::make_shared<HmacMaterial>(algorithm, secret));
}

std::expected<JwtKey, KeyError> JwtKey::private_key(Algorithm algorithm, std::string_view pem) {
    const ForgetErrors forget;
    if (is_hmac(algorithm)) return std::unexpected(KeyError::other_family);
    const Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    bool asked = false;
    Pkey key{PEM_read_bio_PrivateKey(bio.get(), nullptr, no_pass_phrase, &asked)};
    if (!key) return std::unexpected(asked ? KeyError::encrypted : KeyError::not_pem);
    if (const auto error = check(algorithm, key.get())) return std::unexpected(*error);
    return JwtKey(std::make_shared<PairMaterial>(algorithm, true, std::move(key)));
}

std::expected<JwtKey, KeyError> JwtKey::public_key(Algorithm algorithm, std::string_view pem) {
    const ForgetErrors forget;
    if (is_hmac(algorithm)) return std::unexpected(KeyError::other_family);
    const Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    bool asked = false;
    Pkey key{PEM_read_bio_PUBKEY(bio.get(), nullptr, no_pass_phrase, &asked)};
    if (!key) return std::unexpected(KeyError::not_pem);
    if (const auto error = check(algorithm, key.get())) return std::unexpected(*error);
    return JwtKey(std::make_shared<PairMaterial>(algorithm, false, std::move(key)));
}

Algorithm JwtKey::algorithm() const noexcept {
    return material_->algorithm;
}

bool JwtKey::can_sign() const noexcept {
    return material_->can_sign;
}

std::string JwtKey::sign(std::string_view text) const {
    return material_->sign(text);
}

bool JwtKey::verify(std::string_view text, std::string_view signature) const {
    return material_->verify(text, signature);
}

}  // namespace portico::auth
