#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "portico/core/task.hpp"
#include "portico/guard/ban_list.hpp"
#include "portico/redis/client.hpp"

namespace portico::guard {

/// The bans of all instances together, in Redis: a key for each, which ends with it, and a channel
/// on which every change is told. Suspicious requests are counted there too.
///
/// The guard uses it when it is given a client, and waits for nothing; while Redis is away each
/// instance has its own bans, and tells them afterwards. By itself it is for tools that look at
/// bans or change them from outside, with the functions that are awaited: those throw what
/// `redis::Client` throws. The client must outlive it. Thread-safe.
///
///     SharedBans bans{client, config.redis_prefix};
///     for (const Ban& ban : co_await bans.list()) …
class SharedBans {
public:
    SharedBans(redis::Client& client, const std::string& prefix, BanOptions options = {});

    /// The live bans, by client.
    [[nodiscard]] core::Task<std::vector<Ban>> list(core::Clock::SystemTime now);
    /// Makes a ban, or changes it.
    [[nodiscard]] core::Task<void> add(Ban ban);
    /// False: it was not banned.
    [[nodiscard]] core::Task<bool> remove(http::IpAddress client, core::Clock::SystemTime now);

    /// Counts a suspicious request; the one that reaches the threshold makes a ban, of which every
    /// instance is told.
    void suspect(const http::IpAddress& client);
    void put(const Ban& ban);
    void lift(const http::IpAddress& client, core::Clock::SystemTime now);

    /// Keeps a list as the others have it until the task ends, on the loop that it is awaited on.
    /// `may_be_banned` says whom the list takes.
    [[nodiscard]] core::Task<void> follow(BanList& list,
                                          std::function<bool(const http::IpAddress&)> may_be_banned,
                                          core::Task<void> until);

private:
    struct Copy;
    /// What is sent about a ban.
    struct Change {
        std::string key;
        std::string text;
        std::int64_t ttl;
        std::string message;
    };

    [[nodiscard]] Change change_of(const Ban& ban) const;

    /// Whatever is kept, lifted and ended bans too.
    [[nodiscard]] core::Task<std::vector<Ban>> read();

    redis::Client& client_;
    BanOptions options_;
    std::string ban_key_;
    std::string suspect_key_;
    std::string channel_;
};

}  // namespace portico::guard
