#include "portico/redis/subscriber.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/redis/support.hpp"
#include "tests/support/service.hpp"

namespace portico::redis {
namespace {

using namespace std::chrono_literals;
using core::Task;
using portico::testing::Service;
using test::FakeClock;
using test::ScriptedServer;
using test::TestReactor;

class SubscriberTest : public ::testing::Test {
protected:
    SubscriberOptions options() {
        return {.on_message =
                    [this](const Message& message) {
                        messages_.push_back(std::string(message.channel) + "|" +
                                            std::string(message.pattern) + "|" +
                                            std::string(message.payload));
                    },
                .on_gap = [this] { ++gaps_; }};
    }
    std::vector<std::string> messages_;
    int gaps_ = 0;
};

TEST_F(SubscriberTest, hears_what_is_published_on_channels_and_patterns) {
    Service service("redis");
    TestReactor reactor;
    Client client = test::open({.url = service.url(), .timeout = 30s});
    Subscriber subscriber(client, reactor, options());
    EXPECT_FALSE(subscriber.ready());
    subscriber.subscribe("news");
    subscriber.psubscribe("log.*");
    subscriber.subscribe("news");
    reactor.run_until([&] { return subscriber.ready(); });
    EXPECT_EQ(gaps_, 1);
    reactor.run([&]() -> Task<void> {
        EXPECT_EQ(co_await client.publish("news", "one"), 1);
        EXPECT_EQ(co_await client.publish("log.x", std::string("\0\r\n", 3)), 1);
        EXPECT_EQ(co_await client.publish("other", "no"), 0);
    }());
    reactor.run_until([&] { return messages_.size() == 2; });
    EXPECT_EQ(messages_[0], "news||one");
    EXPECT_EQ(messages_[1], "log.x|log.*|" + std::string("\0\r\n", 3));
    subscriber.unsubscribe("news");
    subscriber.punsubscribe("log.*");
    reactor.run_until([&] { return subscriber.ready(); });
    reactor.run([&]() -> Task<void> {
        EXPECT_EQ(co_await client.publish("news", "two"), 0);
        EXPECT_EQ(co_await client.publish("log.x", "two"), 0);
    }());
}

TEST_F(SubscriberTest, subscribes_again_after_a_restart_and_tells_of_the_gap) {
    Service service("redis");
    TestReactor reactor;
    Client client = test::open({.url = service.url(), .timeout = 30s});
    Subscriber subscriber(client, reactor, options());
    subscriber.subscribe("news");
    reactor.run_until([&] { return gaps_ == 1; });
    service.stop();
    reactor.run_until([&] { return !subscriber.ready(); });
    service.start();
    reactor.run_until([&] { return gaps_ == 2; });
    EXPECT_TRUE(subscriber.ready());
    reactor.run([&]() -> Task<void> {
        while (co_await [](Client& asked) -> Task<int> {
            try {
                co_return static_cast<int>(co_await asked.publish("news", "again"));
            } catch (const Unavailable&) {
                co_return 0;
            }
        }(client) == 0) {
            co_await core::sleep_for(1ms);
        }
    }());
    reactor.run_until([&] { return !messages_.empty(); });
    EXPECT_EQ(messages_[0], "news||again");
}

TEST_F(SubscriberTest, a_connection_without_a_sign_of_life_is_given_up) {
    FakeClock clock;
    ScriptedServer server;
    TestReactor reactor(&clock);
    Client client = test::open({.url = server.url()});
    Subscriber subscriber(client, reactor, options());
    subscriber.subscribe("a");
    reactor.run_ready();
    ASSERT_TRUE(server.accept());
    server.write("+PONG\r\n");
    reactor.run_ready();
    EXPECT_EQ(server.read(), "PING\nSUBSCRIBE a");
    server.write("*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n");
    reactor.run_ready();
    EXPECT_TRUE(subscriber.ready());
    for (int i = 0; i < 3; ++i) {
        clock.advance(5s);
        reactor.run_ready();
        EXPECT_EQ(server.read(), "PING");
        server.write("*2\r\n$4\r\npong\r\n$0\r\n\r\n");
        reactor.run_ready();
        EXPECT_TRUE(subscriber.ready());
    }
    clock.advance(5s);
    reactor.run_ready();
    EXPECT_TRUE(subscriber.ready());
    clock.advance(5s);
    reactor.run_ready();
    EXPECT_FALSE(subscriber.ready());
    EXPECT_FALSE(client.available());
    clock.advance(50ms);
    reactor.run_ready();
    EXPECT_TRUE(server.accept());
}

TEST_F(SubscriberTest, may_outlive_its_loop) {
    ScriptedServer server;
    Client client = test::open({.url = server.url()});
    std::optional<Subscriber> subscriber;
    {
        TestReactor reactor;
        subscriber.emplace(client, reactor, options());
        subscriber->subscribe("a");
        reactor.run_ready();
        EXPECT_TRUE(server.accept());
    }
    EXPECT_FALSE(subscriber->ready());
}

}  // namespace
}  // namespace portico::redis
