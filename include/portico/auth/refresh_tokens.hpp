#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "portico/core/clock.hpp"
#include "portico/core/task.hpp"

namespace portico::auth {

/// What is stored of a refresh token: never the token.
struct RefreshTokenRecord {
    std::string token_hash;  ///< SHA-256 in 64 hexadecimal digits; the key.
    std::string family;      ///< All tokens that descend from one log-in; 22 characters.
    std::string owner;       ///< Whose it is: a user's id.
    std::string scope;       ///< What was granted at the log-in, carried along.
    core::Clock::SystemTime expires_at;
    bool used = false;     ///< It was rotated.
    bool revoked = false;  ///< Its family was revoked.
};

/// Where refresh tokens are kept. A program implements it over its database, so that it works in
/// the transaction of the request.
class RefreshTokenStore {
public:
    virtual ~RefreshTokenStore() = default;

    virtual core::Task<void> insert(const RefreshTokenRecord& record) = 0;
    virtual core::Task<std::optional<RefreshTokenRecord>> find(std::string_view token_hash) = 0;
    /// Marks a token that is neither used nor revoked as used, in **one** statement: of two that
    /// race exactly one is told true.
    ///
    ///     UPDATE refresh_tokens SET used_at = ? WHERE token_hash = ? AND used_at IS NULL
    virtual core::Task<bool> mark_used(std::string_view token_hash,
                                       core::Clock::SystemTime now) = 0;
    /// Revokes every token of the family, the unused one too. Deleting them will do.
    virtual core::Task<void> revoke_family(std::string_view family) = 0;
};

/// Why a refresh token is not taken. A client is told the same for all of them.
enum class RefreshError : std::uint8_t {
    unknown,      ///< Not a token of this store.
    expired,      ///< Its time is over.
    revoked,      ///< Its family was revoked: a log-out, a lost right, a theft that was noticed.
    reused,       ///< It had been rotated already: one of its two holders is a thief.
    other_owner,  ///< It is not the bearer's.
};

[[nodiscard]] std::string_view describe(RefreshError error) noexcept;

/// Refresh tokens (RFC 6749 §1.5) that are good for one use each (RFC 9700 §4.14.2): opaque, of 256
/// random bits, stored as hashes. Using one a second time revokes all that descend from the same
/// log-in, also when both uses race. Keeps no state; thread-safe.
///
/// After `reused` the revocation lies in the store's transaction: **commit it, then refuse.** An
/// exception that rolls the transaction back would give the thief his token back.
///
///     auto rotated = co_await tokens.rotate(store, body.refresh_token);
///     if (!rotated) { co_await session.commit(); throw … 401; }
class RefreshTokens {
public:
    static constexpr bool thread_safe = true;

    struct Rotated {
        std::string token;  ///< The new one; the old one is used up.
        RefreshTokenRecord record;
    };

    /// Throws `std::invalid_argument` for a lifetime that is not positive.
    explicit RefreshTokens(std::chrono::seconds lifetime = std::chrono::days(7),
                           const core::Clock& clock = core::system_clock());

    /// The first token of a new family. It is shown this once.
    [[nodiscard]] core::Task<std::string> issue(RefreshTokenStore& store, std::string owner,
                                                std::string scope) const;

    /// Takes a token and gives the next one of its family.
    [[nodiscard]] core::Task<std::expected<Rotated, RefreshError>> rotate(RefreshTokenStore& store,
                                                                          std::string token) const;

    /// Revokes the family of a token, if it is `owner`'s; also that of a token that was used, or
    /// whose time is over.
    [[nodiscard]] core::Task<std::expected<void, RefreshError>> revoke(RefreshTokenStore& store,
                                                                       std::string token,
                                                                       std::string owner) const;

private:
    [[nodiscard]] core::Task<std::string> insert(RefreshTokenStore& store,
                                                 RefreshTokenRecord& record) const;

    std::chrono::seconds lifetime_;
    const core::Clock& clock_;
};

}  // namespace portico::auth
