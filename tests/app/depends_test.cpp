#include "portico/app/depends.hpp"

#include <gtest/gtest.h>

#include "portico/testing/test_client.hpp"

namespace portico::app {
namespace {

using core::Outcome;
using core::Task;
using testing::TestClient;

/// What happened, in order; each test starts with none.
std::vector<std::string> events;

struct Session {
    int number = 0;
    bool moved = false;

    explicit Session(int its_number) : number(its_number) {}
    Session(Session&& other) noexcept : number(other.number) { other.moved = true; }
    Session& operator=(Session&&) = delete;
    ~Session() {
        if (!moved) events.push_back("destroyed " + std::to_string(number));
    }
    Task<void> finish(Outcome outcome) {
        events.push_back((outcome == Outcome::success ? "commit " : "rollback ") +
                         std::to_string(number));
        co_return;
    }
};

int sessions_made = 0;
Session get_session() {
    events.push_back("made");
    return Session(++sessions_made);
}

struct Service {
    Session* session;
};
Service get_service(Depends<get_session> session) {
    return {&*session};
}

Task<int> slow_number() {
    co_await core::sleep_for(std::chrono::milliseconds(1));
    events.push_back("slow");
    co_return 42;
}

int failing_dependency() {
    throw HTTPException(418, "no tea");
}

int needs_query(Query<int, "n"> n) {
    events.push_back("called with " + std::to_string(n));
    return n;
}
int needs_header(Header<int, "x-h"> h) {
    return h;
}
int needs_both(Depends<needs_query> n, Depends<needs_header> h) {
    events.push_back("both");
    return *n + *h;
}

std::string shared_name = "shared";
const std::string& by_reference() {
    return shared_name;
}

void check_only(Header<std::optional<std::string>, "x-pass"> pass) {
    if (!*pass) throw HTTPException(403, "no pass");
}

struct Session2 : Session {
    using Session::Session;
    Task<void> finish(Outcome outcome) {
        events.push_back(outcome == Outcome::success ? "second commit" : "second rollback");
        if (outcome == Outcome::success) throw std::runtime_error("disk full");
        co_return;
    }
};
Session2 get_failing_session() {
    return Session2(100);
}

class Depending : public ::testing::Test {
protected:
    void SetUp() override {
        events.clear();
        sessions_made = 0;
    }
    App app;
};

TEST_F(Depending, a_dependency_is_called_once_for_a_request) {
    app.get("/x", [](Depends<get_session> session, Depends<get_service> service) {
        return service->session == &*session;
    });
    TestClient client(app);
    EXPECT_EQ(client.get("/x").text, "true");
    EXPECT_EQ(sessions_made, 1);
    EXPECT_EQ(client.get("/x").text, "true");
    EXPECT_EQ(sessions_made, 2);
}

TEST_F(Depending, without_caching_each_gets_its_own) {
    app.get("/x", [](Depends<get_session, Caching::none> a, Depends<get_session, Caching::none> b,
                     Depends<get_session>) { return a->number != b->number; });
    TestClient client(app);
    EXPECT_EQ(client.get("/x").text, "true");
    EXPECT_EQ(sessions_made, 3);
}

TEST_F(Depending, coroutines_are_awaited_in_the_order_of_declaration) {
    app.get("/x", [](Depends<slow_number> number, Depends<get_session>) { return *number; });
    TestClient client(app);
    EXPECT_EQ(client.get("/x").text, "42");
    ASSERT_GE(events.size(), 2U);
    EXPECT_EQ(events[0], "slow");
    EXPECT_EQ(events[1], "made");
}

TEST_F(Depending, a_value_is_finished_before_the_response_and_destroyed_after_it) {
    struct Watch : http::Middleware {
        void on_response(http::Exchange&) override { events.push_back("response"); }
    };
    app.add_middleware<Watch>();
    app.get("/x", [](Depends<get_session>) {
        events.push_back("handler");
        return 1;
    });
    TestClient client(app);
    client.get("/x");
    const std::vector<std::string> expected{"made", "handler", "commit 1", "response",
                                            "destroyed 1"};
    EXPECT_EQ(events, expected);
}

TEST_F(Depending, an_exception_finishes_as_failed) {
    app.get("/x", [](Depends<get_session>) -> int { throw HTTPException(409); });
    TestClient client(app);
    EXPECT_EQ(client.get("/x").status_code, 409);
    const std::vector<std::string> expected{"made", "rollback 1", "destroyed 1"};
    EXPECT_EQ(events, expected);
}

TEST_F(Depending, an_error_that_is_returned_finishes_as_failed) {
    app.get("/x", [](Depends<get_session>) -> std::expected<int, HTTPException> {
        return std::unexpected(HTTPException(409));
    });
    TestClient client(app);
    EXPECT_EQ(client.get("/x").status_code, 409);
    EXPECT_EQ(events[1], "rollback 1");
}

TEST_F(Depending, a_request_that_does_not_validate_finishes_as_failed) {
    app.get("/x", [](Depends<get_session>, Query<int, "n"> n) { return *n; });
    TestClient client(app);
    EXPECT_EQ(client.get("/x").status_code, 422);
    EXPECT_EQ(events[1], "rollback 1");
}

TEST_F(Depending, what_was_made_last_is_finished_first_and_a_failed_commit_is_the_answer) {
    app.get("/x", [](Depends<get_session>, Depends<get_failing_session>) { return 1; });
    TestClient client(app, {.raise_server_exceptions = false});
    EXPECT_EQ(client.get("/x").status_code, 500);
    ASSERT_GE(events.size(), 3U);
    EXPECT_EQ(events[1], "second commit");
    EXPECT_EQ(events[2], "rollback 1");
}

TEST_F(Depending, an_exception_of_a_dependency_ends_the_request) {
    app.get("/x", [](Depends<get_session>, Depends<failing_dependency>) {
        events.push_back("handler");
        return 1;
    });
    TestClient client(app);
    const auto response = client.get("/x");
    EXPECT_EQ(response.status_code, 418);
    const std::vector<std::string> expected{"made", "rollback 1", "destroyed 1"};
    EXPECT_EQ(events, expected);
}

TEST_F(Depending, faults_of_dependencies_come_first_and_their_siblings_go_on) {
    app.get("/x", [](Query<int, "own"> own, Depends<needs_both> both, Depends<needs_query>) {
        return *own + *both;
    });
    TestClient client(app);
    const auto response = client.get("/x?n=3");
    EXPECT_EQ(
        response.text,
        R"({"detail":[{"type":"missing","loc":["header","x-h"],"msg":"Field required","input":null},)"
        R"({"type":"missing","loc":["query","own"],"msg":"Field required","input":null}]})");
    EXPECT_EQ(events, std::vector<std::string>{"called with 3"});
}

TEST_F(Depending, a_reference_stays_one) {
    app.get("/x", [](Depends<by_reference> name) { return &*name == &shared_name; });
    TestClient client(app);
    EXPECT_EQ(client.get("/x").text, "true");
}

TEST_F(Depending, routers_routes_and_the_application_have_dependencies_too) {
    App guarded{{.dependencies = {depends<check_only>()}}};
    guarded.get("/x", [] { return 1; });
    TestClient client(guarded);
    EXPECT_EQ(client.get("/x").status_code, 403);
    EXPECT_EQ(client.get("/x", {.headers = {{"x-pass", "1"}}}).status_code, 200);

    Router router{{.prefix = "/r", .dependencies = {depends<get_session>()}}};
    router.get("/x", [](Depends<get_session> session) { return session->number; },
               {.dependencies = {depends<check_only>()}});
    app.include(router, {.dependencies = {depends<failing_dependency>()}});
    app.include(router, {.prefix = "/free"});
    TestClient other(app);
    EXPECT_EQ(other.get("/r/x").status_code, 418);
    EXPECT_EQ(other.get("/free/r/x").status_code, 403);
    EXPECT_EQ(other.get("/free/r/x", {.headers = {{"x-pass", "1"}}}).status_code, 200);
}

struct Limiter {
    int most;
    int used = 0;
    void operator()(http::Request&, http::Response& response) {
        if (++used > most) throw HTTPException(429, "Too many requests");
        response.headers.set("X-Used", std::to_string(used));
    }
};

TEST_F(Depending, an_object_is_kept_once_and_called_for_each_request) {
    app.get("/x", [] { return 1; }, {.dependencies = {depends(Limiter{2})}});
    TestClient client(app);
    EXPECT_EQ(client.get("/x").header("X-Used"), "1");
    EXPECT_EQ(client.get("/x").header("X-Used"), "2");
    EXPECT_EQ(client.get("/x").status_code, 429);
}

TEST_F(Depending, an_override_takes_the_place_everywhere) {
    app.get("/x", [](Depends<get_session> session) { return session->number; });
    app.get("/y", [](Depends<get_service> service) { return service->session->number; });
    TestClient client(app);
    app.override<get_session>([] { return Session(77); });
    EXPECT_EQ(client.get("/x").text, "77");
    EXPECT_EQ(client.get("/y").text, "77");
    app.clear_overrides();
    EXPECT_EQ(client.get("/x").text, "1");
}

TEST_F(Depending, an_override_has_its_own_dependencies_and_may_ask_for_the_original) {
    app.get("/x", [](Depends<needs_query> n) { return *n; });
    app.override<needs_query>(
        [](Depends<needs_query> original, Query<int, "more"> more) { return *original + *more; });
    TestClient client(app);
    EXPECT_EQ(client.get("/x?n=1&more=2").text, "3");
    EXPECT_EQ(client.get("/x?n=1").status_code, 422);
}

TEST_F(Depending, an_override_of_a_coroutine_may_be_a_function) {
    app.get("/x", [](Depends<slow_number> n) { return *n; });
    app.override<slow_number>([] { return 1; });
    TestClient client(app);
    EXPECT_EQ(client.get("/x").text, "1");
}

TEST_F(Depending, an_override_that_matches_no_route_is_an_error) {
    app.get("/x", [] { return 1; });
    app.override<needs_query>([] { return 1; });
    try {
        TestClient client(app);
        FAIL() << "started";
    } catch (const std::invalid_argument& error) {
        EXPECT_NE(std::string(error.what()).find("needs_query matches no route"), std::string::npos)
            << error.what();
    }
}

}  // namespace
}  // namespace portico::app
