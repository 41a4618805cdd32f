#pragma once

#include <memory>

#include <portico/pagination/page.hpp>
#include <portico/portico.hpp>

#include "models/error.hpp"
#include "services/authenticator.hpp"
#include "services/item.hpp"
#include "services/other_instances.hpp"
#include "services/token.hpp"
#include "services/user.hpp"
#include "services/user_cache.hpp"

/// What the routes depend on. `Depends` names them: see docs/tutorial.md.
namespace reference {

using ItemCursors = pagination::CursorCodec<std::int64_t>;
using pagination::CursorPage;
using pagination::CursorParams;
using pagination::make_page;

/// Where a token is read from, and what its scopes mean.
inline const OAuth2PasswordBearer bearer_token{{
    .token_url = "api/v1/auth/token",
    .scopes = {{"read", "Read access"}, {"write", "Write access"}, {"admin", "Admin access"}},
}};

/// Who asks: alive, and with the scopes that the route needs.
struct CurrentUser {
    std::shared_ptr<const User> user;  ///< As it was at most a second ago.
    AccessClaims claims;

    /// What the token holds and the user still does.
    [[nodiscard]] bool has(Scope scope) const;
    [[nodiscard]] bool is_admin() const { return has(Scope::admin); }
};

/// What a route that needs a user answers besides 401 and 403, which follow from its security.
inline const auto inactive_user = response<400, ErrorResponse>("The user is disabled");

/// 401 without a good token; 400 for a disabled user; 403 without the scopes.
Task<CurrentUser> current_user(Security<bearer_token> token, const SecurityScopes& scopes,
                               const Request& request, State<Authenticator> authenticator,
                               State<auth::RevocationCache> revoked, State<UserCache> cache,
                               State<Database> database);

UserChanges get_user_changes(State<UserCache> cache, State<OtherInstances> others);

/// Made after the changes and so finished before them: what is forgotten is committed.
Session get_session(Depends<get_user_changes> changes, State<Database> database);

UserService get_user_service(Depends<get_session> session, Depends<get_user_changes> changes,
                             State<PasswordHasher> hasher, App& app);
TokenService get_token_service(Depends<get_session> session, State<Authenticator> authenticator,
                               State<auth::RevocationCache> revoked, State<OtherInstances> others,
                               State<Settings> settings);
ItemService get_item_service(Depends<get_session> session);

}  // namespace reference
