#include "net/listen.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

namespace portico::net {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype([](addrinfo* list) { ::freeaddrinfo(list); })>;

std::string refusal(const std::string& host, std::uint16_t port, int error) {
    const char* hint = "";
    if (error == EADDRINUSE)
        hint = "; another program listens there: stop it or choose another port";
    if (error == EACCES) hint = "; ports below 1024 need CAP_NET_BIND_SERVICE";
    if (error == EADDRNOTAVAIL) hint = "; this machine has no such address";
    const bool v6 = host.find(':') != std::string::npos;
    return fmt::format("can't listen on {}{}{}:{}: {}{}", v6 ? "[" : "", host, v6 ? "]" : "", port,
                       std::generic_category().message(error), hint);
}

void enable(int descriptor, int level, int option) noexcept {
    const int on = 1;
    ::setsockopt(descriptor, level, option, &on, sizeof on);
}

/// Closed with errno set when it failed.
Descriptor listen_once(const addrinfo& address, std::uint16_t port, int backlog) {
    Descriptor socket{::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!socket.open()) return {};
    sockaddr_storage where{};
    std::memcpy(&where, address.ai_addr, address.ai_addrlen);
    if (address.ai_family == AF_INET6) {
        sockaddr_in6 in{};
        std::memcpy(&in, &where, sizeof in);
        in.sin6_port = htons(port);
        std::memcpy(&where, &in, sizeof in);
        // "::" takes IPv4 too, whatever the system's default is; one address takes only its own.
        const int only = IN6_IS_ADDR_UNSPECIFIED(&in.sin6_addr) ? 0 : 1;
        ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
    } else {
        sockaddr_in in{};
        std::memcpy(&in, &where, sizeof in);
        in.sin_port = htons(port);
        std::memcpy(&where, &in, sizeof in);
    }
    enable(socket.get(), SOL_SOCKET, SO_REUSEADDR);
    enable(socket.get(), SOL_SOCKET, SO_REUSEPORT);
    // Connections inherit it: a response is one write, and must not wait for an acknowledgement.
    enable(socket.get(), IPPROTO_TCP, TCP_NODELAY);
    if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&where), address.ai_addrlen) != 0 ||
        ::listen(socket.get(), backlog) != 0) {
        const int error = errno;
        socket.close();
        errno = error;
    }
    return socket;
}

std::uint16_t port_of(int descriptor) noexcept {
    sockaddr_storage where{};
    socklen_t size = sizeof where;
    ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&where), &size);
    in_port_t port = 0;
    if (where.ss_family == AF_INET) {
        sockaddr_in in{};
        std::memcpy(&in, &where, sizeof in);
        port = in.sin_port;
    } else {
        sockaddr_in6 in{};
        std::memcpy(&in, &where, sizeof in);
        port = in.sin6_port;
    }
    return ntohs(port);
}

/// SO_REUSEPORT would let two servers of one user share a port in silence. A socket without it
/// tells whether somebody is there.
int probe(const addrinfo& address, std::uint16_t port) {
    Descriptor socket{::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (!socket.open()) return errno;
    sockaddr_storage where{};
    std::memcpy(&where, address.ai_addr, address.ai_addrlen);
    const in_port_t network_port = htons(port);
    if (address.ai_family == AF_INET6) {
        std::memcpy(reinterpret_cast<char*>(&where) + offsetof(sockaddr_in6, sin6_port),
                    &network_port, sizeof network_port);
    } else {
        std::memcpy(reinterpret_cast<char*>(&where) + offsetof(sockaddr_in, sin_port),
                    &network_port, sizeof network_port);
    }
    enable(socket.get(), SOL_SOCKET, SO_REUSEADDR);
    if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&where), address.ai_addrlen) != 0) {
        return errno;
    }
    return 0;
}

}  // namespace

std::expected<Listeners, std::string> listen_on(const std::string& host, std::uint16_t port,
                                                std::size_t count, int backlog) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    addrinfo* found = nullptr;
    if (const int error = ::getaddrinfo(host.empty() ? nullptr : host.c_str(), "0", &hints, &found);
        error != 0) {
        return std::unexpected(
            fmt::format("can't listen on \"{}\": {}; expected an address such as "
                        "127.0.0.1 or ::, or a name of this machine",
                        host, ::gai_strerror(error)));
    }
    const Addresses addresses{found};

    int error = EADDRNOTAVAIL;
    for (const auto* address = addresses.get(); address != nullptr; address = address->ai_next) {
        if (port != 0) {
            if (const int taken = probe(*address, port); taken != 0) {
                error = taken;
                continue;
            }
        }
        Listeners listeners{.sockets = {}, .port = port};
        while (listeners.sockets.size() != count) {
            Descriptor socket = listen_once(*address, listeners.port, backlog);
            if (!socket.open()) {
                error = errno;
                break;
            }
            listeners.port = port_of(socket.get());
            listeners.sockets.push_back(std::move(socket));
        }
        if (listeners.sockets.size() == count) return listeners;
    }
    return std::unexpected(refusal(host, port, error));
}

}  // namespace portico::net
