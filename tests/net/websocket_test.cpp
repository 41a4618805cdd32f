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
using testing::HasSubstr;
using testing::StartsWith;

TEST(WebSocket, the_handshake_is_answered_as_in_rfc_6455) {
    Echo echo;
    LiveServer server{echo.handler};
    WebSocketClient client{*server};
    EXPECT_THAT(client.head, StartsWith("HTTP/1.1 101 Switching Protocols\r\n"));
    EXPECT_THAT(client.head, HasSubstr("\r\nUpgrade: websocket\r\n"));
    EXPECT_THAT(client.head, HasSubstr("\r\nConnection: Upgrade\r\n"));
    // RFC 6455 §1.3 has this key and this answer.
    EXPECT_THAT(client.head,
                HasSubstr("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
    EXPECT_THAT(client.head, testing::Not(HasSubstr("Content-Length")));
}

TEST(WebSocket, messages_go_both_ways) {
    Echo echo;
    LiveServer server{echo.handler};
    WebSocketClient client{*server};
    client.send(frame(1, "hello"));
    EXPECT_EQ(client.next(), "text hello");
    const std::string large(200'000, 'x');
    client.send(frame(2, large.substr(0, 100'000), {.fin = false}) +
                frame(0, large.substr(100'000)));
    EXPECT_EQ(client.next(), "binary " + large);
    client.send(frame(1, "a") + frame(1, "b") + frame(1, "c"));
    EXPECT_EQ(client.next() + client.next() + client.next(), "text atext btext c");
}

TEST(WebSocket, what_comes_with_the_handshake_is_read) {
    Echo echo;
    LiveServer server{echo.handler};
    Client client{*server};
    client.send(handshake() + frame(1, "early"));
    EXPECT_THAT(client.response(), StartsWith("HTTP/1.1 101"));
    EXPECT_EQ(client.some(7),
              "\x81\x05"
              "early");
}

TEST(WebSocket, a_ping_is_answered_while_the_handler_does_something_else) {
    FunctionHandler handler;
    Pause pause;
    handler.on_task = [&](Exchange& exchange) -> core::Task<void> {
        WebSocketChannel& channel = *exchange.upgrade({});
        (void)co_await channel.receive();
        co_await pause;
    };
    LiveServer server{handler};
    WebSocketClient client{*server};
    client.send(frame(1, "go") + frame(9, "are you there?"));
    EXPECT_EQ(client.next(), "pong are you there?");
    ASSERT_TRUE(pause.reached.wait());
    pause.end(*server);
    EXPECT_EQ(client.next(), "close 1000");
}

TEST(WebSocket, a_clients_close_is_echoed_and_the_server_closes_first) {
    Echo echo;
    LiveServer server{echo.handler};
    WebSocketClient client{*server};
    client.send(close_frame(4001, "bye") + frame(1, "too late"));
    EXPECT_EQ(client.next(), "close 4001");
    EXPECT_EQ(client.next(), "end");
    ASSERT_TRUE(echo.ended.wait());
    EXPECT_EQ(echo.end.code, 4001);
    EXPECT_EQ(echo.end.reason, "bye");
}

TEST(WebSocket, a_close_without_a_code_is_1005_and_echoed_without_one) {
    Echo echo;
    LiveServer server{echo.handler};
    WebSocketClient client{*server};
    client.send(frame(8, ""));
    EXPECT_EQ(client.next(), "close");
    EXPECT_EQ(client.next(), "end");
    ASSERT_TRUE(echo.ended.wait());
    EXPECT_EQ(echo.end.code, 1005);
}

TEST(WebSocket, an_end_without_a_close_is_1006) {
    for (const bool reset : {true, false}) {
        Echo echo;
        LiveServer server{echo.handler};
        WebSocketClient client{*server};
        client.send(frame(1, "x"));
        EXPECT_EQ(client.next(), "text x");
        reset ? client.reset() : client.close();
        ASSERT_TRUE(echo.ended.wait());
        EXPECT_EQ(echo.end.code, 1006);
    }
}

TEST(WebSocket, a_handler_that_ends_closes_with_1000) {
    FunctionHandler handler;
    Event released;
    http::WebSocketClose end;
    handler.on_task = [&](Exchange& exchange) -> core::Task<void> {
        exchange.release = {[](void* event) noexcept { static_cast<Event*>(event)->set(); },
                            &released};
        (void)co_await exchange.upgrade({})->send(WebSocketMessage::Kind::text, "done");
    };
    LiveServer server{handler};
    WebSocketClient client{*server};
    EXPECT_EQ(client.next(), "text done");
    EXPECT_EQ(client.next(), "close 1000");
    EXPECT_TRUE(released.wait());  // what the handler held is not kept for the client's answer
    client.send(frame(1, "dropped") + close_frame(1000));
    EXPECT_EQ(client.next(), "end");
}

TEST(WebSocket, a_client_that_does_not_answer_a_close_is_cut) {
    FunctionHandler handler;
    handler.on_task = [&](Exchange& exchange) -> core::Task<void> {
        exchange.upgrade({})->close(4000, "enough");
        co_return;
    };
    LiveServer server{handler, {.timeouts = {.linger = 20ms}}};
    WebSocketClient client{*server};
    EXPECT_EQ(client.next(), "close 4000 enough");
    EXPECT_EQ(client.next(), "end");
}

struct Malformed {
    const char* name;
    std::string bytes;
    const char* answer;
};

TEST(WebSocket, malformed_frames_close_with_what_was_wrong) {
    for (const auto& [name, bytes, answer] : std::vector<Malformed>{
             {"mask", frame(1, "x", {.masked = false}), "close 1002 a frame is not masked"},
             {"rsv", frame(1, "x", {.reserved = 0x40}), "close 1002 a reserved bit is set"},
             {"opcode", frame(3, "x"), "close 1002 an unknown opcode"},
             {"continuation", frame(0, "x"), "close 1002 a continuation of no message"},
             {"ping", frame(9, std::string(126, 'x')), "close 1002 a control frame is too long"},
             {"utf8", frame(1, "\xFF"), "close 1007 the text is no UTF-8"},
             {"close", close_frame(1005), "close 1002 a close code that must not be sent"},
             {"size", frame(2, "x", {.length = 1024 * 1024 + 1}),
              "close 1009 the message is too long"}}) {
        Echo echo;
        LiveServer server{echo.handler};
        WebSocketClient client{*server};
        client.send(bytes + frame(1, "never read"));
        EXPECT_EQ(client.next(), answer) << name;
        EXPECT_EQ(client.next(), "end") << name;
        ASSERT_TRUE(echo.ended.wait()) << name;
        EXPECT_EQ("close " + std::to_string(echo.end.code) + " " + echo.end.reason, answer);
    }
}

TEST(WebSocket, the_size_of_a_message_is_bounded_as_the_handler_says) {
    Echo echo{{.max_message = 4}};
    LiveServer server{echo.handler};
    WebSocketClient client{*server};
    client.send(frame(1, "1234"));
    EXPECT_EQ(client.next(), "text 1234");
    client.send(frame(1, "12345"));
    EXPECT_EQ(client.next(), "close 1009 the message is too long");
}

TEST(WebSocket, senders_wait_for_a_client_that_does_not_read_and_are_served_in_order) {
    FunctionHandler handler;
    std::atomic<int> sent = 0;
    Event full;
    handler.on_task = [&](Exchange& exchange) -> core::Task<void> {
        WebSocketChannel& channel = *exchange.upgrade({.max_queue = 1000});
        // More than a socket's buffers hold.
        while (channel.try_send(WebSocketMessage::Kind::binary, std::string(1'000'000, 'x'))) {
            ++sent;
            co_await core::sleep_for(0ns);
        }
        full.set();
        for (int i = 0; i < 3; ++i) {
            (void)co_await channel.send(WebSocketMessage::Kind::text, std::to_string(i));
        }
    };
    LiveServer server{handler};
    WebSocketClient client{*server};
    ASSERT_TRUE(full.wait());
    for (int left = sent; left > 0; --left) EXPECT_EQ(client.next().size(), 1'000'007U);
    EXPECT_EQ(client.next(), "text 0");
    EXPECT_EQ(client.next(), "text 1");
    EXPECT_EQ(client.next(), "text 2");
    EXPECT_EQ(client.next(), "close 1000");
}

TEST(WebSocket, a_client_is_read_no_faster_than_the_handler_receives) {
    FunctionHandler handler;
    Pause pause;
    std::atomic<std::size_t> received = 0;
    handler.on_task = [&](Exchange& exchange) -> core::Task<void> {
        WebSocketChannel& channel = *exchange.upgrade({});
        co_await pause;
        while (auto message = co_await channel.receive()) received += message->data.size();
    };
    LiveServer server{handler};
    WebSocketClient client{*server};
    ASSERT_TRUE(pause.reached.wait());
    // The socket's buffers fill up, because nobody reads.
    const std::string message = frame(2, std::string(1'000'000, 'x'));
    std::size_t taken = 0;
    for (;;) {
        const ssize_t count =
            ::send(client.get(), message.data() + taken % message.size(),
                   message.size() - taken % message.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0) break;
        taken += static_cast<std::size_t>(count);
        ASSERT_LT(taken, 100 * message.size());
    }
    pause.end(*server);
    EXPECT_TRUE(client.send(message.substr(taken % message.size())));
    client.send(close_frame(1000));
    EXPECT_EQ(client.next(), "close 1000");
    EXPECT_EQ(received, (taken + message.size() - 1) / message.size() * 1'000'000);
}

TEST(WebSocket, it_counts_as_a_connection_and_is_never_evicted) {
    Echo echo;
    LiveServer server{echo.handler, {.max_connections = 1}};
    WebSocketClient first{*server};
    Client second{*server};
    second.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    first.send(frame(1, "mine"));
    EXPECT_EQ(first.next(), "text mine");
    EXPECT_EQ(echo.handler.handled, 1);
    first.send(close_frame(1000));
    EXPECT_EQ(first.next(), "close 1000");
    first.close();
    EXPECT_THAT(second.response(), StartsWith("HTTP/1.1 200"));
}

TEST(WebSocket, two_readers_are_a_mistake) {
    FunctionHandler handler;
    std::string said;
    handler.on_task = [&](Exchange& exchange) -> core::Task<void> {
        WebSocketChannel& channel = *exchange.upgrade({});
        core::Context& other =
            *new (exchange.arena.allocate(sizeof(core::Context), alignof(core::Context)))
                core::Context(exchange.context.reactor());
        const auto read = [](WebSocketChannel& from) -> core::Task<void> {
            (void)co_await from.receive();
        };
        core::spawn(other, read(channel));
        try {
            (void)co_await channel.receive();
        } catch (const std::logic_error& error) {
            said = error.what();
        }
    };
    LiveServer server{handler};
    WebSocketClient client{*server};
    EXPECT_EQ(client.next(), "close 1000");
    client.send(close_frame(1000));
    EXPECT_EQ(client.next(), "end");
    client.close();
    EXPECT_TRUE(server.stop());
    EXPECT_EQ(said, "a WebSocket has one reader at a time");
}

TEST(WebSocket, an_upgrade_that_the_handler_does_not_take_is_an_ordinary_request) {
    FunctionHandler handler;
    LiveServer server{handler};
    Client client{*server};
    for (int i = 0; i < 2; ++i) {
        client.send(handshake());
        EXPECT_THAT(client.response(), HasSubstr("GET /ws"));
    }
}

TEST(WebSocket, a_request_asks_to_upgrade_when_its_connection_field_says_so) {
    FunctionHandler handler;
    handler.on_handle = [](Exchange& exchange) {
        exchange.response.text() = exchange.request.asks_upgrade() ? "yes" : "no";
        exchange.send();
    };
    LiveServer server{handler};
    Client client{*server};
    client.send(handshake());
    EXPECT_EQ(body_of(client.response()), "yes");
    client.send("GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n");
    EXPECT_EQ(body_of(client.response()), "no");
    client.send("GET / HTTP/1.0\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n");
    EXPECT_EQ(body_of(client.response()), "no");
}

TEST(WebSocket, a_426_names_the_protocol_and_says_upgrade) {
    FunctionHandler handler;
    handler.on_handle = [](Exchange& exchange) {
        exchange.response.status = 426;
        exchange.response.headers.set("Upgrade", "websocket");
        exchange.response.headers.set("Connection", "Upgrade");
        exchange.send();
    };
    LiveServer server{handler};
    Client client{*server};
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto answer = client.response();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 426 Upgrade Required\r\n"));
    EXPECT_THAT(answer, HasSubstr("\r\nConnection: Upgrade\r\n"));
}

}  // namespace
}  // namespace portico::net::test
