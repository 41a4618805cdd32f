#include "portico/testing/test_client.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace portico::testing {
namespace {

using namespace std::chrono_literals;
using app::App;
using app::Query;
using core::Task;

struct Point {
    int x;
    int y;
};

TEST(TestClient, sends_parameters_headers_bodies_and_forms) {
    App app;
    app.post("/echo", [](http::Request& request) -> Task<std::string> {
        const auto body = co_await request.body();
        co_return std::string(request.raw_query()) + "|" +
            std::string(request.header("Content-Type")) + "|" + std::string(body);
    });
    TestClient client(app);
    EXPECT_EQ(client.post("/echo?a=1", {.params = {{"b", "x y"}}}).json().as_string(),
              "a=1&b=x%20y||");
    EXPECT_EQ(client.post("/echo", {.json = Point{1, 2}}).json().as_string(),
              R"(|application/json|{"x":1,"y":2})");
    EXPECT_EQ(client.post("/echo", {.data = {{"a", "b&c"}}}).json().as_string(),
              "|application/x-www-form-urlencoded|a=b%26c");
}

TEST(TestClient, keeps_cookies_and_forgets_those_that_expire) {
    App app;
    app.post("/in", [](http::Response& response) {
        response.set_cookie({.name = "session", .value = "abc"});
    });
    app.post("/out", [](http::Response& response) { response.delete_cookie({.name = "session"}); });
    app.get("/me", [](http::Request& request) {
        return std::string(request.cookie("session").value_or("nobody"));
    });
    TestClient client(app);
    EXPECT_EQ(client.get("/me").text, R"("nobody")");
    client.post("/in");
    EXPECT_EQ(client.get("/me").text, R"("abc")");
    client.post("/out");
    EXPECT_EQ(client.get("/me").text, R"("nobody")");
}

TEST(TestClient, throws_what_became_a_500_unless_told_not_to) {
    App app;
    app.get("/x", []() -> int { throw std::runtime_error("cause"); });
    {
        TestClient client(app);
        EXPECT_THROW(client.get("/x"), std::runtime_error);
        EXPECT_EQ(client.get("/none").status_code, 404);
    }
    TestClient client(app, {.raise_server_exceptions = false});
    EXPECT_EQ(client.get("/x").status_code, 500);
}

TEST(TestClient, follows_redirects_and_a_303_becomes_a_get) {
    App app;
    app.post("/form", [] { return app::Redirect{"/done", 303}; });
    app.get("/done", [] { return std::string("done"); });
    TestClient client(app);
    EXPECT_EQ(client.post("/form").text, R"("done")");
    EXPECT_EQ(client.post("/form", {.follow_redirects = false}).status_code, 303);
}

TEST(TestClient, several_requests_can_be_under_way) {
    FakeClock clock;
    App app;
    int inside = 0;
    int most = 0;
    app.get("/x", [&](Query<int, "ms"> ms) -> Task<int> {
        most = std::max(most, ++inside);
        co_await core::sleep_for(std::chrono::milliseconds(*ms));
        --inside;
        co_return *ms;
    });
    TestClient client(app, {.clock = &clock});
    auto slow = client.start("GET", "/x?ms=20");
    auto fast = client.start("GET", "/x?ms=10");
    EXPECT_FALSE(slow.done());
    clock.advance(10ms);
    EXPECT_EQ(fast.wait().text, "10");
    EXPECT_FALSE(slow.done());
    clock.advance(10ms);
    EXPECT_EQ(slow.wait().text, "20");
    EXPECT_EQ(most, 2);
}

TEST(TestClient, the_request_comes_from_where_the_test_says) {
    App app;
    app.get("/x", [](http::Request& request) {
        return request.peer().to_string() + " " + std::string(request.host()) + " " +
               std::string(request.scheme());
    });
    TestClient client(app, {.host = "shop.example", .client = "2001:db8::1", .https = true});
    EXPECT_EQ(client.get("/x").text, R"("2001:db8::1 shop.example https")");
}

TEST(TestClient, a_clock_that_a_test_sets_is_the_applications) {
    FakeClock clock;
    App app;
    app.get("/x", [](http::Request& request) {
        return std::chrono::duration_cast<std::chrono::seconds>(
                   request.clock().now().time_since_epoch())
            .count();
    });
    TestClient client(app, {.clock = &clock});
    const auto before = client.get("/x").json().as_int();
    clock.advance(90s);
    EXPECT_EQ(client.get("/x").json().as_int(), before + 90);
}

TEST(TestReactor, runs_a_task_to_its_result_or_exception) {
    TestReactor reactor;
    EXPECT_EQ(reactor.run([]() -> Task<int> {
        co_await core::sleep_for(1ms);
        co_return 7;
    }()),
              7);
    EXPECT_THROW(reactor.run([]() -> Task<void> {
        co_await core::sleep_for(1ms);
        throw std::runtime_error("x");
    }()),
                 std::runtime_error);
}

TEST(TestReactor, descriptors_become_ready) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    TestReactor reactor;
    reactor.post([&] { (void)!::write(ends[1], "x", 1); });
    reactor.run([](int end) -> Task<void> { co_await core::readable(end); }(ends[0]));
    char byte = 0;
    EXPECT_EQ(::read(ends[0], &byte, 1), 1);
    EXPECT_EQ(byte, 'x');
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST(TestReactor, a_cancelled_timer_does_not_run) {
    FakeClock clock;
    TestReactor reactor(&clock);
    bool ran = false;
    const auto timer = reactor.start_timer(clock.steady_now() + 1s, [&] { ran = true; });
    bool other = false;
    (void)reactor.start_timer(clock.steady_now() + 2s, [&] { other = true; });
    reactor.cancel_timer(timer);
    clock.advance(2s);
    reactor.run_ready();
    EXPECT_FALSE(ran);
    EXPECT_TRUE(other);
}

}  // namespace
}  // namespace portico::testing
