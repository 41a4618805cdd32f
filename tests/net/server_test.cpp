#include "portico/net/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "tests/net/live_server.hpp"

namespace portico::net::test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(Server, answers_a_request_and_keeps_the_connection) {
    FunctionHandler handler;
    LiveServer server{handler};
    Client client{*server};
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"));
        const auto response = client.response();
        EXPECT_THAT(response, StartsWith("HTTP/1.1 200 OK\r\n"));
        EXPECT_THAT(response, HasSubstr("\r\nContent-Length: 6\r\n"));
        EXPECT_THAT(response, HasSubstr("\r\nDate: "));
        EXPECT_THAT(response, Not(HasSubstr("Connection")));
        EXPECT_THAT(response, Not(HasSubstr("Server")));
        EXPECT_THAT(response, EndsWith("GET /a"));
    }
}

TEST(Server, a_port_in_use_is_an_error_that_says_so) {
    FunctionHandler handler;
    LiveServer server{handler};
    Server second{handler, {.port = server->port()}};
    const auto result = second.start();
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error(), StartsWith("can't listen on 127.0.0.1:"));
    EXPECT_THAT(result.error(), HasSubstr("ddress already in use"));
}

TEST(Server, a_host_that_is_no_address_is_an_error) {
    FunctionHandler handler;
    Server server{handler, {.host = "no such host", .port = 0}};
    const auto result = server.start();
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error(), StartsWith("can't listen on \"no such host\""));
}

TEST(Server, each_worker_has_a_loop_that_work_can_be_posted_to) {
    FunctionHandler handler;
    LiveServer server{handler, {.workers = 3}};
    ASSERT_EQ(server->loops(), 3U);
    std::array<std::thread::id, 3> threads;
    std::array<Event, 3> ran;
    for (std::size_t i = 0; i < 3; ++i) {
        ASSERT_TRUE(server->post(i, [&, i] {
            threads[i] = std::this_thread::get_id();
            ran[i].set();
        }));
    }
    for (auto& event : ran) ASSERT_TRUE(event.wait());
    EXPECT_NE(threads[0], threads[1]);
    EXPECT_NE(threads[1], threads[2]);
    EXPECT_FALSE(server->post(3, [] {}));
    ASSERT_TRUE(server.stop());
    EXPECT_EQ(handler.started, 3);
    EXPECT_EQ(handler.stopped, 3);
    EXPECT_FALSE(server->post(0, [] {}));
}

TEST(Server, listens_on_ipv6) {
    FunctionHandler handler;
    Server server{handler, {.host = "::", .port = 0, .workers = 1}};
    if (const auto started = server.start(); !started) {
        EXPECT_THAT(started.error(), HasSubstr("[::]:")) << "a machine without IPv6";
        return;
    }
    std::jthread thread{[&](std::stop_token token) { static_cast<void>(server.run(token)); }};
    Client client{server};
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(client.response(), StartsWith("HTTP/1.1 200")) << ":: takes IPv4 too";
}

TEST(Server, tells_the_handler_who_is_there) {
    FunctionHandler handler;
    handler.on_handle = [](Exchange& exchange) {
        exchange.response.text() = exchange.request.peer().to_string() + " " +
                                   std::to_string(exchange.request.peer_port());
        exchange.send();
    };
    LiveServer server{handler};
    Client client{*server};
    sockaddr_in own{};
    socklen_t size = sizeof own;
    ::getsockname(client.get(), reinterpret_cast<sockaddr*>(&own), &size);
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(body_of(client.response()), "127.0.0.1 " + std::to_string(ntohs(own.sin_port)));
}

TEST(Server, a_handler_s_timers_and_descriptors_wait_on_its_loop) {
    FunctionHandler handler;
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    handler.on_task = [&](Exchange& exchange) -> core::Task<void> {
        co_await core::sleep_for(std::chrono::milliseconds{1});
        co_await core::writable(pipe[1]);
        EXPECT_EQ(::write(pipe[1], "x", 1), 1);
        co_await core::readable(pipe[0]);
        char byte = 0;
        EXPECT_EQ(::read(pipe[0], &byte, 1), 1);
        exchange.response.text() = std::string(1, byte);
    };
    LiveServer server{handler};
    Client client{*server};
    for (int i = 0; i < 3; ++i) {
        client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        EXPECT_EQ(body_of(client.response()), "x");
    }
    ASSERT_TRUE(server.stop());
    ::close(pipe[0]);
    ::close(pipe[1]);
}

TEST(Server, a_connection_beyond_the_cap_waits_until_one_ends) {
    FunctionHandler handler;
    Event first_came;
    Exchange* first = nullptr;
    handler.on_handle = [&](Exchange& exchange) {
        if (exchange.request.path() == "/second") return exchange.send();
        first = &exchange;
        first_came.set();
    };
    LiveServer server{handler, {.max_connections = 1}};
    Client one{*server};
    one.send("GET /first HTTP/1.0\r\n\r\n");
    ASSERT_TRUE(first_came.wait());
    Client two{*server};
    ASSERT_TRUE(two.connected());
    two.send("GET /second HTTP/1.1\r\nHost: x\r\n\r\n");
    pollfd poll{.fd = two.get(), .events = POLLIN, .revents = 0};
    EXPECT_EQ(::poll(&poll, 1, 20), 0);
    server->post(0, [&] { first->send(); });
    EXPECT_THAT(one.rest(), StartsWith("HTTP/1.1 200"));
    one.close();
    EXPECT_THAT(two.response(), StartsWith("HTTP/1.1 200"));
}

