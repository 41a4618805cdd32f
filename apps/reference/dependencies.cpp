#include "dependencies.hpp"

#include <algorithm>
#include <string_view>

namespace reference {

namespace {

std::string_view name_of(Scope scope) {
    switch (scope) {
        case Scope::read:
            return "read";
        case Scope::write:
            return "write";
        case Scope::admin:
            return "admin";
    }
    return {};
}

bool contains(const std::vector<Scope>& scopes, Scope scope) {
    return std::ranges::find(scopes, scope) != scopes.end();
}

Task<std::shared_ptr<const User>> find_user(UserCache& cache, const Database& database,
                                            std::int64_t id, const Clock& clock) {
    if (auto cached = cache.get(id, clock.steady_now())) co_return cached;
    const std::uint64_t generation = cache.generation(id);
    Session session = database.session();
    std::optional<User> found = co_await UserRepository(session).get(id);
    if (!found) co_return nullptr;
    auto user = std::make_shared<const User>(*std::move(found));
    cache.put(user, generation, clock.steady_now());
    co_return user;
}

Task<bool> is_logged_out(const Database& database, std::string_view jti) {
    Session session = database.session();
    co_return co_await RevokedTokenRepository(session).contains(jti);
}

}  // namespace

bool CurrentUser::has(Scope scope) const {
    return contains(claims.scopes, scope) && contains(user->scopes, scope);
}

Task<CurrentUser> current_user(Security<bearer_token> token, const SecurityScopes& scopes,
                               const Request& request, State<Authenticator> authenticator,
                               State<auth::RevocationCache> revoked, State<UserCache> cache,
                               State<Database> database) {
    auto claims = authenticator->verify(*token, request.clock());
    if (!claims) throw auth::bad_credentials(scopes);
    const bool logged_out = co_await revoked->is_revoked(
        *claims->jti, claims->expires_at(), [&] { return is_logged_out(*database, *claims->jti); });
    if (logged_out) throw auth::bad_credentials(scopes);
    auto user = co_await find_user(*cache, *database, claims->uid, request.clock());
    if (!user || user->username != claims->sub || user->token_version != claims->ver) {
        throw auth::bad_credentials(scopes);
    }
    if (user->disabled) throw HTTPException(400, "Inactive user");

    CurrentUser current{std::move(user), *std::move(claims)};
    for (const std::string& wanted : scopes.scopes()) {
        const bool held = std::ranges::any_of(current.claims.scopes, [&](Scope scope) {
            return name_of(scope) == wanted && current.has(scope);
        });
        if (!held) throw auth::not_enough_permissions(scopes);
    }
    co_return current;
}

UserChanges get_user_changes(State<UserCache> cache, State<OtherInstances> others) {
    return {*cache, *others};
}

Session get_session(Depends<get_user_changes>, State<Database> database) {
    return database->session();
}

UserService get_user_service(Depends<get_session> session, Depends<get_user_changes> changes,
                             State<PasswordHasher> hasher, App& app) {
    return {UserRepository(*session), RefreshTokenRepository(*session), *hasher,
            app.executors().hashing, *changes};
}

TokenService get_token_service(Depends<get_session> session, State<Authenticator> authenticator,
                               State<auth::RevocationCache> revoked, State<OtherInstances> others,
                               State<Settings> settings) {
    return {*session, *authenticator, *revoked, *others,
            std::chrono::hours(24 * settings->refresh_token_expire_days)};
}

ItemService get_item_service(Depends<get_session> session) {
    return ItemService(ItemRepository(*session));
}

}  // namespace reference
