#pragma once

#include <exception>
#include <optional>
#include <string_view>

#include "portico/core/arena.hpp"
#include "portico/core/context.hpp"
#include "portico/http/request.hpp"
#include "portico/http/response.hpp"

namespace portico::http {

class WebSocketChannel;
struct WebSocketLimits;

/// Why a layer answers a request by itself, before the application does.
struct Refusal {
    int status;  ///< The parser's: 400, 408, 413, 414, 431, 501, 505. Middleware's: any.
    std::string_view detail;  ///< A phrase with static lifetime for the client; empty: RFC 9110's.
};

/// One request, the response to it, and what both live in. Connections and the test client
/// implement it; the application fills it.
class Exchange {
public:
    explicit Exchange(core::Reactor& reactor) : context(reactor), request(arena) {}
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    core::Arena arena;
    core::Context context;
    Request request;
    Response response;

    /// The response is complete: write it. Called exactly once for a request, on the loop, maybe
    /// before `Handler::handle` returns. What `release` names runs when the last byte is out or
    /// the client is gone.
    virtual void send() noexcept = 0;

    /// Makes a WebSocket of the request, which `asks_for_websocket` and has no handshake fault:
    /// sends 101 with the fields of `response`, to which it adds what the handshake demands. At
    /// most once. The channel is valid until `send`, which now says that the handler has ended:
    /// what is still open is closed with 1000. Null: this engine has no WebSockets.
    [[nodiscard]] virtual WebSocketChannel* upgrade(const WebSocketLimits&) { return nullptr; }

    /// Destroys what the application keeps for the request; runs on the loop, once, after the
    /// response was sent. `resource` stays valid until then: it lies in the arena.
    struct Release {
        void (*run)(void* resource) noexcept = nullptr;
        void* resource = nullptr;
    } release;

    /// The handler's own: the route that `Handler::match` found.
    const void* route = nullptr;
    /// Set by `Decision::refuse`: the application formats it. Fields that the layer has put on
    /// `response.headers` stay.
    std::optional<Refusal> refusal;

protected:
    ~Exchange() = default;
};

/// What a server serves: an application, seen from the sockets. Serves all loops at once.
///
/// For each request: `match` when its head is complete, then either `handle` or, when the engine
/// can't go on (too large, too slow, malformed), `refuse`.
class Handler {
public:
    virtual ~Handler() = default;

    /// Finds the route: sets `request.route()`, whose `max_body` the engine enforces, and the path
    /// parameters. No route is no error here: `handle` answers 404 or 405.
    virtual void match(Exchange& exchange) noexcept = 0;

    /// Answers `exchange.request` by filling `exchange.response` and calling `send`, now or later.
    virtual void handle(Exchange& exchange) noexcept = 0;

    /// Fills, but does not send, the response to a request that the engine refuses: the
    /// application's error format and the fields that every response has. Called with or without
    /// `match` before it; the request may hold nothing but the peer and an id.
    virtual void refuse(Exchange& exchange, Refusal refusal) noexcept = 0;

    /// The stream of a response has thrown: the connection is cut, since the status is sent. Not
    /// called when the client has gone away.
    virtual void stream_failed(Exchange&, std::exception_ptr) noexcept {}

    /// Called once on each loop before its first and after its last connection.
    virtual void loop_started(core::Reactor&) {}
    virtual void loop_stopped(core::Reactor&) {}
};

}  // namespace portico::http
