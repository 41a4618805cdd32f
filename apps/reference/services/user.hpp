#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <portico/auth.hpp>

#include "repositories/token.hpp"
#include "repositories/user.hpp"
#include "services/user_cache.hpp"

namespace reference {

/// What can be done with users. A request's own: what it writes is its session's.
class UserService {
public:
    UserService(UserRepository users, RefreshTokenRepository refresh_tokens,
                const PasswordHasher& hasher, Executor& hashing, UserChanges& changes) noexcept
        : users_(users),
          refresh_tokens_(refresh_tokens),
          hasher_(&hasher),
          hashing_(&hashing),
          changes_(&changes) {}

    /// 400 when the name or the address is taken, also by another request at the same time.
    Task<User> create_user(UserCreate user, std::vector<Scope> scopes, const Clock& clock);

    /// The user, when the password is right. As slow for an unknown name as for a wrong password.
    Task<std::optional<User>> authenticate(std::string_view username, const SecretString& password);

    /// 400 when another has the address.
    Task<User> change_email(std::int64_t id, Email email);

    /// True, and every token of the user issued before is dead. False: the current password is
    /// wrong.
    Task<bool> change_password(std::int64_t id, const PasswordChange& change);

    Task<std::vector<User>> list(std::int64_t skip, std::int64_t limit);

    /// Taking rights away kills the user's refresh tokens. 404; 409 for the last admin.
    Task<User> update(std::int64_t id, const Partial<AdminUserUpdate>& update);

    /// With all that is the user's. 404; 409 for the last admin.
    Task<void> remove(std::int64_t id);

private:
    Task<User> get(std::int64_t id);
    Task<User> get_locked(std::int64_t id);
    Task<void> require_admin_left();

    UserRepository users_;
    RefreshTokenRepository refresh_tokens_;
    const PasswordHasher* hasher_;
    Executor* hashing_;
    UserChanges* changes_;
};

[[nodiscard]] UserPublic to_public(const User& user);

}  // namespace reference
