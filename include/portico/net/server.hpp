#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "portico/core/reactor.hpp"
#include "portico/http/cidr.hpp"
#include "portico/http/exchange.hpp"

namespace portico::net {

/// How long a client may take. All are watched by one coarse timer of each loop, so they end up to
/// a quarter of a second late.
struct Timeouts {
    /// From a request's first byte to the end of its head, then 408; a new connection that sends
    /// nothing for as long is closed.
    std::chrono::milliseconds head{10'000};
    /// A connection between two requests.
    std::chrono::milliseconds idle{75'000};
    /// A body or a WebSocket message may come slower than `min_body_rate` for so long; then 408, or
    /// a Close with 1008.
    std::chrono::milliseconds body_grace{5'000};
    /// Nothing of a response was taken for so long: the connection is cut.
    std::chrono::milliseconds write_stall{30'000};
    /// After a last response, for the client to read it and to close.
    std::chrono::milliseconds linger{2'000};
    /// A WebSocket is pinged when nothing has come from it for so long; 0: never.
    std::chrono::milliseconds websocket_ping{20'000};
    /// Then something must come, within so long; else it is cut.
    std::chrono::milliseconds websocket_pong{20'000};
    /// After `stop`, for requests in flight; then they are cut.
    std::chrono::milliseconds shutdown{30'000};
    /// After `stop`, for a request that an idle connection may have under way already.
    std::chrono::milliseconds shutdown_idle{250};
};

/// What a server listens on and how much it lets in. The defaults are safe for the open internet.
struct ServerOptions {
    /// A name or an address: "127.0.0.1", "0.0.0.0", "::", "localhost". "::" takes IPv4 too.
    std::string host = "127.0.0.1";
    /// 0: any free one, which `Server::port` tells.
    std::uint16_t port = 8000;
    /// Loops, each a thread with a listener of its own; 0: one for each core that the process may
    /// run on.
    unsigned workers = 0;
    /// Over all loops, in equal shares. Beyond it the listeners pause: clients wait in the kernel's
    /// queue until a connection ends, and the longest idle ones are closed to make room.
    std::size_t max_connections = 10'000;
    /// Connections that the kernel holds for each listener before they are accepted.
    int backlog = 1024;

    /// Proxies that put a PROXY protocol head (version 1 or 2) before each connection: its client
    /// counts as the peer. A connection of theirs without one is closed; the bytes of others are
    /// their request. Mind that who can connect from such an address is whoever it says.
    http::CidrSet proxy_protocol_from = {};

    /// Asked about the other end of each new connection, on its loop; false closes it at once and
    /// unanswered: a client that is banned. Must be thread-safe, quick, and not throw. Where a
    /// proxy stands in front, the other end is the proxy.
    std::function<bool(const http::IpAddress& peer)> accepts = {};

    std::size_t max_target = 8 * 1024;   ///< Bytes of a request target; more is 414.
    std::size_t max_head = 16 * 1024;    ///< Bytes of a request's head; more is 431.
    std::size_t max_fields = 100;        ///< Header fields of a request; more is 431.
    std::size_t max_body = 1024 * 1024;  ///< Where no route says otherwise; more is 413.
    std::size_t min_body_rate = 240;     ///< Bytes a second.

    Timeouts timeouts = {};

    /// Runs on the first loop before a connection is accepted on any. What it throws ends `run`,
    /// whose error it becomes. Cancelled when the server is stopped meanwhile.
    std::function<core::Task<void>()> on_start = {};
    /// Runs on the first loop after the last connection of all loops, which still run meanwhile:
    /// background work can end. Not called when `on_start` has failed.
    std::function<core::Task<void>()> on_stop = {};

    /// SIGTERM and SIGINT stop the server, a second one at once; SIGHUP calls `on_reload`. The
    /// handlers that were there before are put back at the end of `run`.
    bool handle_signals = false;
    /// On SIGHUP, on the first loop: reopen logs.
    std::function<void()> on_reload = {};
};

/// An HTTP/1.1 server (RFC 9110, RFC 9112), for an application or any other `http::Handler`.
///
/// The handler must outlive the server. `stop`, `post`, `port` and `loops` may be called from any
/// thread.
///
///     net::Server server{handler, {.port = 0}};
///     if (auto started = server.start(); !started) return fail(started.error());
///     std::jthread thread{[&](std::stop_token token) { server.run(token).value(); }};
///     use("http://127.0.0.1:" + std::to_string(server.port()));
class Server {
public:
    Server(http::Handler& handler, ServerOptions options);
    /// Not while `run` runs.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Binds and listens: from here on clients can connect, though nobody answers before `run`.
    /// The error is a sentence: "can't listen on 127.0.0.1:8000: ...".
    [[nodiscard]] std::expected<void, std::string> start();

    /// Serves until `stop`, a signal or the token ends it: then no more connections are taken and
    /// requests in flight are answered, for at most `Timeouts::shutdown`. Starts if need be. The
    /// calling thread becomes the first loop. Once for each server.
    [[nodiscard]] std::expected<void, std::string> run(std::stop_token token = {});

    void stop() noexcept;

    /// The port in use; 0 before `start`.
    [[nodiscard]] std::uint16_t port() const noexcept;
    [[nodiscard]] std::size_t loops() const noexcept;

    /// Runs `callback` on that loop's thread. False: there is no such loop, or it has ended.
    bool post(std::size_t loop, core::Reactor::Callback callback);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace portico::net
