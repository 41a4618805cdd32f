#include "net/http1_connection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/net/live_server.hpp"

namespace portico::net::test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

/// Answers with the body that came, or with the status of what went wrong with it.
void echo(FunctionHandler& handler) {
    handler.on_task = [](Exchange& exchange) -> core::Task<void> {
        exchange.response.text() = std::string{co_await exchange.request.body()};
    };
}

TEST(Connection, answers_pipelined_requests_in_order) {
    FunctionHandler handler;
    LiveServer server{handler};
    Client client{*server};
    std::string requests;
    for (int i = 0; i < 500; ++i) {
        requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n";
    }
    std::jthread sender{[&] { client.send(requests); }};
    for (int i = 0; i < 500; ++i) {
        ASSERT_EQ(body_of(client.response()), "GET /" + std::to_string(i));
    }
}

TEST(Connection, a_pipelined_request_waits_for_the_one_before_it) {
    FunctionHandler handler;
    Exchange* first = nullptr;
    Event first_came;
    handler.on_handle = [&](Exchange& exchange) {
        exchange.response.text() = exchange.request.path();
        if (exchange.request.path() != "/first") return exchange.send();
        first = &exchange;
        first_came.set();
    };
    LiveServer server{handler};
    Client client{*server};
    client.send("GET /first HTTP/1.1\r\nHost: x\r\n\r\nGET /second HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_TRUE(first_came.wait());
    EXPECT_EQ(handler.handled, 1);
    server->post(0, [&] { first->send(); });
    EXPECT_EQ(body_of(client.response()), "/first");
    EXPECT_EQ(body_of(client.response()), "/second");
}

TEST(Connection, a_request_that_comes_byte_by_byte_is_answered) {
    FunctionHandler handler;
    echo(handler);
    LiveServer server{handler};
    Client client{*server};
    for (const char c : std::string_view{"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
                                         "chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"}) {
        ASSERT_TRUE(client.send({&c, 1}));
    }
    EXPECT_EQ(body_of(client.response()), "hello");
}

TEST(Connection, the_caller_s_request_id_is_taken_when_it_is_harmless) {
    FunctionHandler handler;
    handler.on_handle = [](Exchange& exchange) {
        exchange.response.text() = exchange.request.id();
        exchange.send();
    };
    LiveServer server{handler};
    Client client{*server};
    const auto id_for = [&](const std::string& id) {
        client.send("GET / HTTP/1.1\r\nHost: x\r\nX-Request-ID: " + id + "\r\n\r\n");
        return body_of(client.response());
    };
    EXPECT_EQ(id_for("Abc-1_2.3"), "Abc-1_2.3");
    EXPECT_EQ(id_for(std::string(128, 'a')), std::string(128, 'a'));
    const auto uuid = testing::MatchesRegex(
        "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    EXPECT_THAT(id_for(std::string(129, 'a')), uuid);
    EXPECT_THAT(id_for("a b"), uuid);
    EXPECT_THAT(id_for(""), uuid);
    EXPECT_NE(id_for(""), id_for(""));
}

TEST(Connection, a_body_in_chunks_is_put_together) {
    FunctionHandler handler;
    echo(handler);
    LiveServer server{handler};
    Client client{*server};
    client.send(
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3;ext=\"a\"\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: dropped\r\n\r\nGET / HTTP/1.1\r\nHost: "
        "x\r\n\r\n");
    EXPECT_EQ(body_of(client.response()), "abcde");
    EXPECT_THAT(client.response(), StartsWith("HTTP/1.1 200"));
}

TEST(Connection, a_large_body_is_put_together) {
    FunctionHandler handler;
    echo(handler);
    LiveServer server{handler};
    Client client{*server};
    std::string body(1024 * 1024, '\0');
    for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 31 % 251);
    std::jthread sender{[&] {
        client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
                    "\r\n\r\n" + body);
    }};
    EXPECT_TRUE(body_of(client.response()) == body);
}

TEST(Connection, broken_chunks_are_400_and_close) {
    FunctionHandler handler;
    echo(handler);
    LiveServer server{handler};
    Client client{*server};
    client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n");
    const auto answer = client.rest();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 "));
    EXPECT_THAT(answer, HasSubstr("Connection: close"));
}

TEST(Connection, too_long_a_body_is_413_before_a_byte_of_it_is_read) {
    FunctionHandler handler;
    LiveServer server{handler};
    Client client{*server};
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n");
    EXPECT_THAT(client.response(), StartsWith("HTTP/1.1 413 "));
    EXPECT_EQ(handler.handled, 0);
}

TEST(Connection, a_route_s_own_bound_counts) {
    FunctionHandler handler;
    echo(handler);
    const http::RoutePolicy small{.max_body = 4};
    handler.on_match = [&](Exchange& exchange) { exchange.request.set_route(&small); };
    LiveServer server{handler};
    Client client{*server};
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabcd");
    EXPECT_EQ(body_of(client.response()), "abcd");
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde");
    EXPECT_THAT(client.response(), StartsWith("HTTP/1.1 413 "));
    Client second{*server};
    second.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n");
    EXPECT_THAT(second.response(), StartsWith("HTTP/1.1 413 ")) << "a chunked body is metered";
}

