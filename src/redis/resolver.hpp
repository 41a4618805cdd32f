#pragma once

#include <sys/socket.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace portico::redis {

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;

    [[nodiscard]] const sockaddr* get() const noexcept {
        return reinterpret_cast<const sockaddr*>(&storage);
    }
};

[[nodiscard]] SocketAddress unix_address(std::string_view path) noexcept;

/// The addresses of a name, asked for on a thread of their own, since getaddrinfo(3) blocks. The
/// thread holds nothing of a loop: it tells by a descriptor that the loop can wait for, and whoever
/// asked may be gone by then.
class Resolution {
public:
    /// Complete at once for what is an address already.
    [[nodiscard]] static std::shared_ptr<Resolution> start(const std::string& name,
                                                           std::uint16_t port);
    ~Resolution();
    Resolution(const Resolution&) = delete;
    Resolution& operator=(const Resolution&) = delete;

    [[nodiscard]] bool done() const noexcept { return done_.load(std::memory_order_acquire); }
    /// Readable when it is done.
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

    // When it is done.
    [[nodiscard]] const std::vector<SocketAddress>& addresses() const noexcept {
        return addresses_;
    }
    [[nodiscard]] const std::string& error() const noexcept { return error_; }

private:
    Resolution(std::string name, std::uint16_t port);

    void look_up(int flags);
    void finish() noexcept;

    std::string name_;
    std::string port_;
    int descriptor_ = -1;
    std::atomic<bool> done_{false};
    std::vector<SocketAddress> addresses_;
    std::string error_;
};

}  // namespace portico::redis
