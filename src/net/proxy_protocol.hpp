#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "portico/http/ip_address.hpp"

namespace portico::net {

/// Whom a proxy connects for.
struct ProxiedClient {
    http::IpAddress address;
    std::uint16_t port = 0;

    friend bool operator==(const ProxiedClient&, const ProxiedClient&) = default;
};

/// The head that a proxy puts before a connection's own bytes (HAProxy's PROXY protocol, 1 and 2).
struct ProxyHead {
    enum class Status : std::uint8_t { need_more, complete, malformed };

    Status status = Status::need_more;
    std::size_t size = 0;  ///< Of the head, where it is complete.
    /// Nothing: the proxy asks for itself, or does not say for whom.
    std::optional<ProxiedClient> client = {};
};

/// More than this is malformed: of version 1 107 bytes, of version 2 what its extensions may take.
inline constexpr std::size_t kLongestProxyHead = 2048;

/// Reads it at the start of what has come.
[[nodiscard]] ProxyHead read_proxy_head(std::string_view bytes) noexcept;

}  // namespace portico::net
