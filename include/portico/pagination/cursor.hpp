#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "portico/crypto/hmac.hpp"
#include "portico/crypto/secret.hpp"
#include "portico/model/read.hpp"
#include "portico/model/write.hpp"

namespace portico::pagination {

/// Why a text is no cursor of this list. Answer 422; all three read the same to a client.
enum class CursorError : std::uint8_t {
    malformed,   ///< Not made by any codec: too long, not base64url, too short.
    forged,      ///< Signed with another key, or for another list or order, or changed.
    unreadable,  ///< Well signed, but of another shape: a cursor from before a release.
};

/// "is not a cursor of this list": what comes after the parameter's name in an answer.
[[nodiscard]] std::string_view describe(CursorError error) noexcept;

/// Longer texts are refused before they are looked at.
inline constexpr std::size_t kMostCursorBytes = 1024;

/// Signs texts so that only what this program made for this list comes back. A client can read the
/// text, not change or make one. Thread-safe; copies share their state.
class CursorSeal {
public:
    /// The key of the seal is derived from `key` (HKDF) and the label, "GET /items by id": a cursor
    /// of one list, or of another order of it, is no cursor of another. What `previous` signed is
    /// accepted too, for the rotation of keys.
    CursorSeal(const crypto::SecretKey& key, std::string_view label,
               const std::optional<crypto::SecretKey>& previous = std::nullopt);

    [[nodiscard]] std::string seal(std::string_view position) const;
    [[nodiscard]] std::expected<std::string, CursorError> open(std::string_view cursor) const;

private:
    crypto::Hmac current_;
    std::optional<crypto::Hmac> previous_;
};

/// Cursors whose position is a `Position`: an id, or a model of the columns that a list is ordered
/// by. Such a list is asked for "after this position", never by an offset, so that rows which come
/// and go in between are neither shown twice nor left out.
///
///     struct ByPrice { double price; std::int64_t id; };
///     const CursorCodec<ByPrice> cursors(key, "GET /items by price");
template <class Position>
class CursorCodec {
public:
    CursorCodec(const crypto::SecretKey& key, std::string_view label,
                const std::optional<crypto::SecretKey>& previous = std::nullopt)
        : seal_(key, label, previous) {}

    [[nodiscard]] std::string encode(const Position& position) const {
        return seal_.seal(model::to_json(position));
    }
    [[nodiscard]] std::expected<Position, CursorError> decode(std::string_view cursor) const {
        auto json = seal_.open(cursor);
        if (!json) return std::unexpected(json.error());
        auto position = model::read_json<Position>(*json);
        if (!position) return std::unexpected(CursorError::unreadable);
        return *std::move(position);
    }

private:
    CursorSeal seal_;
};

}  // namespace portico::pagination
