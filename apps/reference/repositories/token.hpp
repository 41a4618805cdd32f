#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <portico/auth/refresh_tokens.hpp>

#include "models/token.hpp"

namespace reference {

/// A family that is revoked is deleted.
class RefreshTokenRepository : public db::Repository<RefreshToken>, public auth::RefreshTokenStore {
public:
    using Repository::Repository;

    Task<void> insert(const auth::RefreshTokenRecord& record) override;
    Task<std::optional<auth::RefreshTokenRecord>> find(std::string_view token_hash) override;
    Task<bool> mark_used(std::string_view token_hash, Clock::SystemTime now) override;
    Task<void> revoke_family(std::string_view family) override;

    Task<void> remove_of_user(std::int64_t user_id);
    Task<void> remove_expired(std::int64_t now);
};

class RevokedTokenRepository : public db::Repository<RevokedToken> {
public:
    using Repository::Repository;

    Task<bool> contains(std::string_view jti);
    Task<void> remove_expired(std::int64_t now);
};

}  // namespace reference
