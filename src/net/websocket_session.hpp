#pragma once

#include <chrono>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "net/websocket_parser.hpp"
#include "portico/core/reactor.hpp"
#include "portico/http/websocket.hpp"
#include "portico/net/server.hpp"

namespace portico::net {

/// One open WebSocket: frames in, frames out, and the coroutines that wait for either. It knows no
/// socket: its connection brings it bytes, takes bytes, and is woken when there are some.
class WebSocketSession final : public http::WebSocketChannel {
public:
    using TimePoint = core::Reactor::TimePoint;
    using Received = std::expected<http::WebSocketMessage, http::WebSocketClose>;

    WebSocketSession(const http::WebSocketLimits& limits, const ServerOptions& options,
                     TimePoint now, core::Reactor::Callback wake);

    [[nodiscard]] core::Task<Received> receive() override;
    [[nodiscard]] core::Task<std::expected<void, http::WebSocketClose>> send(
        http::WebSocketMessage::Kind kind, std::string_view data) override;
    [[nodiscard]] bool try_send(http::WebSocketMessage::Kind kind, std::string_view data) override;
    void close(std::uint16_t code, std::string_view reason) override;

    // For the connection.

    /// Bytes that have come; they stay where they lie until `wants_input` again.
    void received(std::span<char> bytes, TimePoint now) noexcept;
    /// Reads on in them. False: nothing can be done now.
    [[nodiscard]] bool parse();
    [[nodiscard]] bool wants_input() const noexcept;
    /// Moves what is to be sent into `out`, which is empty. False: nothing, all has been sent.
    [[nodiscard]] bool take_output(std::string& out, TimePoint now) noexcept;
    /// Resumes one coroutine whose wait is over. False: there is none.
    bool resume_one();
    /// Looks at the clock. False: the client does not answer any more.
    [[nodiscard]] bool tick(TimePoint now);
    /// The socket is gone.
    void lose() noexcept;
    /// Both sides have closed, or need not: nothing more is sent or read.
    [[nodiscard]] bool is_over() const noexcept { return close_queued_ && input_over_; }

private:
    class Input;
    class Room;

    [[nodiscard]] bool is_full() const noexcept { return out_.size() >= limits_.max_queue; }
    [[nodiscard]] bool is_closing() const noexcept { return close_queued_ || input_over_; }
    void queue(http::WebSocketMessage::Kind kind, std::string_view data);
    void queue_close(std::uint16_t code, std::string_view reason);
    void handle(WebSocketParser::Event event);
    [[nodiscard]] bool is_too_slow(TimePoint now) noexcept;
    void end_input(std::uint16_t code, std::string_view reason);

    http::WebSocketLimits limits_;
    const ServerOptions& options_;
    core::Reactor::Callback wake_;
    WebSocketParser parser_;
    std::span<char> input_;
    std::string out_;
    bool message_ready_ = false;
    bool close_queued_ = false;
    bool input_over_ = false;
    bool pinged_ = false;
    http::WebSocketClose end_;  // what `receive` and `send` say, once there is one
    TimePoint heard_;           // when something has come last, or was asked for by a ping
    std::optional<TimePoint> message_since_;  // one has begun, and is waited for
    std::optional<TimePoint> close_deadline_;
    std::coroutine_handle<> receiver_;
    Room* first_sender_ = nullptr;
    Room* last_sender_ = nullptr;
};

}  // namespace portico::net
