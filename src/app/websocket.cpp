#include "portico/app/websocket.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "app/section.hpp"
#include "app/websocket_state.hpp"
#include "portico/app/exceptions.hpp"
#include "portico/http/utf8.hpp"
#include "portico/model/read.hpp"

namespace portico::app {
namespace {

using Kind = WebSocketMessage::Kind;

void check_text(std::string_view text, std::string_view what) {
    if (!http::is_utf8(text)) {
        throw std::invalid_argument(fmt::format("WebSocket: {} is no UTF-8", what));
    }
}

/// What the handshake itself decides, and the client would believe.
bool is_of_handshake(std::string_view name) {
    constexpr std::string_view kPrefix = "Sec-WebSocket-";
    return http::equal_names(name, "Connection") || http::equal_names(name, "Upgrade") ||
           http::equal_names(name.substr(0, kPrefix.size()), kPrefix);
}

const std::string& text_of(const WebSocketMessage& message, Kind wanted) {
    if (message.kind == wanted) return message.data;
    throw WebSocketException(http::close_code::unsupported_data,
                             wanted == Kind::text ? "expected a text" : "expected bytes");
}

}  // namespace

http::Request& WebSocket::request() const noexcept {
    return state_->scope.exchange.request;
}

core::Reactor& WebSocket::reactor() const noexcept {
    return state_->scope.exchange.context.reactor();
}

http::WebSocketChannel& WebSocket::channel() const {
    if (state_->channel == nullptr) throw std::logic_error("WebSocket: accept() it first");
    return *state_->channel;
}

std::vector<std::string_view> WebSocket::subprotocols() const {
    std::vector<std::string_view> offered;
    for (std::string_view list : request().headers().get_all("Sec-WebSocket-Protocol")) {
        while (!list.empty()) {
            const auto comma = std::min(list.find(','), list.size());
            std::string_view one = list.substr(0, comma);
            list.remove_prefix(std::min(comma + 1, list.size()));
            const auto begin = one.find_first_not_of(" \t");
            if (begin == one.npos) continue;
            offered.push_back(one.substr(begin, one.find_last_not_of(" \t") + 1 - begin));
        }
    }
    return offered;
}

void WebSocket::accept(WebSocketAcceptance acceptance) {
    Scope& scope = state_->scope;
    if (state_->channel != nullptr || state_->denial || state_->refusal) {
        throw std::logic_error("WebSocket: it is accepted or refused already");
    }
    const std::string& subprotocol = acceptance.subprotocol;
    // RFC 6455 §4.1: a client fails a connection with "a subprotocol that was not present in the
    // client's handshake".
    const auto offered = subprotocols();
    if (!subprotocol.empty() && std::ranges::find(offered, subprotocol) == offered.end()) {
        throw std::invalid_argument(
            fmt::format("WebSocket: the client does not offer subprotocol \"{}\"", subprotocol));
    }
    scope.application.merge_response();
    http::Headers& headers = scope.exchange.response.headers;
    for (const auto field : acceptance.headers) {
        if (is_of_handshake(field.name)) {
            throw std::invalid_argument(
                fmt::format("WebSocket: {} is the handshake's own header", field.name));
        }
        headers.add(field.name, field.value);
    }
    if (!subprotocol.empty()) headers.set("Sec-WebSocket-Protocol", subprotocol);
    // A WebSocket lasts for as long as both sides like.
    scope.exchange.context.set_deadline(core::Context::TimePoint::max());
    scope.exchange.response.status = 101;
    run_on_response(scope.app, scope.exchange, scope.layers, 0, std::exchange(scope.responding, 0));
    state_->channel = scope.exchange.upgrade(scope.route->websocket->limits);
    if (state_->channel == nullptr) throw std::logic_error("this engine has no WebSockets");
}

void WebSocket::send_denial_response(http::Response response) {
    if (state_->channel != nullptr) throw std::logic_error("WebSocket: it is accepted already");
    state_->denial = std::move(response);
}

core::Task<WebSocketMessage> WebSocket::receive() {
    auto message = co_await channel().receive();
    if (!message) throw WebSocketDisconnect(std::move(message.error()));
    co_return *std::move(message);
}

core::Task<std::string> WebSocket::receive_text() {
    auto message = co_await receive();
    text_of(message, Kind::text);
    co_return std::move(message.data);
}

core::Task<std::string> WebSocket::receive_bytes() {
    auto message = co_await receive();
    text_of(message, Kind::binary);
    co_return std::move(message.data);
}

core::Generator<WebSocketMessage> WebSocket::iter_messages() {
    http::WebSocketChannel& from = channel();
    while (auto message = co_await from.receive()) co_yield *std::move(message);
}

core::Generator<std::string> WebSocket::iter_text() {
    http::WebSocketChannel& from = channel();
    while (auto message = co_await from.receive()) {
        text_of(*message, Kind::text);
        co_yield std::move(message->data);
    }
}

core::Generator<std::string> WebSocket::iter_bytes() {
    http::WebSocketChannel& from = channel();
    while (auto message = co_await from.receive()) {
        text_of(*message, Kind::binary);
        co_yield std::move(message->data);
    }
}

core::Task<void> WebSocket::read_json(model::Slot slot, void* value) {
    const std::string text = co_await receive_text();
    parse_json(text, slot, value);
}

void WebSocket::parse_json(std::string_view text, model::Slot slot, void* value) {
    model::Faults faults;
    if (!model::read_json(text, slot, value, model::Location("message"), faults)) {
        throw RequestValidationError(std::move(faults));
    }
}

core::Task<void> WebSocket::send(Kind kind, std::string_view data) {
    auto sent = co_await channel().send(kind, data);
    // `this` may be gone by now: another handler's socket, whose handler has ended.
    if (!sent) throw WebSocketDisconnect(std::move(sent.error()));
}

core::Task<void> WebSocket::send_text(std::string_view text) {
    check_text(text, "the text");
    return send(Kind::text, text);
}

core::Task<void> WebSocket::send_bytes(std::string_view bytes) {
    return send(Kind::binary, bytes);
}

core::Task<void> WebSocket::send_owned(std::string text) {
    co_await send(Kind::text, text);
}

bool WebSocket::try_send_text(std::string_view text) {
    check_text(text, "the text");
    return channel().try_send(Kind::text, text);
}

bool WebSocket::try_send_bytes(std::string_view bytes) {
    return channel().try_send(Kind::binary, bytes);
}

void WebSocket::close(std::uint16_t code, std::string_view reason) {
    if (!http::is_close_code(code)) {
        throw std::invalid_argument(fmt::format(
            "WebSocket: expected a close code of 1000-1003, 1007-1014 or 3000-4999, got {}", code));
    }
    check_text(reason, "the reason");
    if (reason.size() > http::kMaxCloseReason) {
        throw std::invalid_argument(fmt::format("WebSocket: expected a reason of {} bytes, got {}",
                                                http::kMaxCloseReason, reason.size()));
    }
    if (state_->channel != nullptr) {
        state_->channel->close(code, reason);
    } else {
        state_->refusal = reason;
    }
}

}  // namespace portico::app
