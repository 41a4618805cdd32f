#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "portico/http/websocket.hpp"
#include "tests/net/websocket_client.hpp"

namespace portico::net::test {
namespace {

using namespace std::chrono_literals;
using http::WebSocketChannel;
using http::WebSocketMessage;

TEST(WebSocketEnd, a_silent_client_is_pinged_and_one_that_does_not_answer_is_cut) {
    Echo echo;
    LiveServer server{echo.handler, {.timeouts = {.websocket_ping = 20ms, .websocket_pong = 60s}}};
    WebSocketClient client{*server};
    EXPECT_EQ(client.next(), "ping ");
    client.send(frame(10, ""));
    EXPECT_EQ(client.next(), "ping ");  // the answer counted: it is asked again

    Echo other;
    LiveServer strict{other.handler,
                      {.timeouts = {.websocket_ping = 20ms, .websocket_pong = 20ms}}};
    WebSocketClient silent{*strict};
    EXPECT_EQ(silent.next(), "ping ");
    EXPECT_EQ(silent.next(), "reset");
    ASSERT_TRUE(other.ended.wait());
    EXPECT_EQ(other.end.code, 1006);
}

TEST(WebSocketEnd, nobody_is_pinged_where_that_is_turned_off) {
    Echo echo;
    LiveServer server{echo.handler,
                      {.timeouts = {.head = 20ms, .websocket_ping = 0ms, .websocket_pong = 1ms}}};
    WebSocketClient client{*server};
    Client other{*server};
    EXPECT_EQ(other.rest(), "");  // many ticks later it has sent no head
    client.send(frame(1, "still here"));
    EXPECT_EQ(client.next(), "text still here");
}

TEST(WebSocketEnd, half_a_message_is_not_kept_for_a_client_that_hardly_sends_the_rest) {
    Echo echo;
    LiveServer server{echo.handler, {.min_body_rate = 1'000'000, .timeouts = {.body_grace = 20ms}}};
    WebSocketClient idle{*server};
    WebSocketClient slow{*server};
    slow.send(frame(1, "half", {.fin = false}));
    EXPECT_EQ(slow.next(), "close 1008 the message comes too slowly");
    idle.send(frame(1, "whole"));
    EXPECT_EQ(idle.next(), "text whole");
}

TEST(WebSocketEnd, a_client_that_takes_nothing_is_cut) {
    FunctionHandler handler;
    Event ended;
    handler.on_task = [&](Exchange& exchange) -> core::Task<void> {
        WebSocketChannel& channel = *exchange.upgrade({});
        const std::string data(1'000'000, 'x');
        while (co_await channel.send(WebSocketMessage::Kind::binary, data)) {
        }
        ended.set();
    };
    LiveServer server{handler, {.timeouts = {.write_stall = 50ms}}};
    WebSocketClient client{*server};
    EXPECT_TRUE(ended.wait());
}

TEST(WebSocketEnd, a_stop_says_1001_and_waits_for_the_handler) {
    Echo echo;
    LiveServer server{echo.handler};
    WebSocketClient client{*server};
    client.send(frame(1, "x"));
    EXPECT_EQ(client.next(), "text x");
    server->stop();
    EXPECT_EQ(client.next(), "close 1001");
    client.send(close_frame(1001));
    EXPECT_EQ(client.next(), "end");
    client.close();
    EXPECT_TRUE(server.join());
    EXPECT_EQ(echo.end.code, 1001);
}

TEST(WebSocketEnd, one_that_begins_while_the_server_stops_is_told_so) {
    FunctionHandler handler;
    Event came;
    Exchange* waiting = nullptr;
    handler.on_handle = [&](Exchange& exchange) {
        waiting = &exchange;
        came.set();
    };
    LiveServer server{handler};
    Client client{*server};
    client.send(handshake());
    ASSERT_TRUE(came.wait());
    server->stop();
    server->post(0, [&] {
        (void)waiting->upgrade({});
        waiting->send();
    });
    EXPECT_THAT(client.response(), testing::StartsWith("HTTP/1.1 101"));
    EXPECT_EQ(client.some(4), std::string("\x88\x02\x03\xE9", 4));
    client.send(close_frame(1001));
    client.close();
    EXPECT_TRUE(server.join());
}

TEST(WebSocketEnd, a_handler_that_does_not_end_is_cancelled_when_the_time_is_over) {
    FunctionHandler handler;
    bool cancelled = false;
    handler.on_task = [&](Exchange& exchange) -> core::Task<void> {
        WebSocketChannel& channel = *exchange.upgrade({});
        try {
            for (;;) {
                (void)co_await channel.receive();
                co_await core::sleep_for(1ms);
            }
        } catch (const core::Cancelled&) {
            cancelled = true;
        }
    };
    LiveServer server{handler, {.timeouts = {.shutdown = 50ms}}};
    WebSocketClient client{*server};
    EXPECT_TRUE(server.stop());
    EXPECT_TRUE(cancelled);
}

}  // namespace
}  // namespace portico::net::test
