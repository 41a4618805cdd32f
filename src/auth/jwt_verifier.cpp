#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "auth/json_members.hpp"
#include "auth/jwt_header.hpp"
#include "portico/auth/jwt.hpp"
#include "portico/crypto/base64.hpp"

namespace portico::auth {

namespace {

using Refusal = std::unexpected<JwtError>;

/// Of an RSA key of 16384 bits, the largest that OpenSSL verifies with.
constexpr std::size_t kMaxSignature = 2048;

struct Parts {
    std::string_view header;
    std::string_view payload;
    std::string_view signature;
    std::string_view signed_text;
};

std::optional<Parts> split(std::string_view token) noexcept {
    const auto first = token.find('.');
    if (first == std::string_view::npos) return {};
    const auto second = token.find('.', first + 1);
    if (second == std::string_view::npos) return {};
    // A third dot is no character of base64url: the signature does not decode.
    return Parts{.header = token.substr(0, first),
                 .payload = token.substr(first + 1, second - first - 1),
                 .signature = token.substr(second + 1),
                 .signed_text = token.substr(0, second)};
}

JwtError error_of(JsonMembers::Fault fault) noexcept {
    switch (fault) {
        case JsonMembers::Fault::duplicate:
            return JwtError::duplicate_member;
        case JsonMembers::Fault::too_large:
            return JwtError::too_large;
        default:
            return JwtError::malformed;
    }
}

bool equal_without_case(std::string_view a, std::string_view b) noexcept {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::ranges::equal(a, b, [&](char x, char y) { return lower(x) == lower(y); });
}

/// RFC 7519 §2, NumericDate: seconds since 1970, fractions allowed. Up to the end of the year 9999.
std::expected<std::optional<double>, JwtError> date(const JsonMembers& claims,
                                                    std::string_view name) {
    const auto* claim = claims.find(name);
    if (claim == nullptr) return std::nullopt;
    constexpr double kLast = 253'402'300'799.0;
    double seconds = 0;
    const char* const end = claim->value.data() + claim->value.size();
    const auto [at, error] = std::from_chars(claim->value.data(), end, seconds);
    if (error != std::errc{} || at != end || !(seconds >= 0 && seconds <= kLast)) {
        return Refusal(JwtError::bad_claims);
    }
    return seconds;
}

/// Leaves `out` empty where there is no such claim. False: it is no text.
bool read_text(const JsonMembers& claims, std::string_view name, std::string& out) {
    const auto* claim = claims.find(name);
    if (claim == nullptr) return true;
    auto value = json_text(claim->value);
    if (!value) return false;
    out = *std::move(value);
    return true;
}

/// RFC 7519 §4.1.3: "an array of case-sensitive strings", or "a single case-sensitive string".
std::expected<std::vector<std::string>, JwtError> audiences(const JsonMembers& claims) {
    const auto* claim = claims.find("aud");
    if (claim == nullptr) return {};
    if (auto single = json_text(claim->value)) return std::vector{*std::move(single)};
    auto several = json_texts(claim->value);
    if (!several) return Refusal(JwtError::bad_claims);
    return *std::move(several);
}

/// The registered claims, right in type and accepted by the verifier.
std::expected<JwtClaims, JwtError> check_claims(const JsonMembers& members,
                                                const JwtVerifierOptions& options,
                                                const core::Clock& clock) {
    const auto exp = date(members, "exp");
    if (!exp) return Refusal(exp.error());
    const auto nbf = date(members, "nbf");
    if (!nbf) return Refusal(nbf.error());
    const auto iat = date(members, "iat");
    if (!iat) return Refusal(iat.error());
    const double now = std::chrono::duration<double>(clock.now().time_since_epoch()).count();
    const auto leeway = static_cast<double>(options.leeway.count());
    if (!*exp && options.require_expiry) return Refusal(JwtError::missing_expiry);
    // §4.1.4: "the expiration time on or after which the JWT MUST NOT be accepted".
    if (*exp && now >= **exp + leeway) return Refusal(JwtError::expired);
    if (*nbf && now < **nbf - leeway) return Refusal(JwtError::not_yet_valid);
    if (*iat && now < **iat - leeway) return Refusal(JwtError::issued_in_future);

    std::expected<JwtClaims, JwtError> claims;
    if (!read_text(members, "sub", claims->sub) || !read_text(members, "jti", claims->jti) ||
        !read_text(members, "iss", claims->iss)) {
        return Refusal(JwtError::bad_claims);
    }
    if (!options.issuer.empty() && claims->iss != options.issuer) {
        return Refusal(JwtError::wrong_issuer);
    }
    auto aud = audiences(members);
    if (!aud) return Refusal(aud.error());
    // "If the principal processing the claim does not identify itself with a value in the "aud"
    // claim when this claim is present, then the JWT MUST be rejected."
    const bool accepted = options.audience.empty() ? members.find("aud") == nullptr
                                                   : std::ranges::count(*aud, options.audience) > 0;
    if (!accepted) return Refusal(JwtError::wrong_audience);

    const auto whole = [](const std::optional<double>& seconds) -> std::optional<std::int64_t> {
        if (!seconds) return {};
        return static_cast<std::int64_t>(*seconds);
    };
    claims->aud = *std::move(aud);
    claims->exp = whole(*exp);
    claims->nbf = whole(*nbf);
    claims->iat = whole(*iat);
    return claims;
}

}  // namespace

JwtVerifier::JwtVerifier(JwtVerifierOptions options) : options_(std::move(options)) {
    if (options_.keys.empty())
        throw std::invalid_argument("JwtVerifier: expected at least one key");
    for (const JwtKey& key : options_.keys) headers_.push_back(jwt_header(key.algorithm()));
}

std::expected<Algorithm, JwtError> JwtVerifier::algorithm_of_header(std::string_view header) const {
    // Our own tokens all begin the same.
    for (std::size_t i = 0; i < headers_.size(); ++i) {
        if (header == headers_[i] && equal_without_case(options_.typ, "JWT")) {
            return options_.keys[i].algorithm();
        }
    }
    const auto json = crypto::base64url_decode(header);
    if (!json) return Refusal(JwtError::malformed);
    JsonMembers members;
    if (const auto fault = members.scan(*json); fault != JsonMembers::Fault::none) {
        return Refusal(error_of(fault));
    }
    // RFC 7515 §4.1.11: "If any of the listed extension Header Parameters are not understood and
    // supported by the recipient, then the JWS is invalid."
    if (members.find("crit") != nullptr) return Refusal(JwtError::critical_header);
    const auto* alg = members.find("alg");
    if (alg == nullptr) return Refusal(JwtError::malformed);
    const auto alg_name = json_text(alg->value);
    if (!alg_name) return Refusal(JwtError::malformed);
    const auto algorithm = algorithm_of(*alg_name);
    if (!algorithm) return Refusal(JwtError::unsupported_algorithm);
    if (const auto* typ = members.find("typ")) {
        const auto typ_name = json_text(typ->value);
        if (!typ_name) return Refusal(JwtError::malformed);
        if (!equal_without_case(*typ_name, options_.typ)) return Refusal(JwtError::wrong_type);
    }
    if (std::ranges::count(options_.keys, *algorithm, &JwtKey::algorithm) == 0) {
        return Refusal(JwtError::wrong_algorithm);
    }
    return *algorithm;
}

std::expected<void, JwtError> JwtVerifier::verify_signature(std::string& payload,
                                                            std::string_view token) const {
    if (token.size() > kMaxToken) return Refusal(JwtError::too_large);
    const auto parts = split(token);
    if (!parts) return Refusal(JwtError::malformed);
    const auto algorithm = algorithm_of_header(parts->header);
    if (!algorithm) return Refusal(algorithm.error());

    std::array<char, kMaxSignature> buffer;
    const auto size = crypto::base64url_decode(parts->signature, buffer);
    if (!size) return Refusal(JwtError::malformed);
    const std::string_view signature{buffer.data(), *size};
    const bool verified = std::ranges::any_of(options_.keys, [&](const JwtKey& key) {
        return key.algorithm() == *algorithm && key.verify(parts->signed_text, signature);
    });
    if (!verified) return Refusal(JwtError::bad_signature);

    payload.resize(crypto::base64_decoded_size(parts->payload.size()));
    const auto payload_size = crypto::base64url_decode(parts->payload, payload);
    if (!payload_size) return Refusal(JwtError::malformed);
    payload.resize(*payload_size);
    return {};
}

std::expected<JwtClaims, JwtError> JwtVerifier::verify(std::string_view token,
                                                       const core::Clock& clock) const {
    std::string payload;
    if (const auto verified = verify_signature(payload, token); !verified) {
        return Refusal(verified.error());
    }
    JsonMembers members;
    if (const auto fault = members.scan(payload); fault != JsonMembers::Fault::none) {
        return Refusal(error_of(fault));
    }
    auto claims = check_claims(members, options_, clock);
    if (claims) claims->payload = std::move(payload);
    return claims;
}

}  // namespace portico::auth
