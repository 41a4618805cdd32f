#include "portico/http/middleware.hpp"

#include <gtest/gtest.h>

#include "portico/testing/test_client.hpp"

namespace portico::app {
namespace {

using core::Task;
using http::Decision;
using testing::TestClient;

std::vector<std::string> events;

/// Notes that it was passed; decides as it is told.
class Layer : public http::Middleware {
public:
    explicit Layer(std::string name, std::string_view decides = "proceed")
        : name_(std::move(name)), decides_(decides) {}

    Decision on_request(http::Exchange& exchange) override {
        events.push_back(name_ + " in");
        if (decides_ == "refuse") return Decision::refuse(exchange, 403);
        if (decides_ == "answer") {
            exchange.response = http::Response(299, "own", "text/plain");
            return Decision::answer();
        }
        if (decides_ == "wait") return Decision::wait(decide(exchange));
        if (decides_ == "throw") throw HTTPException(402);
        return Decision::proceed();
    }
    void on_response(http::Exchange& exchange) override {
        events.push_back(name_ + " out");
        exchange.response.headers.set("X-" + name_, std::to_string(exchange.response.status));
    }

private:
    static Task<Decision> decide(http::Exchange& exchange) {
        co_await core::sleep_for(std::chrono::milliseconds(1));
        if (exchange.request.query_param("let")) co_return Decision::proceed();
        co_return Decision::refuse(exchange, 429, "slow down");
    }

    std::string name_;
    std::string_view decides_;
};

class Layered : public ::testing::Test {
protected:
    void SetUp() override {
        events.clear();
        app.get("/x", [] {
            events.push_back("handler");
            return 1;
        });
    }
    App app;
};

TEST_F(Layered, the_first_added_is_the_outermost) {
    app.add_middleware<Layer>("a");
    app.add_middleware<Layer>("b");
    TestClient client(app);
    client.get("/x");
    const std::vector<std::string> expected{"a in", "b in", "handler", "b out", "a out"};
    EXPECT_EQ(events, expected);
}

TEST_F(Layered, every_response_passes_every_layer_on_its_way_out) {
    app.add_middleware<Layer>("a");
    app.add_middleware<Layer>("b", "refuse");
    app.add_middleware<Layer>("c");
    TestClient client(app);
    auto response = client.get("/x");
    EXPECT_EQ(response.status_code, 403);
    EXPECT_EQ(response.text, R"({"detail":"Forbidden"})");
    const std::vector<std::string> expected{"a in", "b in", "c out", "b out", "a out"};
    EXPECT_EQ(events, expected);
    response = client.refuse(400, "bad head");
    EXPECT_EQ(response.text, R"({"detail":"bad head"})");
    EXPECT_EQ(response.header("X-a"), "400");
}

TEST_F(Layered, a_layer_may_answer_by_itself) {
    app.add_middleware<Layer>("a", "answer");
    TestClient client(app);
    EXPECT_EQ(client.get("/x").text, "own");
    EXPECT_EQ(client.get("/x").header("X-a"), "299");
}

TEST_F(Layered, a_layer_may_wait_for_its_decision) {
    app.add_middleware<Layer>("a", "wait");
    TestClient client(app);
    EXPECT_EQ(client.get("/x?let=1").text, "1");
    const auto refused = client.get("/x");
    EXPECT_EQ(refused.status_code, 429);
    EXPECT_EQ(refused.text, R"({"detail":"slow down"})");
}

TEST_F(Layered, an_exception_of_a_layer_is_answered) {
    app.add_middleware<Layer>("a");
    app.add_middleware<Layer>("b", "throw");
    TestClient client(app);
    EXPECT_EQ(client.get("/x").status_code, 402);
    EXPECT_EQ(client.get("/x").header("X-a"), "402");
}

TEST_F(Layered, what_no_route_matches_passes_the_layers_too) {
    app.add_middleware<Layer>("a");
    TestClient client(app);
    EXPECT_EQ(client.get("/none").header("X-a"), "404");
    EXPECT_EQ(client.post("/x").header("X-a"), "405");
}

TEST_F(Layered, a_function_has_the_response_in_its_hands) {
    app.add_middleware<Layer>("a");
    app.middleware([](http::Request& request, CallNext call_next) -> Task<http::Response> {
        events.push_back("f in");
        http::Response response = co_await call_next(request);
        events.push_back("f out");
        response.headers.set("X-F", "1");
        co_return response;
    });
    app.add_middleware<Layer>("b");
    TestClient client(app);
    const auto response = client.get("/x");
    EXPECT_EQ(response.text, "1");
    EXPECT_EQ(response.header("X-F"), "1");
    EXPECT_EQ(response.header("X-b"), "200");
    const std::vector<std::string> expected{"a in",  "f in",  "b in", "handler",
                                            "b out", "f out", "a out"};
    EXPECT_EQ(events, expected);
    events.clear();
    EXPECT_EQ(client.get("/none").header("X-F"), "1");
}

TEST_F(Layered, a_function_may_answer_without_going_on) {
    app.middleware([](http::Request&, CallNext) -> Task<http::Response> {
        co_await core::sleep_for(std::chrono::milliseconds(1));
        co_return http::Response(299, "mine", "text/plain");
    });
    app.add_middleware<Layer>("b");
    TestClient client(app);
    const auto response = client.get("/x");
    EXPECT_EQ(response.text, "mine");
    EXPECT_EQ(response.header("X-b"), "299");
    EXPECT_EQ(events, std::vector<std::string>{"b out"});
}

TEST_F(Layered, functions_nest_and_wait_and_their_exceptions_are_answered) {
    const auto wait = [](http::Request& request, CallNext call_next) -> Task<http::Response> {
        co_await core::sleep_for(std::chrono::milliseconds(1));
        auto response = co_await call_next(request);
        co_await core::sleep_for(std::chrono::milliseconds(1));
        if (request.query_param("boom")) throw HTTPException(418);
        co_return response;
    };
    app.middleware(wait);
    app.middleware(wait);
    TestClient client(app);
    EXPECT_EQ(client.get("/x").text, "1");
    EXPECT_EQ(client.get("/x?boom=1").status_code, 418);
}

TEST_F(Layered, call_next_works_once) {
    app.middleware([](http::Request& request, CallNext call_next) -> Task<http::Response> {
        (void)co_await call_next(request);
        co_return co_await call_next(request);
    });
    TestClient client(app, {.raise_server_exceptions = false});
    EXPECT_EQ(client.get("/x").status_code, 500);
}

TEST_F(Layered, a_routers_layers_are_around_its_routes_alone_and_inside_the_applications) {
    app.add_middleware<Layer>("a");
    Router router{{.prefix = "/r"}};
    router.add_middleware<Layer>("r");
    router.get("/x", [] { return 1; });
    Router inner;
    inner.add_middleware<Layer>("i");
    inner.get("/y", [] { return 1; });
    router.include(inner);
    app.include(router);
    TestClient client(app);
    client.get("/r/y");
    const std::vector<std::string> expected{"a in", "r in", "i in", "i out", "r out", "a out"};
    EXPECT_EQ(events, expected);
    EXPECT_EQ(client.get("/r/x").header("X-r"), "200");
    EXPECT_EQ(client.get("/r/x").header("X-i"), "");
    EXPECT_EQ(client.get("/x").header("X-r"), "");
}

}  // namespace
}  // namespace portico::app
