#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <vector>

#include "tests/net/live_server.hpp"

namespace portico::net::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

TEST(Shutdown, a_server_without_connections_ends_at_once) {
    FunctionHandler handler;
    LiveServer server{handler};
    EXPECT_TRUE(server.stop());
    Client late{*server};
    EXPECT_FALSE(late.connected());
}

TEST(Shutdown, stop_before_run_is_not_lost) {
    FunctionHandler handler;
    Server server{handler, {.port = 0, .workers = 2}};
    server.stop();
    EXPECT_TRUE(server.run());
}

TEST(Shutdown, a_request_in_flight_is_answered_and_told_to_close) {
    FunctionHandler handler;
    Event came;
    Exchange* waiting = nullptr;
    handler.on_handle = [&](Exchange& exchange) {
        waiting = &exchange;
        came.set();
    };
    LiveServer server{handler};
    Client client{*server};
    client.send(kGet);
    ASSERT_TRUE(came.wait());
    server->stop();
    server->post(0, [&] { waiting->send(); });
    const auto answer = client.rest();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n"));
    client.close();
    EXPECT_TRUE(server.join());
}

TEST(Shutdown, pipelined_requests_are_answered_to_the_last) {
    FunctionHandler handler;
    Event came;
    Exchange* waiting = nullptr;
    handler.on_handle = [&](Exchange& exchange) {
        exchange.response.text() = exchange.request.path();
        if (exchange.request.path() != "/1") return exchange.send();
        waiting = &exchange;
        came.set();
    };
    LiveServer server{handler};
    Client client{*server};
    client.send(
        "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n"
        "GET /3 HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_TRUE(came.wait());
    server->stop();
    server->post(0, [&] { waiting->send(); });
    for (const char* path : {"/1", "/2", "/3"}) {
        const auto answer = client.response();
        EXPECT_EQ(body_of(answer), path);
        EXPECT_EQ(answer.find("Connection: close") != std::string::npos, body_of(answer) == "/3");
    }
    EXPECT_EQ(client.rest(), "");
    client.close();
    EXPECT_TRUE(server.join());
}

TEST(Shutdown, a_request_that_has_begun_is_waited_for) {
    FunctionHandler handler;
    LiveServer server{handler};
    Client client{*server};
    client.send("GET / HTTP/1.1\r\n");
    Client probe{*server};
    probe.send(kGet);
    ASSERT_THAT(probe.response(), StartsWith("HTTP/1.1 200")) << "so the first bytes are read, too";
    server->stop();
    EXPECT_EQ(probe.rest(), "") << "an idle connection is closed";
    client.send("Host: x\r\n\r\n");
    EXPECT_THAT(client.rest(), StartsWith("HTTP/1.1 200"));
    client.close();
    EXPECT_TRUE(server.join());
}

TEST(Shutdown, a_connection_in_the_kernel_s_queue_is_served) {
    FunctionHandler handler;
    Server server{handler, {.port = 0, .workers = 1, .timeouts = {.shutdown_idle = 20'000ms}}};
    ASSERT_TRUE(server.start());
    Client client{server};
    client.send(kGet);
    std::jthread thread{[&] { EXPECT_TRUE(server.run()); }};
    server.stop();
    const auto answer = client.rest();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
    client.close();
}

TEST(Shutdown, a_request_that_races_with_it_on_an_idle_connection_is_answered) {
    FunctionHandler handler;
    LiveServer server{handler, {.timeouts = {.shutdown_idle = 20'000ms}}};
    Client client{*server};
    client.send(kGet);
    ASSERT_THAT(client.response(), StartsWith("HTTP/1.1 200"));
    server->stop();
    Event stopping;
    ASSERT_TRUE(server->post(0, [&] { stopping.set(); }));
    ASSERT_TRUE(stopping.wait());
    client.send(kGet);
    EXPECT_THAT(client.rest(), HasSubstr("\r\nConnection: close\r\n"));
    client.close();
    EXPECT_TRUE(server.join());
}

TEST(Shutdown, under_load_no_accepted_request_fails) {
    FunctionHandler handler;
    LiveServer server{handler, {.workers = 2, .timeouts = {.shutdown_idle = 2'000ms}}};
    std::atomic<int> failed = 0;
    std::atomic<int> answered = 0;
    Event warm;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&] {
                Client client{*server};
                for (;;) {
                    if (!client.send(kGet)) break;
                    const auto answer = client.response();
                    if (!answer.starts_with("HTTP/1.1 200")) {
                        ++failed;
                        break;
                    }
                    if (++answered == 500) warm.set();
                    if (answer.find("Connection: close") != std::string::npos) break;
                }
            });
        }
        ASSERT_TRUE(warm.wait());
        server->stop();
    }
    EXPECT_EQ(failed, 0);
    EXPECT_TRUE(server.join());
}

TEST(Shutdown, is_bounded_and_cancels_what_is_left) {
    FunctionHandler handler;
    Event came;
    Event cancelled;
    handler.on_task = [&](Exchange&) -> core::Task<void> {
        came.set();
        try {
            for (;;) co_await core::sleep_for(1ms);
        } catch (const core::Cancelled&) {
            cancelled.set();
        }
    };
    LiveServer server{handler, {.timeouts = {.shutdown = 20ms}}};
    Client client{*server};
    client.send(kGet);
    ASSERT_TRUE(came.wait());
    EXPECT_TRUE(server.stop());
    EXPECT_TRUE(cancelled.wait());
    EXPECT_EQ(client.rest(), "");
}

TEST(Shutdown, sigterm_stops_and_sighup_reloads) {
    FunctionHandler handler;
    Event reloaded;
    Server server{handler,
                  {.port = 0,
                   .workers = 2,
                   .timeouts = {.shutdown_idle = 1ms},
                   .handle_signals = true,
                   .on_reload = [&] { reloaded.set(); }}};
    ASSERT_TRUE(server.start());
    Event running;
    server.post(0, [&] { running.set(); });
    std::jthread thread{[&] { EXPECT_TRUE(server.run()); }};
    ASSERT_TRUE(running.wait());
    ::raise(SIGHUP);
    EXPECT_TRUE(reloaded.wait());
    ::raise(SIGTERM);
    thread.join();
    struct sigaction now{};
    ::sigaction(SIGTERM, nullptr, &now);
    EXPECT_EQ(now.sa_handler, SIG_DFL) << "what was there before is put back";
}

TEST(Shutdown, a_second_signal_ends_it_at_once) {
    FunctionHandler handler;
    Event came;
    handler.on_task = [&](Exchange&) -> core::Task<void> {
        came.set();
        for (;;) co_await core::sleep_for(1ms);
    };
    Server server{handler, {.port = 0, .workers = 1, .handle_signals = true}};
    ASSERT_TRUE(server.start());
    std::jthread thread{[&] { EXPECT_TRUE(server.run()); }};
    Client client{server};
    client.send(kGet);
    ASSERT_TRUE(came.wait());
    ::raise(SIGINT);
    ::raise(SIGINT);
    EXPECT_EQ(client.rest(), "");
}

}  // namespace
}  // namespace portico::net::test