TEST(Connection, continue_is_sent_when_the_body_is_read) {
    FunctionHandler handler;
    echo(handler);
    LiveServer server{handler};
    Client client{*server};
    client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.response(), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("abc");
    const auto answer = client.response();
    EXPECT_EQ(body_of(answer), "abc");
    EXPECT_THAT(answer, Not(HasSubstr("close")));
}

TEST(Connection, continue_is_not_sent_when_the_body_is_not_wanted) {
    FunctionHandler handler;
    LiveServer server{handler};
    Client client{*server};
    client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    const auto answer = client.rest();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 "));
    EXPECT_THAT(answer, HasSubstr("Connection: close"));
}

TEST(Connection, continue_is_not_sent_when_the_body_is_too_long) {
    FunctionHandler handler;
    LiveServer server{handler};
    Client client{*server};
    client.send(
        "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_THAT(client.response(), StartsWith("HTTP/1.1 413 "));
}

TEST(Connection, head_is_answered_without_the_body) {
    FunctionHandler handler;
    LiveServer server{handler};
    Client client{*server};
    client.send("HEAD /abc HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto answer = client.response(true);
    EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: 9\r\n"));
    EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
    client.send(kGet);
    EXPECT_EQ(body_of(client.response()), "GET /");
}

TEST(Connection, responses_without_content_tell_no_length) {
    for (const int status : {204, 304}) {
        FunctionHandler handler;
        handler.on_handle = [&](Exchange& exchange) {
            exchange.response.status = status;
            exchange.response.text() = "never sent";
            exchange.send();
        };
        LiveServer server{handler};
        Client client{*server};
        client.send(kGet);
        client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        const auto answers = client.rest();
        EXPECT_THAT(answers, Not(HasSubstr("Content-Length")));
        EXPECT_THAT(answers, Not(HasSubstr("never sent")));
    }
}

TEST(Connection, the_handler_s_framing_fields_are_replaced_and_its_others_sent) {
    FunctionHandler handler;
    handler.on_handle = [](Exchange& exchange) {
        exchange.response.headers.set("Content-Length", "99");
        exchange.response.headers.set("Transfer-Encoding", "chunked");
        exchange.response.headers.set("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
        exchange.response.headers.add("Set-Cookie", "a=b");
        exchange.response.headers.add("Set-Cookie", "c=d");
        exchange.response.text() = "ok";
        exchange.send();
    };
    LiveServer server{handler};
    Client client{*server};
    client.send(kGet);
    EXPECT_EQ(client.response(),
              "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nSet-Cookie: a=b\r\n"
              "Set-Cookie: c=d\r\nContent-Length: 2\r\n\r\nok");
}

TEST(Connection, a_handler_can_close_the_connection) {
    FunctionHandler handler;
    handler.on_handle = [](Exchange& exchange) {
        exchange.response.headers.set("Connection", "close");
        exchange.send();
    };
    LiveServer server{handler};
    Client client{*server};
    client.send(kGet);
    EXPECT_THAT(client.rest(), HasSubstr("\r\nConnection: close\r\n"));
}

TEST(Connection, http_1_0_closes_unless_it_asks_not_to) {
    FunctionHandler handler;
    LiveServer server{handler};
    Client client{*server};
    client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_THAT(client.response(), HasSubstr("\r\nConnection: keep-alive\r\n"));
    client.send("GET / HTTP/1.0\r\n\r\n");
    EXPECT_THAT(client.rest(), HasSubstr("\r\nConnection: close\r\n"));
}

TEST(Connection, a_half_close_does_not_cancel_the_request) {
    FunctionHandler handler;
    Exchange* waiting = nullptr;
    Event came;
    handler.on_handle = [&](Exchange& exchange) {
        waiting = &exchange;
        came.set();
    };
    LiveServer server{handler};
    Client client{*server};
    client.send(kGet);
    client.end_sending();
    ASSERT_TRUE(came.wait());
    // By then the loop has seen the end of the stream.
    Event looked;
    bool cancelled = true;
    server->post(0, [&] {
        server->post(0, [&] {
            cancelled = waiting->context.cancelled();
            waiting->response.text() = "late";
            waiting->send();
            looked.set();
        });
    });
    ASSERT_TRUE(looked.wait());
    EXPECT_FALSE(cancelled);
    EXPECT_EQ(body_of(client.response()), "late");
    EXPECT_EQ(client.rest(), "");
}

TEST(Connection, a_reset_cancels_the_request) {
    FunctionHandler handler;
    Event came;
    Event cancelled;
    handler.on_task = [&](Exchange&) -> core::Task<void> {
        came.set();
        try {
            for (;;) co_await core::sleep_for(std::chrono::milliseconds{1});
        } catch (const core::Cancelled&) {
            cancelled.set();
        }
    };
    LiveServer server{handler};
    Client client{*server};
    client.send(kGet);
    ASSERT_TRUE(came.wait());
    client.reset();
    EXPECT_TRUE(cancelled.wait());
    EXPECT_TRUE(server.stop());
}

TEST(Connection, a_reset_wakes_a_handler_that_waits_for_the_body) {
    FunctionHandler handler;
    Event came;
    Event failed;
    handler.on_task = [&](Exchange& exchange) -> core::Task<void> {
        came.set();
        try {
            static_cast<void>(co_await exchange.request.body());
        } catch (const std::exception&) {
            failed.set();
        }
    };
    LiveServer server{handler};
    Client client{*server};
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
    ASSERT_TRUE(came.wait());
    client.reset();
    EXPECT_TRUE(failed.wait());
}

TEST(Connection, what_the_application_keeps_is_released_once_after_the_response) {
    FunctionHandler handler;
    static std::atomic<int> released;
    released = 0;
    handler.on_handle = [](Exchange& exchange) {
        exchange.release = {
            [](void* resource) noexcept { released += *static_cast<int*>(resource); },
            new (exchange.arena.allocate(sizeof(int))) int{1}};
        exchange.send();
    };
    LiveServer server{handler};
    Client client{*server};
    for (int i = 0; i < 3; ++i) {
        client.send(kGet);
        ASSERT_THAT(client.response(), StartsWith("HTTP/1.1 200"));
    }
    ASSERT_TRUE(server.stop());
    EXPECT_EQ(released, 3);
}

TEST(Connection, an_unread_body_is_drained_when_it_is_short) {
    FunctionHandler handler;
    LiveServer server{handler};
    Client client{*server};
    client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n");
    const auto answer = client.response();
    EXPECT_THAT(answer, Not(HasSubstr("close")));
    client.send("helloGET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(body_of(client.response()), "GET /b");
}

TEST(Connection, the_rest_of_a_long_body_is_drained_when_it_is_short) {
    FunctionHandler handler;
    handler.on_task = [](Exchange& exchange) -> core::Task<void> {
        std::size_t size = 0;
        while (size < 200'000) {
            const auto piece = co_await exchange.request.read_some();
            if (piece.empty()) break;
            size += piece.size();
        }
    };
    LiveServer server{handler};
    Client client{*server};
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 250000\r\n\r\n" +
                std::string(200'000, 'x'));
    EXPECT_THAT(client.response(), Not(HasSubstr("close")));
    client.send(std::string(50'000, 'x') + std::string{kGet});
    EXPECT_THAT(client.response(), StartsWith("HTTP/1.1 200"));
}

TEST(Connection, an_unread_body_closes_the_connection_when_it_is_long) {
    FunctionHandler handler;
    LiveServer server{handler};
    Client client{*server};
    client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
    EXPECT_THAT(client.rest(), HasSubstr("\r\nConnection: close\r\n"));
}

TEST(Connection, a_body_is_read_no_faster_than_the_handler_takes_it) {
    FunctionHandler handler;
    Event came;
    Exchange* waiting = nullptr;
    std::atomic<bool> go = false;
    handler.on_task = [&](Exchange& exchange) -> core::Task<void> {
        waiting = &exchange;
        came.set();
        while (!go) co_await core::sleep_for(std::chrono::milliseconds{1});
        std::size_t size = 0;
        for (;;) {
            const auto piece = co_await exchange.request.read_some();
            if (piece.empty()) break;
            size += piece.size();
        }
        exchange.response.text() = std::to_string(size);
    };
    constexpr std::size_t kSize = 64 * 1024 * 1024;
    const http::RoutePolicy large{.max_body = kSize};
    handler.on_match = [&](Exchange& exchange) { exchange.request.set_route(&large); };
    LiveServer server{handler};
    Client client{*server};
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(kSize) +
                "\r\n\r\n");
    ASSERT_TRUE(came.wait());
    // Nobody reads: the kernel's buffers fill up long before the end.
    const std::string block(1024 * 1024, 'x');
    std::size_t sent = 0;
    for (;;) {
        const ssize_t taken = ::send(client.get(), block.data(), block.size(), MSG_DONTWAIT);
        if (taken <= 0) {
            pollfd poll{.fd = client.get(), .events = POLLOUT, .revents = 0};
            if (::poll(&poll, 1, 100) == 0) break;
            continue;
        }
        sent += static_cast<std::size_t>(taken);
        ASSERT_LT(sent, kSize);
    }
    go = true;
    while (sent < kSize) {
        const std::size_t size = std::min(block.size(), kSize - sent);
        ASSERT_TRUE(client.send({block.data(), size}));
        sent += size;
    }
    EXPECT_EQ(body_of(client.response()), std::to_string(kSize));
}

}  // namespace
}  // namespace portico::net::test
