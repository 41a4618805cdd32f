#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "portico/core/task.hpp"
#include "portico/http/request.hpp"

/// WebSockets (RFC 6455) as an application sees them, whatever carries them. How one begins:
/// `Exchange::upgrade`.
namespace portico::http {

/// A whole message; the frames that it came in are put together.
struct WebSocketMessage {
    enum class Kind : std::uint8_t { text, binary };
    Kind kind = Kind::text;
    std::string data;  ///< A received text is valid UTF-8.
};

/// Why a WebSocket has ended: one of `close_code`, or 3000–4999 as both sides agree.
struct WebSocketClose {
    std::uint16_t code = 0;
    std::string reason;  ///< UTF-8, at most `kMaxCloseReason` bytes.
};

/// RFC 6455 §7.4.1, and IANA's registry of close codes.
namespace close_code {
inline constexpr std::uint16_t normal = 1000;
inline constexpr std::uint16_t going_away = 1001;  ///< A page was left, a server stops.
inline constexpr std::uint16_t protocol_error = 1002;
inline constexpr std::uint16_t unsupported_data = 1003;  ///< Binary where text is expected, say.
inline constexpr std::uint16_t no_status = 1005;         ///< Never sent: a Close without a code.
inline constexpr std::uint16_t abnormal = 1006;          ///< Never sent: it ended without a Close.
inline constexpr std::uint16_t invalid_data = 1007;
inline constexpr std::uint16_t policy_violation = 1008;
inline constexpr std::uint16_t message_too_big = 1009;
inline constexpr std::uint16_t internal_error = 1011;
inline constexpr std::uint16_t try_again_later = 1013;
}  // namespace close_code

/// RFC 6455 §5.5: control frames have at most 125 bytes, two of which are the code.
inline constexpr std::size_t kMaxCloseReason = 123;

/// True for what may stand in a Close frame: 1000–1003, 1007–1014, 3000–4999.
[[nodiscard]] bool is_close_code(std::uint16_t code) noexcept;

struct WebSocketLimits {
    /// Bytes of a received message, all its frames together; more closes with 1009.
    std::size_t max_message = std::size_t{1024} * 1024;
    /// Bytes that wait to be sent; beyond them senders wait.
    std::size_t max_queue = std::size_t{256} * 1024;
};

/// An open WebSocket. On its loop only; pings are answered and fragments joined below it.
class WebSocketChannel {
public:
    /// The next message; after the last, why there are no more, however often it is asked. The
    /// client is read no faster than this is called. One reader at a time: a second throws
    /// `std::logic_error`.
    [[nodiscard]] virtual core::Task<std::expected<WebSocketMessage, WebSocketClose>> receive() = 0;

    /// Queues a message, when there is room in the queue; those who wait are served in order.
    /// `data` must live until then. The error: it is closed, or closing.
    [[nodiscard]] virtual core::Task<std::expected<void, WebSocketClose>> send(
        WebSocketMessage::Kind kind, std::string_view data) = 0;
    /// Queues it if that needs no waiting; false: it does, or the WebSocket is closing.
    [[nodiscard]] virtual bool try_send(WebSocketMessage::Kind kind, std::string_view data) = 0;

    /// Begins the closing handshake, behind what is queued; does nothing when it has begun.
    /// `is_close_code(code)` must hold; a longer reason is cut.
    virtual void close(std::uint16_t code, std::string_view reason) = 0;

protected:
    ~WebSocketChannel() = default;
};

/// Whether a request asks to become a WebSocket: an HTTP/1.1 GET with `Upgrade: websocket`. Any
/// other is an ordinary request.
[[nodiscard]] bool asks_for_websocket(const Request& request) noexcept;

/// What is wrong with an opening handshake.
struct HandshakeFault {
    int status;  ///< 400, or 426 for another version than 13.
    std::string_view detail;
};

/// The rest of RFC 6455 §4.2.1, for a request that `asks_for_websocket`.
[[nodiscard]] std::optional<HandshakeFault> check_handshake(const Request& request) noexcept;

/// Whether the page that opens a WebSocket may: browsers send cookies with it, and no preflight, so
/// that a page of another site would act as the user (RFC 6455 §10.2).
///
/// Without `Origin` it is no browser: allowed. With `allowed`, the origin must be one of those, or
/// "*" is. Without, it must be the host that was asked, and no http page may open an https one.
[[nodiscard]] bool is_origin_allowed(const Request& request,
                                     std::span<const std::string> allowed) noexcept;

}  // namespace portico::http
