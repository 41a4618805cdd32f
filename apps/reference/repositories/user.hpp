#pragma once

#include <optional>
#include <string_view>

#include "models/user.hpp"

namespace reference {

class UserRepository : public db::Repository<User> {
public:
    using Repository::Repository;

    /// Names and addresses compare without regard to case: so are their columns declared.
    Task<std::optional<User>> get_by_username(std::string_view username);
    Task<std::optional<User>> get_by_email(const Email& email);
    /// Those that are enabled.
    Task<std::int64_t> count_admins();
    /// From here to its end, this session alone decides who stays an admin. Comes before every
    /// other lock, so that two sessions never wait for each other.
    Task<void> lock_admins();

    /// Takes the session's turn to write: what is read of the user after it stays true until the
    /// session ends. False: there is no such user.
    Task<bool> lock(std::int64_t id);

    /// False when the hash is no longer `user.hashed_password`: another request has changed it.
    Task<bool> change_hash(const User& user, std::string_view hash);
    /// The same, and every token issued before is dead.
    Task<bool> change_password(const User& user, std::string_view hash);
};

}  // namespace reference
