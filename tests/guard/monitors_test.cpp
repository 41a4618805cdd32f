#include <gmock/gmock.h>

#include <chrono>
#include <stdexcept>

#include "portico/app/app.hpp"
#include "tests/guard/fixture.hpp"

namespace portico::guard {
namespace {

using namespace std::chrono_literals;
using http::Monitor;
using http::MonitorAction;
using ::testing::ElementsAre;
using testing::Guarded;
using ::testing::IsEmpty;

Config watching(std::uint16_t status, std::uint32_t most, MonitorAction action) {
    Config config;
    config.monitors = {{.status = status, .most = most, .window = 60, .action = action}};
    return config;
}

TEST(Monitors, who_finds_nothing_too_often_is_banned) {
    Guarded guarded(watching(404, 3, MonitorAction::ban));
    for (int i = 0; i < 3; ++i) EXPECT_EQ(guarded.status("/nothing"), 404);
    EXPECT_EQ(guarded.status("/"), 200);
    EXPECT_EQ(guarded.status("/nothing"), 404);  // the one that is too much
    EXPECT_EQ(guarded.status("/"), 403);
    EXPECT_EQ(guarded.status("/", "192.0.2.2"), 200);
    EXPECT_THAT(guarded.events, ElementsAre("monitor banned", "ban blocked"));
    EXPECT_EQ(guarded.guard->bans().list().at(0).reason, "monitor");
}

TEST(Monitors, count_within_their_window) {
    Guarded guarded(watching(404, 2, MonitorAction::ban));
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(guarded.status("/nothing"), 404);
        guarded.clock.advance(31s);
    }
    EXPECT_EQ(guarded.status("/"), 200);
}

TEST(Monitors, of_every_request_count_all) {
    Guarded guarded(watching(0, 2, MonitorAction::log));
    for (const char* path : {"/", "/nothing", "/"}) (void)guarded.status(path);
    EXPECT_THAT(guarded.events, ElementsAre("monitor logged"));
    EXPECT_EQ(guarded.status("/"), 200);
    EXPECT_EQ(guarded.guard->bans().size(), 0U);
}

TEST(Monitors, can_make_a_client_suspicious) {
    Config config = watching(404, 1, MonitorAction::suspect);
    config.auto_ban_threshold = 2;
    Guarded guarded(config);
    for (int i = 0; i < 2; ++i) EXPECT_EQ(guarded.status("/nothing"), 404);
    EXPECT_EQ(guarded.status("/"), 200);
    EXPECT_EQ(guarded.status("/nothing"), 404);
    EXPECT_EQ(guarded.status("/"), 403);
    EXPECT_THAT(guarded.events, ElementsAre("monitor logged", "monitor banned", "ban blocked"));
}

TEST(Monitors, of_a_route_watch_it_alone) {
    Guarded guarded({}, [](app::App& app) {
        app.get("/login", [] { throw app::HTTPException(401); },
                {.access = {.monitors = {{.most = 1, .status = 401}}}});
        app.get("/other", [] { throw app::HTTPException(401); });
        app.get("/free", [] { throw app::HTTPException(401); },
                {.bypass = {"monitor"}, .access = {.monitors = {{.most = 1, .status = 401}}}});
    });
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(guarded.status("/other"), 401);
        EXPECT_EQ(guarded.status("/free"), 401);
    }
    for (int i = 0; i < 2; ++i) EXPECT_EQ(guarded.status("/login"), 401);
    EXPECT_EQ(guarded.status("/other"), 403);
}

TEST(Monitors, ban_nobody_who_must_not_be) {
    Config config = watching(404, 1, MonitorAction::ban);
    config.whitelist = {"192.0.2.9"};
    Guarded guarded(config);
    for (const char* client : {"127.0.0.1", "10.0.0.1", "192.0.2.9"}) {
        for (int i = 0; i < 3; ++i) (void)guarded.status("/nothing", client);
        EXPECT_EQ(guarded.status("/", client), 200) << client;
    }
    config.passive_mode = true;
    Guarded passive(config);
    for (int i = 0; i < 3; ++i) (void)passive.status("/nothing");
    EXPECT_EQ(passive.status("/"), 200);
    EXPECT_THAT(passive.events, ElementsAre("monitor logged", "monitor logged"));
    config.enabled = false;
    Guarded off(config);
    for (int i = 0; i < 3; ++i) (void)off.status("/nothing");
    EXPECT_THAT(off.events, IsEmpty());
}

TEST(Monitors, a_nonsense_status_is_refused) {
    EXPECT_THROW(GuardMiddleware{watching(99, 1, MonitorAction::ban)}, std::invalid_argument);
}

}  // namespace
}  // namespace portico::guard
