#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace portico::redis {

/// Where a Redis or Valkey is, and how to get in.
///
///     redis://[[user]:password@]host[:6379][/database]
///     rediss://…                                        TLS
///     unix://[[user]:password@]/path/of/redis.sock[?db=database]
///     redis+sentinel://[[user]:password@]host[:26379],host…/master-name[/database]
///     rediss+sentinel://…
///
/// User and password are percent-encoded. An IPv6 address is in brackets. With Sentinel they are
/// those of the master; the Sentinels' own are in `ClientOptions`.
struct Url {
    struct Host {
        std::string name;  ///< A name or an address, without brackets.
        std::uint16_t port = 0;

        friend bool operator==(const Host&, const Host&) = default;
    };

    bool tls = false;
    std::string socket;       ///< The path of a Unix socket; else empty.
    std::vector<Host> hosts;  ///< One; with Sentinel those of the Sentinels, at least one.
    std::string master;       ///< The name that the Sentinels know it by; empty without Sentinel.
    std::string user;         ///< Empty: "default".
    std::string password;     ///< Empty: no log-in.
    std::uint32_t database = 0;

    /// The error is a sentence that repeats nothing of the text, which may hold a password.
    [[nodiscard]] static std::expected<Url, std::string> parse(std::string_view text);

    /// For messages: "redis://cache.internal:6379", without user and password.
    [[nodiscard]] std::string describe() const;
};

}  // namespace portico::redis
