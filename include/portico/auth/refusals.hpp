#pragma once

#include <string>
#include <string_view>

#include "portico/app/exceptions.hpp"
#include "portico/app/security.hpp"
#include "portico/auth/login_throttle.hpp"

/// What is thrown at those who may not: with the `WWW-Authenticate` that RFC 6750 §3 asks for.
///
///     if (!claims) throw auth::bad_credentials(scopes);
namespace portico::auth {

/// `Bearer`, or `Bearer scope="read write"` where scopes are asked for.
[[nodiscard]] std::string bearer_challenge(const app::SecurityScopes& scopes);

/// 401 `Not authenticated`: there are no credentials.
[[nodiscard]] app::HTTPException not_authenticated(std::string_view challenge = "Bearer");

/// 401 `Could not validate credentials`: forged, expired, revoked, of nobody. Not said which.
[[nodiscard]] app::HTTPException bad_credentials(const app::SecurityScopes& scopes = {});

/// 403 `Not enough permissions`: good credentials with too few scopes.
[[nodiscard]] app::HTTPException not_enough_permissions(const app::SecurityScopes& scopes);

/// 429 `Too many requests` with `Retry-After`.
[[nodiscard]] app::HTTPException too_many_requests(const Throttled& throttled);

}  // namespace portico::auth
