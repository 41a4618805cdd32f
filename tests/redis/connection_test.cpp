// The client against a server whose every answer the test writes, on a clock that it sets.

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "portico/redis/client.hpp"
#include "tests/redis/support.hpp"

namespace portico::redis {
namespace {

using namespace std::chrono_literals;
using core::Task;
using test::FakeClock;
using test::ScriptedServer;
using test::Side;
using test::TestReactor;

class ConnectionTest : public ::testing::Test {
protected:
    static Task<void> get(Client& client, std::string key, std::optional<std::string>& to,
                          std::chrono::milliseconds timeout = 0ms) {
        if (timeout > 0ms) {
            to = co_await client.get(key).within(timeout);
        } else {
            to = co_await client.get(key);
        }
    }
    core::Context& start(std::string key, std::chrono::milliseconds timeout = 0ms) {
        values_.emplace_back(std::make_unique<std::optional<std::string>>());
        return side_.start(get(client_, std::move(key), *values_.back(), timeout));
    }
    std::optional<std::string> value(std::size_t i) { return *values_.at(i); }

    ClientOptions options() {
        return {.url = server_.url(),
                .max_outstanding = 3,
                .on_lost = [this](std::string_view why) { lost_.emplace_back(why); },
                .on_back = [this] { ++back_; }};
    }
    /// A connection that is logged in, with `start("first")` answered.
    void connect() {
        start("first");
        reactor_.run_ready();
        ASSERT_TRUE(server_.accept());
        EXPECT_EQ(server_.read(), "PING");
        server_.write("+PONG\r\n");
        reactor_.run_ready();
        EXPECT_EQ(server_.read(), "GET first");
        server_.write("$1\r\n1\r\n");
        reactor_.run_ready();
        ASSERT_TRUE(side_.ended(0));
        EXPECT_EQ(value(0), "1");
    }
    void advance(std::chrono::milliseconds by) {
        clock_.advance(by);
        reactor_.run_ready();
    }

