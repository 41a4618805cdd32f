#pragma once

#include <string>
#include <string_view>

#include "portico/http/websocket.hpp"
#include "tests/net/live_server.hpp"

namespace portico::net::test {

/// What a frame is, for those that are wrong. `length_bytes`: 0, 2 or 8 after the short length.
struct FrameShape {
    bool fin = true;
    int reserved = 0;  ///< RSV1–3, as the bits 0x70 of the first byte.
    bool masked = true;
    int length_bytes = -1;              ///< -1: the fewest that will do.
    std::uint64_t length = UINT64_MAX;  ///< Another than the payload's.
};

/// A frame as a client sends it.
inline std::string frame(int opcode, std::string_view payload, FrameShape shape = {}) {
    const std::uint64_t length = shape.length == UINT64_MAX ? payload.size() : shape.length;
    int bytes = shape.length_bytes;
    if (bytes < 0) bytes = length < 126 ? 0 : length <= 0xFFFF ? 2 : 8;
    std::string text;
    text += static_cast<char>((shape.fin ? 0x80 : 0) | shape.reserved | opcode);
    const auto short_length = bytes == 0 ? length : bytes == 2 ? 126 : 127;
    text += static_cast<char>((shape.masked ? 0x80U : 0U) | short_length);
    while (bytes > 0) text += static_cast<char>(length >> (8 * --bytes) & 0xFF);
    if (shape.masked) {
        constexpr std::string_view mask = "\x12\x34\x56\x78";
        text += mask;
        for (std::size_t i = 0; i < payload.size(); ++i) {
            text += static_cast<char>(payload[i] ^ mask[i % 4]);
        }
    } else {
        text += payload;
    }
    return text;
}

inline std::string close_frame(int code, std::string_view reason = {}) {
    std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
    return frame(8, payload.append(reason));
}

inline std::string handshake(std::string_view more = {}) {
    return "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
           std::string(more) + "\r\n";
}

/// A client that has shaken hands. Reads what the server sends, frame by frame.
class WebSocketClient : public Client {
public:
    explicit WebSocketClient(Server& server) : Client(server) {
        send(handshake());
        head = response();
    }

    /// "text hello", "binary …", "ping …", "close 1000 reason", or "end" where the connection is at
    /// its end.
    std::string next() {
        const std::string start = some(2);
        if (start.size() < 2) return was_reset() ? "reset" : "end";
        const int first = static_cast<unsigned char>(start[0]);
        std::uint64_t length = static_cast<unsigned char>(start[1]);
        if (const int bytes = length == 126 ? 2 : length == 127 ? 8 : 0; bytes != 0) {
            length = 0;
            for (const char c : some(static_cast<std::size_t>(bytes))) {
                length = length << 8 | static_cast<unsigned char>(c);
            }
        }
        const std::string payload = some(length);
        switch (first) {
            case 0x81:
                return "text " + payload;
            case 0x82:
                return "binary " + payload;
            case 0x88:
                if (payload.empty()) return "close";
                return "close " +
                       std::to_string(static_cast<unsigned char>(payload[0]) << 8 |
                                      static_cast<unsigned char>(payload[1])) +
                       (payload.size() > 2 ? " " + payload.substr(2) : "");
            case 0x89:
                return "ping " + payload;
            case 0x8A:
                return "pong " + payload;
            default:
                return "an unknown frame " + std::to_string(first);
        }
    }

    std::string head;
};

/// Sends back what comes, and notes how it ends. Any other request is 200.
class Echo {
public:
    explicit Echo(http::WebSocketLimits limits = {}) {
        handler.on_task = [this, limits](Exchange& exchange) -> core::Task<void> {
            if (!exchange.request.asks_upgrade()) co_return;
            http::WebSocketChannel& channel = *exchange.upgrade(limits);
            for (;;) {
                auto message = co_await channel.receive();
                if (!message) {
                    end = message.error();
                    break;
                }
                (void)co_await channel.send(message->kind, message->data);
            }
            exchange.release = {[](void* self) noexcept { static_cast<Echo*>(self)->ended.set(); },
                                this};
        };
    }

    FunctionHandler handler;
    http::WebSocketClose end;
    Event ended;
};

/// Suspends a handler until the test resumes it.
class Pause {
public:
    auto operator co_await() {
        struct Awaiter {
            Pause& pause;
            bool await_ready() const { return false; }
            void await_suspend(std::coroutine_handle<> self) const {
                pause.waiting_ = self;
                pause.reached.set();
            }
            void await_resume() const {}
        };
        return Awaiter{*this};
    }
    void end(Server& server) {
        server.post(0, [this] { waiting_.resume(); });
    }

    Event reached;

private:
    std::coroutine_handle<> waiting_;
};

}  // namespace portico::net::test
