// The client against a real Redis.

#include "portico/redis/client.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/redis/support.hpp"
#include "tests/support/service.hpp"

namespace portico::redis {
namespace {

using namespace std::chrono_literals;
using core::Task;
using portico::testing::Service;
using test::Side;
using test::TestReactor;

class ClientTest : public ::testing::Test {
protected:
    static void SetUpTestSuite() { service_ = std::make_unique<Service>("redis"); }
    static void TearDownTestSuite() { service_.reset(); }

    void SetUp() override {
        reactor_.run([&]() -> Task<void> { co_await client_.command("FLUSHALL"); }());
    }
    template <class F>
    auto run(F function) {
        return reactor_.run(function());
    }

    static inline std::unique_ptr<Service> service_;
    TestReactor reactor_;
    // Patient: what is asserted is never how fast the machine is.
    Client client_ = test::open({.url = service_->url(), .timeout = 30s});
};

TEST_F(ClientTest, keeps_and_gives_values) {
    run([&]() -> Task<void> {
        EXPECT_EQ(co_await client_.get("k"), std::nullopt);
        EXPECT_TRUE(co_await client_.set("k", "v"));
        EXPECT_EQ(co_await client_.get("k"), "v");
        EXPECT_FALSE(co_await client_.set("k", "w", {.only_if_absent = true}));
        EXPECT_EQ(co_await client_.get("k"), "v");
        EXPECT_TRUE(co_await client_.del("k"));
        EXPECT_FALSE(co_await client_.del("k"));
        EXPECT_EQ(co_await client_.incr("n"), 1);
        EXPECT_EQ(co_await client_.incr("n", 41), 42);
        EXPECT_TRUE(co_await client_.set("n", 7));
        EXPECT_EQ(co_await client_.incr("n", -8), -1);
        EXPECT_EQ(co_await client_.publish("nobody", "x"), 0);
        co_await client_.ping();
    });
}

TEST_F(ClientTest, times_to_live_are_in_milliseconds) {
    run([&]() -> Task<void> {
        co_await client_.set("k", "v", {.ttl = 90'500ms});
        auto left = (co_await client_.command("PTTL", "k")).as<std::int64_t>();
        EXPECT_GT(left, 60'000);
        EXPECT_LE(left, 90'500);
        EXPECT_TRUE(co_await client_.expire("k", 200s));
        left = (co_await client_.command("PTTL", "k")).as<std::int64_t>();
        EXPECT_GT(left, 150'000);
        EXPECT_FALSE(co_await client_.expire("unknown", 1s));
    });
}

TEST_F(ClientTest, arguments_are_any_bytes_and_never_commands) {
    const std::string bytes("a\0b\r\n$3\r\nDEL\r\n*1\r\n", 19);
    run([&]() -> Task<void> {
        co_await client_.set(bytes, bytes);
        EXPECT_EQ(co_await client_.get(bytes), bytes);
        const auto keys = (co_await client_.command("KEYS", "*")).as<std::vector<std::string>>();
        EXPECT_EQ(keys, std::vector{bytes});
        co_await client_.set("", "");
        EXPECT_EQ(co_await client_.get(""), "");
    });
}

TEST_F(ClientTest, numbers_are_written_in_full) {
    run([&]() -> Task<void> {
        const std::vector<Argument> words{"RPUSH", "l", INT64_MIN, UINT64_MAX, 0.1, -1.5e300, 7U};
        EXPECT_EQ((co_await client_.command(words)).as<std::int64_t>(), 5);
        EXPECT_EQ((co_await client_.command("LRANGE", "l", 0, -1)).as<std::vector<std::string>>(),
                  (std::vector<std::string>{"-9223372036854775808", "18446744073709551615", "0.1",
                                            "-1.5e+300", "7"}));
    });
}

TEST_F(ClientTest, large_values_go_both_ways) {
    std::string large(3'000'000, 'x');
    for (std::size_t i = 0; i < large.size(); i += 1000) large[i] = static_cast<char>(i / 1000);
    run([&]() -> Task<void> {
        co_await client_.set("large", large);
        EXPECT_TRUE(co_await client_.get("large") == large);
    });
}

TEST_F(ClientTest, an_error_of_redis_is_thrown_with_its_kind) {
    run([&]() -> Task<void> {
        co_await client_.set("text", "x");
        try {
            co_await client_.command("LPUSH", "text", "y");
            ADD_FAILURE();
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), Error::Kind::wrong_type);
            EXPECT_TRUE(std::string_view(error.what()).starts_with("LPUSH: WRONGTYPE"));
        }
        try {
            co_await client_.command("NONSENSE", "secret");
            ADD_FAILURE();
        } catch (const Error& error) {
            EXPECT_EQ(std::string_view(error.what()).find("secret"), std::string_view::npos);
        }
        EXPECT_EQ(co_await client_.get("text"), "x");
    });
}

TEST_F(ClientTest, a_pipeline_gives_every_answer_with_its_errors) {
    run([&]() -> Task<void> {
        Pipeline pipeline;
        pipeline.add("SET", "a", 1).add("LPUSH", "a", 2).add("INCR", "a").add("GET", "b");
        auto replies = co_await client_.run(std::move(pipeline));
        EXPECT_EQ(replies.size(), 4U);
        EXPECT_EQ(replies[0].text(), "OK");
        EXPECT_TRUE(replies[1].is_error());
        EXPECT_EQ(std::move(replies[2]).as<std::int64_t>(), 2);
        EXPECT_TRUE(replies[3].is_nil());
        EXPECT_TRUE((co_await client_.run(Pipeline())).empty());
    });
}

TEST_F(ClientTest, a_transaction_is_carried_out_as_a_whole_or_not_at_all) {
    run([&]() -> Task<void> {
        Pipeline good;
        good.add("INCR", "a").add("INCR", "a").add("LPUSH", "a", "x");
        const auto replies = co_await client_.transaction(std::move(good));
        EXPECT_EQ(replies.size(), 3U);
        EXPECT_TRUE(replies[2].is_error());
        EXPECT_EQ(co_await client_.get("a"), "2");

        Pipeline bad;
        bad.add("INCR", "a").add("INCR");
        try {
            (void)co_await client_.transaction(std::move(bad));
            ADD_FAILURE();
        } catch (const Error& error) {
            EXPECT_TRUE(std::string_view(error.what()).starts_with("INCR: ERR wrong number"));
        }
        EXPECT_EQ(co_await client_.get("a"), "2");
        EXPECT_TRUE((co_await client_.transaction(Pipeline())).empty());
    });
}

TEST_F(ClientTest, a_script_is_sent_in_full_only_when_redis_does_not_have_it) {
    const Script add("return redis.call('INCRBY', KEYS[1], ARGV[1])");
    EXPECT_EQ(Script("return 1").sha1(), "e0e1f9fabfc9d4800c877a703b823ac0578ff8db");
    run([&]() -> Task<void> {
        for (int i = 1; i <= 3; ++i) {
            if (i == 3) co_await client_.command("SCRIPT", "FLUSH");
            EXPECT_EQ((co_await client_.eval(add, {"n"}, {5})).as<std::int64_t>(), 5 * i);
        }
        const auto info = (co_await client_.command("INFO", "commandstats")).as<std::string>();
        EXPECT_NE(info.find("cmdstat_eval:calls=2"), std::string::npos) << info;
        const Script wrong("return redis.call('LPUSH', KEYS[1], 'x')");
        EXPECT_THROW(co_await client_.eval(wrong, {"n"}), Error);
    });
}

TEST_F(ClientTest, scripts_recover_in_pipelines_and_transactions_too) {
    const Script add("return redis.call('INCRBY', KEYS[1], ARGV[1])");
    const Script two("return {KEYS[1], ARGV[1], ARGV[2]}");
    run([&]() -> Task<void> {
        for (int round = 0; round < 2; ++round) {
            co_await client_.command("SCRIPT", "FLUSH");
            Pipeline pipeline;
            pipeline.add("SET", "n", 10).eval(add, {"n"}, {5}).eval(two, {"k"}, {"a", "b"});
            pipeline.add("GET", "other").eval(add, {"n"}, {7});
            auto replies = round == 0 ? co_await client_.run(std::move(pipeline))
                                      : co_await client_.transaction(std::move(pipeline));
            EXPECT_EQ(replies.size(), 5U);
            EXPECT_EQ(std::move(replies[1]).as<std::int64_t>(), 15);
            EXPECT_EQ(std::move(replies[2]).as<std::vector<std::string>>(),
                      (std::vector<std::string>{"k", "a", "b"}));
            EXPECT_EQ(std::move(replies[4]).as<std::int64_t>(), 22);
        }
    });
}

TEST_F(ClientTest, what_is_sent_without_waiting_arrives) {
    run([&]() -> Task<void> {
        EXPECT_TRUE(client_.send({"SET", "k", "v"}));
        EXPECT_EQ(co_await client_.get("k"), "v");
    });
    // From a thread that has no loop.
    std::thread([&] { EXPECT_TRUE(client_.send({"SET", "k", "w"})); }).join();
    run([&]() -> Task<void> {
        while (co_await client_.get("k") != "w") co_await core::sleep_for(1ms);
    });
}

TEST_F(ClientTest, serves_many_loops_at_once) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            TestReactor reactor;
            Side side(reactor);
            for (int i = 0; i < 8; ++i) {
                side.start([](Client& client) -> Task<void> {
                    for (int n = 0; n < 50; ++n) (void)co_await client.incr("count");
                }(client_));
            }
            side.wait();
            for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(side.what(i), "");
        });
    }
    for (auto& thread : threads) thread.join();
    run([&]() -> Task<void> { EXPECT_EQ(co_await client_.get("count"), "1600"); });
}

TEST_F(ClientTest, a_unix_socket_and_a_database_of_the_url) {
    Client other = test::open({.url = service_->socket_url() + "?db=2", .timeout = 30s});
    run([&]() -> Task<void> {
        co_await other.set("k", "two");
        EXPECT_EQ(co_await client_.get("k"), std::nullopt);
        EXPECT_EQ(co_await other.get("k"), "two");
    });
}

TEST_F(ClientTest, names_are_looked_up_off_the_loop) {
    Client other = test::open(
        {.url = "redis://localhost:" + std::to_string(service_->port()), .timeout = 30s});
    run([&]() -> Task<void> { co_await other.ping(); });
    Client nowhere = test::open({.url = "redis://no-such-host.invalid", .timeout = 30s});
    run([&]() -> Task<void> {
        try {
            co_await nowhere.ping();
            ADD_FAILURE();
        } catch (const Unavailable& error) {
            EXPECT_TRUE(
                std::string_view(error.what())
                    .starts_with(
                        "redis://no-such-host.invalid:6379: can't look up no-such-host.invalid: "))
                << error.what();
        }
    });
}

TEST(ClientLogin, a_password_lets_in_and_a_wrong_one_does_not) {
    Service service("redis", "--requirepass 'p@ss w/rd'");
    const std::string host = "127.0.0.1:" + std::to_string(service.port());
    TestReactor reactor;
    const auto ping = [&](const std::string& url) {
        Client client = test::open({.url = url, .timeout = 30s});
        std::string said;
        reactor.run([](Client& asked, std::string& to) -> Task<void> {
            try {
                co_await asked.ping();
            } catch (const Unavailable& error) {
                to = error.what();
            }
        }(client, said));
        return said;
    };
    EXPECT_EQ(ping("redis://:p%40ss%20w%2Frd@" + host), "");
    EXPECT_EQ(ping("redis://default:p%40ss%20w%2Frd@" + host), "");
    EXPECT_NE(ping("redis://:hunter2@" + host).find("WRONGPASS"), std::string::npos);
    EXPECT_EQ(ping("redis://:hunter2@" + host).find("hunter2"), std::string::npos);
    EXPECT_NE(ping("redis://" + host).find("NOAUTH"), std::string::npos);
}

TEST(ClientReconnect, comes_back_by_itself_when_redis_does) {
    Service service("redis");
    std::vector<std::string> lost;
    int back = 0;
    Client client = test::open({.url = service.url(),
                                .timeout = 30s,
                                .on_lost = [&](std::string_view why) { lost.emplace_back(why); },
                                .on_back = [&] { ++back; }});
    TestReactor reactor;
    const auto try_ping = [&]() -> Task<bool> {
        try {
            co_await client.ping();
            co_return true;
        } catch (const Unavailable&) {
            co_return false;
        }
    };
    for (int round = 1; round <= 2; ++round) {
        EXPECT_TRUE(reactor.run(try_ping()));
        service.stop();
        reactor.run_until([&] { return !client.available(); });
        EXPECT_FALSE(reactor.run(try_ping()));
        service.start();
        reactor.run_until([&] { return client.available(); });
        EXPECT_TRUE(reactor.run(try_ping()));
        EXPECT_EQ(lost.size(), static_cast<std::size_t>(round));
        EXPECT_EQ(back, round);
    }
}

TEST(ClientReconnect, a_redis_that_is_not_there_at_first_is_found_later) {
    Service service("redis");
    service.stop();
    Client client = test::open({.url = service.url(), .timeout = 30s});
    TestReactor reactor;
    const auto ping = [&]() -> Task<void> { co_await client.ping(); };
    EXPECT_THROW(reactor.run(ping()), Unavailable);
    service.start();
    reactor.run_until([&] { return client.available(); });
    EXPECT_NO_THROW(reactor.run(ping()));
}

TEST(ClientSlow, a_paused_redis_costs_the_time_of_a_command_and_recovers) {
    Service service("redis");
    Client client = test::open({.url = service.url(), .timeout = 100ms});
    Client other = test::open({.url = service.url(), .timeout = 30s});
    TestReactor reactor;
    reactor.run([&]() -> Task<void> {
        co_await other.command("CLIENT", "PAUSE", 1000, "ALL");
        const auto before = std::chrono::steady_clock::now();
        EXPECT_THROW((void)co_await client.get("k"), Unavailable);
        EXPECT_GE(std::chrono::steady_clock::now() - before, 90ms);
        // Whatever happens with the connection meanwhile, it ends well.
        while (true) {
            try {
                EXPECT_EQ(co_await client.get("k"), std::nullopt);
                break;
            } catch (const Unavailable&) {
            }
            co_await core::sleep_for(10ms);
        }
    }());
}

}  // namespace
}  // namespace portico::redis
