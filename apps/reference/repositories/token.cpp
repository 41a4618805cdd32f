#include "repositories/token.hpp"

#include <chrono>
#include <string>

namespace reference {

namespace {

std::int64_t seconds_of(Clock::SystemTime time) {
    return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

Task<void> RefreshTokenRepository::insert(const auth::RefreshTokenRecord& record) {
    co_await create({.token_hash = record.token_hash,
                     .family_id = record.family,
                     .user_id = std::stoll(record.owner),
                     .scopes = record.scope,
                     .expires_at = seconds_of(record.expires_at),
                     .used_at = std::nullopt});
}

Task<std::optional<auth::RefreshTokenRecord>> RefreshTokenRepository::find(
    std::string_view token_hash) {
    const std::optional<RefreshToken> row = co_await get(token_hash);
    if (!row) co_return std::nullopt;
    co_return auth::RefreshTokenRecord{
        .token_hash = row->token_hash,
        .family = row->family_id,
        .owner = std::to_string(row->user_id),
        .scope = row->scopes,
        .expires_at = Clock::SystemTime{std::chrono::seconds{row->expires_at}},
        .used = row->used_at.has_value()};
}

Task<bool> RefreshTokenRepository::mark_used(std::string_view token_hash, Clock::SystemTime now) {
    co_return co_await where(db::column<&RefreshToken::token_hash> == token_hash &&
                             db::column<&RefreshToken::used_at> == std::nullopt)
            .update(db::set(&RefreshToken::used_at, seconds_of(now))) == 1;
}

// A deletion waits for a rotation that is under way, and does not see the token that this one adds:
// the next one does.

Task<void> RefreshTokenRepository::revoke_family(std::string_view family) {
    while (co_await where(db::column<&RefreshToken::family_id> == family).remove() > 0) {
    }
}

Task<void> RefreshTokenRepository::remove_of_user(std::int64_t user_id) {
    while (co_await where(db::column<&RefreshToken::user_id> == user_id).remove() > 0) {
    }
}

Task<void> RefreshTokenRepository::remove_expired(std::int64_t now) {
    co_await where(db::column<&RefreshToken::expires_at> <= now).remove();
}

Task<bool> RevokedTokenRepository::contains(std::string_view jti) {
    co_return (co_await get(jti)).has_value();
}

Task<void> RevokedTokenRepository::remove_expired(std::int64_t now) {
    co_await where(db::column<&RevokedToken::expires_at> <= now).remove();
}

}  // namespace reference
