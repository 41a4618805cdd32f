#include "repositories/token.hpp"

namespace reference {

Task<bool> RefreshTokenRepository::claim(std::string_view token_hash, std::int64_t now) {
    co_return co_await where(db::column<&RefreshToken::token_hash> == token_hash &&
                             db::column<&RefreshToken::used_at> == std::nullopt)
            .update(db::set(&RefreshToken::used_at, now)) == 1;
}

Task<void> RefreshTokenRepository::remove_family(std::string_view family_id) {
    co_await where(db::column<&RefreshToken::family_id> == family_id).remove();
}

Task<void> RefreshTokenRepository::remove_of_user(std::int64_t user_id) {
    co_await where(db::column<&RefreshToken::user_id> == user_id).remove();
}

Task<void> RefreshTokenRepository::remove_expired(std::int64_t now) {
    co_await where(db::column<&RefreshToken::expires_at> <= now).remove();
}

Task<std::vector<RevokedToken>> RevokedTokenRepository::alive(std::int64_t now) {
    co_return co_await where(db::column<&RevokedToken::expires_at> > now).all();
}

Task<void> RevokedTokenRepository::remove_expired(std::int64_t now) {
    co_await where(db::column<&RevokedToken::expires_at> <= now).remove();
}

}  // namespace reference
