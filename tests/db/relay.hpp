#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <list>
#include <stdexcept>
#include <thread>
#include <vector>

namespace portico::db::test {

/// Stands between a client and a server on the loopback, and ends connections as a server does that
/// is on its way out: they look open until something is asked of them.
class Relay {
public:
    explicit Relay(int server_port) : server_port_(server_port) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address = loopback(0);
        socklen_t size = sizeof address;
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener_, any, size) != 0 || ::listen(listener_, 64) != 0) {
            throw std::runtime_error("listen");
        }
        ::getsockname(listener_, any, &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    }
    ~Relay() {
        thread_.request_stop();
        thread_.join();
        ::close(listener_);
    }
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    [[nodiscard]] int port() const noexcept { return port_; }
    /// The connections that there are end at the next bytes of the client.
    void doom() noexcept { ++doomed_; }
    /// How many have ended so.
    [[nodiscard]] int ended() const noexcept { return ended_; }

private:
    struct Pair {
        int client;
        int server;
        int born;  ///< How often `doom` had been called.
    };

    static sockaddr_in loopback(int port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        return address;
    }

    void accept_one() {
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const sockaddr_in address = loopback(server_port_);
        if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            ::close(client);
            ::close(server);
            return;
        }
        pairs_.push_back({client, server, doomed_});
    }

    /// False: that side has ended.
    static bool pass(int from, int to) {
        std::array<char, 65536> bytes;
        const ssize_t size = ::recv(from, bytes.data(), bytes.size(), 0);
        return size > 0 &&
               ::send(to, bytes.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL) == size;
    }

    void run(const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            std::vector<pollfd> waits{{.fd = listener_, .events = POLLIN, .revents = 0}};
            for (const Pair& pair : pairs_) {
                waits.push_back({.fd = pair.client, .events = POLLIN, .revents = 0});
                waits.push_back({.fd = pair.server, .events = POLLIN, .revents = 0});
            }
            if (::poll(waits.data(), waits.size(), 10) <= 0) continue;
            std::size_t at = 1;
            for (auto pair = pairs_.begin(); pair != pairs_.end(); at += 2) {
                const bool asked = waits[at].revents != 0;
                const bool ends = asked && pair->born < doomed_;
                if (ends) ++ended_;
                if (!ends && (!asked || pass(pair->client, pair->server)) &&
                    (waits[at + 1].revents == 0 || pass(pair->server, pair->client))) {
                    ++pair;
                    continue;
                }
                ::close(pair->client);
                ::close(pair->server);
                pair = pairs_.erase(pair);
            }
            if (waits[0].revents != 0) accept_one();
        }
        for (const Pair& pair : pairs_) {
            ::close(pair.client);
            ::close(pair.server);
        }
    }

    int server_port_;
    int listener_ = -1;
    int port_ = 0;
    std::atomic<int> doomed_{0};
    std::atomic<int> ended_{0};
    std::list<Pair> pairs_;
    std::jthread thread_;
};

}  // namespace portico::db::test
