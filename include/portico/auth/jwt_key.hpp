#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace portico::auth {

/// How a token is signed (RFC 7518 §3.1, RFC 8037 §3.1). There is no "none".
enum class Algorithm : std::uint8_t {
    HS256,  ///< HMAC with SHA-256: who can verify can sign.
    HS384,
    HS512,
    RS256,  ///< RSASSA-PKCS1-v1_5 with SHA-256.
    PS256,  ///< RSASSA-PSS with SHA-256 and a salt of 32 bytes.
    ES256,  ///< ECDSA on P-256 with SHA-256; the signature is r and s, 32 bytes each.
    EdDSA,  ///< Ed25519.
};

/// As it stands in a token's header: "HS256".
[[nodiscard]] std::string_view name(Algorithm algorithm) noexcept;
/// Exactly those names, case included.
[[nodiscard]] std::optional<Algorithm> algorithm_of(std::string_view name) noexcept;

/// Why a text can't be a key. `describe` gives the sentence that a settings error shows.
enum class KeyError : std::uint8_t {
    /// An HMAC secret of less than 32 bytes can be found by trying.
    secret_too_short,
    /// An HMAC secret that is a PEM file: a public key taken for a secret would let everybody sign.
    secret_is_pem,
    /// `hmac` with an algorithm of key pairs, or the reverse.
    other_family,
    /// No PEM block of the kind that is needed, or one that does not decode.
    not_pem,
    /// A private key under a pass phrase. Decrypt it first: `openssl pkey -in key.pem`.
    encrypted,
    /// A key of another type: an RSA key for ES256, a curve that is not P-256.
    other_type,
    /// An RSA key of less than 2048 bits (RFC 7518 §3.3).
    rsa_too_small,
};

[[nodiscard]] std::string_view describe(KeyError error) noexcept;

/// A key that is bound to one algorithm: a token whose header names another one does not pass,
/// whatever its signature. Immutable; copies share the key. Thread-safe.
///
///     auto key = JwtKey::hmac(Algorithm::HS256, settings.secret_key);
///     if (!key) return std::unexpected(describe(key.error()));
class JwtKey {
public:
    /// For HS256, HS384, HS512: at least 32 bytes.
    [[nodiscard]] static std::expected<JwtKey, KeyError> hmac(Algorithm algorithm,
                                                              std::string_view secret);
    /// Signs and verifies. PKCS #8, or the older form of its type, in PEM.
    [[nodiscard]] static std::expected<JwtKey, KeyError> private_key(Algorithm algorithm,
                                                                     std::string_view pem);
    /// Verifies only. SubjectPublicKeyInfo ("BEGIN PUBLIC KEY") in PEM.
    [[nodiscard]] static std::expected<JwtKey, KeyError> public_key(Algorithm algorithm,
                                                                    std::string_view pem);

    [[nodiscard]] Algorithm algorithm() const noexcept;
    [[nodiscard]] bool can_sign() const noexcept;

    /// The raw signature of `text`, as RFC 7518 defines it. Throws `std::logic_error` for a key
    /// that only verifies.
    [[nodiscard]] std::string sign(std::string_view text) const;
    /// HMACs are compared in constant time. HS256 with 200 bytes of text costs about 0.4 µs.
    [[nodiscard]] bool verify(std::string_view text, std::string_view signature) const;

    class Material;

private:
    explicit JwtKey(std::shared_ptr<const Material> material) : material_(std::move(material)) {}

    std::shared_ptr<const Material> material_;
};

}  // namespace portico::auth
