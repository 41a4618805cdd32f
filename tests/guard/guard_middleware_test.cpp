#include "portico/guard/guard_middleware.hpp"

#include <gtest/gtest.h>

#include "portico/guard/rate_limiter.hpp"
#include "tests/guard/fixture.hpp"

namespace portico::guard {
namespace {

using namespace std::chrono_literals;
using testing::Guarded;

http::IpAddress address(std::string_view text) {
    return http::IpAddress::parse(text).value();
}

TEST(Guard, a_nonsense_configuration_names_every_fault) {
    try {
        GuardMiddleware guard({.whitelist = {"10.0.0.1/8"}, .exclude_paths = {"health"}});
        FAIL();
    } catch (const std::invalid_argument& error) {
        const std::string_view what = error.what();
        EXPECT_NE(what.find("whitelist.0: "), what.npos) << what;
        EXPECT_NE(what.find("exclude_paths.0: expected a path such as /health, got \"health\""),
                  what.npos)
            << what;
    }
}

TEST(Guard, a_disabled_guard_checks_nothing) {
    Guarded site({.enabled = false, .blacklist = {"192.0.2.1"}});
    EXPECT_EQ(site.status("/"), 200);
}

TEST(Guard, the_blacklist_is_forbidden_and_yields_to_the_whitelist) {
    Guarded site({.whitelist = {"192.0.2.9"}, .blacklist = {"192.0.2.0/24", "2001:db8::/32"}});
    const auto refused = site.get("/");
    EXPECT_EQ(refused.status_code, 403);
    EXPECT_EQ(refused.text, R"({"detail":"Forbidden"})");
    EXPECT_EQ(site.status("/", "::ffff:192.0.2.1"), 403) << "the same address, written otherwise";
    EXPECT_EQ(site.status("/", "2001:db8::5"), 403);
    EXPECT_EQ(site.status("/", "192.0.2.9"), 200);
    EXPECT_EQ(site.status("/", "198.51.100.1"), 200) << "the whitelist is not restrictive";
    EXPECT_EQ(site.events.front(), "ip blocked");
}

TEST(Guard, in_passive_mode_everything_is_served_and_told) {
    Guarded site({.passive_mode = true, .blacklist = {"192.0.2.1"}, .rate_limit = 1});
    EXPECT_EQ(site.status("/"), 200);
    EXPECT_EQ(site.status("/"), 200);
    EXPECT_EQ(site.events,
              (std::vector<std::string>{"ip logged", "ip logged", "rate_limit logged"}));
}

TEST(Guard, in_an_emergency_its_whitelist_alone_is_served) {
    Guarded site({.emergency_mode = true, .emergency_whitelist = {"192.0.2.9"}});
    const auto refused = site.get("/");
    EXPECT_EQ(refused.status_code, 503);
    EXPECT_EQ(refused.text, R"({"detail":"Service temporarily unavailable"})");
    EXPECT_EQ(site.status("/", "192.0.2.9"), 200);
}

TEST(Guard, a_banned_client_is_refused_until_its_ban_ends) {
    Guarded site({});
    EXPECT_TRUE(site.guard->bans().add(address("192.0.2.1"), 60s, "manual"));
    const auto refused = site.get("/");
    EXPECT_EQ(refused.status_code, 403);
    EXPECT_EQ(refused.text, R"({"detail":"IP address banned"})");
    EXPECT_EQ(site.status("/health"), 403) << "an excluded path is not excluded from bans";
    EXPECT_EQ(site.status("/", "192.0.2.2"), 200);
    site.clock.advance(60s);
    EXPECT_EQ(site.status("/"), 200);
}

TEST(Guard, a_banned_client_can_be_dropped_before_it_asks) {
    Config config;
    config.whitelist = {"192.0.2.9"};
    const auto accepts = [](const Guarded& guarded, const char* peer) {
        return guarded.guard->accepts(*http::IpAddress::parse(peer));
    };
    const auto ban = [](const Guarded& guarded) {
        for (const char* client : {"192.0.2.1", "192.0.2.9", "2001:db8::"}) {
            guarded.guard->bans().add(*http::IpAddress::parse(client), {}, "x");
        }
    };
    Guarded kept(config);
    ban(kept);
    EXPECT_TRUE(accepts(kept, "192.0.2.1"));
    config.drop_banned_connections = true;
    Guarded dropped(config);
    EXPECT_TRUE(accepts(dropped, "192.0.2.1"));
    ban(dropped);
    EXPECT_FALSE(accepts(dropped, "192.0.2.1"));
    EXPECT_FALSE(accepts(dropped, "2001:db8::7"));
    EXPECT_TRUE(accepts(dropped, "192.0.2.2"));
    EXPECT_TRUE(accepts(dropped, "192.0.2.9"));
    config.passive_mode = true;
    Guarded passive(config);
    ban(passive);
    EXPECT_TRUE(accepts(passive, "192.0.2.1"));
}

TEST(Guard, a_banned_network_of_ipv6_is_refused_as_a_whole) {
    Guarded site({});
    EXPECT_TRUE(site.guard->bans().add(client_of(address("2001:db8::1")), 60s, "manual"));
    EXPECT_EQ(site.status("/", "2001:db8::ffff:2"), 403);
    EXPECT_EQ(site.status("/", "2001:db8:0:1::1"), 200);
}

TEST(Guard, a_whitelisted_address_skips_bans_and_limits) {
    Guarded site({.whitelist = {"192.0.2.1"}, .rate_limit = 1});
    EXPECT_TRUE(site.guard->bans().add(address("192.0.2.1"), 60s, "manual"));
    for (int i = 0; i < 3; ++i) {
        const auto served = site.get("/");
        EXPECT_EQ(served.status_code, 200);
        EXPECT_EQ(served.header("X-RateLimit-Limit"), "");
    }
}

TEST(Guard, without_banning_bans_are_not_looked_at) {
    Guarded site({.enable_ip_banning = false});
    EXPECT_TRUE(site.guard->bans().add(address("192.0.2.1"), 60s, "manual"));
    EXPECT_EQ(site.status("/"), 200);
}

TEST(Guard, user_agents_are_blocked_by_a_part_in_any_case) {
    Guarded site({});
    const auto refused = site.get("/", "192.0.2.1", {{"User-Agent", "Mozilla SQLMap/1.7"}});
    EXPECT_EQ(refused.status_code, 403);
    EXPECT_EQ(refused.text, R"({"detail":"User-Agent not allowed"})");
    EXPECT_EQ(site.status("/", "192.0.2.1", {{"User-Agent", "Mozilla/5.0"}}), 200);
    EXPECT_EQ(site.status("/", "192.0.2.1", {}), 200);
    EXPECT_EQ(site.status("/", "192.0.2.1", {{"User-Agent", std::string(5000, 'a') + "nmap"}}), 200)
        << "what no client of people's sends is looked at up to a bound";
}

TEST(Guard, an_answer_has_the_text_of_the_configuration) {
    Guarded site({.blacklist = {"192.0.2.1"}, .custom_error_responses = {{{403, "Go away"}}}});
    EXPECT_EQ(site.get("/").text, R"({"detail":"Go away"})");
}

TEST(Guard, a_check_of_the_programs_own_runs_last) {
    Guarded site({}, {},
                 [](const http::Request& request) { return request.path() == "/tea" ? 418 : 0; });
    EXPECT_EQ(site.status("/tea"), 418);
    EXPECT_EQ(site.status("/"), 200);
}

TEST(RateLimits, the_limit_is_counted_by_client_and_told_in_every_answer) {
    Guarded site({.rate_limit = 2, .rate_limit_window = 60});
    const auto first = site.get("/");
    EXPECT_EQ(first.header("X-RateLimit-Limit"), "2");
    EXPECT_EQ(first.header("X-RateLimit-Remaining"), "1");
    EXPECT_EQ(first.header("X-RateLimit-Reset"), "60");
    EXPECT_EQ(first.header("RateLimit-Policy"), R"("default";q=2;w=60)");
    EXPECT_EQ(first.header("RateLimit"), R"("default";r=1;t=60)");
    EXPECT_EQ(first.header("Retry-After"), "");
    site.clock.advance(10s);
    EXPECT_EQ(site.get("/nowhere").header("X-RateLimit-Remaining"), "0") << "a 404 counts too";

    site.clock.advance(500ms);
    const auto refused = site.get("/");
    EXPECT_EQ(refused.status_code, 429);
    EXPECT_EQ(refused.text, R"({"detail":"Too many requests"})");
    EXPECT_EQ(refused.header("Retry-After"), "50") << "rounded up";
    EXPECT_EQ(refused.header("X-RateLimit-Remaining"), "0");
    EXPECT_EQ(site.status("/", "192.0.2.2"), 200);
    site.clock.advance(50s);
    EXPECT_EQ(site.status("/"), 200);
}

TEST(RateLimits, addresses_of_one_ipv6_network_are_one_client) {
    Guarded site({.rate_limit = 1});
    EXPECT_EQ(site.status("/", "2001:db8::1"), 200);
    EXPECT_EQ(site.status("/", "2001:db8::2"), 429);
    EXPECT_EQ(site.status("/", "2001:db8:0:1::2"), 200);
}

TEST(RateLimits, excluded_paths_are_whole_segments) {
    Guarded site({.rate_limit = 1}, [](app::App& app) {
        app.get("/health", [] { return 1; });
        app.get("/healthy", [] { return 1; });
        app.get("/health/ready", [] { return 1; });
    });
    EXPECT_EQ(site.status("/healthy"), 200);
    EXPECT_EQ(site.status("/healthy"), 429);
    EXPECT_EQ(site.status("/health"), 200);
    EXPECT_EQ(site.status("/health/ready"), 200);
    EXPECT_EQ(site.status("/health%2F..%2Fx"), 429) << "an encoded slash separates nothing";
}

TEST(RateLimits, can_be_turned_off) {
    Guarded site({.enable_rate_limiting = false, .rate_limit = 1});
    EXPECT_EQ(site.status("/"), 200);
    EXPECT_EQ(site.get("/").header("X-RateLimit-Limit"), "");
}

TEST(RateLimits, a_routes_own_limits_replace_the_general_one) {
    Guarded site({.rate_limit = 1}, [](app::App& app) {
        app.get("/busy", [] { return 1; },
                {.access = {.rate_limits = {{.requests = 3, .window = 1s, .name = "burst"},
                                            {.requests = 4, .window = 60s, .name = "steady"}}}});
    });
    for (int i = 0; i < 3; ++i) EXPECT_EQ(site.status("/busy"), 200);
    const auto burst = site.get("/busy");
    EXPECT_EQ(burst.status_code, 429);
    EXPECT_EQ(burst.header("RateLimit"), R"("burst";r=0;t=1)");
    site.clock.advance(1s);
    EXPECT_EQ(site.status("/busy"), 200);
    const auto steady = site.get("/busy");
    EXPECT_EQ(steady.status_code, 429);
    EXPECT_EQ(steady.header("RateLimit"), R"("steady";r=0;t=59)");
    EXPECT_EQ(site.status("/"), 200) << "counted apart";
}

TEST(RateLimits, a_request_may_cost_more) {
    Guarded site({}, [](app::App& app) {
        app.get("/export", [] { return 1; },
                {.access = {.rate_limits = {{.requests = 5, .window = 60s, .cost = 2}}}});
    });
    EXPECT_EQ(site.get("/export").header("X-RateLimit-Remaining"), "3");
    EXPECT_EQ(site.get("/export").header("X-RateLimit-Remaining"), "1");
    EXPECT_EQ(site.status("/export"), 429);
}

TEST(RateLimits, are_counted_by_what_the_key_says) {
    Guarded site({}, [](app::App& app) {
        app.get(
            "/keyed", [] { return 1; },
            {.access = {.rate_limits = {{.requests = 1, .window = 60s, .key = [](const auto& r) {
                                             return std::string(r.header("X-API-Key"));
                                         }}}}});
    });
    EXPECT_EQ(site.status("/keyed", "192.0.2.1", {{"X-API-Key", "a"}}), 200);
    EXPECT_EQ(site.status("/keyed", "192.0.2.2", {{"X-API-Key", "a"}}), 429);
    EXPECT_EQ(site.status("/keyed", "192.0.2.1", {{"X-API-Key", "b"}}), 200);
    EXPECT_EQ(site.status("/keyed", "192.0.2.1"), 200) << "without a key by the address";
    EXPECT_EQ(site.status("/keyed", "192.0.2.1"), 429);
}

TEST(RateLimits, a_limiter_is_a_dependency_whose_copies_count_together) {
    const RateLimiter limiter{2, 60s};
    Guarded site({}, [&](app::App& app) {
        app.get("/a", [] { return 1; }, {.dependencies = {app::depends(limiter)}});
        app.get("/b", [] { return 1; }, {.dependencies = {app::depends(limiter)}});
    });
    EXPECT_EQ(site.get("/a").header("X-RateLimit-Limit"), "2");
    EXPECT_EQ(site.status("/b"), 200);
    const auto refused = site.get("/a");
    EXPECT_EQ(refused.status_code, 429);
    EXPECT_EQ(refused.text, R"({"detail":"Too many requests"})");
    EXPECT_EQ(refused.header("Retry-After"), "60");
}

TEST(RateLimits, wrong_ones_are_refused_when_they_are_made) {
    EXPECT_THROW(RateLimiter(0, 60s), std::invalid_argument);
    EXPECT_THROW(RateLimiter({.requests = 5, .cost = 6}), std::invalid_argument);
    EXPECT_THROW(RateLimiter({.requests = 5, .name = "a\"b"}), std::invalid_argument);
    EXPECT_THROW(RateLimiter({.requests = 5, .burst = 3, .cost = 4}), std::invalid_argument);
    EXPECT_THROW(RateLimiter({.requests = 1, .window = 24h, .burst = 366}), std::invalid_argument);
}

TEST(RateLimits, with_a_burst_let_so_many_at_once_and_then_come_evenly) {
    Guarded site({}, [](app::App& app) {
        app.get("/burst", [] { return 1; },
                {.access = {.rate_limits = {{.requests = 6, .window = 60s, .burst = 3}}}});
    });
    const auto first = site.get("/burst");
    EXPECT_EQ(first.header("X-RateLimit-Limit"), "3");
    EXPECT_EQ(first.header("RateLimit-Policy"), R"("default";q=6;w=60)");
    EXPECT_EQ(first.header("RateLimit"), R"("default";r=2;t=10)");
    EXPECT_EQ(site.status("/burst"), 200);
    EXPECT_EQ(site.get("/burst").header("RateLimit"), R"("default";r=0;t=30)");
    EXPECT_EQ(site.get("/burst").header("Retry-After"), "10");
    site.clock.advance(10s);
    EXPECT_EQ(site.status("/burst"), 200);
    EXPECT_EQ(site.status("/burst"), 429);
    EXPECT_EQ(site.status("/burst", "192.0.2.2"), 200);
    site.clock.advance(30s);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(site.status("/burst"), 200);
    EXPECT_EQ(site.status("/burst"), 429);
}

TEST(RateLimits, of_the_configuration_may_have_a_burst) {
    Config config;
    config.rate_limit = 60;
    config.rate_limit_burst = 2;
    Guarded site(config);
    EXPECT_EQ(site.status("/"), 200);
    EXPECT_EQ(site.status("/"), 200);
    EXPECT_EQ(site.get("/").header("Retry-After"), "1");
    config.rate_limit = 1;
    config.rate_limit_burst = 600'000;
    EXPECT_THROW(Guarded{config}, std::invalid_argument);
}

TEST(RouteRules, of_addresses_hold_for_a_whitelisted_client_too) {
    Guarded site({.whitelist = {"192.0.2.1"}}, [](app::App& app) {
        app.get("/inner", [] { return 1; },
                {.access = {.allow_ips = {"10.0.0.0/8"}, .block_ips = {"10.9.0.0/16"}}});
    });
    EXPECT_EQ(site.status("/inner", "10.1.2.3"), 200);
    EXPECT_EQ(site.status("/inner", "10.9.2.3"), 403);
    EXPECT_EQ(site.status("/inner", "192.0.2.1"), 403);
}

TEST(RouteRules, of_every_router_around_a_route_hold) {
    app::Router inner{{.prefix = "/inner", .access = {.block_ips = {"10.9.0.0/16"}}}};
    inner.get("/x", [] { return 1; });
    app::Router outer{{.prefix = "/outer", .access = {.allow_ips = {"10.0.0.0/8"}}}};
    outer.include(inner);
    Guarded site({}, [&](app::App& app) { app.include(outer); });
    EXPECT_EQ(site.status("/outer/inner/x", "10.1.2.3"), 200);
    EXPECT_EQ(site.status("/outer/inner/x", "10.9.2.3"), 403);
    EXPECT_EQ(site.status("/outer/inner/x", "192.0.2.1"), 403);
}

TEST(RouteRules, hold_below_many_routers) {
    app::Router innermost;
    innermost.get("/x", [] { return 1; });
    app::Router router = innermost;
    for (int depth = 0; depth < 12; ++depth) {
        app::Router around{{.prefix = "/r",
                            .access = depth == 11 ? http::AccessRules{.allow_ips = {"10.0.0.0/8"}}
                                                  : http::AccessRules{}}};
        around.include(router);
        router = around;
    }
    Guarded site({}, [&](app::App& app) { app.include(router); });
    std::string path;
    for (int depth = 0; depth < 12; ++depth) path += "/r";
    EXPECT_EQ(site.status(path + "/x", "10.1.2.3"), 200);
    EXPECT_EQ(site.status(path + "/x", "192.0.2.1"), 403);
}

TEST(RouteRules, checks_can_be_bypassed_by_name_and_all_at_once) {
    Guarded site({.blacklist = {"192.0.2.1"}, .rate_limit = 1}, [](app::App& app) {
        app.get("/open", [] { return 1; }, {.bypass = {"all"}});
        app.get("/no-ip", [] { return 1; }, {.bypass = {"ip"}});
        app::Router router{{.prefix = "/r", .bypass = {"ip", "rate_limit"}}};
        router.get("/x", [] { return 1; });
        app.include(router);
    });
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(site.status("/open"), 200);
        EXPECT_EQ(site.status("/r/x"), 200);
    }
    EXPECT_EQ(site.status("/no-ip"), 200);
    EXPECT_EQ(site.status("/no-ip"), 429);
    EXPECT_EQ(site.status("/"), 403);
}

TEST(RouteRules, a_route_may_have_hours) {
    Guarded site({}, [](app::App& app) {
        app.get("/day", [] { return 1; }, {.access = {.time_window = {{8h, 17h}}}});
        app.get("/night", [] { return 1; }, {.access = {.time_window = {{22h, 6h}}}});
    });
    EXPECT_EQ(site.get("/day").text, R"({"detail":"Access not allowed at this time"})");
    EXPECT_EQ(site.status("/night"), 200) << "the clock of tests begins at midnight";
    site.clock.advance(8h);
    EXPECT_EQ(site.status("/day"), 200);
    EXPECT_EQ(site.status("/night"), 403);
    site.clock.advance(9h);
    EXPECT_EQ(site.status("/day"), 403) << "17:00 is outside";
    site.clock.advance(5h);
    EXPECT_EQ(site.status("/night"), 200);
}

TEST(RouteRules, fields_can_be_required) {
    Guarded site({}, [](app::App& app) {
        app.get("/x", [] { return 1; },
                {.access = {.require_headers = {{"X-Client", ""}, {"X-Version", "2"}}}});
    });
    EXPECT_EQ(site.status("/x"), 400);
    EXPECT_EQ(site.status("/x", "192.0.2.1", {{"X-Client", "a"}, {"X-Version", "1"}}), 400);
    EXPECT_EQ(site.status("/x", "192.0.2.1", {{"X-Client", "a"}, {"X-Version", "2"}}), 200);
}

TEST(RouteRules, a_referrer_can_be_required) {
    Guarded site({}, [](app::App& app) {
        app.get("/x", [] { return 1; },
                {.access = {.require_referrer = {"shop.example", "*.partner.example"}}});
    });
    const auto with = [&](std::string referrer) {
        return site.get("/x", "192.0.2.1", {{"Referer", std::move(referrer)}}).text;
    };
    EXPECT_EQ(site.get("/x").text, R"({"detail":"Referrer required"})");
    EXPECT_EQ(with("https://SHOP.example:8443/cart?x"), "1");
    EXPECT_EQ(with("https://a.partner.example/"), "1");
    constexpr std::string_view kInvalid = R"({"detail":"Invalid referrer"})";
    EXPECT_EQ(with("https://evil.example/?shop.example"), kInvalid);
    EXPECT_EQ(with("https://shop.example.evil.example/"), kInvalid);
    EXPECT_EQ(with("https://shop.example@evil.example/"), kInvalid);
    EXPECT_EQ(with("https://evil.example\\shop.example"), kInvalid);
    EXPECT_EQ(with("https://partner.example/"), kInvalid);
    EXPECT_EQ(with("shop.example"), kInvalid);
}

TEST(RouteRules, a_route_may_block_further_agents) {
    Guarded site({}, [](app::App& app) {
        app.get("/x", [] { return 1; }, {.access = {.blocked_user_agents = {"Wget"}}});
    });
    EXPECT_EQ(site.status("/x", "192.0.2.1", {{"User-Agent", "WGET/1.2"}}), 403);
    EXPECT_EQ(site.status("/", "192.0.2.1", {{"User-Agent", "WGET/1.2"}}), 200);
}

TEST(RouteRules, a_wrong_address_is_named_where_it_is_written) {
    try {
        const http::AccessRules rules{.allow_ips = {"10.0.0.1/8"}};
        FAIL() << rules.empty();
    } catch (const std::invalid_argument& error) {
        EXPECT_TRUE(std::string_view(error.what()).starts_with("\"10.0.0.1/8\": expected"))
            << error.what();
    }
}

}  // namespace
}  // namespace portico::guard