TEST(Server, an_idle_connection_makes_room_at_the_cap) {
    FunctionHandler handler;
    LiveServer server{
        handler, {.max_connections = 1, .timeouts = {.linger = std::chrono::milliseconds{40}}}};
    Client idle{*server};
    idle.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(idle.response(), StartsWith("HTTP/1.1 200"));
    Client next{*server};
    next.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(next.response(), StartsWith("HTTP/1.1 200"));
    EXPECT_EQ(idle.rest(), "");
}

TEST(Server, nothing_is_answered_before_on_start_has_ended) {
    FunctionHandler handler;
    Event go;
    std::atomic<bool> ready = false;
    handler.on_handle = [&](Exchange& exchange) {
        exchange.response.text() = ready ? "ready" : "not ready";
        exchange.send();
    };
    LiveServer server{handler, {.workers = 2, .on_start = [&]() -> core::Task<void> {
                                    co_await core::sleep_for(std::chrono::milliseconds{5});
                                    ready = true;
                                }}};
    Client client{*server};
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(body_of(client.response()), "ready");
}

TEST(Server, what_on_start_throws_is_the_error_of_run) {
    FunctionHandler handler;
    bool stopped = false;
    Server server{handler,
                  {.port = 0,
                   .workers = 2,
                   .on_start = []() -> core::Task<void> {
                       throw std::runtime_error("the database does not answer");
                   },
                   .on_stop = [&]() -> core::Task<void> {
                       stopped = true;
                       co_return;
                   }}};
    const auto result = server.run();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error(), "the database does not answer");
    EXPECT_FALSE(stopped);
    EXPECT_EQ(handler.started, 0);
}

TEST(Server, on_stop_runs_after_the_last_connection_while_the_loops_still_run) {
    FunctionHandler handler;
    std::atomic<int> still_running = 0;
    Server* running = nullptr;
    LiveServer server{handler, {.workers = 2, .on_stop = [&]() -> core::Task<void> {
                                    for (std::size_t i = 0; i < 2; ++i)
                                        running->post(i, [&] { ++still_running; });
                                    while (still_running != 2) {
                                        co_await core::sleep_for(std::chrono::milliseconds{1});
                                    }
                                    EXPECT_EQ(handler.handled, 1);
                                    EXPECT_EQ(handler.stopped, 0);
                                }}};
    running = &*server;
    Client client{*server};
    client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(client.rest(), StartsWith("HTTP/1.1 200"));
    client.close();
    EXPECT_TRUE(server.stop());
    EXPECT_EQ(still_running, 2);
    EXPECT_EQ(handler.stopped, 2);
}

TEST(Server, a_stop_during_on_start_cancels_it) {
    FunctionHandler handler;
    Event starting;
    LiveServer server{handler, {.on_start = [&]() -> core::Task<void> {
                          starting.set();
                          for (;;) co_await core::sleep_for(std::chrono::milliseconds{1});
                      }}};
    ASSERT_TRUE(starting.wait());
    EXPECT_TRUE(server.stop());
}

TEST(Server, an_exception_of_loop_started_ends_run_with_it) {
    struct Failing final : http::Handler {
        void match(Exchange&) noexcept override {}
        void handle(Exchange& exchange) noexcept override { exchange.send(); }
        void refuse(Exchange&, Refusal) noexcept override {}
        void loop_started(core::Reactor& reactor) override {
            if (reactor.index() == 1) throw std::runtime_error("no more loops");
        }
    } handler;
    Server server{handler, {.port = 0, .workers = 3}};
    const auto result = server.run();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error(), "no more loops");
}

TEST(Server, goes_on_accepting_after_it_ran_out_of_descriptors) {
    FunctionHandler handler;
    LiveServer server{handler};
    Client warm{*server};
    warm.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_THAT(warm.response(), StartsWith("HTTP/1.1 200"));
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    Client client;
    rlimit none = before;
    none.rlim_cur = 3;
    ::setrlimit(RLIMIT_NOFILE, &none);
    client.connect(server->port());
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    pollfd poll{.fd = client.get(), .events = POLLIN, .revents = 0};
    EXPECT_EQ(::poll(&poll, 1, 20), 0);
    ::setrlimit(RLIMIT_NOFILE, &before);
    EXPECT_THAT(client.response(), StartsWith("HTTP/1.1 200"));
}

TEST(Server, closes_what_it_does_not_accept_unanswered) {
    FunctionHandler handler;
    std::atomic<bool> accepts{false};
    ServerOptions options;
    options.accepts = [&](const http::IpAddress& peer) { return !peer.is_loopback() || accepts; };
    LiveServer server{handler, options};
    Client refused{*server};
    refused.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(refused.rest(), "");
    EXPECT_EQ(handler.handled, 0);
    accepts = true;
    Client accepted{*server};
    accepted.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(body_of(accepted.response()), "GET /");
}

}  // namespace
}  // namespace portico::net::test
