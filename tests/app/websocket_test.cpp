#include "portico/app/websocket.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "portico/app/app.hpp"
#include "portico/testing/test_client.hpp"

namespace portico::app {
namespace {

using core::Task;
using testing::TestClient;
namespace code = http::close_code;

std::vector<std::string> events;

struct Move {
    std::string piece;
    int to;
};

class WebSockets : public ::testing::Test {
protected:
    void SetUp() override { events.clear(); }

    App app;
};

TEST_F(WebSockets, send_and_receive_text_bytes_and_json) {
    app.websocket("/ws", [](WebSocket socket) -> Task<void> {
        socket.accept();
        co_await socket.send_text("got " + co_await socket.receive_text());
        co_await socket.send_bytes(co_await socket.receive_bytes() + "\xFF");
        auto move = co_await socket.receive_json<Move>();
        ++move.to;
        co_await socket.send_json(move);
        const auto any = co_await socket.receive_json();
        co_await socket.send_json(any);
        const WebSocketMessage last = co_await socket.receive();
        co_await socket.send_text(last.kind == WebSocketMessage::Kind::binary ? "bytes" : "text");
    });
    TestClient client(app);
    auto socket = client.websocket("/ws");
    ASSERT_TRUE(socket.accepted());
    EXPECT_EQ(socket.response().status_code, 101);
    socket.send_text("this");
    EXPECT_EQ(socket.receive_text(), "got this");
    socket.send_bytes("\x01");
    EXPECT_EQ(socket.receive_bytes(), "\x01\xFF");
    socket.send_json(Move{"queen", 4});
    EXPECT_EQ(socket.receive_json<Move>().to, 5);
    socket.send_text("[1, null]");
    EXPECT_EQ(socket.receive_text(), "[1,null]");
    socket.send_bytes("");
    EXPECT_EQ(socket.receive_text(), "bytes");
    EXPECT_EQ(socket.wait_closed().code, code::normal);
}

Task<std::string> described(Path<int, "room"> room, Query<std::string, "token"> token,
                            Header<std::string, "x-mood"> mood, Cookie<std::string, "who"> who) {
    co_return std::to_string(*room) + *token + *mood + *who;
}

TEST_F(WebSockets, take_parameters_and_dependencies_as_routes_do) {
    app.state(std::string("state"));
    app.websocket("/rooms/{room}",
                  [](WebSocket socket, Depends<described> described_, State<std::string> state,
                     Path<int, "room"> room, http::Request& request) -> Task<void> {
                      socket.accept();
                      co_await socket.send_text(*described_ + *state + std::to_string(*room) +
                                                std::string(request.path()));
                  });
    TestClient client(app);
    auto socket = client.websocket(
        "/rooms/7",
        {.params = {{"token", "t"}}, .headers = {{"X-Mood", "m"}}, .cookies = {{"who", "w"}}});
    EXPECT_EQ(socket.receive_text(), "7tmwstate7/rooms/7");
}

TEST_F(WebSockets, of_routers_have_their_prefix_and_dependencies) {
    Router router{{.prefix = "/chat", .dependencies = {depends([](http::Request&) {
                                          events.emplace_back("router");
                                      })}}};
    router.websocket(
        "/{room}",
        [](WebSocket socket, Path<std::string, "room"> room) -> Task<void> {
            socket.accept();
            co_await socket.send_text(*room);
        },
        {.name = "chat", .dependencies = {depends([] { events.emplace_back("route"); })}});
    app.include(router);
    TestClient client(app);
    auto socket = client.websocket("/chat/tea");
    EXPECT_EQ(socket.receive_text(), "tea");
    EXPECT_THAT(events, ::testing::ElementsAre("router", "route"));
    EXPECT_EQ(app.url_for("chat", {{"room", "a b"}}), "/chat/a%20b");
}

TEST_F(WebSockets, of_a_mounted_application_are_below_its_prefix) {
    App inner;
    inner.websocket("/ws", [](WebSocket socket) -> Task<void> {
        socket.accept();
        co_await socket.send_text("inner");
    });
    app.mount("/sub", inner);
    TestClient client(app);
    EXPECT_EQ(client.websocket("/sub/ws").receive_text(), "inner");
    EXPECT_EQ(client.get("/sub/ws").status_code, 426);
}

TEST_F(WebSockets, a_full_queue_makes_senders_wait_and_is_said_by_try_send) {
    app.websocket("/ws",
                  [](WebSocket socket) -> Task<void> {
                      socket.accept();
                      EXPECT_TRUE(socket.try_send_text("12"));
                      EXPECT_TRUE(socket.try_send_bytes("34"));
                      EXPECT_FALSE(socket.try_send_json(5));
                      co_await socket.send_text("56");
                      events.emplace_back("sent");
                  },
                  {.limits = {.max_queue = 4}});
    TestClient client(app);
    auto socket = client.websocket("/ws");
    EXPECT_TRUE(socket.has_message());
    EXPECT_TRUE(events.empty());
    EXPECT_EQ(socket.receive_text(), "12");
    EXPECT_EQ(socket.receive_bytes(), "34");
    EXPECT_EQ(socket.receive_text(), "56");
    EXPECT_THAT(events, ::testing::ElementsAre("sent"));
}

TEST_F(WebSockets, messages_are_bounded_as_the_route_says) {
    app.websocket("/ws",
                  [](WebSocket socket) -> Task<void> {
                      socket.accept();
                      for (;;) (void)co_await socket.receive();
                  },
                  {.limits = {.max_message = 3}});
    TestClient client(app);
    auto socket = client.websocket("/ws");
    socket.send_text("123");
    socket.send_text("1234");
    EXPECT_EQ(socket.wait_closed().code, code::message_too_big);
}

TEST_F(WebSockets, what_no_client_may_be_sent_is_a_mistake) {
    app.websocket("/ws", [](WebSocket socket) -> Task<void> {
        socket.accept();
        EXPECT_THROW((co_await socket.send_text("\xFF")), std::invalid_argument);
        EXPECT_THROW((void)socket.try_send_text("\xC3"), std::invalid_argument);
        EXPECT_THROW((socket.close(1005)), std::invalid_argument);
        EXPECT_THROW((socket.close(1000, std::string(124, 'x'))), std::invalid_argument);
        EXPECT_THROW((socket.close(1000, "\xFF")), std::invalid_argument);
    });
    TestClient client(app);
    EXPECT_EQ(client.websocket("/ws").wait_closed().code, code::normal);
}

}  // namespace
}  // namespace portico::app
