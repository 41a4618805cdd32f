#include "portico/auth/refusals.hpp"

namespace portico::auth {

std::string bearer_challenge(const app::SecurityScopes& scopes) {
    if (scopes.empty()) return "Bearer";
    return "Bearer scope=\"" + scopes.scope_str() + '"';
}

app::HTTPException not_authenticated(std::string_view challenge) {
    return app::HTTPException(401, "Not authenticated", {{"WWW-Authenticate", challenge}});
}

app::HTTPException bad_credentials(const app::SecurityScopes& scopes) {
    return app::HTTPException(401, "Could not validate credentials",
                              {{"WWW-Authenticate", bearer_challenge(scopes)}});
}

app::HTTPException not_enough_permissions(const app::SecurityScopes& scopes) {
    return app::HTTPException(403, "Not enough permissions",
                              {{"WWW-Authenticate", bearer_challenge(scopes)}});
}

app::HTTPException too_many_requests(const Throttled& throttled) {
    return app::HTTPException(429, "Too many requests",
                              {{"Retry-After", std::to_string(throttled.retry_after.count())}});
}

}  // namespace portico::auth
