#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "portico/app/app.hpp"
#include "portico/guard/guard_middleware.hpp"
#include "portico/testing/test_client.hpp"

namespace portico::guard::testing {

/// An application behind a guard, and what the guard has said.
struct Guarded {
    explicit Guarded(const Config& config, std::function<void(app::App&)> routes = {},
                     CustomCheck custom = {}) {
        // Made once: its automata take longer than most tests.
        static const Detector detector = Detector::create().value();
        guard = &app.add_middleware<GuardMiddleware>(
            config, GuardServices{.clock = clock,
                                  .on_event =
                                      [this](const Event& event) {
                                          events.push_back(std::string(event.check) + " " +
                                                           std::string(event.action));
                                      },
                                  .custom_check = std::move(custom),
                                  .never_banned = {"10.0.0.0/8"},
                                  .detector = detector});
        app.get("/", [] { return std::string("served"); });
        if (routes) routes(app);
    }

    portico::testing::TestResponse get(std::string_view url, std::string client = "192.0.2.1",
                                       portico::testing::Pairs headers = {}) {
        portico::testing::TestClient from(
            app, {.clock = &clock, .follow_redirects = false, .client = std::move(client)});
        return from.get(url, {.headers = std::move(headers)});
    }
    int status(std::string_view url, std::string client = "192.0.2.1",
               portico::testing::Pairs headers = {}) {
        return get(url, std::move(client), std::move(headers)).status_code;
    }

    portico::testing::FakeClock clock;
    std::vector<std::string> events;
    app::App app{{.title = "Guarded", .version = "1"}};
    GuardMiddleware* guard = nullptr;
};

}  // namespace portico::guard::testing
