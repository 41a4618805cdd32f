#include "portico/auth/refresh_tokens.hpp"

#include <stdexcept>

#include "portico/crypto/hash.hpp"
#include "portico/crypto/random.hpp"

namespace portico::auth {

namespace {

/// 256 bits in base64url. Anything else is not hashed, nor looked for.
constexpr std::size_t kTokenLength = 43;

std::unexpected<RefreshError> refused(RefreshError error) {
    return std::unexpected(error);
}

}  // namespace

std::string_view describe(RefreshError error) noexcept {
    switch (error) {
        case RefreshError::unknown:
            return "the refresh token is not known";
        case RefreshError::expired:
            return "the refresh token has expired";
        case RefreshError::revoked:
            return "the refresh token was revoked";
        case RefreshError::reused:
            return "the refresh token was used before: its family is revoked";
        case RefreshError::other_owner:
            break;
    }
    return "the refresh token is another user's";
}

RefreshTokens::RefreshTokens(std::chrono::seconds lifetime, const core::Clock& clock)
    : lifetime_(lifetime), clock_(clock) {
    if (lifetime <= std::chrono::seconds::zero()) {
        throw std::invalid_argument("RefreshTokens: the lifetime must be positive");
    }
}

core::Task<std::string> RefreshTokens::insert(RefreshTokenStore& store,
                                              RefreshTokenRecord& record) const {
    std::string token = crypto::random_token(32);
    record.token_hash = crypto::sha256_hex(token);
    record.expires_at = clock_.now() + lifetime_;
    record.used = false;
    co_await store.insert(record);
    co_return token;
}

core::Task<std::string> RefreshTokens::issue(RefreshTokenStore& store, std::string owner,
                                             std::string scope) const {
    RefreshTokenRecord record;
    record.family = crypto::random_token(16);
    record.owner = std::move(owner);
    record.scope = std::move(scope);
    co_return co_await insert(store, record);
}

core::Task<std::expected<RefreshTokens::Rotated, RefreshError>> RefreshTokens::rotate(
    RefreshTokenStore& store, std::string token) const {
    if (token.size() != kTokenLength) co_return refused(RefreshError::unknown);
    auto record = co_await store.find(crypto::sha256_hex(token));
    if (!record) co_return refused(RefreshError::unknown);
    if (record->revoked) co_return refused(RefreshError::revoked);
    if (record->used) {
        co_await store.revoke_family(record->family);
        co_return refused(RefreshError::reused);
    }
    const auto now = clock_.now();
    if (now >= record->expires_at) co_return refused(RefreshError::expired);
    if (!co_await store.mark_used(record->token_hash, now)) {
        // Between finding and marking another one was faster.
        co_await store.revoke_family(record->family);
        co_return refused(RefreshError::reused);
    }
    std::string next = co_await insert(store, *record);
    co_return Rotated{.token = std::move(next), .record = *std::move(record)};
}

core::Task<std::expected<void, RefreshError>> RefreshTokens::revoke(RefreshTokenStore& store,
                                                                    std::string token,
                                                                    std::string owner) const {
    if (token.size() != kTokenLength) co_return refused(RefreshError::unknown);
    const auto record = co_await store.find(crypto::sha256_hex(token));
    if (!record) co_return refused(RefreshError::unknown);
    if (record->owner != owner) co_return refused(RefreshError::other_owner);
    co_await store.revoke_family(record->family);
    co_return std::expected<void, RefreshError>{};
}

}  // namespace portico::auth
