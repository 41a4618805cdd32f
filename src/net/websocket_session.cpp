#include "net/websocket_session.hpp"

#include <stdexcept>
#include <utility>

namespace portico::net {
namespace {

namespace code = http::close_code;

/// Memory beyond this is given back when what needed it is sent.
constexpr std::size_t kKeptMemory = 64 * 1024;

}  // namespace

/// Ends when there is a message, or the end.
class WebSocketSession::Input {
public:
    explicit Input(WebSocketSession& session) noexcept : session_(session) {}
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    template <class P>
    void await_suspend(std::coroutine_handle<P> self) {
        context_ = core::detail::context_of(self);
        session_.receiver_ = self;
        session_.wake_();
    }
    void await_resume() const {
        if (context_ != nullptr) context_->throw_if_stopped();
    }

private:
    WebSocketSession& session_;
    core::Context* context_ = nullptr;
};

/// Ends when there is room in the queue and those before have had theirs, or at the end.
class WebSocketSession::Room {
public:
    explicit Room(WebSocketSession& session) noexcept : session_(session) {}
    [[nodiscard]] bool await_ready() const noexcept {
        return session_.is_closing() || (!session_.is_full() && session_.first_sender_ == nullptr);
    }
    template <class P>
    void await_suspend(std::coroutine_handle<P> self) noexcept {
        context_ = core::detail::context_of(self);
        handle_ = self;
        (session_.first_sender_ == nullptr ? session_.first_sender_
                                           : session_.last_sender_->next_) = this;
        session_.last_sender_ = this;
    }
    void await_resume() const {
        if (context_ != nullptr) context_->throw_if_stopped();
    }

private:
    friend WebSocketSession;
    WebSocketSession& session_;
    core::Context* context_ = nullptr;
    std::coroutine_handle<> handle_;
    Room* next_ = nullptr;
};

WebSocketSession::WebSocketSession(const http::WebSocketLimits& limits,
                                   const ServerOptions& options, TimePoint now,
                                   core::Reactor::Callback wake)
    : limits_(limits),
      options_(options),
      wake_(std::move(wake)),
      parser_(limits.max_message),
      heard_(now) {}

core::Task<WebSocketSession::Received> WebSocketSession::receive() {
    if (receiver_) throw std::logic_error("a WebSocket has one reader at a time");
    while (!message_ready_ && !input_over_) co_await Input{*this};
    if (!std::exchange(message_ready_, false)) co_return std::unexpected(end_);
    wake_();
    co_return http::WebSocketMessage{parser_.is_text() ? http::WebSocketMessage::Kind::text
                                                       : http::WebSocketMessage::Kind::binary,
                                     parser_.take_message()};
}

core::Task<std::expected<void, http::WebSocketClose>> WebSocketSession::send(
    http::WebSocketMessage::Kind kind, std::string_view data) {
    co_await Room{*this};
    if (is_closing()) co_return std::unexpected(end_);
    queue(kind, data);
    co_return {};
}

bool WebSocketSession::try_send(http::WebSocketMessage::Kind kind, std::string_view data) {
    if (is_closing() || is_full() || first_sender_ != nullptr) return false;
    queue(kind, data);
    return true;
}

void WebSocketSession::queue(http::WebSocketMessage::Kind kind, std::string_view data) {
    const bool is_text = kind == http::WebSocketMessage::Kind::text;
    append_frame(out_, is_text ? Opcode::text : Opcode::binary, data);
    wake_();
}

void WebSocketSession::close(std::uint16_t code, std::string_view reason) {
    if (close_queued_) return;
    end_ = {code, std::string(reason)};
    queue_close(code, reason);
}

void WebSocketSession::queue_close(std::uint16_t code, std::string_view reason) {
    // RFC 6455 §5.5.1: "The application MUST NOT send any more data frames after sending a Close
    // frame."
    close_queued_ = true;
    append_close(out_, code, reason);
    wake_();
}

/// Why nothing more is read.
void WebSocketSession::end_input(std::uint16_t code, std::string_view reason) {
    end_ = {code, std::string(reason)};
    input_over_ = true;
}

void WebSocketSession::received(std::span<char> bytes, TimePoint now) noexcept {
    input_ = bytes;
    heard_ = now;
    pinged_ = false;
}

bool WebSocketSession::wants_input() const noexcept {
    // Pongs are output as well: who does not take them is not read from.
    return !message_ready_ && !input_over_ && !is_full();
}

bool WebSocketSession::parse() {
    bool moved = false;
    while (!input_.empty() && wants_input()) {
        const auto step = parser_.parse(input_.data(), input_.size());
        input_ = input_.subspan(step.consumed);
        handle(step.event);
        if (!parser_.is_within()) message_since_.reset();
        moved = true;
    }
    if (input_over_) input_ = {};
    return moved;
}

void WebSocketSession::handle(WebSocketParser::Event event) {
    switch (event) {
        case WebSocketParser::Event::message:
            // After our Close only the client's is waited for.
            message_ready_ = !close_queued_;
            if (close_queued_) static_cast<void>(parser_.take_message());
            break;
        case WebSocketParser::Event::ping:
            // RFC 6455 §5.5.2: "Upon receipt of a Ping frame, an endpoint MUST send a Pong frame in
            // response, unless it already received a Close frame."
            if (!close_queued_) append_frame(out_, Opcode::pong, parser_.control());
            break;
        case WebSocketParser::Event::close:
            end_input(parser_.close_code(), parser_.close_reason());
            // RFC 6455 §5.5.1: "If an endpoint receives a Close frame and did not previously send a
            // Close frame, the endpoint MUST send a Close frame in response. (When sending a Close
            // frame in response, the endpoint typically echos the status code it received.)"
            if (close_queued_) break;
            if (end_.code == code::no_status) {
                close_queued_ = true;
                append_frame(out_, Opcode::close, {});
            } else {
                queue_close(end_.code, {});
            }
            break;
        case WebSocketParser::Event::failed:
            // RFC 6455 §7.1.7: to fail the connection is to send a Close with the reason, and to
            // process nothing more of what the client sends.
            end_input(parser_.error().code, parser_.error().phrase);
            if (!close_queued_) queue_close(end_.code, end_.reason);
            break;
        case WebSocketParser::Event::pong:
        case WebSocketParser::Event::need_more:
            break;
    }
}

bool WebSocketSession::take_output(std::string& out, TimePoint now) noexcept {
    if (out.capacity() > kKeptMemory) std::string{}.swap(out);
    if (!out_.empty()) {
        out.swap(out_);
        return true;
    }
    if (close_queued_ && !close_deadline_) close_deadline_ = now + options_.timeouts.linger;
    return false;
}

bool WebSocketSession::resume_one() {
    if (receiver_ && (message_ready_ || input_over_)) {
        std::exchange(receiver_, {}).resume();
        return true;
    }
    if (first_sender_ != nullptr && (!is_full() || is_closing())) {
        std::exchange(first_sender_, first_sender_->next_)->handle_.resume();
        return true;
    }
    return false;
}

/// As with a request's body: what has come of a message is not kept for a client that hardly sends
/// the rest.
bool WebSocketSession::is_too_slow(TimePoint now) noexcept {
    if (!wants_input() || !parser_.is_within()) {
        message_since_.reset();
        return false;
    }
    if (!message_since_) message_since_ = now;
    const std::chrono::duration<double> beyond =
        now - *message_since_ - options_.timeouts.body_grace;
    return beyond.count() > 0 && static_cast<double>(parser_.message_size()) <
                                     beyond.count() * static_cast<double>(options_.min_body_rate);
}

bool WebSocketSession::tick(TimePoint now) {
    if (close_queued_) {
        if (input_over_ || !close_deadline_ || now < *close_deadline_) return true;
        input_over_ = true;  // it does not answer our Close
        wake_();
        return true;
    }
    // What a handler keeps waiting, or a client does not take, says nothing about the client.
    if (!wants_input()) heard_ = now;
    if (is_too_slow(now)) {
        end_input(code::policy_violation, "the message comes too slowly");
        queue_close(end_.code, end_.reason);
        return true;
    }
    const auto& timeouts = options_.timeouts;
    const auto patience = pinged_ ? timeouts.websocket_pong : timeouts.websocket_ping;
    if (timeouts.websocket_ping == timeouts.websocket_ping.zero() || now - heard_ < patience) {
        return true;
    }
    if (pinged_) return false;
    pinged_ = true;
    heard_ = now;
    append_frame(out_, Opcode::ping, {});
    wake_();
    return true;
}

void WebSocketSession::lose() noexcept {
    if (!input_over_) end_ = {code::abnormal, {}};
    input_over_ = true;
    close_queued_ = true;
    input_ = {};
    out_.clear();
}

}  // namespace portico::net
