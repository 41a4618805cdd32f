#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "portico/core/reactor.hpp"
#include "portico/core/task.hpp"
#include "portico/guard/ban_list.hpp"
#include "portico/redis/client.hpp"

namespace portico::guard {

/// The bans of all instances together, in Redis: a key for each, which ends with it, and a channel
/// on which every change is told. Suspicious requests are counted there too.
///
/// Nothing of it waits for Redis; while that is away each instance has its own bans, and tells them
/// afterwards.
class SharedBans {
public:
    SharedBans(redis::Client& client, const std::string& prefix, BanOptions options);

    /// Counts a suspicious request; the one that reaches the threshold makes a ban, of which every
    /// instance is told.
    void suspect(const http::IpAddress& client);
    void put(const Ban& ban);
    void lift(const http::IpAddress& client, core::Clock::SystemTime now);

    /// Keeps a list as the others have it, as long as the handle lives. `may_be_banned` says whom
    /// it takes.
    [[nodiscard]] std::shared_ptr<void> follow(
        core::Reactor& loop, BanList& list,
        std::function<bool(const http::IpAddress&)> may_be_banned);

private:
    class Follower;

    /// Takes over every ban that there is, and tells those that are missing there.
    [[nodiscard]] core::Task<void> load(Follower& follower);

    redis::Client& client_;
    BanOptions options_;
    std::string ban_key_;
    std::string suspect_key_;
    std::string channel_;
};

}  // namespace portico::guard
