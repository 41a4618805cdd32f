#include "portico/cache/redis_response_store.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "portico/cache/response_cache.hpp"
#include "portico/testing/test_client.hpp"
#include "tests/support/service.hpp"

namespace {

using namespace portico;
using namespace std::chrono_literals;
using core::Task;
using portico::testing::FakeClock;
using portico::testing::Service;
using portico::testing::TestClient;
using portico::testing::TestReactor;

constexpr cache::RedisResponseStoreOptions patient(std::size_t max_bytes = 10'000,
                                                   std::chrono::milliseconds claim_time = 60s) {
    return {.max_bytes = max_bytes, .timeout = 30s, .claim_time = claim_time};
}

redis::Client open(const Service& service) {
    return redis::Client::open({.url = service.url(), .timeout = 30s}).value();
}

class RedisStoreTest : public ::testing::Test {
protected:
    static void SetUpTestSuite() { service_ = std::make_unique<Service>("redis"); }
    static void TearDownTestSuite() { service_.reset(); }

    void SetUp() override {
        reactor_.run([&]() -> Task<void> { co_await client_.command("FLUSHALL"); }());
        find("anything");  // a generation begins
        find("anything");
    }
    std::shared_ptr<const cache::KeptResponse> find(std::string_view key) {
        return reactor_.run(store_.find(key, now_));
    }
    std::shared_ptr<const cache::KeptResponse> kept(std::string body,
                                                    std::chrono::milliseconds lifetime = 60s) {
        http::Headers headers;
        headers.add("Content-Type", "text/plain");
        return std::make_shared<const cache::KeptResponse>(
            cache::KeptResponse{.status = 200,
                                .headers = std::move(headers),
                                .body = std::move(body),
                                .made_at = now_,
                                .expires_at = now_ + lifetime});
    }

    static inline std::unique_ptr<Service> service_;
    core::Clock::SystemTime now_ = FakeClock().now();
    TestReactor reactor_;
    redis::Client client_ = open(*service_);
    cache::RedisResponseStore store_{client_, patient()};
};

TEST_F(RedisStoreTest, gives_back_what_another_process_has_kept) {
    cache::RedisResponseStore other(client_, patient());
    other.keep("nothing is known of a generation yet", kept("x"));
    EXPECT_EQ(find("nothing is known of a generation yet"), nullptr);
    static_cast<void>(reactor_.run(other.find("k", now_)));
    other.keep("k", kept(std::string("a\0b", 3)));
    const auto found = find("k");
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->status, 200);
    EXPECT_EQ(found->body, std::string("a\0b", 3));
    EXPECT_EQ(found->headers.value_or_empty("Content-Type"), "text/plain");
    EXPECT_EQ(found->made_at, now_);
    EXPECT_EQ(found->expires_at, now_ + 60s);
    EXPECT_EQ(find("l"), nullptr);
}

