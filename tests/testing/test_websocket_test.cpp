#include "portico/testing/test_websocket.hpp"

#include <gtest/gtest.h>

#include "portico/testing/test_client.hpp"

namespace portico::testing {
namespace {

using app::App;
using app::WebSocket;
using core::Task;
namespace code = http::close_code;

TEST(TestWebSocket, throws_what_the_handler_has_thrown_unless_told_not_to) {
    App app;
    app.websocket("/ws", [](WebSocket socket) -> Task<void> {
        socket.accept();
        co_await socket.send_text("first");
        throw std::runtime_error("cause");
    });
    {
        TestClient client(app);
        auto socket = client.websocket("/ws");
        EXPECT_EQ(socket.receive_text(), "first");
        EXPECT_THROW((void)socket.receive(), std::runtime_error);
        EXPECT_THROW((void)socket.receive(), app::WebSocketDisconnect);
    }
    TestClient client(app, {.raise_server_exceptions = false});
    EXPECT_EQ(client.websocket("/ws").wait_closed().code, code::internal_error);
}

TEST(TestWebSocket, says_how_the_application_has_closed) {
    App app;
    app.websocket("/ws", [](WebSocket socket) -> Task<void> {
        socket.accept();
        socket.close(4000, "enough");
        co_return;
    });
    TestClient client(app);
    auto socket = client.websocket("/ws");
    try {
        (void)socket.receive_text();
        FAIL();
    } catch (const app::WebSocketDisconnect& closed) {
        EXPECT_EQ(closed.code(), 4000);
        EXPECT_EQ(closed.reason(), "enough");
    }
    socket.send_text("nobody hears it");
    socket.close();
}

TEST(TestWebSocket, tells_texts_from_bytes_and_what_is_no_json) {
    App app;
    app.websocket("/ws", [](WebSocket socket) -> Task<void> {
        socket.accept();
        co_await socket.send_bytes("b");
        co_await socket.send_text("t");
        co_await socket.send_text("x");
        (void)co_await socket.receive();
    });
    TestClient client(app);
    auto socket = client.websocket("/ws");
    EXPECT_TRUE(socket.has_message());
    EXPECT_THROW((void)socket.receive_text(), std::runtime_error);
    EXPECT_THROW((void)socket.receive_bytes(), std::runtime_error);
    EXPECT_THROW((void)socket.receive_json(), std::runtime_error);
    EXPECT_FALSE(socket.has_message());
}

TEST(TestWebSocket, a_text_that_is_no_utf8_closes_as_on_the_wire) {
    App app;
    app.websocket("/ws", [](WebSocket socket) -> Task<void> {
        socket.accept();
        (void)co_await socket.receive();
    });
    TestClient client(app);
    auto socket = client.websocket("/ws");
    socket.send_text("\xFF");
    EXPECT_EQ(socket.wait_closed().code, code::invalid_data);
}

TEST(TestWebSocket, goes_away_in_its_destructor) {
    App app;
    std::uint16_t seen = 0;
    app.websocket("/ws", [&](WebSocket socket) -> Task<void> {
        socket.accept();
        try {
            (void)co_await socket.receive();
        } catch (const app::WebSocketDisconnect& gone) {
            seen = gone.code();
        }
    });
    TestClient client(app);
    (void)client.websocket("/ws");
    EXPECT_EQ(seen, code::abnormal);
}

TEST(TestWebSocket, keeps_the_cookies_of_the_handshake) {
    App app;
    app.websocket("/ws", [](WebSocket socket) -> Task<void> {
        socket.accept({.headers = {{"Set-Cookie", "seen=1"}}});
        co_return;
    });
    TestClient client(app);
    (void)client.websocket("/ws").wait_closed();
    EXPECT_EQ(client.cookies()["seen"], "1");
}

}  // namespace
}  // namespace portico::testing
