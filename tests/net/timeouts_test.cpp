#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/net/live_server.hpp"

namespace portico::net::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

// Each test makes one time-out short and waits for what it does; the others keep their defaults,
// longer than a test may take.

TEST(Timeouts, and_bounds_are_those_of_the_documentation_by_default) {
    const ServerOptions options;
    EXPECT_EQ(options.timeouts.head, 10s);
    EXPECT_EQ(options.timeouts.idle, 75s);
    EXPECT_EQ(options.timeouts.body_grace, 5s);
    EXPECT_EQ(options.min_body_rate, 240U);
    EXPECT_EQ(options.timeouts.write_stall, 30s);
    EXPECT_EQ(options.timeouts.linger, 2s);
    EXPECT_EQ(options.max_target, 8U * 1024);
    EXPECT_EQ(options.max_head, 16U * 1024);
    EXPECT_EQ(options.max_fields, 100U);
    EXPECT_EQ(options.max_body, 1024U * 1024);
    EXPECT_EQ(options.max_connections, 10'000U);
}

TEST(Timeouts, a_slow_head_is_408) {
    FunctionHandler handler;
    LiveServer server{handler, {.timeouts = {.head = 20ms}}};
    Client client{*server};
    client.send("GET / HTTP/1.1\r\nHost: x\r\nX-Slo");
    const auto answer = client.rest();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
    EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n"));
    EXPECT_EQ(handler.handled, 0);
}

TEST(Timeouts, a_connection_that_sends_nothing_is_closed_without_a_word) {
    FunctionHandler handler;
    LiveServer server{handler, {.timeouts = {.head = 20ms}}};
    Client client{*server};
    EXPECT_EQ(client.rest(), "");
    EXPECT_EQ(handler.refused, 0);
}

TEST(Timeouts, an_idle_connection_is_closed_without_a_word) {
    FunctionHandler handler;
    LiveServer server{handler, {.timeouts = {.idle = 20ms}}};
    Client client{*server};
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(client.response(), StartsWith("HTTP/1.1 200"));
    EXPECT_EQ(client.rest(), "");
    EXPECT_EQ(handler.refused, 0);
}

TEST(Timeouts, a_body_below_the_minimum_rate_is_408) {
    FunctionHandler handler;
    handler.on_task = [](Exchange& exchange) -> core::Task<void> {
        exchange.response.text() = std::string{co_await exchange.request.body()};
    };
    LiveServer server{handler, {.min_body_rate = 1'000'000'000, .timeouts = {.body_grace = 20ms}}};
    Client client{*server};
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
    const auto answer = client.rest();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 408 "));
    EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n"));
}

TEST(Timeouts, a_body_above_the_minimum_rate_may_take_longer_than_the_grace) {
    FunctionHandler handler;
    Event came;
    handler.on_task = [&](Exchange& exchange) -> core::Task<void> {
        came.set();
        exchange.response.text() = std::string{co_await exchange.request.body()};
    };
    LiveServer server{handler, {.min_body_rate = 0, .timeouts = {.body_grace = 1ms}}};
    Client client{*server};
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabc");
    ASSERT_TRUE(came.wait());
    // A few of the server's ticks, seen from the loop itself.
    for (int i = 0; i < 5; ++i) {
        Event ticked;
        ASSERT_TRUE(server->post(0, [&] { ticked.set(); }));
        ASSERT_TRUE(ticked.wait());
    }
    client.send("d");
    EXPECT_EQ(body_of(client.response()), "abcd");
}

TEST(Timeouts, a_client_that_stops_reading_is_cut_off) {
    struct Endless final : http::BodyStream {
        explicit Endless(Event& destroyed) : gone(destroyed) {}
        ~Endless() override { gone.set(); }
        core::Task<std::optional<std::string>> next() override {
            co_return std::string(65536, 'x');
        }
        Event& gone;
    };
    FunctionHandler handler;
    Event gone;
    handler.on_handle = [&](Exchange& exchange) {
        exchange.response.body = std::make_unique<Endless>(gone);
        exchange.send();
    };
    LiveServer server{handler, {.timeouts = {.write_stall = 50ms}}};
    Client client{*server};
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(gone.wait());
}

TEST(Timeouts, a_deadline_ends_the_wait_for_a_body) {
    FunctionHandler handler;
    handler.on_task = [](Exchange& exchange) -> core::Task<void> {
        exchange.context.set_deadline(exchange.context.reactor().now() + 5ms);
        exchange.response.text() = std::string{co_await exchange.request.body()};
    };
    LiveServer server{handler, {.timeouts = {.linger = 40ms}}};
    Client client{*server};
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
    EXPECT_THAT(client.response(), StartsWith("HTTP/1.1 503 "));
}

TEST(Timeouts, a_client_that_never_closes_is_not_waited_for) {
    FunctionHandler handler;
    LiveServer server{handler, {.max_connections = 1, .timeouts = {.linger = 20ms}}};
    Client first{*server};
    first.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(first.response(), StartsWith("HTTP/1.1 200"));
    // The only place is free again though `first` still holds its end open.
    Client second{*server};
    second.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(second.response(), StartsWith("HTTP/1.1 200"));
}

}  // namespace
}  // namespace portico::net::test
