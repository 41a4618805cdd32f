#include "net/http1_exchange.hpp"

#include <algorithm>
#include <cstring>

#include "net/http1_connection.hpp"

namespace portico::net {
namespace {

constexpr std::size_t kBodySpace = 16 * 1024;
/// Memory beyond this is given back after the request that needed it.
constexpr std::size_t kKeptMemory = 64 * 1024;

}  // namespace

Http1Exchange::Http1Exchange(core::Reactor& reactor, const ServerOptions& options)
    : Exchange(reactor),
      parser(
          {.target = options.max_target, .head = options.max_head, .fields = options.max_fields}),
      buffer_(std::make_unique_for_overwrite<char[]>(options.max_head + kBodySpace)),
      capacity_(options.max_head + kBodySpace) {}

void Http1Exchange::send() noexcept {
    connection_->response_complete();
}

http::WebSocketChannel* Http1Exchange::upgrade(const http::WebSocketLimits& limits) {
    return connection_->upgrade(limits);
}

std::string_view Http1Exchange::text() noexcept {
    // A head that starts at the front leaves `kBodySpace` behind it.
    if (begin_ != 0 && capacity_ - end_ < kBodySpace / 4) move_to_front();
    return {buffer_.get() + begin_, end_ - begin_};
}

void Http1Exchange::move_to_front() noexcept {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
}

Http1Exchange::Space Http1Exchange::head_space() noexcept {
    if (begin_ != 0) move_to_front();
    return {buffer_.get() + end_, capacity_ - end_};
}

Http1Exchange::Space Http1Exchange::body_space() noexcept {
    piece_begin_ = piece_end_ = raw_ = end_ = body_start_;
    return {buffer_.get() + end_, capacity_ - end_};
}

void Http1Exchange::start_body() noexcept {
    body_start_ = begin_ + parser.head_size();
    piece_begin_ = piece_end_ = raw_ = body_start_;
    length_left_ = parser.head().content_length.value_or(0);
    body_finished_ = !parser.head().chunked && length_left_ == 0;
}

void Http1Exchange::absorb() noexcept {
    if (body_finished_ || raw_ == end_) return;
    if (parser.head().chunked) {
        const auto step = decoder_.decode(buffer_.get() + raw_, end_ - raw_);
        if (step.produced != 0 && piece_end_ != raw_) {
            std::memmove(buffer_.get() + piece_end_, buffer_.get() + raw_, step.produced);
        }
        raw_ += step.consumed;
        piece_end_ += step.produced;
        received_body_ += step.consumed;
        body_finished_ = decoder_.finished();
        if (decoder_.malformed()) {
            raw_ = end_;
            fail_body(http::BodyError::malformed);
        }
        return;
    }
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(end_ - raw_, length_left_));
    raw_ += size;
    piece_end_ += size;
    received_body_ += size;
    length_left_ -= size;
    body_finished_ = length_left_ == 0;
}

std::size_t Http1Exchange::discard() noexcept {
    absorb();
    const std::size_t size = piece_end_ - piece_begin_;
    piece_begin_ = piece_end_ = raw_;
    return size;
}

std::span<char> Http1Exchange::take_rest() noexcept {
    const std::span rest{buffer_.get() + raw_, end_ - raw_};
    piece_begin_ = piece_end_ = raw_ = end_;
    return rest;
}

bool Http1Exchange::next_head_is_here() const noexcept {
    if (!body_finished_) return false;
    const std::string_view rest{buffer_.get() + raw_, end_ - raw_};
    return rest.find("\r\n\r\n") != std::string_view::npos;
}

std::string_view Http1Exchange::take_piece() noexcept {
    const std::string_view taken{buffer_.get() + piece_begin_, piece_end_ - piece_begin_};
    piece_begin_ = piece_end_ = raw_;
    return taken;
}

std::optional<std::expected<std::string_view, http::BodyError>> Http1Exchange::buffered(
    std::size_t limit) {
    if (whole_) return *whole_;
    const auto& head = parser.head();
    if (head.content_length && *head.content_length > limit) {
        fail_body(http::BodyError::too_large);
    }
    if (!body_error_) {
        absorb();
        if (piece_end_ - piece_begin_ > limit) fail_body(http::BodyError::too_large);
    }
    if (body_error_) return std::unexpected(*body_error_);
    if (!body_finished_) return std::nullopt;
    whole_ = take_piece();
    taken_ += whole_->size();
    return *whole_;
}

core::Task<std::expected<std::string_view, http::BodyError>> Http1Exchange::read_all(
    std::size_t limit) {
    if (auto here = buffered(limit)) co_return *here;
    for (;;) {
        absorb();
        body_.append(take_piece());
        if (body_.size() > limit) fail_body(http::BodyError::too_large);
        if (body_error_) co_return std::unexpected(*body_error_);
        if (body_finished_) break;
        co_await MoreInput{*connection_};
    }
    taken_ += body_.size();
    whole_ = body_;
    co_return *whole_;
}

core::Task<std::expected<std::string_view, http::BodyError>> Http1Exchange::read_some(
    std::size_t limit) {
    const auto& head = parser.head();
    if (head.content_length && *head.content_length > limit) {
        fail_body(http::BodyError::too_large);
    }
    for (;;) {
        if (!body_error_) absorb();
        if (piece_begin_ != piece_end_) {
            taken_ += piece_end_ - piece_begin_;
            if (taken_ > limit) fail_body(http::BodyError::too_large);
            const auto taken = take_piece();
            if (taken_ <= limit) co_return taken;
        }
        if (body_error_) co_return std::unexpected(*body_error_);
        if (body_finished_) co_return std::string_view{};
        co_await MoreInput{*connection_};
    }
}

void Http1Exchange::reset_request() noexcept {
    context.reset();
    request.reset();
    response.reset();
    arena.reset();
    release = {};
    route = nullptr;
    refusal.reset();
    parser.reset();
    out.clear();
    piece.clear();
    decoder_ = {};
    length_left_ = received_body_ = taken_ = 0;
    body_finished_ = true;
    body_error_.reset();
    whole_.reset();
    body_.clear();
    for (std::string* text : {&body_, &out, &piece, &response.text()}) {
        if (text->capacity() > kKeptMemory) std::string{}.swap(*text);
    }
}

void Http1Exchange::next() noexcept {
    begin_ = raw_;
    reset_request();
}

void Http1Exchange::clear() noexcept {
    begin_ = end_ = 0;
    reset_request();
}

}  // namespace portico::net
