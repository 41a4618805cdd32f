// The half of Http1Connection that is a WebSocket.

#include <algorithm>
#include <utility>

#include "net/http1_connection.hpp"
#include "net/response_head.hpp"
#include "net/websocket_handshake.hpp"
#include "net/worker.hpp"

namespace portico::net {

http::WebSocketChannel* Http1Connection::upgrade(const http::WebSocketLimits& limits) {
    auto& exchange = *exchange_;
    websocket_ =
        std::make_unique<WebSocketSession>(limits, worker_.options, worker_.loop.now(), [this] {
            if (!busy_) worker_.loop.defer(*this);
        });
    if (phase_ == Phase::lost) {
        websocket_->lose();
        return websocket_.get();
    }
    auto& response = exchange.response;
    response.status = 101;
    // RFC 9110 §7.8: "A sender of Upgrade MUST also send an "Upgrade" connection option".
    response.headers.set("Connection", "Upgrade");
    response.headers.set("Upgrade", "websocket");
    response.headers.set("Sec-WebSocket-Accept",
                         websocket_accept(exchange.request.header("Sec-WebSocket-Key")));
    append_head(exchange.out, response, {.framing = Framing::none, .date = worker_.loop.date()});
    queue(exchange.out);
    deadline_ = worker_.loop.now() + worker_.options.timeouts.write_stall;
    phase_ = Phase::websocket;
    websocket_->received(exchange.take_rest(), worker_.loop.now());
    if (worker_.stopping()) begin_stop();
    if (!busy_) worker_.loop.defer(*this);
    return websocket_.get();
}

void Http1Connection::begin_stop() {
    if (phase_ == Phase::websocket) websocket_->close(http::close_code::going_away, {});
}

bool Http1Connection::advance_websocket() {
    auto& websocket = *websocket_;
    for (;;) {
        if (response_ready_) websocket.close(http::close_code::normal, {});
        const bool sent = write_websocket();
        if (phase_ == Phase::lost || websocket.resume_one()) {
            if (phase_ == Phase::lost) return true;
            continue;
        }
        if (std::exchange(response_ready_, false)) release_application();
        if (sent && websocket.is_over()) {
            // RFC 6455 §7.1.1: the server closes the TCP connection first, when both sides have
            // sent a Close.
            if (handler_has_it_) {
                socket_.end_writing();
                return false;
            }
            websocket_.reset();
            begin_linger();
            return true;
        }
        if (websocket.parse()) continue;
        if (!may_read_ || !websocket.wants_input()) return false;
        if (budget_ == 0) {
            worker_.loop.defer(*this);
            return false;
        }
        const auto result = receive(exchange_->body_space());
        // RFC 6455 §7.1.5: without a Close, the connection has ended abnormally.
        if (result.kind == Socket::Kind::end) lose();
        if (phase_ == Phase::lost) return true;
        if (result.kind != Socket::Kind::some) continue;
        exchange_->received(result.bytes);
        budget_ -= std::min(budget_, result.bytes);
        websocket.received(exchange_->take_rest(), worker_.loop.now());
    }
}

/// True when there is nothing left to be written.
bool Http1Connection::write_websocket() {
    for (;;) {
        if (!flush()) return false;
        if (phase_ == Phase::lost) return true;
        exchange_->out.clear();
        if (!websocket_->take_output(exchange_->out, worker_.loop.now())) return true;
        queue(exchange_->out);
        deadline_ = worker_.loop.now() + worker_.options.timeouts.write_stall;
    }
}

void Http1Connection::tick_websocket(core::Reactor::TimePoint now) {
    const bool stalled = first_piece_ != piece_count_ && now >= deadline_;
    if (stalled || !websocket_->tick(now)) lose();
}

}  // namespace portico::net
