#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <portico/auth/revocation_cache.hpp>
#include <portico/portico.hpp>
#include <portico/redis/client.hpp>
#include <portico/redis/subscriber.hpp>

#include "services/user_cache.hpp"

namespace reference {

using namespace portico;

/// Tells the other instances on the same database, over Redis, what they must not believe any
/// longer, and hears it from them.
///
/// The database stays the record of users and revoked tokens, and no cache believes itself for
/// more than a second. So without a Redis, or while it is away, nothing is lost: the others are
/// only that second late. Thread-safe.
class OtherInstances {
public:
    static constexpr bool thread_safe = true;

    /// Without a client nobody is told.
    OtherInstances(std::optional<redis::Client> client, std::string_view app_name);

    /// Neither fails nor waits for long when Redis does not answer.
    Task<void> tell_changed(std::int64_t user_id);
    Task<void> tell_revoked(std::string_view jti, Clock::SystemTime expires_at);

    /// Whether Redis answers. Without one there is nothing that could not.
    Task<bool> can_be_told();

    /// What `message` says is forgotten, or known as revoked, from here on.
    static void take(std::string_view message, UserCache& users, auth::RevocationCache& revoked);

    [[nodiscard]] redis::Client* client() noexcept { return client_ ? &*client_ : nullptr; }
    [[nodiscard]] const std::string& channel() const noexcept { return channel_; }

private:
    Task<void> tell(std::string message);

    std::optional<redis::Client> client_;
    std::string channel_;
};

/// While the application serves.
Task<void> listen_to_other_instances(App& app, Serving& serving);

}  // namespace reference
