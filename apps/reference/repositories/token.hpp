#pragma once

#include <cstdint>
#include <string_view>

#include "models/token.hpp"

namespace reference {

class RefreshTokenRepository : public db::Repository<RefreshToken> {
public:
    using Repository::Repository;

    /// True for one caller alone, however many have the same token.
    Task<bool> claim(std::string_view token_hash, std::int64_t now);
    Task<void> remove_family(std::string_view family_id);
    Task<void> remove_of_user(std::int64_t user_id);
    Task<void> remove_expired(std::int64_t now);
};

class RevokedTokenRepository : public db::Repository<RevokedToken> {
public:
    using Repository::Repository;

    Task<std::vector<RevokedToken>> alive(std::int64_t now);
    Task<void> remove_expired(std::int64_t now);
};

}  // namespace reference
