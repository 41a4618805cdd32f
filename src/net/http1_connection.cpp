#include "net/http1_connection.hpp"

#include <algorithm>
#include <utility>

#include "net/proxy_protocol.hpp"
#include "net/worker.hpp"
#include "portico/core/task.hpp"

namespace portico::net {
namespace {

/// Requests answered, and bytes moved, before the loop's other connections have their turn.
constexpr int kRequestsPerTurn = 32;
constexpr std::size_t kBytesPerTurn = 256 * 1024;
/// What is read and thrown away of a body that nobody wanted, framing included.
constexpr std::uint64_t kMaxDrained = 128 * 1024;

}  // namespace

Http1Connection::Http1Connection(Worker& worker, int descriptor, const http::IpAddress& peer,
                                 std::uint16_t peer_port)
    : worker_(worker),
      socket_(descriptor),
      awaits_proxy_head_(worker.options.proxy_protocol_from.contains(peer)),
      peer_port_(peer_port),
      peer_(peer),
      deadline_(worker.loop.now() + worker.options.timeouts.head) {}

Http1Connection::~Http1Connection() = default;

bool Http1Connection::start() {
    return worker_.loop.watch(socket_.get(), EPOLLIN | EPOLLRDHUP | EPOLLET, *this);
}

void Http1Connection::on_events(std::uint32_t events) {
    if (phase_ == Phase::closed || phase_ == Phase::lost) return;
    if ((events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) may_read_ = true;
    if ((events & EPOLLRDHUP) != 0) peer_ended_ = true;
    // A reset ends the request; that the client has only stopped sending (EPOLLRDHUP) does not.
    if ((events & (EPOLLERR | EPOLLHUP)) != 0 && in_request()) lose();
    advance();
}

void Http1Connection::advance() {
    if (busy_) return;
    busy_ = true;
    budget_ = kBytesPerTurn;
    int answered = 0;
    for (bool on = true; on;) {
        switch (phase_) {
            case Phase::idle:
            case Phase::head:
                on = read_head();
                break;
            case Phase::handling:
                on = response_ready_ || read_body();
                if (phase_ == Phase::handling && response_ready_) begin_response();
                break;
            case Phase::writing:
                on = write_response();
                if (!on || phase_ != Phase::writing) break;
                finish_response();
                if (++answered == kRequestsPerTurn && phase_ != Phase::closed) {
                    worker_.loop.defer(*this);
                    on = false;
                }
                break;
            case Phase::websocket:
                on = advance_websocket();
                break;
            case Phase::draining:
                on = drain();
                break;
            case Phase::lingering:
                on = linger();
                break;
            case Phase::lost:
                on = wind_up();
                break;
            case Phase::closed:
                on = false;
                break;
        }
    }
    busy_ = false;
}

Socket::Result Http1Connection::receive(Http1Exchange::Space space) {
    const auto result = socket_.read(space.data, space.size);
    switch (result.kind) {
        case Socket::Kind::some:
            // A short read has emptied the socket; what comes later is a new edge. Only the end of
            // the stream may have come with these bytes.
            if (result.bytes < space.size) may_read_ = peer_ended_;
            break;
        case Socket::Kind::would_block:
            may_read_ = false;
            break;
        case Socket::Kind::end:
            peer_ended_ = true;
            may_read_ = false;
            break;
        case Socket::Kind::failed:
            lose();
            break;
    }
    return result;
}

bool Http1Connection::read_head() {
    if (!exchange_) {
        if (!may_read_) return false;
        exchange_ = worker_.take_exchange(*this);
    }
    for (;;) {
        if (!exchange_->empty()) {
            if (phase_ == Phase::idle) {
                phase_ = Phase::head;
                deadline_ = worker_.loop.now() + worker_.options.timeouts.head;
            }
            const bool begins = !awaits_proxy_head_ || pass_proxy_head();
            if (phase_ == Phase::lost) return true;
            if (begins && !exchange_->empty() && parse_head()) return true;
        }
        if (!may_read_) {
            if (phase_ == Phase::idle) worker_.give_back(std::move(exchange_));
            return false;
        }
        const auto result = receive(exchange_->head_space());
        if (result.kind == Socket::Kind::some) exchange_->received(result.bytes);
        if (result.kind == Socket::Kind::end) {
            lose();
            return true;
        }
        if (phase_ == Phase::lost) return true;
    }
}

bool Http1Connection::parse_head() {
    const auto status =
        exchange_->parser.parse(exchange_->text(), exchange_->request.mutable_headers());
    if (status == Http1Parser::Status::complete) begin_request();
    if (status == Http1Parser::Status::refused) {
        const auto error = exchange_->parser.error();
        refuse({error.status, error.phrase}, false);
    }
    return status != Http1Parser::Status::need_more;
}

bool Http1Connection::pass_proxy_head() {
    const ProxyHead head = read_proxy_head(exchange_->text());
    if (head.status == ProxyHead::Status::malformed) lose();
    if (head.status != ProxyHead::Status::complete) return false;
    awaits_proxy_head_ = false;
    exchange_->skip(head.size);
    if (exchange_->empty()) phase_ = Phase::idle;
    if (head.client) {
        peer_ = head.client->address;
        peer_port_ = head.client->port;
    }
    return true;
}

void Http1Connection::identify(std::string_view wanted) {
    auto& exchange = *exchange_;
    if (is_request_id(wanted)) {
        exchange.request.set_id(exchange.arena.copy(wanted));
    } else {
        auto* text = static_cast<char*>(exchange.arena.allocate(RequestIds::kLength, 1));
        worker_.ids.write(text);
        exchange.request.set_id({text, RequestIds::kLength});
    }
    exchange.context.set_request_id(exchange.request.id());
}

void Http1Connection::begin_request() {
    auto& exchange = *exchange_;
    auto& request = exchange.request;
    const RequestHead& head = exchange.parser.head();
    request.set_method(http::parse_method(head.method), head.method);
    request.set_version(head.minor_version);
    request.set_asks_upgrade(head.upgrade);
    request.set_host(head.host);
    request.set_peer(peer_, peer_port_);
    identify(head.request_id);

    std::string_view target = head.target;
    if (target.front() == '?') {
        auto* text = static_cast<char*>(exchange.arena.allocate(target.size() + 1, 1));
        *text = '/';
        std::ranges::copy(target, text + 1);
        target = {text, target.size() + 1};
    }
    if (!request.set_target(target)) return refuse({400, "Malformed request target"}, true);

    keep_alive_ = head.keep_alive;
    continue_wanted_ = head.expect_continue;
    exchange.start_body();
    if (!exchange.body_finished()) request.set_body_source(&exchange);

    worker_.handler.match(exchange);
    const std::size_t max_body =
        request.route() != nullptr ? request.route()->max_body : worker_.options.max_body;
    // RFC 9110 §15.5.14: the server "is refusing to process a request because the request content
    // is larger than the server is willing or able to process", here before any of it is read.
    if (head.content_length && *head.content_length > max_body) {
        return refuse({413, {}}, true);
    }
    phase_ = Phase::handling;
    response_ready_ = false;
    handler_has_it_ = true;
    worker_.handler.handle(exchange);
}

void Http1Connection::refuse(http::Refusal refusal, bool keep_request) {
    auto& exchange = *exchange_;
    if (!keep_request) {
        const RequestHead head = exchange.parser.so_far(exchange.text());
        exchange.request.reset();
        exchange.request.set_method(http::parse_method(head.method), head.method);
        exchange.request.set_peer(peer_, peer_port_);
        identify(head.request_id);
    }
    keep_alive_ = false;
    handler_has_it_ = false;
    worker_.handler.refuse(exchange, refusal);
    phase_ = Phase::handling;
    response_ready_ = true;
}

void Http1Connection::response_complete() noexcept {
    response_ready_ = true;
    handler_has_it_ = false;
    if (!busy_) worker_.loop.defer(*this);
}

void Http1Connection::want_input(std::coroutine_handle<> reader) {
    reader_ = reader;
    reading_since_ = worker_.loop.now();
    if (phase_ == Phase::handling && std::exchange(continue_wanted_, false)) send_continue();
    if (!busy_) worker_.loop.defer(*this);
}

bool Http1Connection::read_body() {
    if (!reader_) return false;
    auto& exchange = *exchange_;
    if (!exchange.body_ready()) exchange.absorb();
    while (!exchange.body_ready()) {
        if (!may_read_) return false;
        if (budget_ == 0) {
            worker_.loop.defer(*this);
            return false;
        }
        const auto result = receive(exchange.body_space());
        if (phase_ == Phase::lost) return true;
        if (result.kind == Socket::Kind::end) {
            exchange.fail_body(http::BodyError::disconnected);
        } else if (result.kind == Socket::Kind::some) {
            exchange.received(result.bytes);
            budget_ -= std::min(budget_, result.bytes);
            exchange.absorb();
        }
    }
    read_time_ += worker_.loop.now() - reading_since_;
    std::exchange(reader_, {}).resume();
    return true;
}

bool Http1Connection::input_timed_out() const noexcept {
    const auto& options = worker_.options;
    const auto waited = read_time_ + (worker_.loop.now() - reading_since_);
    if (waited <= options.timeouts.body_grace) return false;
    const std::chrono::duration<double> beyond = waited - options.timeouts.body_grace;
    return static_cast<double>(exchange_->body_received()) <
           beyond.count() * static_cast<double>(options.min_body_rate);
}

void Http1Connection::release_application() noexcept {
    // A stream may refer to what the application keeps.
    if (exchange_->response.is_stream()) exchange_->response.body = std::string{};
    auto& release = exchange_->release;
    if (release.run != nullptr) release.run(release.resource);
    release = {};
}

void Http1Connection::finish_response() {
    release_application();
    if (close_after_) return begin_linger();
    if (exchange_->body_finished()) return next_request();
    phase_ = Phase::draining;
    drain_end_ = exchange_->body_received() + kMaxDrained;
    deadline_ = worker_.loop.now() + worker_.options.timeouts.linger;
}

void Http1Connection::next_request() {
    exchange_->next();
    read_time_ = {};
    const auto& timeouts = worker_.options.timeouts;
    if (exchange_->empty()) {
        phase_ = Phase::idle;
        deadline_ =
            worker_.loop.now() + (worker_.stopping() ? timeouts.shutdown_idle : timeouts.idle);
        if (!may_read_) worker_.give_back(std::move(exchange_));
    } else {
        phase_ = Phase::head;
        deadline_ = worker_.loop.now() + timeouts.head;
    }
}

bool Http1Connection::drain() {
    auto& exchange = *exchange_;
    for (;;) {
        exchange.discard();
        if (exchange.body_finished()) {
            next_request();
            return true;
        }
        if (exchange.body_failed() || exchange.body_received() > drain_end_) {
            begin_linger();
            return true;
        }
        if (!may_read_) return false;
        const auto result = receive(exchange.body_space());
        if (result.kind == Socket::Kind::end) lose();
        if (phase_ == Phase::lost) return true;
        if (result.kind == Socket::Kind::some) exchange.received(result.bytes);
    }
}

void Http1Connection::begin_linger() {
    // RFC 9112 §9.6: "To avoid the TCP reset problem, servers typically close a connection in
    // stages. First, the server performs a half-close by closing only the write side of the
    // read/write connection. The server then continues to read from the connection until it
    // receives a corresponding close by the client".
    worker_.give_back(std::move(exchange_));
    socket_.end_writing();
    phase_ = Phase::lingering;
    deadline_ = worker_.loop.now() + worker_.options.timeouts.linger;
}

bool Http1Connection::linger() {
    while (may_read_) {
        if (budget_ == 0) {
            worker_.loop.defer(*this);
            return false;
        }
        const auto result = receive({worker_.scratch.data(), worker_.scratch.size()});
        if (result.kind == Socket::Kind::end) lose();
        if (phase_ == Phase::lost) return true;
        budget_ -= std::min(budget_, result.bytes);
    }
    return false;
}

void Http1Connection::lose() {
    if (phase_ == Phase::lost || phase_ == Phase::closed) return;
    if (in_request()) {
        // Who speaks over a WebSocket is told by the channel, and may say goodbye to others.
        websocket_ ? websocket_->lose() : exchange_->context.cancel();
        exchange_->fail_body(http::BodyError::disconnected);
        socket_.abort();
    } else {
        socket_.close();
    }
    phase_ = Phase::lost;
    first_piece_ = piece_count_ = 0;
    if (!busy_) worker_.loop.defer(*this);
}

bool Http1Connection::wind_up() {
    if (reader_) {
        std::exchange(reader_, {}).resume();
        return true;
    }
    if (writer_) {
        std::exchange(writer_, {}).resume();
        return true;
    }
    if (websocket_ && websocket_->resume_one()) return true;
    if (handler_has_it_ || pumping_) return false;
    if (exchange_) release_application();
    destroy();
    return false;
}

void Http1Connection::destroy() {
    phase_ = Phase::closed;
    worker_.give_back(std::move(exchange_));
    worker_.remove(*this);
}

void Http1Connection::on_tick() {
    const auto now = worker_.loop.now();
    switch (phase_) {
        case Phase::idle:
            if (now < deadline_) return;
            close_if_idle();
            return;
        case Phase::head:
            if (now < deadline_) return;
            refuse({408, {}}, false);
            break;
        case Phase::handling:
        case Phase::writing:
            if (!reader_) {
                if (first_piece_ == piece_count_ || now < deadline_) return;
                lose();
            } else if (input_timed_out()) {
                keep_alive_ = false;
                exchange_->fail_body(http::BodyError::too_slow);
            } else if (now < exchange_->context.deadline()) {
                return;
            } else {
                // The reader finds the deadline passed when it is resumed.
                std::exchange(reader_, {}).resume();
            }
            break;
        case Phase::websocket:
            return tick_websocket(now);
        case Phase::draining:
        case Phase::lingering:
            if (now < deadline_) return;
            lose();
            break;
        case Phase::lost:
        case Phase::closed:
            return;
    }
    advance();
}

void Http1Connection::close_if_idle() {
    if (phase_ != Phase::idle) return;
    // A request that has come in the meantime is answered.
    may_read_ = true;
    advance();
    if (phase_ != Phase::idle) return;
    lose();
    advance();
}

void Http1Connection::abort() {
    if (phase_ == Phase::websocket) exchange_->context.cancel();
    lose();
    advance();
}

}  // namespace portico::net
