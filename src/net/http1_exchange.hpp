#pragma once

#include <chrono>
#include <coroutine>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "net/chunked_decoder.hpp"
#include "net/http1_parser.hpp"
#include "portico/http/exchange.hpp"
#include "portico/net/server.hpp"

namespace portico::net {

class Http1Connection;

/// One request on a connection: its bytes, its body, its response.
///
/// A connection has one only from a request's first byte to its response's last; in between they
/// lie in a pool of the loop. So an idle connection holds no buffer, and the same few exchanges,
/// warm in the cache, serve all.
///
/// The buffer holds, in order: the head; `piece_`, decoded body that nobody has taken yet; `raw_`,
/// what follows as it came, in the end the next request.
class Http1Exchange final : public http::Exchange, public http::BodySource {
public:
    Http1Exchange(core::Reactor& reactor, const ServerOptions& options);
    ~Http1Exchange() = default;

    void attach(Http1Connection* connection) noexcept { connection_ = connection; }

    void send() noexcept override;
    [[nodiscard]] http::WebSocketChannel* upgrade(const http::WebSocketLimits& limits) override;

    [[nodiscard]] std::optional<std::expected<std::string_view, http::BodyError>> buffered(
        std::size_t limit) override;
    [[nodiscard]] core::Task<std::expected<std::string_view, http::BodyError>> read_all(
        std::size_t limit) override;
    [[nodiscard]] core::Task<std::expected<std::string_view, http::BodyError>> read_some(
        std::size_t limit) override;
    [[nodiscard]] std::optional<std::uint64_t> length() const noexcept override {
        return parser.head().content_length;
    }

    /// The text of the request that is being read.
    [[nodiscard]] std::string_view text() noexcept;
    [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
    /// Forgets the first bytes of what has come before a request.
    void skip(std::size_t size) noexcept { begin_ += size; }

    struct Space {
        char* data;
        std::size_t size;
    };
    /// Where more of a head goes. May move what is there.
    [[nodiscard]] Space head_space() noexcept;
    /// Where more of the body goes. Only when nothing decoded waits to be taken.
    [[nodiscard]] Space body_space() noexcept;
    void received(std::size_t size) noexcept { end_ += size; }

    /// The head is complete: what follows is the body, as the head says.
    void start_body() noexcept;
    /// Decodes what has come of the body.
    void absorb() noexcept;
    /// What has come behind the head of a request without a body, or into `body_space`.
    [[nodiscard]] std::span<char> take_rest() noexcept;
    /// Decodes what has come and throws it away; how much that was.
    std::size_t discard() noexcept;
    void fail_body(http::BodyError error) noexcept {
        if (!body_error_) body_error_ = error;
    }
    [[nodiscard]] bool body_finished() const noexcept { return body_finished_; }
    [[nodiscard]] bool body_failed() const noexcept { return body_error_.has_value(); }
    /// Something for a reader that waits: bytes, the end, or an error.
    [[nodiscard]] bool body_ready() const noexcept {
        return piece_begin_ != piece_end_ || body_finished_ || body_error_.has_value();
    }
    /// What of the body has not come yet; nothing for a chunked one.
    [[nodiscard]] std::optional<std::uint64_t> body_left() const noexcept {
        if (parser.head().chunked) return {};
        return length_left_;
    }
    /// True when a whole head lies behind the body.
    [[nodiscard]] bool next_head_is_here() const noexcept;
    [[nodiscard]] std::uint64_t body_received() const noexcept { return received_body_; }

    /// Forgets the request; what the client sent behind it becomes the next one's start.
    void next() noexcept;
    /// Forgets everything.
    void clear() noexcept;

    Http1Parser parser;
    std::string out;    ///< The response's head, and small bodies behind it.
    std::string piece;  ///< Of a stream: what is being sent.

private:
    void move_to_front() noexcept;
    [[nodiscard]] std::string_view take_piece() noexcept;
    void reset_request() noexcept;

    Http1Connection* connection_ = nullptr;
    std::unique_ptr<char[]> buffer_;
    std::size_t capacity_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;

    std::size_t piece_begin_ = 0;
    std::size_t piece_end_ = 0;
    std::size_t raw_ = 0;
    std::size_t body_start_ = 0;
    std::uint64_t length_left_ = 0;
    std::uint64_t received_body_ = 0;
    std::uint64_t taken_ = 0;
    ChunkedDecoder decoder_;
    bool body_finished_ = true;
    std::optional<http::BodyError> body_error_;
    std::optional<std::string_view> whole_;
    std::string body_;
};

}  // namespace portico::net
