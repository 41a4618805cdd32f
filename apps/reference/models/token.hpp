#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <portico/db.hpp>
#include <portico/portico.hpp>

#include "models/user.hpp"

namespace reference {

/// What a log-in answers.
struct Token {
    std::string access_token;
    Annotated<std::string> token_type = "bearer";
    std::int64_t expires_in = 0;  ///< Seconds.
    std::string refresh_token;
    Annotated<std::string, description("The scopes of the access token, separated by spaces")>
        scope;
};

struct RefreshRequest {
    Annotated<std::string, max_length(8192)> refresh_token;
};

/// The claims of an access token besides `iss, aud, iat, nbf`.
struct AccessClaims {
    std::string sub;   ///< The username.
    std::int64_t uid;  ///< The user's id: a name that is registered again inherits nothing.
    std::int64_t ver;  ///< `User::token_version` when the token was made.
    std::vector<Scope> scopes;
    std::optional<std::int64_t> exp;
    std::optional<std::string> jti;
    std::string typ;  ///< "access"

    [[nodiscard]] Clock::SystemTime expires_at() const {
        return Clock::SystemTime{std::chrono::seconds{exp.value_or(0)}};
    }
};

/// A row of `refresh_tokens`. The token itself is kept nowhere.
struct RefreshToken {
    static constexpr auto table = db::Table{"refresh_tokens"};

    Annotated<std::string, primary_key> token_hash;  ///< SHA-256.
    /// What was made of one log-in: a token that is used twice ends all of it.
    Annotated<std::string, indexed> family_id;
    Annotated<std::int64_t, foreign_key("users.id", on_delete::cascade), indexed> user_id;
    std::string scopes;                           ///< Granted at the log-in, separated by spaces.
    Annotated<std::int64_t, indexed> expires_at;  ///< Seconds since 1970.
    std::optional<std::int64_t> used_at;
};

/// A row of `revoked_tokens`: an access token that was logged out.
struct RevokedToken {
    static constexpr auto table = db::Table{"revoked_tokens"};

    Annotated<std::string, primary_key> jti;
    Annotated<std::int64_t, indexed> expires_at;  ///< Seconds since 1970.
};

}  // namespace reference
