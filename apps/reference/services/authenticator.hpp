#pragma once

#include <expected>
#include <string>
#include <string_view>

#include <portico/auth.hpp>

#include "models/token.hpp"
#include "settings.hpp"

namespace reference {

/// Signs and verifies access tokens. Immutable, thread-safe.
class Authenticator {
public:
    static constexpr bool thread_safe = true;

    /// The error is a sentence for who starts the server; it holds nothing of a key.
    [[nodiscard]] static std::expected<Authenticator, std::string> from(const Settings& settings);

    [[nodiscard]] std::string issue(const User& user, const std::vector<Scope>& scopes,
                                    const Clock& clock) const;
    /// The claims of a token that is ours, alive and an access token. Whether the user is, is for
    /// the caller to find out.
    [[nodiscard]] std::optional<AccessClaims> verify(std::string_view token,
                                                     const Clock& clock) const;
    [[nodiscard]] std::chrono::seconds lifetime() const noexcept { return signer_.lifetime(); }

private:
    Authenticator(auth::JwtSigner signer, auth::JwtVerifier verifier)
        : signer_(std::move(signer)), verifier_(std::move(verifier)) {}

    auth::JwtSigner signer_;
    auth::JwtVerifier verifier_;
};

[[nodiscard]] inline std::int64_t seconds_since_1970(const Clock& clock) {
    return std::chrono::duration_cast<std::chrono::seconds>(clock.now().time_since_epoch()).count();
}

}  // namespace reference
