#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "net/websocket_frame.hpp"
#include "portico/http/utf8.hpp"

namespace portico::net {

/// Reads what a client sends over a WebSocket, strictly (RFC 6455 §5): frames in pieces of any
/// size, messages put together. What it keeps is bounded by `max_message`, whatever a frame says
/// about its length.
///
///     while (!bytes.empty()) {
///         const auto step = parser.parse(bytes.data(), bytes.size());
///         bytes = bytes.subspan(step.consumed);
///         switch (step.event) { … }
///     }
class WebSocketParser {
public:
    enum class Event : std::uint8_t {
        need_more,
        message,  ///< `take_message` has it.
        ping,     ///< `control` is to be sent back.
        pong,
        close,   ///< `close_code` and `close_reason`; nothing may come after it.
        failed,  ///< `error`: the connection is to be closed with it.
    };
    struct Step {
        Event event;
        std::size_t consumed;
    };
    /// What the client has done wrong. `phrase` has static lifetime.
    struct Error {
        std::uint16_t code = 0;
        std::string_view phrase;
    };

    explicit WebSocketParser(std::size_t max_message) noexcept : max_message_(max_message) {}

    /// Takes the mask off the bytes where they lie. Stops behind the end of a message and of a
    /// control frame. Not after `close` or `failed`.
    [[nodiscard]] Step parse(char* data, std::size_t size);

    [[nodiscard]] bool is_text() const noexcept { return is_text_; }
    [[nodiscard]] std::string take_message() noexcept;
    /// A frame or a message has begun and not ended.
    [[nodiscard]] bool is_within() const noexcept {
        return in_message_ || in_payload_ || head_size_ != 0;
    }
    /// Bytes of the message so far.
    [[nodiscard]] std::size_t message_size() const noexcept { return message_.size(); }
    /// The payload of the last ping or pong.
    [[nodiscard]] std::string_view control() const noexcept {
        return {control_.data(), control_size_};
    }
    /// 1005 when the client gave none.
    [[nodiscard]] std::uint16_t close_code() const noexcept { return close_code_; }
    [[nodiscard]] std::string_view close_reason() const noexcept {
        return control().substr(control_size_ == 0 ? 0 : 2);
    }
    [[nodiscard]] const Error& error() const noexcept { return error_; }

private:
    [[nodiscard]] Event fail(std::uint16_t code, std::string_view phrase) noexcept;
    /// Bytes of the head; known when there are two.
    [[nodiscard]] std::size_t head_bytes() const noexcept;
    [[nodiscard]] Event check_start() noexcept;
    [[nodiscard]] Event begin_payload() noexcept;
    [[nodiscard]] Event take(std::string_view payload);
    [[nodiscard]] Event end_frame() noexcept;
    [[nodiscard]] Event end_close() noexcept;

    std::size_t max_message_;
    std::array<unsigned char, 14> head_{};
    std::size_t head_size_ = 0;
    bool in_payload_ = false;
    bool fin_ = false;
    Opcode opcode_ = Opcode::continuation;
    std::uint32_t mask_ = 0;
    std::uint64_t length_ = 0;
    std::uint64_t taken_ = 0;

    bool in_message_ = false;  // a fragment has come, the last has not
    bool is_text_ = false;
    http::Utf8Validator utf8_;
    std::string message_;
    std::array<char, 125> control_{};
    std::size_t control_size_ = 0;
    std::uint16_t close_code_ = 0;
    Error error_;
};

}  // namespace portico::net
