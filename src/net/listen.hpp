#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "net/loop.hpp"

namespace portico::net {

/// Listening sockets for one address, that share its connections (SO_REUSEPORT).
struct Listeners {
    std::vector<Descriptor> sockets;
    std::uint16_t port = 0;
};

/// Binds `count` sockets to `host` and `port`; port 0 is any free one. The error is a sentence.
[[nodiscard]] std::expected<Listeners, std::string> listen_on(const std::string& host,
                                                              std::uint16_t port, std::size_t count,
                                                              int backlog);

}  // namespace portico::net
