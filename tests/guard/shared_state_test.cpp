// Several instances of a program, whose guards count together in Redis.

#include "tests/guard/instances.hpp"

namespace portico::guard {
namespace {

TEST_F(SharedState, a_limit_holds_over_all_instances) {
    Instance one{three_an_hour(), prefix};
    Instance other{three_an_hour(), prefix};
    const auto first = one.get("/");
    EXPECT_EQ(first.header("X-RateLimit-Remaining"), "2");
    EXPECT_EQ(first.header("X-RateLimit-Reset"), "3600");
    EXPECT_EQ(other.get("/").header("X-RateLimit-Remaining"), "1");
    EXPECT_EQ(one.get("/").header("RateLimit"), "\"default\";r=0;t=3600");
    for (Instance* instance : {&other, &one, &other}) {
        const auto refused = instance->get("/");
        EXPECT_EQ(refused.status_code, 429);
        const int after = std::stoi(std::string(refused.header("Retry-After")));
        EXPECT_GT(after, 3500);
        EXPECT_LE(after, 3600);
    }
    EXPECT_EQ(one.status("/", "192.0.2.2"), 200);
    EXPECT_EQ(one.status("/free"), 200);
    EXPECT_EQ(other.status("/", "2001:db8::1"), 200);
    EXPECT_EQ(other.get("/", "2001:db8::2").header("X-RateLimit-Remaining"), "1");
}

TEST_F(SharedState, what_is_refused_does_not_count_and_is_not_asked_again) {
    Instance one{three_an_hour(), prefix};
    Instance other{three_an_hour(), prefix};
    for (int i = 0; i < 3; ++i) EXPECT_EQ(one.status("/"), 200);
    const auto before = one.client.statistics().commands;
    EXPECT_EQ(one.status("/"), 429);  // it has counted them itself
    EXPECT_EQ(one.client.statistics().commands, before);
    EXPECT_EQ(other.status("/"), 429);  // Redis has told it
    const auto told = other.client.statistics().commands;
    EXPECT_EQ(other.status("/"), 429);
    EXPECT_EQ(other.client.statistics().commands, told);
    EXPECT_EQ(other.status("/", "192.0.2.3"), 200);
}

TEST_F(SharedState, limits_of_a_route_are_its_own_and_counted_in_one_round_trip) {
    Instance one{three_an_hour(), prefix};
    Instance other{three_an_hour(), prefix};
    EXPECT_EQ(one.status("/twice"), 200);
    const auto before = one.client.statistics().commands;
    EXPECT_EQ(one.get("/twice").header("RateLimit"), "\"few\";r=0;t=3600");
    EXPECT_EQ(one.client.statistics().commands, before + 1);
    EXPECT_EQ(other.status("/twice"), 429);
    EXPECT_EQ(other.status("/also-twice"), 200);
    EXPECT_EQ(other.status("/"), 200);
    EXPECT_EQ(one.get("/dear").header("X-RateLimit-Remaining"), "6");
    EXPECT_EQ(other.status("/dear"), 200);
    EXPECT_EQ(one.status("/dear"), 429);
    EXPECT_EQ(one.status("/keyed", "192.0.2.1", {{"X-Key", "a"}}), 200);
    EXPECT_EQ(other.status("/keyed", "192.0.2.2", {{"X-Key", "a"}}), 429);
    EXPECT_EQ(other.status("/keyed", "192.0.2.2", {{"X-Key", "b"}}), 200);
    EXPECT_EQ(other.status("/keyed", "192.0.2.2"), 200);
}

TEST_F(SharedState, a_burst_is_that_of_all_instances) {
    Instance one{three_an_hour(), prefix};
    Instance other{three_an_hour(), prefix};
    const auto first = one.get("/burst");
    EXPECT_EQ(first.header("X-RateLimit-Limit"), "3");
    EXPECT_EQ(first.header("RateLimit"), R"("default";r=2;t=1800)");
    EXPECT_EQ(other.get("/burst").header("X-RateLimit-Remaining"), "1");
    const int reset = std::stoi(std::string(one.get("/burst").header("X-RateLimit-Reset")));
    EXPECT_GT(reset, 5300);
    EXPECT_LE(reset, 5400);
    for (Instance* instance : {&other, &one, &other}) {
        const auto refused = instance->get("/burst");
        EXPECT_EQ(refused.status_code, 429);
        const int after = std::stoi(std::string(refused.header("Retry-After")));
        EXPECT_GT(after, 1700);
        EXPECT_LE(after, 1800);
    }
    EXPECT_EQ(other.status("/burst", "192.0.2.2"), 200);
}

TEST_F(SharedState, a_rate_lets_one_more_come_when_its_time_has_passed) {
    Config config;
    config.rate_limit = 10;
    config.rate_limit_window = 1;
    config.rate_limit_burst = 2;
    Instance one{config, prefix};
    Instance other{config, prefix};
    using Clock = std::chrono::steady_clock;
    const auto began = Clock::now();
    int served = 0;
    for (int i = 0; served < 8; ++i) {
        if ((i % 2 == 0 ? one : other).status("/") == 200) ++served;
    }
    // Two at once, and six that are a tenth of a second apart.
    EXPECT_GE(Clock::now() - began, 600ms);
}

TEST_F(SharedState, a_limiter_of_a_route_counts_for_all_instances) {
    Instance one{three_an_hour(), prefix};
    Instance other{three_an_hour(), prefix};
    EXPECT_EQ(one.get("/limited").header("RateLimit"), R"("few";r=1;t=3600)");
    EXPECT_EQ(other.status("/limited"), 200);
    const auto refused = one.get("/limited");
    EXPECT_EQ(refused.status_code, 429);
    EXPECT_EQ(refused.text, R"({"detail":"Too many requests"})");
    EXPECT_EQ(refused.header("X-RateLimit-Remaining"), "0");
    EXPECT_EQ(other.status("/limited", "192.0.2.2"), 200);
    EXPECT_THROW(SharedRateLimiter(one.client, {.requests = 2}), std::invalid_argument);
}

TEST_F(SharedState, a_limiter_without_redis_goes_on_by_itself) {
    Service own{"redis"};
    Instance one{three_an_hour(), prefix, own.url()};
    EXPECT_EQ(one.status("/limited"), 200);
    own.stop();
    EXPECT_EQ(one.get("/limited").header("X-RateLimit-Remaining"), "0");
    EXPECT_EQ(one.status("/limited"), 429);
}

TEST_F(SharedState, no_window_has_more_than_the_limit) {
    Config config;
    config.rate_limit = 5;
    config.rate_limit_window = 1;
    Instance one{config, prefix};
    Instance other{config, prefix};
    using Clock = std::chrono::steady_clock;
    std::vector<Clock::time_point> served;
    for (int i = 0; served.size() < 12; ++i) {
        const auto began = Clock::now();
        if ((i % 2 == 0 ? one : other).status("/") == 200) served.push_back(began);
    }
    // The request that comes after five others began before the first of them was answered, or a
    // second after it began.
    for (std::size_t i = 0; i + 6 < served.size(); ++i) EXPECT_GE(served[i + 6] - served[i], 1s);
}

TEST_F(SharedState, large_limits_keep_few_numbers) {
    Config config;
    config.rate_limit = 100'000;
    config.rate_limit_window = 3600;
    Instance one{config, prefix};
    for (int i = 0; i < 200; ++i) ASSERT_EQ(one.status("/"), 200);
    TestReactor reactor;
    const auto fields =
        reactor.run([](redis::Client& asked, const std::string& key) -> Task<std::int64_t> {
            co_return (co_await asked.command("HLEN", key)).as<std::int64_t>();
        }(one.client, prefix + "limit::0:192.0.2.1"));
    EXPECT_GE(fields, 1);
    EXPECT_LE(fields, 65);
}

TEST_F(SharedState, without_redis_each_goes_on_with_what_it_has_counted) {
    Service own{"redis"};
    Instance one{three_an_hour(), prefix, own.url()};
    Instance other{three_an_hour(), prefix, own.url()};
    EXPECT_EQ(one.status("/"), 200);
    EXPECT_EQ(one.status("/"), 200);
    EXPECT_EQ(other.status("/"), 200);
    own.stop();
    EXPECT_EQ(one.get("/").header("X-RateLimit-Remaining"), "0");
    EXPECT_EQ(one.status("/"), 429);
    EXPECT_EQ(other.get("/").header("X-RateLimit-Remaining"), "1");
}

TEST_F(SharedState, what_is_no_counter_of_ours_is_no_reason_to_refuse) {
    Instance one{three_an_hour(), prefix};
    TestReactor reactor;
    reactor.run([](redis::Client& asked, const std::string& key) -> Task<void> {
        co_await asked.set(key, "text");
    }(one.client, prefix + "limit::0:192.0.2.1"));
    EXPECT_EQ(one.get("/").header("X-RateLimit-Remaining"), "2");
}

class SharedBansTest : public FollowingInstances {
protected:
    void start(int count) {
        for (int i = 0; i < count; ++i) add();
    }
    void add() {
        instances.push_back(std::make_unique<Instance>(Config{}, prefix));
        follow_bans_of(*instances.back());
    }
    void follow_bans_of(Instance& instance) {
        follow(instance, [](auto& guard, auto& serving) { return guard.follow_bans(serving); });
    }
    BanList& bans(std::size_t of) { return instances[of]->guard->bans(); }
    void wait_until_banned(std::size_t at, const char* client) {
        reactor.run_until(
            [&] { return bans(at).find(*http::IpAddress::parse(client)).has_value(); });
    }
    void wait_until_free(std::size_t at, const char* client) {
        reactor.run_until(
            [&] { return !bans(at).find(*http::IpAddress::parse(client)).has_value(); });
    }
    static http::IpAddress address(const char* text) { return *http::IpAddress::parse(text); }
};

constexpr const char* kAttack = "/?q=1'%20UNION%20SELECT%20password%20FROM%20users--";

TEST_F(SharedBansTest, suspicious_requests_count_together) {
    start(3);
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(instances[i % 3]->status(kAttack, "192.0.2.7"), 400);
    }
    for (std::size_t i = 0; i < 3; ++i) {
        wait_until_banned(i, "192.0.2.7");
        const auto refused = instances[i]->get("/", "192.0.2.7");
        EXPECT_EQ(refused.status_code, 403);
        EXPECT_EQ(bans(i).list().at(0).reason, "detection");
    }
    EXPECT_EQ(instances[0]->status("/", "192.0.2.8"), 200);
}

TEST_F(SharedBansTest, a_ban_and_its_end_are_told_to_all) {
    start(2);
    ASSERT_TRUE(bans(0).add(client_of(address("2001:db8::1")), 2h, "asked for it"));
    wait_until_banned(1, "2001:db8::");
    const Ban told = bans(1).list().at(0);
    EXPECT_EQ(told.reason, "asked for it");
    EXPECT_EQ(std::chrono::round<std::chrono::minutes>(told.until - told.since), 120min);
    EXPECT_EQ(instances[1]->status("/", "2001:db8::ffff"), 403);
    ASSERT_TRUE(bans(1).lift(address("2001:db8::")));
    wait_until_free(0, "2001:db8::");
    EXPECT_EQ(instances[0]->status("/", "2001:db8::1"), 200);
}

TEST_F(SharedBansTest, who_comes_later_reads_them_all) {
    start(1);
    for (int i = 0; i < 1500; ++i) {
        const std::string client =
            "198.51." + std::to_string(i / 250) + "." + std::to_string(i % 250);
        ASSERT_TRUE(bans(0).add(address(client.c_str()), 1h, "x"));
    }
    ASSERT_TRUE(bans(0).add(address("192.0.2.1"), 1h, "x"));
    ASSERT_TRUE(bans(0).lift(address("192.0.2.1")));
    add();
    reactor.run_until([&] { return bans(1).size() == 1500; });
    EXPECT_FALSE(bans(1).find(address("192.0.2.1")));
}

TEST_F(SharedBansTest, a_ban_made_while_redis_was_away_is_told_afterwards) {
    Service own{"redis"};
    std::vector<std::unique_ptr<Instance>> pair;
    for (int i = 0; i < 2; ++i) {
        pair.push_back(std::make_unique<Instance>(Config{}, prefix, own.url()));
        follow_bans_of(*pair.back());
    }
    ASSERT_TRUE(pair[0]->guard->bans().add(address("192.0.2.1"), 1h, "x"));
    reactor.run_until([&] { return pair[1]->guard->bans().size() == 1; });
    own.stop();
    ASSERT_TRUE(pair[0]->guard->bans().add(address("192.0.2.2"), 1h, "x"));
    own.start();
    reactor.run_until([&] { return pair[1]->guard->bans().size() == 2; });
    end_all();
}

TEST_F(SharedBansTest, nobody_is_banned_who_must_not_be) {
    start(1);
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    const auto told = [&](const std::string& client, std::int64_t until, const char* rest) {
        return client + " " + std::to_string(now) + " " + std::to_string(until) + rest;
    };
    const std::int64_t in_a_minute = now + 60'000;
    const std::int64_t in_a_year = now + 365LL * 86'400'000;
    const std::vector<std::string> messages{told("10.0.0.1", in_a_minute, " 1 x"),
                                            told("127.0.0.1", in_a_minute, " 1 x"),
                                            told("::ffff:10.0.0.1", in_a_minute, " 1 x"),
                                            told("::1", in_a_minute, " 1 x"),
                                            told("nobody", in_a_minute, " 1 x"),
                                            told("192.0.2.9", in_a_year, " 1 x"),
                                            told("192.0.2.9", now - 1, " 1 x"),
                                            told("192.0.2.9", in_a_minute, ""),
                                            told("192.0.2.9", in_a_minute, " -1 x"),
                                            "192.0.2.9 1 9999999999999999999999 1 x",
                                            "192.0.2.9",
                                            "",
                                            told("192.0.2.10", in_a_minute, " 2 the last")};
    reactor.run_until([&] {
        for (const auto& message : messages) {
            instances[0]->client.send({"PUBLISH", prefix + "bans", message});
        }
        return bans(0).size() > 0;
    });
    EXPECT_EQ(bans(0).size(), 1U);
    EXPECT_EQ(bans(0).list().at(0).client, address("192.0.2.10"));
    EXPECT_EQ(bans(0).list().at(0).times, 2U);
    EXPECT_EQ(bans(0).list().at(0).reason, "the last");
}

TEST_F(SharedBansTest, who_no_longer_serves_hears_nothing) {
    start(2);
    ASSERT_TRUE(bans(0).add(address("192.0.2.1"), 1h, "x"));
    wait_until_banned(1, "192.0.2.1");
    end(*following[1]);
    add();
    ASSERT_TRUE(bans(0).add(address("192.0.2.2"), 1h, "x"));
    wait_until_banned(2, "192.0.2.2");
    EXPECT_FALSE(bans(1).find(address("192.0.2.2")));
}

}  // namespace
}  // namespace portico::guard
