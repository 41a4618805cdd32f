// Several instances of a program on one Redis.

#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <coroutine>
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "portico/app/app.hpp"
#include "portico/guard/guard_middleware.hpp"
#include "portico/guard/rate_limiter.hpp"
#include "portico/redis/client.hpp"
#include "portico/testing/test_client.hpp"
#include "portico/testing/test_reactor.hpp"
#include "tests/support/service.hpp"

namespace portico::guard {

using namespace std::chrono_literals;
using core::Task;
using portico::testing::Service;
using portico::testing::TestClient;
using portico::testing::TestClientOptions;
using portico::testing::TestReactor;
using portico::testing::TestResponse;

inline Service& redis_service() {
    static Service service{"redis"};
    return service;
}

/// One of several processes that serve the same application.
struct Instance {
    explicit Instance(Config config, const std::string& prefix,
                      const std::string& url = redis_service().url())
        : client(
              redis::Client::open({.url = url, .timeout = 30s, .connect_timeout = 30s}).value()) {
        static const Detector detector = Detector::create().value();
        config.redis_prefix = prefix;
        guard = &app.add_middleware<GuardMiddleware>(
            config, GuardServices{.never_banned = {"10.0.0.0/8"},
                                  .detector = detector,
                                  .redis = &client,
                                  .on_rules_fault = [this](std::string_view fault) {
                                      faults.emplace_back(fault);
                                  }});
        app.get("/", [] { return std::string("served"); });
        app.get("/free", [] { return 1; }, {.bypass = {"rate_limit"}});
        app.get("/twice", [] { return 1; },
                {.access = {.rate_limits = {{.requests = 2, .window = 1h, .name = "few"},
                                            {.requests = 100, .window = 1h, .name = "many"}}}});
        app.get("/also-twice", [] { return 1; },
                {.access = {.rate_limits = {{.requests = 2, .window = 1h, .name = "few"},
                                            {.requests = 100, .window = 1h, .name = "many"}}}});
        app.get("/burst", [] { return 1; },
                {.access = {.rate_limits = {{.requests = 2, .window = 1h, .burst = 3}}}});
        const SharedRateLimiter few{client, {.requests = 2, .window = 1h, .name = "few"}, prefix};
        app.get("/limited", [] { return 1; },
                {.dependencies = {app::depends(few)}, .bypass = {"rate_limit"}});
        app.get("/dear", [] { return 1; },
                {.access = {.rate_limits = {{.requests = 10, .window = 1h, .cost = 4}}}});
        app.get(
            "/keyed", [] { return 1; },
            {.access = {.rate_limits = {
                            {.requests = 1, .window = 1h, .key = [](const http::Request& request) {
                                 return std::string(request.header("X-Key"));
                             }}}}});
    }

    TestResponse get(std::string_view url, std::string from = "192.0.2.1",
                     portico::testing::Pairs headers = {}) {
        auto& asking = clients[from];
        if (!asking) asking = std::make_unique<TestClient>(app, TestClientOptions{.client = from});
        return asking->get(url, {.headers = std::move(headers)});
    }
    int status(std::string_view url, std::string from = "192.0.2.1",
               portico::testing::Pairs headers = {}) {
        return get(url, std::move(from), std::move(headers)).status_code;
    }

    redis::Client client;
    app::App app{{.title = "Guarded", .version = "1"}};
    GuardMiddleware* guard = nullptr;
    std::vector<std::string> faults;  ///< Of rules in Redis.
    std::map<std::string, std::unique_ptr<TestClient>> clients;
};

class SharedState : public ::testing::Test {
protected:
    SharedState() { prefix = "test" + std::to_string(++last) + "*:"; }

    static Config three_an_hour() {
        Config config;
        config.rate_limit = 3;
        config.rate_limit_window = 3600;
        return config;
    }

    static inline int last = 0;
    std::string prefix;
};

/// Instances that hear of each other, on one loop.
class FollowingInstances : public SharedState {
protected:
    ~FollowingInstances() override { end_all(); }

    /// What an application does while it serves.
    struct Following {
        explicit Following(core::Reactor& reactor) : context(reactor) {}
        struct Serving {
            std::coroutine_handle<> waiter = {};
            [[nodiscard]] bool await_ready() const noexcept { return false; }
            void await_suspend(std::coroutine_handle<> self) noexcept { waiter = self; }
            void await_resume() const noexcept {}
        };
        Serving serving;
        core::Context context;
        bool ended = false;
    };
    /// `task`: a function of the guard that goes on while the application serves.
    void follow(Instance& instance, auto task) {
        auto& run = *following.emplace_back(std::make_unique<Following>(reactor));
        core::spawn(
            run.context, task(*instance.guard, run.serving),
            [](void* user, std::exception_ptr error) {
                EXPECT_FALSE(error);
                static_cast<Following*>(user)->ended = true;
            },
            &run);
    }
    void end(Following& run) {
        run.serving.waiter.resume();
        reactor.run_until([&] { return run.ended; });
    }
    void end_all() {
        for (const auto& run : following) {
            if (!run->ended) end(*run);
        }
    }

    TestReactor reactor;
    std::vector<std::unique_ptr<Instance>> instances;
    std::vector<std::unique_ptr<Following>> following;
};

}  // namespace portico::guard
