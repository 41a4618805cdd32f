#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "portico/auth/jwt_error.hpp"
#include "portico/auth/jwt_key.hpp"
#include "portico/core/clock.hpp"
#include "portico/model/read.hpp"
#include "portico/model/write.hpp"

namespace portico::auth {

/// The registered claims (RFC 7519 §4.1) of a token that was verified, and all of its payload.
struct JwtClaims {
    std::string sub;
    std::string iss;
    std::string jti;
    std::vector<std::string> aud;     ///< A single audience is a list of one.
    std::optional<std::int64_t> exp;  ///< Seconds since 1970, as the other two.
    std::optional<std::int64_t> nbf;
    std::optional<std::int64_t> iat;
    std::string payload;  ///< The JSON object, for claims of other names.
};

struct JwtSignerOptions {
    JwtKey key;
    std::string issuer = {};                 ///< `iss`; empty: none.
    std::string audience = {};               ///< `aud`; empty: none.
    std::chrono::seconds lifetime{30 * 60};  ///< From `iat` to `exp`.
};

/// Makes tokens (JWS compact serialisation, RFC 7515 §7.1). Immutable, thread-safe.
///
///     struct AccessClaims {
///         std::string sub;
///         std::vector<std::string> scopes;
///     };
///     const JwtSigner signer{{.key = key, .issuer = "shop", .audience = "shop"}};
///     std::string token = signer.sign(AccessClaims{"alice", {"read"}}, clock);
class JwtSigner {
public:
    static constexpr bool thread_safe = true;

    /// Throws `std::invalid_argument` for a key that can't sign or a lifetime that is not positive.
    explicit JwtSigner(JwtSignerOptions options);

    /// Signs a model. Those of `iss, aud, iat, nbf, exp, jti` (128 random bits) that the claims
    /// lack, or have as null, are added.
    template <class Claims>
    [[nodiscard]] std::string sign(const Claims& claims, const core::Clock& clock) const;

    /// The same for a JSON object. Throws `std::invalid_argument` when it is none.
    [[nodiscard]] std::string sign_json(std::string_view object, const core::Clock& clock) const;

    [[nodiscard]] std::chrono::seconds lifetime() const noexcept { return options_.lifetime; }

private:
    JwtSignerOptions options_;
    std::string header_;  ///< As it stands in the token, with the dot.
};

struct JwtVerifierOptions {
    /// Each is tried that is bound to the token's algorithm: the present key and, while tokens of
    /// the one before are still alive, that one.
    std::vector<JwtKey> keys;
    std::string issuer = {};    ///< What `iss` must be; empty: it may be anything.
    std::string audience = {};  ///< What `aud` must hold; empty: there must be no `aud`.
    /// How far the clocks of who signs and who verifies may differ.
    std::chrono::seconds leeway{30};
    /// What the header's `typ` must be, without regard to case, where it is there.
    std::string typ = "JWT";
    bool require_expiry = true;
};

/// Verifies tokens: bounds, header and signature first, and only then the claims. Immutable,
/// thread-safe.
///
///     const JwtVerifier verifier{{.keys = {key}, .issuer = "shop", .audience = "shop"}};
///     auto claims = verifier.verify<AccessClaims>(token, clock);
///     if (!claims) log.info("token refused", {{"why", describe(claims.error())}});
class JwtVerifier {
public:
    static constexpr bool thread_safe = true;
    static constexpr std::size_t kMaxToken = 8 * 1024;

    /// Throws `std::invalid_argument` without a key.
    explicit JwtVerifier(JwtVerifierOptions options);

    /// The claims read into a model, registered ones too where it has them; claims that it does not
    /// have are ignored, those that it requires must be there.
    template <class Claims>
    [[nodiscard]] std::expected<Claims, JwtError> verify(std::string_view token,
                                                         const core::Clock& clock) const;

    [[nodiscard]] std::expected<JwtClaims, JwtError> verify(std::string_view token,
                                                            const core::Clock& clock) const;

private:
    [[nodiscard]] std::expected<void, JwtError> verify_signature(std::string& payload,
                                                                 std::string_view token) const;
    [[nodiscard]] std::expected<Algorithm, JwtError> algorithm_of_header(
        std::string_view header) const;

    JwtVerifierOptions options_;
    std::vector<std::string> headers_;  ///< Of our own tokens, one for each key.
};

template <class Claims>
std::string JwtSigner::sign(const Claims& claims, const core::Clock& clock) const {
    return sign_json(model::to_json(claims), clock);
}

template <class Claims>
std::expected<Claims, JwtError> JwtVerifier::verify(std::string_view token,
                                                    const core::Clock& clock) const {
    const auto verified = verify(token, clock);
    if (!verified) return std::unexpected(verified.error());
    auto claims = model::read_json<Claims>(verified->payload);
    if (!claims) return std::unexpected(JwtError::bad_claims);
    return *std::move(claims);
}

}  // namespace portico::auth
