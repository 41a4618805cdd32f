#include "testing/test_websocket.hpp"

#include <utility>

namespace portico::testing {
namespace {

using Kind = http::WebSocketMessage::Kind;

TestChannel& channel_of(TestExchange& exchange) {
    if (!exchange.channel) throw std::runtime_error("the WebSocket was refused: see response()");
    return *exchange.channel;
}

}  // namespace

TestWebSocket::TestWebSocket(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
TestWebSocket::TestWebSocket(TestWebSocket&&) noexcept = default;
TestWebSocket& TestWebSocket::operator=(TestWebSocket&&) noexcept = default;

TestWebSocket::~TestWebSocket() {
    if (!state_) return;
    try {
        disconnect();
    } catch (...) {  // it is nobody's any more
    }
}

bool TestWebSocket::accepted() const noexcept {
    return state_->exchange->channel.has_value();
}

const TestResponse& TestWebSocket::response() const noexcept {
    return state_->response;
}

std::string_view TestWebSocket::subprotocol() const noexcept {
    return state_->response.header("Sec-WebSocket-Protocol");
}

void TestWebSocket::send_text(std::string text) {
    channel_of(*state_->exchange).deliver({Kind::text, std::move(text)});
    state_->reactor.run_ready();
}

void TestWebSocket::send_bytes(std::string bytes) {
    channel_of(*state_->exchange).deliver({Kind::binary, std::move(bytes)});
    state_->reactor.run_ready();
}

http::WebSocketMessage TestWebSocket::receive() {
    TestChannel& channel = channel_of(*state_->exchange);
    state_->reactor.run_until([&] { return channel.has_message() || channel.closed(); });
    if (auto message = channel.take()) return *std::move(message);
    end();
    throw app::WebSocketDisconnect(*channel.closed());
}

std::string TestWebSocket::receive_text() {
    auto message = receive();
    if (message.kind != Kind::text) throw std::runtime_error("received bytes, not a text");
    return std::move(message.data);
}

std::string TestWebSocket::receive_bytes() {
    auto message = receive();
    if (message.kind != Kind::binary) throw std::runtime_error("received a text, not bytes");
    return std::move(message.data);
}

bool TestWebSocket::has_message() {
    state_->reactor.run_ready();
    return channel_of(*state_->exchange).has_message();
}

void TestWebSocket::close(std::uint16_t code, std::string_view reason) {
    channel_of(*state_->exchange).end({code, std::string(reason)});
    end();
}

void TestWebSocket::disconnect() {
    if (accepted()) state_->exchange->channel->end({http::close_code::abnormal, {}});
    end();
}

http::WebSocketClose TestWebSocket::wait_closed() {
    TestChannel& channel = channel_of(*state_->exchange);
    state_->reactor.run_until([&] {
        while (channel.take()) {
        }
        return channel.closed().has_value();
    });
    end();
    return *channel.closed();
}

void TestWebSocket::end() {
    if (!state_->finish) return;
    auto finish = std::exchange(state_->finish, nullptr);
    finish(*state_->exchange);
    state_->reactor.run_ready();  // background tasks
}

}  // namespace portico::testing
