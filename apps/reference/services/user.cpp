#include "services/user.hpp"

#include <algorithm>
#include <string>

#include "errors.hpp"

namespace reference {

namespace {

[[noreturn]] void throw_taken(const db::IntegrityError& error) {
    if (error.violates("email")) throw HTTPException(400, "Email already registered");
    if (error.violates("username")) throw HTTPException(400, "Username already registered");
    throw error;
}

bool is_admin(const User& user) {
    return !user.disabled && std::ranges::find(user.scopes, Scope::admin) != user.scopes.end();
}

void sort_scopes(std::vector<Scope>& scopes) {
    std::ranges::sort(scopes);
    scopes.erase(std::ranges::unique(scopes).begin(), scopes.end());
}

}  // namespace

UserPublic to_public(const User& user) {
    return {user.id,       user.username, std::string(user.email.str()),
            user.disabled, user.scopes,   user.created_at};
}

Task<User> UserService::create_user(UserCreate user, std::vector<Scope> scopes,
                                    const Clock& clock) {
    // Before the hash, which costs a hundred times more; the database decides all the same.
    if (co_await users_.get_by_email(user.email)) {
        throw HTTPException(400, "Email already registered");
    }
    if (co_await users_.get_by_username(user.username)) {
        throw HTTPException(400, "Username already registered");
    }
    sort_scopes(scopes);
    std::string hash = co_await hasher_->hash(*hashing_, std::string(user.password.reveal()));
    auto created = co_await users_.try_create(User{.username = user.username,
                                                   .email = user.email,
                                                   .hashed_password = std::move(hash),
                                                   .scopes = std::move(scopes),
                                                   .created_at = DateTime(clock.now())});
    if (!created) throw_taken(created.error());
    co_return *std::move(created);
}

Task<std::optional<User>> UserService::authenticate(std::string_view username,
                                                    const SecretString& password) {
    const std::optional<User> found = co_await users_.get_by_username(username);
    const crypto::PasswordCheck check = co_await hasher_->check(
        *hashing_, found ? std::optional(found->hashed_password) : std::nullopt,
        std::string(password.reveal()));
    if (!check) co_return std::nullopt;
    // The hash took its time. A password that was changed meanwhile, or a user who is gone, would
    // otherwise get a refresh token after all others were ended.
    if (!co_await users_.lock(found->id)) co_return std::nullopt;
    std::optional<User> user = co_await users_.get(found->id);
    if (!user || user->token_version != found->token_version) co_return std::nullopt;
    if (check.new_hash) co_await users_.change_hash(*user, *check.new_hash);
    co_return user;
}

Task<User> UserService::change_email(std::int64_t id, Email email) {
    User user = co_await get_locked(id);
    user.email = std::move(email);
    try {
        co_await users_.update(user, &User::email);
    } catch (const db::IntegrityError& error) {
        throw_taken(error);
    }
    changes_->add(id);
    co_return user;
}

Task<bool> UserService::change_password(std::int64_t id, const PasswordChange& change) {
    const User user = co_await get(id);
    const crypto::PasswordCheck check = co_await hasher_->check(
        *hashing_, user.hashed_password, std::string(change.current_password.reveal()));
    if (!check) co_return false;
    const std::string hash =
        co_await hasher_->hash(*hashing_, std::string(change.new_password.reveal()));
    // False where another request has changed it since: what was checked is no longer the password.
    if (!co_await users_.change_password(user, hash)) co_return false;
    co_await refresh_tokens_.remove_of_user(id);
    changes_->add(id);
    co_return true;
}

Task<std::vector<User>> UserService::list(std::int64_t skip, std::int64_t limit) {
    co_return co_await users_.get_all(skip, limit);
}

Task<User> UserService::update(std::int64_t id, const Partial<AdminUserUpdate>& update) {
    co_await users_.lock_admins();
    User user = co_await get_locked(id);
    const User before = user;
    update.apply_to(user);
    sort_scopes(user.scopes);
    co_await users_.update(user, &User::disabled, &User::scopes);
    changes_->add(id);
    if (is_admin(before) && !is_admin(user)) co_await require_admin_left();

    const bool loses =
        (user.disabled && !before.disabled) || !std::ranges::includes(user.scopes, before.scopes);
    if (loses) co_await refresh_tokens_.remove_of_user(id);
    co_return user;
}

Task<void> UserService::remove(std::int64_t id) {
    co_await users_.lock_admins();
    if (!co_await users_.remove(id)) throw NotFoundError("User", id);
    changes_->add(id);
    co_await require_admin_left();
}

Task<User> UserService::get(std::int64_t id) {
    std::optional<User> user = co_await users_.get(id);
    if (!user) throw NotFoundError("User", id);
    co_return *std::move(user);
}

Task<User> UserService::get_locked(std::int64_t id) {
    if (!co_await users_.lock(id)) throw NotFoundError("User", id);
    co_return co_await get(id);
}

Task<void> UserService::require_admin_left() {
    if (co_await users_.count_admins() == 0) throw LastAdminError();
}

}  // namespace reference
