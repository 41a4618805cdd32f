#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "net/http1_connection.hpp"
#include "net/loop.hpp"
#include "net/request_id.hpp"
#include "portico/net/server.hpp"

namespace portico::net {

/// One loop with its listener and its connections. All of it lives on the loop's thread.
class Worker {
public:
    /// `drained` is called once, on the loop, when the worker has stopped and its last connection
    /// has ended, or was given up.
    Worker(std::size_t index, http::Handler& handler, const ServerOptions& options,
           std::size_t max_connections, core::Reactor::Callback drained);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Takes the listening socket. False with errno set when the loop could not be made.
    [[nodiscard]] bool open(Descriptor listener);

    /// Runs the loop to its end. When requests were given up, `connections` is not 0 afterwards:
    /// then the worker must not be destroyed, because their handlers may still refer to it.
    void run();

    /// Accepts connections from now on. Throws what `Handler::loop_started` does.
    void begin_serving();
    /// Takes no more connections, answers what is in flight. Before `begin_serving`: afterwards.
    void begin_stop();
    /// Cuts what is left.
    void force_stop();

    // For connections.
    [[nodiscard]] std::unique_ptr<Http1Exchange> take_exchange(Http1Connection& connection);
    void give_back(std::unique_ptr<Http1Exchange> exchange) noexcept;
    /// Unlinks and destroys it at the end of this wake-up.
    void remove(Http1Connection& connection);

    [[nodiscard]] bool stopping() const noexcept { return stopping_; }
    [[nodiscard]] std::size_t connections() const noexcept { return count_; }

    Loop loop;
    http::Handler& handler;
    const ServerOptions& options;
    RequestIds ids;
    /// Where lingering connections read what nobody wants.
    std::array<char, 16 * 1024> scratch;

private:
    class Listener;

    void add(int descriptor, const http::IpAddress& peer, std::uint16_t port);
    void tick();
    void drain();
    void close_idle();
    void make_room();

    std::size_t max_connections_;
    std::size_t count_ = 0;
    bool serving_ = false;
    bool stopping_ = false;
    bool stop_wanted_ = false;
    core::Reactor::Callback drained_;
    Http1Connection* first_ = nullptr;
    std::unique_ptr<Listener> listener_;
    std::vector<std::unique_ptr<Http1Exchange>> spare_;
};

}  // namespace portico::net
