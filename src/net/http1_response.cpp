// The writing half of Http1Connection.

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "net/http1_connection.hpp"
#include "net/response_head.hpp"
#include "net/worker.hpp"
#include "portico/core/task.hpp"
#include "portico/http/status.hpp"

namespace portico::net {
namespace {

/// A body of at most so many bytes is copied behind its head: one `send` of one block is cheaper
/// than the copy saved.
constexpr std::size_t kCopiedBody = 4 * 1024;
/// An unread body of at most so many bytes is waited for and thrown away, to keep the connection.
constexpr std::uint64_t kDrainedBody = 64 * 1024;

}  // namespace

void Http1Connection::queue(std::string_view bytes) noexcept {
    if (bytes.empty()) return;
    pieces_[piece_count_++] = {const_cast<char*>(bytes.data()), bytes.size()};
}

bool Http1Connection::flush() {
    while (first_piece_ != piece_count_) {
        const auto result =
            socket_.write(std::span{pieces_}.subspan(first_piece_, piece_count_ - first_piece_));
        if (result.kind == Socket::Kind::failed) {
            lose();
            return true;
        }
        if (result.kind == Socket::Kind::would_block) {
            if (!std::exchange(watches_writable_, true)) {
                worker_.loop.rewatch(socket_.get(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                                     *this);
            }
            return false;
        }
        deadline_ = worker_.loop.now() + worker_.options.timeouts.write_stall;
        budget_ -= std::min(budget_, result.bytes);
        std::size_t left = result.bytes;
        while (first_piece_ != piece_count_ && left >= pieces_[first_piece_].iov_len) {
            left -= pieces_[first_piece_++].iov_len;
        }
        if (first_piece_ != piece_count_) {
            auto& piece = pieces_[first_piece_];
            piece.iov_base = static_cast<char*>(piece.iov_base) + left;
            piece.iov_len -= left;
        }
    }
    first_piece_ = piece_count_ = 0;
    return true;
}

void Http1Connection::send_continue() {
    // RFC 9110 §10.1.1: "the server MUST send ... 100 (Continue) ... if the request's content has
    // not been received in part or whole"; nothing else of ours is on the way at this point.
    if (exchange_->body_received() != 0) return;
    static constexpr std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
    const iovec piece{const_cast<char*>(text.data()), text.size()};
    const auto result = socket_.write({&piece, 1});
    if (result.kind != Socket::Kind::some || result.bytes != text.size()) lose();
}

void Http1Connection::begin_response() {
    auto& exchange = *exchange_;
    auto& response = exchange.response;
    if (response.status < 200 || response.status > 999) response.status = 500;
    exchange.absorb();

    // A body that is worth waiting for is drained after the response; else the connection ends.
    const bool drainable = !exchange.body_failed() && !continue_wanted_ &&
                           exchange.body_left().value_or(0) <= kDrainedBody;
    // RFC 9112 §9.6: the server "MUST NOT process any further requests" after a "close", so it is
    // said behind the last request that has come.
    const bool last = worker_.stopping() && !exchange.next_head_is_here();
    close_after_ = !keep_alive_ || last || asks_to_close(response.headers) ||
                   (!exchange.body_finished() && !drainable);

    const bool is_http_1_0 = exchange.request.http_version() == 0;
    const bool is_head = exchange.request.method() == http::Method::head;
    // RFC 9110 §15.3.5, §15.4.5: 204 and 304 have no content; RFC 9112 §6.3: nor has any response
    // to HEAD, "regardless of the header fields present in the message".
    const bool no_content = !http::status_has_content(response.status);
    // RFC 9110 §15.3.6: "a server MUST NOT generate content in a 205 response"; RFC 9112 §6.3 knows
    // no exception for it, so its empty body has a length.
    const bool is_reset = response.status == 205;
    HeadExtras extras{.date = worker_.loop.date()};
    const auto length = is_reset ? 0 : response.length();
    if (no_content) {
        extras.framing = Framing::none;
    } else if (length) {
        extras.content_length = *length;
    } else if (is_http_1_0) {
        // RFC 9112 §6.1: "A server MUST NOT send a response containing Transfer-Encoding unless the
        // corresponding request indicates HTTP/1.1 (or later minor revisions)."
        extras.framing = Framing::close;
        close_after_ = close_after_ || !is_head;
    } else {
        extras.framing = Framing::chunked;
    }
    extras.close = close_after_;
    extras.keep_alive_1_0 = is_http_1_0;
    append_head(exchange.out, response, extras);

    phase_ = Phase::writing;
    deadline_ = worker_.loop.now() + worker_.options.timeouts.write_stall;
    if (is_head || no_content || is_reset) {
        queue(exchange.out);
        return;
    }
    if (!response.is_stream()) {
        const auto body = response.bytes();
        if (body.size() <= kCopiedBody) {
            exchange.out.append(body);
            queue(exchange.out);
        } else {
            queue(exchange.out);
            queue(body);
        }
        return;
    }
    pumping_ = true;
    pump_failed_ = false;
    head_queued_ = false;
    core::spawn(
        exchange.context, pump(length, extras.framing),
        [](void* user, std::exception_ptr error) {
            auto& self = *static_cast<Http1Connection*>(user);
            self.pumping_ = false;
            self.pump_failed_ = error != nullptr;
            if (error && self.phase_ != Phase::lost) {
                self.worker_.handler.stream_failed(*self.exchange_, std::move(error));
            }
            if (!self.busy_) self.worker_.loop.defer(self);
        },
        this);
    // The first piece takes its time: the client sees the head meanwhile.
    if (pumping_ && !std::exchange(head_queued_, true)) queue(exchange.out);
}

/// Ends when what is queued is written; then there is room for the next piece.
class Http1Connection::Flushed {
public:
    explicit Flushed(Http1Connection& connection) noexcept : connection_(connection) {}
    [[nodiscard]] bool await_ready() const {
        return connection_.flush() && connection_.budget_ != 0;
    }
    void await_suspend(std::coroutine_handle<> self) const {
        connection_.writer_ = self;
        if (connection_.budget_ == 0) connection_.worker_.loop.defer(connection_);
    }
    void await_resume() const {
        if (connection_.phase_ == Phase::lost) throw core::Cancelled{};
    }

private:
    Http1Connection& connection_;
};

core::Task<void> Http1Connection::pump(std::optional<std::uint64_t> length, Framing framing) {
    auto& stream = *std::get<std::unique_ptr<http::BodyStream>>(exchange_->response.body);
    std::exception_ptr failure;
    try {
        co_await write_pieces(stream, length, framing);
    } catch (...) {
        failure = std::current_exception();
    }
    if (!failure) co_return;
    co_await stream.close();
    std::rethrow_exception(failure);
}

core::Task<void> Http1Connection::write_pieces(http::BodyStream& stream,
                                               std::optional<std::uint64_t> length,
                                               Framing framing) {
    auto& exchange = *exchange_;
    const bool chunked = framing == Framing::chunked;
    std::uint64_t left = length.value_or(0);
    // A piece that is there at once goes out together with the head.
    const auto free_out = [&] {
        if (std::exchange(head_queued_, true)) exchange.out.clear();
    };
    while (auto piece = co_await stream.next()) {
        if (phase_ == Phase::lost) throw core::Cancelled{};
        if (piece->empty()) continue;
        if (length) {
            if (piece->size() > left) throw std::length_error("a stream is longer than it said");
            left -= piece->size();
        }
        if (head_queued_) co_await Flushed{*this};
        free_out();
        if (chunked) append_chunk_size(exchange.out, piece->size());
        exchange.piece = *std::move(piece);
        if (chunked) exchange.piece.append("\r\n");
        queue(exchange.out);
        queue(exchange.piece);
        co_await Flushed{*this};
    }
    if (left != 0) throw std::length_error("a stream is shorter than it said");
    if (head_queued_) co_await Flushed{*this};
    free_out();
    if (chunked) exchange.out.append("0\r\n\r\n");
    queue(exchange.out);
}

bool Http1Connection::write_response() {
    for (;;) {
        if (!flush()) return false;
        if (phase_ == Phase::lost) return true;
        if (reader_) {
            // The stream reads the request that it answers.
            if (!read_body()) return false;
            continue;
        }
        if (!writer_) break;
        if (budget_ == 0) {
            worker_.loop.defer(*this);
            return false;
        }
        std::exchange(writer_, {}).resume();
    }
    if (pumping_) return false;
    if (pump_failed_) lose();
    return true;
}

}  // namespace portico::net