TEST_F(RedisStoreTest, redis_forgets_what_is_too_old_and_the_store_does_not_give_it) {
    store_.keep("k", kept("x", 90s));
    reactor_.run([&]() -> Task<void> {
        const auto keys =
            (co_await client_.command("KEYS", "portico:cache:r:*")).as<std::vector<std::string>>();
        EXPECT_EQ(keys.size(), 1U);
        EXPECT_EQ(keys.at(0).find("k", 17), std::string::npos);
        const auto left = (co_await client_.command("PTTL", keys.at(0))).as<std::int64_t>();
        EXPECT_GT(left, 60'000);
        EXPECT_LE(left, 90'000);
    }());
    EXPECT_NE(find("k"), nullptr);
    now_ += 90s;
    EXPECT_EQ(find("k"), nullptr);
}

TEST_F(RedisStoreTest, does_not_keep_what_is_too_large) {
    store_.keep("small", kept(std::string(9'000, 'x')));
    store_.keep("large", kept(std::string(10'000, 'x')));
    EXPECT_NE(find("small"), nullptr);
    EXPECT_EQ(find("large"), nullptr);
}

TEST_F(RedisStoreTest, clear_is_for_all_processes) {
    cache::RedisResponseStore other(client_, patient());
    static_cast<void>(reactor_.run(other.find("k", now_)));
    store_.keep("k", kept("x"));
    EXPECT_NE(reactor_.run(other.find("k", now_)), nullptr);
    store_.clear();
    EXPECT_EQ(find("k"), nullptr);
    EXPECT_EQ(reactor_.run(other.find("k", now_)), nullptr);
    store_.keep("k", kept("y"));
    EXPECT_EQ(reactor_.run(other.find("k", now_))->body, "y");
}

TEST_F(RedisStoreTest, what_others_have_written_there_is_no_response) {
    store_.keep("k", kept("x"));
    EXPECT_NE(find("k"), nullptr);
    reactor_.run([&]() -> Task<void> {
        const auto keys =
            (co_await client_.command("KEYS", "portico:cache:r:*")).as<std::vector<std::string>>();
        co_await client_.set(keys.at(0), "nonsense");
    }());
    EXPECT_EQ(find("k"), nullptr);
}

TEST_F(RedisStoreTest, a_claim_is_one_processs_until_it_is_released) {
    cache::RedisResponseStore other(client_, patient());
    EXPECT_TRUE(reactor_.run(store_.claim("k")));
    std::optional<bool> claimed;
    core::Context context(reactor_);
    const auto wait = [&]() -> Task<void> { claimed = co_await other.claim("k"); };
    core::spawn(context, wait());
    other.release("k");  // not its own
    EXPECT_TRUE(reactor_.run(other.claim("another")));
    EXPECT_EQ(claimed, std::nullopt);
    store_.release("k");
    reactor_.run_until([&] { return claimed.has_value(); });
    EXPECT_EQ(claimed, false);
    EXPECT_TRUE(reactor_.run(other.claim("k")));
}

TEST_F(RedisStoreTest, a_claim_whose_owner_is_gone_ends_by_itself) {
    cache::RedisResponseStore gone(client_, patient(10'000, 50ms));
    EXPECT_TRUE(reactor_.run(gone.claim("k")));
    EXPECT_FALSE(reactor_.run(store_.claim("k")));
    EXPECT_TRUE(reactor_.run(store_.claim("k")));
    // Nobody waits for longer than a claim lasts.
    cache::RedisResponseStore hasty(client_, patient(10'000, 50ms));
    EXPECT_TRUE(reactor_.run(hasty.claim("k")));
}

TEST(RedisStore, without_redis_responses_are_computed) {
    Service service("redis");
    redis::Client client = open(service);
    service.stop();
    app::App app;
    auto store = std::make_shared<cache::RedisResponseStore>(client, patient());
    auto& layer = app.add_middleware<cache::ResponseCache>(
        cache::ResponseCacheOptions{.ttl = 60s, .store = store});
    int calls = 0;
    app.get("/n", [&] { return ++calls; });
    TestClient test(app);
    EXPECT_EQ(test.get("/n").text, "1");
    layer.clear();
    EXPECT_EQ(test.get("/n").text, "2");
    service.start();
    test.reactor().run_until([&] { return client.available(); });
    // One to make the clear good, whose answer may be kept only when its generation is known.
    test.get("/n");
    const auto kept = test.get("/n").text;
    EXPECT_EQ(test.get("/n").text, kept);
}

TEST(RedisStore, refuses_times_that_make_no_sense) {
    auto client = redis::Client::open({.url = "redis://localhost"}).value();
    EXPECT_THROW(cache::RedisResponseStore(client, {.timeout = 0ms}), std::invalid_argument);
    EXPECT_THROW(cache::RedisResponseStore(client, {.claim_time = -1ms}), std::invalid_argument);
}

/// One process of two: an application with a client of its own.
struct Instance {
    explicit Instance(const Service& service) : client(open(service)) {
        app.add_middleware<cache::ResponseCache>(cache::ResponseCacheOptions{
            .ttl = 60s, .store = std::make_shared<cache::RedisResponseStore>(client, patient())});
        app.get("/n", [this]() -> Task<int> {
            ++calls;
            while (hold) co_await core::sleep_for(1ms);
            co_return calls;
        });
    }
    redis::Client client;
    app::App app;
    int calls = 0;
    bool hold = false;
    TestClient test{app};
};

TEST(RedisStore, of_two_processes_one_makes_the_response_and_both_give_it) {
    Service service("redis");
    Instance one(service);
    Instance two(service);
    for (Instance* instance : {&one, &two}) {  // each knows the generation
        instance->test.get("/n");
        instance->test.get("/n?warm");
    }
    one.calls = two.calls = 0;
    one.hold = true;
    auto first = one.test.start("GET", "/n?x");
    one.test.reactor().run_until([&] { return one.calls == 1; });
    auto second = two.test.start("GET", "/n?x");
    const auto asked = two.client.statistics().commands;
    two.test.reactor().run_until([&] { return two.client.statistics().commands >= asked + 3; });
    EXPECT_FALSE(second.done());
    one.hold = false;
    EXPECT_EQ(first.wait().text, "1");
    one.test.run_ready();  // what it keeps and releases leaves
    EXPECT_EQ(second.wait().text, "1");
    EXPECT_EQ(two.calls, 0);
}

}  // namespace
