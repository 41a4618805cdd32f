#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "portico/app/function_table.hpp"
#include "portico/core/generator.hpp"
#include "portico/core/task.hpp"
#include "portico/http/headers.hpp"
#include "portico/http/request.hpp"
#include "portico/http/response.hpp"
#include "portico/http/websocket.hpp"
#include "portico/model/json.hpp"
#include "portico/model/slot_of.hpp"
#include "portico/model/write.hpp"

namespace portico::app {

using http::WebSocketMessage;

/// Thrown where a WebSocket is read or written that has ended. A handler that lets it pass has
/// ended too, and its dependencies finish as failed.
class WebSocketDisconnect : public std::exception {
public:
    explicit WebSocketDisconnect(http::WebSocketClose close) : close_(std::move(close)) {}

    /// 1005: the client gave none; 1006: the connection broke.
    [[nodiscard]] std::uint16_t code() const noexcept { return close_.code; }
    [[nodiscard]] const std::string& reason() const noexcept { return close_.reason; }
    [[nodiscard]] const char* what() const noexcept override { return "the WebSocket has ended"; }

private:
    http::WebSocketClose close_;
};

/// Ends a WebSocket with a close code; before it is accepted, the handshake with 403.
///
///     throw WebSocketException(close_code::policy_violation, "not your turn");
class WebSocketException : public std::exception {
public:
    /// `code` must be one that may be sent (`http::is_close_code`), else it becomes 1011.
    explicit WebSocketException(std::uint16_t code, std::string reason = {})
        : close_{code, std::move(reason)} {}

    [[nodiscard]] std::uint16_t code() const noexcept { return close_.code; }
    [[nodiscard]] const std::string& reason() const noexcept { return close_.reason; }
    [[nodiscard]] const char* what() const noexcept override { return close_.reason.c_str(); }

private:
    http::WebSocketClose close_;
};

/// What the answer to a handshake has besides what RFC 6455 demands. Written in this order.
struct WebSocketAcceptance {
    std::string subprotocol = {};  ///< One of those that the client offers; empty: none.
    http::Headers headers = {};
};

struct WebSocketState;

/// A client's WebSocket (RFC 6455), as a handler of `App::websocket` takes it.
///
///     app.websocket("/echo", [](WebSocket socket) -> Task<void> {
///         socket.accept();
///         auto texts = socket.iter_text();
///         while (std::string* text = co_await texts.next()) co_await socket.send_text(*text);
///     });
///
/// Until `accept` the handshake is an ordinary request: what is thrown is answered as on any route,
/// and a handler that ends without accepting answers 403. Afterwards: a handler that returns closes
/// with 1000; `WebSocketException` with its code; a text that does not validate with 1008 and the
/// faults; what a route would answer with 4xx with 1008, with 503 1013, anything else with 1011.
///
/// Copies are the same socket. Valid until the handler has ended and its dependencies are finished;
/// on its loop only.
class WebSocket {
public:
    using Type = WebSocketState;

    explicit WebSocket(Type& state) noexcept : state_(&state) {}

    /// The request that began it.
    [[nodiscard]] http::Request& request() const noexcept;
    /// The loop that it lives on: what other loops and threads `post` to.
    [[nodiscard]] core::Reactor& reactor() const noexcept;
    /// The subprotocols that the client offers, in its order of preference.
    [[nodiscard]] std::vector<std::string_view> subprotocols() const;

    /// Answers 101, with the headers that dependencies have set on their `Response&`. Throws
    /// `std::invalid_argument` for a subprotocol that was not offered and for headers of the
    /// handshake itself, `std::logic_error` when it is accepted or refused already.
    void accept(WebSocketAcceptance acceptance = {});
    /// Answers the handshake with a response instead. A thrown `HTTPException` does so too.
    void send_denial_response(http::Response response);

    // Those that read throw `WebSocketDisconnect` at the end. One reader at a time.

    [[nodiscard]] core::Task<WebSocketMessage> receive();
    /// A message of the other kind throws a `WebSocketException` (1003).
    [[nodiscard]] core::Task<std::string> receive_text();
    [[nodiscard]] core::Task<std::string> receive_bytes();
    /// A text as JSON, validated. Throws `RequestValidationError` for what is not a T, after which
    /// the next message can be read.
    template <class T = model::Json>
    [[nodiscard]] core::Task<T> receive_json() {
        T value;
        co_await read_json(model::slot_of<T>(), &value);
        co_return value;
    }

    // Every message to the end, which is no exception here.

    [[nodiscard]] core::Generator<WebSocketMessage> iter_messages();
    [[nodiscard]] core::Generator<std::string> iter_text();
    [[nodiscard]] core::Generator<std::string> iter_bytes();
    template <class T = model::Json>
    [[nodiscard]] core::Generator<T> iter_json() {
        auto texts = iter_text();
        while (std::string* text = co_await texts.next()) {
            T value;
            parse_json(*text, model::slot_of<T>(), &value);
            co_yield std::move(value);
        }
    }

    // Those that write wait while the client takes less than is sent; `text` must live until then.
    // They throw `WebSocketDisconnect` when it has ended, `std::invalid_argument` for a text that
    // is no UTF-8.

    [[nodiscard]] core::Task<void> send_text(std::string_view text);
    [[nodiscard]] core::Task<void> send_bytes(std::string_view bytes);
    template <class T>
    [[nodiscard]] core::Task<void> send_json(const T& value) {
        return send_owned(model::to_json(value));
    }

    /// Sends if that needs no waiting: for one message to many clients, of which the slow must not
    /// hold up the others. False: the queue is full, or it has ended.
    [[nodiscard]] bool try_send_text(std::string_view text);
    [[nodiscard]] bool try_send_bytes(std::string_view bytes);
    template <class T>
    [[nodiscard]] bool try_send_json(const T& value) {
        return try_send_text(model::to_json(value));
    }

    /// Closes, behind what was sent; before `accept`, refuses with 403. Does nothing when it has
    /// ended. Throws `std::invalid_argument` for a code that may not be sent, and a reason that is
    /// longer than 123 bytes or no UTF-8.
    void close(std::uint16_t code = http::close_code::normal, std::string_view reason = {});

    /// Whether both are the same socket.
    [[nodiscard]] bool operator==(const WebSocket&) const noexcept = default;

private:
    [[nodiscard]] core::Task<void> read_json(model::Slot slot, void* value);
    static void parse_json(std::string_view text, model::Slot slot, void* value);
    [[nodiscard]] core::Task<void> send_owned(std::string text);
    [[nodiscard]] core::Task<void> send(WebSocketMessage::Kind kind, std::string_view data);
    [[nodiscard]] http::WebSocketChannel& channel() const;

    Type* state_;
};

namespace detail {

template <>
struct Parameter<WebSocket> {
    static constexpr ParameterTable kTable{.source = Source::websocket};
};
template <>
inline constexpr bool kIsStateHandle<WebSocket> = true;

/// A handler of a WebSocket route.
template <class H>
constexpr void check_websocket_handler() {
    static_assert(std::is_same_v<typename SignatureType<H>::Result, core::Task<void>>,
                  "a WebSocket handler is a coroutine: it returns Task<void>");
}

}  // namespace detail
}  // namespace portico::app
