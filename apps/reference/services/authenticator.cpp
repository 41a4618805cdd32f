#include "services/authenticator.hpp"

#include <utility>

namespace reference {

namespace {

auth::Algorithm algorithm_of(Algorithm algorithm) {
    switch (algorithm) {
        case Algorithm::HS256:
            return auth::Algorithm::HS256;
        case Algorithm::HS384:
            return auth::Algorithm::HS384;
        case Algorithm::HS512:
            return auth::Algorithm::HS512;
        case Algorithm::RS256:
            return auth::Algorithm::RS256;
        case Algorithm::PS256:
            return auth::Algorithm::PS256;
        case Algorithm::ES256:
            return auth::Algorithm::ES256;
        case Algorithm::EdDSA:
            return auth::Algorithm::EdDSA;
    }
    return auth::Algorithm::HS256;
}

bool uses_secret(Algorithm algorithm) {
    return algorithm == Algorithm::HS256 || algorithm == Algorithm::HS384 ||
           algorithm == Algorithm::HS512;
}

}  // namespace

std::expected<Authenticator, std::string> Authenticator::from(const Settings& settings) {
    const auth::Algorithm algorithm = algorithm_of(settings.algorithm);
    const auto fail = [](std::string_view field, auth::KeyError error) {
        return std::unexpected(std::string(field) + ": " + std::string(auth::describe(error)));
    };
    std::vector<auth::JwtKey> keys;
    if (uses_secret(settings.algorithm)) {
        auto key = auth::JwtKey::hmac(algorithm, settings.secret_key.reveal());
        if (!key) return fail("secret_key", key.error());
        keys.push_back(std::move(*key));
        if (settings.secret_key_previous) {
            auto previous = auth::JwtKey::hmac(algorithm, settings.secret_key_previous->reveal());
            if (!previous) return fail("secret_key_previous", previous.error());
            keys.push_back(std::move(*previous));
        }
    } else {
        if (!settings.jwt_private_key) {
            return std::unexpected("jwt_private_key: expected a key in PEM, which the algorithm " +
                                   std::string(auth::name(algorithm)) +
                                   " signs with, but it is not set");
        }
        auto key = auth::JwtKey::private_key(algorithm, settings.jwt_private_key->reveal());
        if (!key) return fail("jwt_private_key", key.error());
        keys.push_back(std::move(*key));
    }
    auth::JwtSigner signer{
        {.key = keys.front(),
         .issuer = settings.app_name,
         .audience = settings.app_name,
         .lifetime = std::chrono::minutes(settings.access_token_expire_minutes)}};
    auth::JwtVerifier verifier{
        {.keys = std::move(keys), .issuer = settings.app_name, .audience = settings.app_name}};
    return Authenticator(std::move(signer), std::move(verifier));
}

std::string Authenticator::issue(const User& user, const std::vector<Scope>& scopes,
                                 const Clock& clock) const {
    return signer_.sign(AccessClaims{.sub = user.username,
                                     .uid = user.id,
                                     .ver = user.token_version,
                                     .scopes = scopes,
                                     .exp = std::nullopt,
                                     .jti = std::nullopt,
                                     .typ = "access"},
                        clock);
}

std::optional<AccessClaims> Authenticator::verify(std::string_view token,
                                                  const Clock& clock) const {
    auto claims = verifier_.verify<AccessClaims>(token, clock);
    if (!claims || claims->typ != "access" || !claims->jti || !claims->exp) return std::nullopt;
    return *std::move(claims);
}

}  // namespace reference
