#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "repositories/token.hpp"
#include "repositories/user.hpp"
#include "services/authenticator.hpp"
#include "services/other_instances.hpp"

namespace reference {

/// Issues, renews and ends tokens. A request's own: what it writes is its session's.
class TokenService {
public:
    TokenService(Session& session, const Authenticator& authenticator,
                 auth::RevocationCache& revoked, OtherInstances& others,
                 std::chrono::seconds refresh_lifetime) noexcept
        : session_(&session),
          refresh_tokens_(session),
          authenticator_(&authenticator),
          revoked_(&revoked),
          others_(&others),
          refresh_lifetime_(refresh_lifetime) {}

    /// For a log-in. The scopes are those of `requested` (separated by spaces) that the user holds;
    /// of nothing requested, all but `admin`. Throws `InvalidScopeError` for an unknown scope, and
    /// when none is left.
    Task<Token> issue(const User& user, std::string_view requested, const Clock& clock);

    /// A new pair for a refresh token, which is then used up. Nothing for one that is unknown,
    /// expired or used; a used one ends its family, for good: that is committed here.
    Task<std::optional<Token>> refresh(std::string_view refresh_token, const Clock& clock);

    /// Ends the refresh token's family, if it is the user's, and the access token.
    Task<void> logout(std::int64_t user_id, const AccessClaims& access,
                      std::string_view refresh_token);

private:
    [[nodiscard]] Token pair(const User& user, const std::vector<Scope>& scopes,
                             std::string refresh_token, const Clock& clock) const;

    Session* session_;
    RefreshTokenRepository refresh_tokens_;
    const Authenticator* authenticator_;
    auth::RevocationCache* revoked_;
    OtherInstances* others_;
    std::chrono::seconds refresh_lifetime_;
};

}  // namespace reference
