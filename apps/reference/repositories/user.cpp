#include "repositories/user.hpp"

namespace reference {

Task<std::optional<User>> UserRepository::get_by_username(std::string_view username) {
    co_return co_await where(db::column<&User::username> == username).first();
}

Task<std::optional<User>> UserRepository::get_by_email(const Email& email) {
    co_return co_await where(db::column<&User::email> == email).first();
}

Task<std::int64_t> UserRepository::count_admins() {
    const auto count = co_await session().fetch_one<std::int64_t>(
        "SELECT count(*) FROM users "
        "WHERE NOT disabled AND CAST(scopes AS TEXT) LIKE '%\"admin\"%'");
    co_return count.value_or(0);
}

Task<void> UserRepository::lock_admins() {
    co_await session().execute(
        "UPDATE users SET token_version = token_version "
        "WHERE NOT disabled AND CAST(scopes AS TEXT) LIKE '%\"admin\"%'");
}

Task<bool> UserRepository::lock(std::int64_t id) {
    co_return co_await where(db::column<&User::id> == id).update(db::set(&User::id, id)) == 1;
}

Task<bool> UserRepository::change_hash(const User& user, std::string_view hash) {
    co_return co_await where(db::column<&User::id> == user.id.value &&
                             db::column<&User::hashed_password> == user.hashed_password)
            .update(db::set(&User::hashed_password, hash)) == 1;
}

Task<bool> UserRepository::change_password(const User& user, std::string_view hash) {
    co_return co_await where(db::column<&User::id> == user.id.value &&
                             db::column<&User::hashed_password> == user.hashed_password)
            .update(db::set(&User::hashed_password, hash),
                    db::set(&User::token_version, user.token_version + 1)) == 1;
}

}  // namespace reference
