#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <portico/db.hpp>
#include <portico/portico.hpp>

namespace reference {

using namespace portico;

enum class Scope { read, write, admin };

using Username = Annotated<std::string, min_length(3), max_length(50), pattern("^[A-Za-z0-9_.-]+$"),
                           description("Kept as written, unique without regard to case")>;
using Password = Annotated<SecretString, min_length(8), max_length(128)>;

/// A row of `users`. What clients see of it is `UserPublic`.
struct User {
    static constexpr auto table = db::Table{"users"};

    Annotated<std::int64_t, primary_key> id = 0;
    Annotated<std::string, unique(nocase)> username;
    Annotated<Email, unique(nocase)> email;
    std::string hashed_password;
    bool disabled = false;
    std::vector<Scope> scopes;
    DateTime created_at;
    /// Raised when every token issued before must die.
    std::int64_t token_version = 0;
};

struct UserCreate {
    Username username;
    Email email;
    Password password;
};

struct UserUpdate {
    Email email;
};

struct PasswordChange {
    Annotated<SecretString, max_length(128)> current_password;
    Password new_password;
};

struct AdminUserUpdate {
    bool disabled;
    std::vector<Scope> scopes;
};

struct UserPublic {
    std::int64_t id;
    std::string username;
    std::string email;
    bool disabled;
    std::vector<Scope> scopes;
    DateTime created_at;
};

struct Deleted {
    bool deleted = true;
};

}  // namespace reference