    FakeClock clock_;
    ScriptedServer server_;
    TestReactor reactor_{&clock_};
    std::vector<std::string> lost_;
    int back_ = 0;
    Client client_ = test::open(options());
    std::vector<std::unique_ptr<std::optional<std::string>>> values_;
    Side side_{reactor_};
};

TEST_F(ConnectionTest, commands_of_one_turn_leave_in_one_write_and_are_answered_in_order) {
    connect();
    const auto before = client_.statistics();
    for (const auto* key : {"a", "b", "c"}) start(key);
    reactor_.run_ready();
    EXPECT_EQ(client_.statistics().writes - before.writes, 1U);
    EXPECT_EQ(client_.statistics().commands - before.commands, 3U);
    EXPECT_EQ(server_.read(), "GET a\nGET b\nGET c");
    server_.write("$1\r\nA\r\n$-1\r\n$1");
    reactor_.run_ready();
    EXPECT_TRUE(side_.ended(1));
    EXPECT_TRUE(side_.ended(2));
    EXPECT_FALSE(side_.ended(3));
    server_.write("\r\nC\r\n");
    reactor_.run_ready();
    EXPECT_EQ(value(1), "A");
    EXPECT_EQ(value(2), std::nullopt);
    EXPECT_EQ(value(3), "C");
}

TEST_F(ConnectionTest, a_late_answer_is_dropped_and_the_next_command_gets_its_own) {
    connect();
    start("slow");
    reactor_.run_ready();
    EXPECT_EQ(server_.read(), "GET slow");
    advance(999ms);
    EXPECT_FALSE(side_.ended(1));
    advance(1ms);
    EXPECT_TRUE(side_.threw<Timeout>(1));
    EXPECT_EQ(side_.what(1), "GET: no answer from Redis in time");
    // Nothing is heard of Redis, so nobody else waits for it.
    start("meanwhile");
    EXPECT_TRUE(side_.threw<Unavailable>(2));
    EXPECT_EQ(side_.what(2), "Redis does not answer");
    server_.write("$4\r\nlate\r\n");
    reactor_.run_ready();
    start("next");
    reactor_.run_ready();
    EXPECT_EQ(server_.read(), "GET next");
    server_.write("$4\r\nhere\r\n");
    reactor_.run_ready();
    EXPECT_EQ(value(3), "here");
    EXPECT_TRUE(lost_.empty());
    EXPECT_EQ(client_.statistics().timeouts, 1U);
}

TEST_F(ConnectionTest, a_command_can_have_a_time_of_its_own) {
    connect();
    start("short", 50ms);
    start("long", 1500ms);
    reactor_.run_ready();
    advance(50ms);
    EXPECT_TRUE(side_.threw<Timeout>(1));
    // A short wait is no proof that Redis is slow for all.
    start("usual");
    EXPECT_FALSE(side_.ended(3));
    server_.write("$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n");
    reactor_.run_ready();
    EXPECT_EQ(value(2), "b");
    EXPECT_EQ(value(3), "c");
}

TEST_F(ConnectionTest, a_redis_that_says_nothing_for_twice_the_time_is_given_up) {
    connect();
    start("stuck");
    reactor_.run_ready();
    advance(1000ms);
    EXPECT_TRUE(side_.threw<Timeout>(1));
    EXPECT_TRUE(lost_.empty());
    advance(1000ms);
    ASSERT_EQ(lost_.size(), 1U);
    EXPECT_EQ(lost_[0], server_.url() + ": it has left a command unanswered for 2000 ms");
    EXPECT_FALSE(client_.available());
    advance(50ms);
    ASSERT_TRUE(server_.accept());
    start("while down");
    EXPECT_TRUE(side_.threw<Unavailable>(2));
    server_.write("+PONG\r\n");
    reactor_.run_ready();
    EXPECT_EQ(back_, 1);
    EXPECT_TRUE(client_.available());
    start("again");
    reactor_.run_ready();
    EXPECT_EQ(server_.read(), "PING\nGET again");
    server_.write("$1\r\nx\r\n");
    reactor_.run_ready();
    EXPECT_EQ(value(3), "x");
}

TEST_F(ConnectionTest, what_is_under_way_when_the_connection_is_lost_fails_and_the_rest_at_once) {
    connect();
    start("a");
    reactor_.run_ready();
    EXPECT_EQ(server_.read(), "GET a");
    server_.disappear();
    reactor_.run_ready();
    EXPECT_TRUE(side_.threw<Unavailable>(1));
    EXPECT_EQ(side_.what(1), server_.url() + ": the connection was closed");
    start("b");
    EXPECT_TRUE(side_.threw<Unavailable>(2));
    for (int i = 0; i < 20; ++i) advance(2000ms);
    EXPECT_EQ(lost_.size(), 1U);
    EXPECT_EQ(back_, 0);
    EXPECT_EQ(client_.statistics().refused, 1U);
}

TEST_F(ConnectionTest, tries_come_soon_at_first_and_then_every_two_seconds) {
    connect();
    server_.hang_up();
    reactor_.run_ready();
    std::vector<std::chrono::milliseconds> pauses;
    auto pause = 0ms;
    while (pauses.size() < 10) {
        advance(1ms);
        pause += 1ms;
        if (!server_.accept()) continue;
        server_.hang_up();
        reactor_.run_ready();
        pauses.push_back(std::exchange(pause, 0ms));
    }
    auto longest = 50ms;
    for (const auto& taken : pauses) {
        EXPECT_GE(taken, longest / 2);
        EXPECT_LE(taken, longest + 1ms);
        longest = std::min(longest * 2, 2000ms);
    }
    EXPECT_EQ(lost_.size(), 1U);
}

TEST_F(ConnectionTest, commands_wait_for_the_first_connection_but_not_longer_than_their_time) {
    start("early");
    reactor_.run_ready();
    ASSERT_TRUE(server_.accept());
    advance(1000ms);
    EXPECT_TRUE(side_.threw<Timeout>(0));
    advance(1000ms);
    ASSERT_EQ(lost_.size(), 1U);
    EXPECT_EQ(lost_[0], server_.url() + ": no answer in 2000 ms");
}

TEST_F(ConnectionTest, the_queue_is_bounded) {
    connect();
    for (const auto* key : {"a", "b", "c", "d"}) start(key);
    EXPECT_FALSE(side_.ended(3));
    EXPECT_TRUE(side_.threw<Unavailable>(4));
    EXPECT_EQ(side_.what(4), "too many commands wait for Redis");
    reactor_.run_ready();
    server_.write("$-1\r\n$-1\r\n$-1\r\n");
    reactor_.run_ready();
}

TEST_F(ConnectionTest, a_request_whose_client_is_gone_leaves_the_order_as_it_is) {
    connect();
    core::Context& context = start("gone");
    start("there");
    reactor_.run_ready();
    context.cancel();
    server_.write("$1\r\na\r\n$1\r\nb\r\n");
    reactor_.run_ready();
    EXPECT_TRUE(side_.threw<core::Cancelled>(1));
    EXPECT_EQ(value(2), "b");
}

TEST_F(ConnectionTest, a_task_that_is_destroyed_leaves_the_order_as_it_is) {
    connect();
    core::Context context(reactor_);
    std::optional<std::string> never;
    {
        auto task = get(client_, "destroyed", never);
        task.promise().context = &context;
        task.handle().resume();
    }
    start("there");
    reactor_.run_ready();
    EXPECT_EQ(server_.read(), "GET destroyed\nGET there");
    server_.write("$1\r\na\r\n$1\r\nb\r\n");
    reactor_.run_ready();
    EXPECT_EQ(value(1), "b");
    EXPECT_EQ(never, std::nullopt);
}

TEST_F(ConnectionTest, the_requests_deadline_ends_its_wait_unless_it_is_shielded) {
    connect();
    start("first in line");
    core::Context context(reactor_);
    context.set_deadline(clock_.steady_now() + 100ms);
    bool exceeded = false;
    const auto wait = [&]() -> Task<void> {
        try {
            (void)co_await client_.get("k");
        } catch (const core::DeadlineExceeded&) {
            exceeded = true;
        }
    };
    core::spawn(context, wait());
    advance(99ms);
    EXPECT_FALSE(exceeded);
    advance(1ms);
    EXPECT_TRUE(exceeded);

    std::optional<std::string> shielded;
    const auto finish = [&]() -> Task<void> {
        const core::Shield shield(&context);
        shielded = co_await client_.get("k");
    };
    core::spawn(context, finish());
    advance(100ms);
    server_.write("$-1\r\n$-1\r\n$2\r\nok\r\n");
    reactor_.run_ready();
    EXPECT_EQ(shielded, "ok");
}

TEST_F(ConnectionTest, what_is_no_answer_ends_the_connection) {
    for (const std::string_view bytes : {"HTTP/1.1 200 OK\r\n", "+UNASKED\r\n"}) {
        start("k");
        reactor_.run_ready();
        ASSERT_TRUE(server_.accept());
        server_.write("+PONG\r\n$-1\r\n");
        reactor_.run_ready();
        server_.write(bytes);
        reactor_.run_ready();
        ASSERT_EQ(lost_.size(), 1U) << bytes;
        lost_.clear();
        client_ = test::open(options());
        reactor_.run_ready();
    }
}

TEST_F(ConnectionTest, an_array_that_is_too_long_ends_the_connection) {
    auto limited = options();
    limited.limits.max_elements = 10;
    client_ = test::open(std::move(limited));
    start("k");
    reactor_.run_ready();
    ASSERT_TRUE(server_.accept());
    server_.write("+PONG\r\n*11\r\n");
    reactor_.run_ready();
    EXPECT_TRUE(side_.threw<Unavailable>(0));
    EXPECT_NE(side_.what(0).find("limits"), std::string::npos);
}

TEST_F(ConnectionTest, a_refused_login_is_said_without_the_password) {
    auto with_password = options();
    with_password.url = "unix://ann:hunter2@" + server_.path() + "?db=3";
    client_ = test::open(std::move(with_password));
    start("k");
    reactor_.run_ready();
    ASSERT_TRUE(server_.accept());
    EXPECT_EQ(server_.read(), "AUTH ann hunter2\nSELECT 3\nPING");
    server_.write("-WRONGPASS invalid username-password pair\r\n");
    reactor_.run_ready();
    EXPECT_EQ(side_.what(0), server_.url() + ": WRONGPASS invalid username-password pair");
}

TEST_F(ConnectionTest, an_error_names_the_command_and_no_argument) {
    connect();
    start("secret-key");
    reactor_.run_ready();
    server_.write("-ERR unknown command 'GET', with args beginning with: 'secret-key'\r\n");
    reactor_.run_ready();
    EXPECT_TRUE(side_.threw<Error>(1));
    EXPECT_EQ(side_.what(1), "GET: ERR unknown command 'GET'");
}

TEST_F(ConnectionTest, the_end_of_the_client_ends_what_waits) {
    connect();
    start("k");
    reactor_.run_ready();
    client_ = test::open(options());
    reactor_.run_ready();
    EXPECT_TRUE(side_.threw<Unavailable>(1));
    EXPECT_EQ(side_.what(1), "the client is closed");
}

TEST(Connection, a_loop_that_ends_first_takes_its_connection_with_it) {
    ScriptedServer server;
    Client client = test::open({.url = server.url()});
    const auto ask = [&]() -> Task<void> { (void)co_await client.get("k"); };
    auto task = ask();  // outlives the connection that it waits for
    {
        TestReactor reactor;
        core::Context context(reactor);
        task.promise().context = &context;
        task.handle().resume();
        reactor.run_ready();
        ASSERT_TRUE(server.accept());
        EXPECT_EQ(client.statistics().commands, 1U);
    }
    EXPECT_EQ(client.statistics().commands, 0U);
}

TEST(Connection, needs_a_loop) {
    Client client = test::open({.url = "redis://localhost"});
    const auto ask = [&]() -> Task<void> { co_await client.ping(); };
    auto task = ask();
    task.handle().resume();
    EXPECT_THROW(task.result(), core::NoContext);
}

TEST(Client, refuses_options_that_make_no_sense) {
    EXPECT_NE(Client::open({.url = "http://x"}).error().find("expected redis://"),
              std::string::npos);
    EXPECT_FALSE(Client::open({.url = "redis://h", .timeout = 0ms}));
    EXPECT_FALSE(Client::open({.url = "redis://h", .connect_timeout = 0ms}));
    EXPECT_FALSE(Client::open({.url = "redis://h", .max_outstanding = 0}));
    EXPECT_FALSE(Client::open({.url = "redis://h", .limits = {.max_bulk = 0}}));
    EXPECT_NE(Client::open({.url = "rediss://h", .tls = {.ca_file = "/no/such/file"}})
                  .error()
                  .find("ca_file"),
              std::string::npos);
    EXPECT_FALSE(Client::open({.url = "rediss://h", .tls = {.certificate_file = "/x"}}));
}

TEST(Client, refuses_commands_that_would_change_the_connection_of_all) {
    Client client = test::open({.url = "redis://localhost"});
    for (const auto* name : {"MULTI", "select", "Auth", "SUBSCRIBE", "BLPOP", "MONITOR", "WAIT"}) {
        EXPECT_THROW(client.send({name, "x"}), std::logic_error) << name;
        EXPECT_THROW(Pipeline().add(name), std::logic_error) << name;
    }
    EXPECT_THROW(client.send({"CLIENT", "reply", "OFF"}), std::logic_error);
    EXPECT_THROW(client.send({}), std::logic_error);
    EXPECT_FALSE(client.send({"GET", "x"}));
}

}  // namespace
}  // namespace portico::redis
