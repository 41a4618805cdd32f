#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "portico/app/websocket.hpp"
#include "portico/http/websocket.hpp"
#include "portico/model/json.hpp"
#include "portico/model/read.hpp"
#include "portico/model/write.hpp"

namespace portico::testing {

struct TestResponse;

/// The client's end of a WebSocket: `TestClient::websocket`. What is called runs the loop as far as
/// it must; the client must outlive it. The destructor goes away without a word.
///
///     auto socket = client.websocket("/rooms/42");
///     socket.send_text("hello");
///     EXPECT_EQ(socket.receive_text(), "hello");
///     socket.close();
///
/// What reads throws `app::WebSocketDisconnect` when the application has closed, and before that
/// what its handler has thrown, where the client raises server exceptions.
class TestWebSocket {
public:
    TestWebSocket(TestWebSocket&&) noexcept;
    TestWebSocket& operator=(TestWebSocket&&) noexcept;
    ~TestWebSocket();

    /// False: the handshake was refused.
    [[nodiscard]] bool accepted() const noexcept;
    /// The answer to the handshake: 101, or the refusal.
    [[nodiscard]] const TestResponse& response() const noexcept;
    /// The one that the application has chosen; empty: none.
    [[nodiscard]] std::string_view subprotocol() const noexcept;

    void send_text(std::string text);
    void send_bytes(std::string bytes);
    template <class T>
    void send_json(const T& value) {
        send_text(model::to_json(value));
    }

    [[nodiscard]] http::WebSocketMessage receive();
    /// Throws `std::runtime_error` for a message of the other kind.
    [[nodiscard]] std::string receive_text();
    [[nodiscard]] std::string receive_bytes();
    /// Throws `std::runtime_error` with the text when it is no T.
    template <class T = model::Json>
    [[nodiscard]] T receive_json() {
        const std::string text = receive_text();
        auto value = model::read_json<T>(text);
        if (!value) throw std::runtime_error("not what was expected: " + text);
        return *std::move(value);
    }
    /// A message is there, when what is ready has been run.
    [[nodiscard]] bool has_message();

    /// Closes, and waits for the handler to end.
    void close(std::uint16_t code = http::close_code::normal, std::string_view reason = {});
    /// Goes away without a Close, and waits for the handler to end.
    void disconnect();
    /// Waits for the application to close, and gives how; messages that have not been read are
    /// dropped.
    http::WebSocketClose wait_closed();

private:
    friend class TestClient;
    struct State;
    explicit TestWebSocket(std::unique_ptr<State> state) noexcept;
    void end();
    std::unique_ptr<State> state_;
};

}  // namespace portico::testing
