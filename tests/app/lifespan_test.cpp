#include "portico/app/lifespan.hpp"

#include <gtest/gtest.h>

#include "portico/testing/test_client.hpp"

namespace portico::app {
namespace {

using namespace std::chrono_literals;
using core::Task;
using testing::FakeClock;
using testing::TestClient;

struct Database {
    static constexpr bool thread_safe = true;
    int reads = 0;
};

TEST(Lifespan, hooks_run_before_the_first_and_after_the_last_request) {
    std::vector<std::string> events;
    App app;
    app.on_startup([&] { events.push_back("up 1"); });
    app.on_startup([&](App&) -> Task<void> {
        co_await core::sleep_for(1ms);
        events.push_back("up 2");
    });
    app.on_shutdown([&](App&) { events.push_back("down 1"); });
    app.on_shutdown([&]() -> Task<void> {
        events.push_back("down 2");
        co_return;
    });
    app.get("/x", [&] {
        events.push_back("request");
        return 1;
    });
    {
        TestClient client(app);
        client.get("/x");
    }
    const std::vector<std::string> expected{"up 1", "up 2", "request", "down 2", "down 1"};
    EXPECT_EQ(events, expected);
}

TEST(Lifespan, a_coroutine_holds_what_it_needs_around_the_serving) {
    std::vector<std::string> events;
    App app;
    app.lifespan([&](App& served, Serving& serving) -> Task<void> {
        co_await core::sleep_for(1ms);
        served.state(Database{5});
        events.push_back("open");
        co_await serving;
        co_await core::sleep_for(1ms);
        events.push_back("closed after " + std::to_string(served.state<Database>()->reads));
    });
    app.lifespan([&](App&, Serving& serving) -> Task<void> {
        co_await serving;
        events.push_back("second down");
    });
    app.get("/x", [](State<Database> database) { return ++database->reads; });
    {
        TestClient client(app);
        EXPECT_EQ(client.get("/x").text, "6");
    }
    const std::vector<std::string> expected{"open", "second down", "closed after 6"};
    EXPECT_EQ(events, expected);
}

TEST(Lifespan, a_start_that_fails_is_thrown) {
    App app;
    app.lifespan([](App&, Serving&) -> Task<void> {
        co_await core::sleep_for(1ms);
        throw std::runtime_error("no database");
    });
    EXPECT_THROW(TestClient client(app), std::runtime_error);
}

TEST(Lifespan, what_had_started_before_a_failure_is_stopped) {
    std::vector<std::string> events;
    App app;
    app.lifespan([&](App&, Serving& serving) -> Task<void> {
        co_await serving;
        events.push_back("closed");
    });
    app.lifespan([](App&, Serving&) -> Task<void> {
        co_await core::sleep_for(1ms);
        throw std::runtime_error("no cache");
    });
    EXPECT_THROW(TestClient client(app), std::runtime_error);
    EXPECT_EQ(events, std::vector<std::string>{"closed"});
}

TEST(Lifespan, a_state_set_between_requests_of_a_test_counts) {
    App app;
    app.state(Database{1});
    app.get("/x", [](State<Database> database) { return database->reads; });
    TestClient client(app);
    EXPECT_EQ(client.get("/x").text, "1");
    app.state(Database{2});
    EXPECT_EQ(client.get("/x").text, "2");
}

TEST(Lifespan, a_job_runs_once_each_period_and_never_twice_at_once) {
    FakeClock clock;
    int runs = 0;
    App app;
    app.every(60s, [&]() -> Task<void> {
        ++runs;
        co_await core::sleep_for(90s);
    });
    TestClient client(app, {.clock = &clock});
    clock.advance(59s);
    client.run_ready();
    EXPECT_EQ(runs, 0);
    clock.advance(1s);
    client.run_ready();
    EXPECT_EQ(runs, 1);
    clock.advance(80s);
    client.run_ready();
    EXPECT_EQ(runs, 1);
    clock.advance(10s);
    client.run_ready();
    clock.advance(60s);
    client.run_ready();
    EXPECT_EQ(runs, 2);
    clock.advance(90s);
}

TEST(Lifespan, a_job_that_throws_is_reported_and_runs_again) {
    FakeClock clock;
    int reported = 0;
    App app;
    app.options().on_error = [&](const http::Request* request, std::exception_ptr) {
        EXPECT_EQ(request, nullptr);
        ++reported;
    };
    app.every(1s, [] { throw std::runtime_error("job"); });
    TestClient client(app, {.clock = &clock});
    for (int i = 0; i < 2; ++i) {
        clock.advance(1s);
        client.run_ready();
    }
    EXPECT_EQ(reported, 2);
}

TEST(Lifespan, background_tasks_run_after_the_response_one_after_another) {
    std::vector<std::string> events;
    struct Watch : http::Middleware {
        explicit Watch(std::vector<std::string>& to) : events(to) {}
        void on_response(http::Exchange&) override { events.push_back("response"); }
        std::vector<std::string>& events;
    };
    App app;
    int reported = 0;
    app.options().on_error = [&](const http::Request*, std::exception_ptr) { ++reported; };
    app.add_middleware<Watch>(events);
    app.post("/x", [&](BackgroundTasks tasks, BackgroundTasks& same) {
        tasks.add_task([&events](std::string who) { events.push_back("hello " + who); },
                       std::string("you"));
        same.add_task([&events]() -> Task<void> {
            co_await core::sleep_for(1ms);
            events.push_back("slow");
        });
        tasks.add_task([] { throw std::runtime_error("task"); });
        tasks.add_task([&events] { events.push_back("last"); });
        return 1;
    });
    {
        TestClient client(app);
        client.post("/x");
    }
    const std::vector<std::string> expected{"response", "hello you", "slow", "last"};
    EXPECT_EQ(events, expected);
    EXPECT_EQ(reported, 1);
}

TEST(Lifespan, a_request_that_fails_runs_no_background_tasks) {
    bool ran = false;
    App app;
    app.post("/x", [&](BackgroundTasks tasks) -> int {
        tasks.add_task([&ran] { ran = true; });
        throw HTTPException(400);
    });
    {
        TestClient client(app);
        client.post("/x");
    }
    EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace portico::app
