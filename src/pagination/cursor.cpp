#include "portico/pagination/cursor.hpp"

#include <array>

#include "portico/crypto/base64.hpp"

namespace portico::pagination {
namespace {

constexpr std::size_t kTagBytes = 32;  // SHA-256

crypto::Hmac mac_of(const crypto::SecretKey& key, std::string_view label) {
    std::string purpose("portico pagination cursor\n");
    purpose += label;
    return {crypto::Sha::sha256, crypto::hkdf(key, purpose)};
}

}  // namespace

std::string_view describe(CursorError) noexcept {
    return "is not a cursor of this list";
}

CursorSeal::CursorSeal(const crypto::SecretKey& key, std::string_view label,
                       const std::optional<crypto::SecretKey>& previous)
    : current_(mac_of(key, label)) {
    if (previous) previous_ = mac_of(*previous, label);
}

std::string CursorSeal::seal(std::string_view position) const {
    std::array<char, crypto::Hmac::kMaxSize> tag;
    std::string bytes(current_.sign(position, tag));
    bytes += position;
    return crypto::base64url_encode(bytes);
}

std::expected<std::string, CursorError> CursorSeal::open(std::string_view cursor) const {
    if (cursor.size() > kMostCursorBytes) return std::unexpected(CursorError::malformed);
    const auto bytes = crypto::base64url_decode(cursor);
    if (!bytes || bytes->size() <= kTagBytes) return std::unexpected(CursorError::malformed);
    const auto tag = std::string_view(*bytes).substr(0, kTagBytes);
    const auto position = std::string_view(*bytes).substr(kTagBytes);
    if (current_.verify(position, tag) || (previous_ && previous_->verify(position, tag))) {
        return std::string(position);
    }
    return std::unexpected(CursorError::forged);
}

}  // namespace portico::pagination
