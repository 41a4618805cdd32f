#pragma once

#include <coroutine>
#include <deque>
#include <optional>

#include "portico/core/reactor.hpp"
#include "portico/http/websocket.hpp"

namespace portico::testing {

/// A WebSocket without frames between a handler and a test.
class TestChannel final : public http::WebSocketChannel {
public:
    using Message = http::WebSocketMessage;
    using Close = http::WebSocketClose;

    TestChannel(core::Reactor& reactor, const http::WebSocketLimits& limits)
        : reactor_(reactor), limits_(limits) {}

    // For the handler.
    [[nodiscard]] core::Task<std::expected<Message, Close>> receive() override;
    [[nodiscard]] core::Task<std::expected<void, Close>> send(Message::Kind kind,
                                                              std::string_view data) override;
    [[nodiscard]] bool try_send(Message::Kind kind, std::string_view data) override;
    void close(std::uint16_t code, std::string_view reason) override;

    // For the test.
    void deliver(Message message);
    [[nodiscard]] std::optional<Message> take();
    [[nodiscard]] bool has_message() const noexcept { return !outgoing_.empty(); }
    /// Both ends see this, unless it is closed.
    void end(Close close);
    /// How the application has closed it, or answered our Close.
    [[nodiscard]] const std::optional<Close>& closed() const noexcept { return closed_; }

private:
    class Wait;
    [[nodiscard]] bool is_full() const noexcept { return queued_ >= limits_.max_queue; }
    void wake();

    core::Reactor& reactor_;
    http::WebSocketLimits limits_;
    std::deque<Message> incoming_;
    std::deque<Message> outgoing_;
    std::size_t queued_ = 0;
    std::optional<Close> closed_;
    bool reading_ = false;
    std::deque<std::coroutine_handle<>> waiting_;
};

}  // namespace portico::testing
