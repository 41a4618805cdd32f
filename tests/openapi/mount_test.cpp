#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <portico/portico.hpp>

#include "portico/testing/test_client.hpp"

namespace {

using namespace portico;
using portico::testing::TestClient;
using ::testing::HasSubstr;

struct Name {
    std::string text;
};
struct Missing : std::exception {};

int answer() {
    return 42;
}

class Mounted : public ::testing::Test {
protected:
    App sub{{.title = "Inner", .error_format = ErrorFormat::problem_json}};
    App app{{.title = "Outer", .root_path = "/api"}};
};

TEST_F(Mounted, answers_below_its_prefix_and_nowhere_else) {
    sub.get("/items/{id}", [](Path<int, "id"> id) { return *id; });
    app.get("/items/{id}", [](Path<int, "id"> id) { return -*id; });
    app.mount("/sub", sub);
    TestClient client(app);
    EXPECT_EQ(client.get("/sub/items/7").text, "7");
    EXPECT_EQ(client.get("/items/7").text, "-7");
    EXPECT_EQ(client.get("/subway/items/7").status_code, 404);
}

TEST_F(Mounted, has_a_document_and_pages_of_its_own) {
    sub.get("/items", [] { return 1; });
    app.get("/own", [] { return 1; });
    app.mount("/sub", sub);
    TestClient client(app);
    const Json inner = Json::parse(client.get("/sub/openapi.json").text).value();
    EXPECT_EQ(inner["info"]["title"].as_string(), "Inner");
    EXPECT_EQ(inner["servers"].dump(), R"([{"url":"/api/sub"}])");
    EXPECT_EQ(inner["paths"].members().size(), 1U);
    EXPECT_TRUE(inner["paths"].contains("/items"));
    const Json outer = Json::parse(client.get("/openapi.json").text).value();
    EXPECT_EQ(outer["paths"].members().size(), 1U);
    EXPECT_TRUE(outer["paths"].contains("/own"));
    EXPECT_THAT(client.get("/sub/docs/init.js").text, HasSubstr("\"/api/sub/openapi.json\""));
    EXPECT_THAT(client.get("/sub/redoc").text, HasSubstr("/api/sub/openapi.json"));
    EXPECT_EQ(client.get("/sub/scalar").status_code, 200);
}

TEST_F(Mounted, gives_urls_and_redirects_with_its_prefix) {
    sub.get("/items/{id}", [](Path<int, "id"> id) { return *id; }, {.name = "item"});
    app.mount("/sub", sub);
    TestClient client(app);
    EXPECT_EQ(sub.url_for("item", {{"id", "7"}}), "/api/sub/items/7");
    const auto response = client.get("/sub/items/7/", {.follow_redirects = false});
    EXPECT_EQ(response.status_code, 307);
    EXPECT_EQ(response.header("location"), "/api/sub/items/7");
}

TEST_F(Mounted, answers_errors_in_its_own_format_where_no_route_is_too) {
    sub.get("/items", []() -> int { throw HTTPException(418); });
    app.mount("/sub", sub);
    TestClient client(app);
    EXPECT_EQ(client.get("/sub/items").header("content-type"), "application/problem+json");
    EXPECT_EQ(client.get("/sub/none").header("content-type"), "application/problem+json");
    EXPECT_EQ(client.get("/sub").header("content-type"), "application/problem+json");
    const auto wrong = client.post("/sub/items");
    EXPECT_EQ(wrong.status_code, 405);
    EXPECT_EQ(wrong.header("allow"), "GET, HEAD");
    EXPECT_EQ(wrong.header("content-type"), "application/problem+json");
    EXPECT_EQ(client.get("/none").header("content-type"), "application/json");
    EXPECT_EQ(client.get("/subway").header("content-type"), "application/json");
}

TEST_F(Mounted, its_exceptions_go_to_its_own_handlers) {
    app.exception_handler<Missing>(
        [](const Request&, const Missing&) { return PlainTextResponse{"outer", 404}; });
    sub.exception_handler<HTTPException>([](const Request&, const HTTPException& error) {
        return PlainTextResponse{"inner", error.status()};
    });
    int reported = 0;
    sub.options().on_error = [&](const Request*, const std::exception_ptr&) { ++reported; };
    sub.get("/missing", []() -> int { throw Missing(); });
    app.mount("/sub", sub);
    TestClient client(app);
    EXPECT_EQ(client.get("/sub/missing").status_code, 500);
    EXPECT_EQ(reported, 1);
    EXPECT_EQ(client.get("/sub/none").text, "inner");
}

TEST_F(Mounted, lies_inside_the_middleware_of_what_it_is_mounted_in) {
    std::vector<std::string> passed;
    const auto layer = [&](const char* name) {
        return [&passed, name](Request& request, CallNext call_next) -> Task<Response> {
            passed.emplace_back(name);
            co_return co_await call_next(request);
        };
    };
    app.middleware(layer("outer"));
    sub.middleware(layer("inner"));
    sub.get("/x", [] { return 1; });
    app.mount("/sub", sub);
    TestClient client(app);
    client.get("/sub/x");
    client.get("/sub/none");
    client.get("/none");
    EXPECT_EQ(passed, (std::vector<std::string>{"outer", "inner", "outer", "inner", "outer"}));
}

TEST_F(Mounted, has_its_own_states_loops_dependencies_and_overrides) {
    int checks = 0;
    app.options().dependencies = {};
    app.state(Name{"outer"});
    sub.state(Name{"inner"});
    sub.per_loop([] { return std::string("loop"); });
    sub.options().dependencies = {depends([&checks]() { ++checks; })};
    sub.get("/x", [](State<Name> name, PerLoop<std::string> loop, Depends<answer> number,
                     const App& self) {
        return name->text + " " + *loop + " " + std::to_string(*number) + " " +
               self.options().title;
    });
    app.get("/x", [](State<Name> name, Depends<answer> number) {
        return name->text + " " + std::to_string(*number);
    });
    sub.override<answer>([] { return 1; });
    app.mount("/sub", sub);
    TestClient client(app);
    EXPECT_EQ(client.get("/sub/x").text, R"("inner loop 1 Inner")");
    EXPECT_EQ(client.get("/x").text, R"("outer 42")");
    EXPECT_EQ(checks, 1);
}

TEST_F(Mounted, a_body_is_bound_by_its_own_limit) {
    sub.options().max_body = 10;
    sub.post("/x", [](Body<std::string> body) { return body->size(); });
    app.mount("/sub", sub);
    TestClient client(app);
    EXPECT_EQ(client.post("/sub/x", {.json = Json("123456789012")}).status_code, 413);
}

TEST_F(Mounted, starts_after_and_stops_before_what_it_is_mounted_in) {
    std::vector<std::string> events;
    const auto add = [&](App& its, const std::string& name) {
        its.lifespan([&events, name](App&, Serving& serving) -> Task<void> {
            events.push_back(name + " up");
            co_await serving;
            events.push_back(name + " down");
        });
    };
    App deep;
    add(deep, "deep");
    add(app, "outer");
    add(sub, "inner");
    app.mount("/sub", sub);
    sub.mount("/deep", deep);
    deep.get("/x", [] { return 1; });
    {
        TestClient client(app);
        EXPECT_EQ(client.get("/sub/deep/x").text, "1");
        EXPECT_EQ(deep.options().root_path, "/api/sub/deep");
    }
    EXPECT_EQ(events, (std::vector<std::string>{"outer up", "inner up", "deep up", "deep down",
                                                "inner down", "outer down"}));
}

TEST_F(Mounted, that_can_not_start_stops_what_has_started) {
    std::vector<std::string> events;
    App second;
    const auto add = [&](App& its, const std::string& name) {
        its.on_shutdown([&events, name] { events.push_back(name); });
    };
    add(app, "outer");
    add(sub, "first");
    add(second, "second");
    second.on_startup([] { throw std::runtime_error("no disk"); });
    app.mount("/a", sub);
    app.mount("/b", second);
    EXPECT_THROW(TestClient{app}, std::runtime_error);
    EXPECT_EQ(events, (std::vector<std::string>{"first", "outer"}));
}

TEST_F(Mounted, is_mounted_once_and_at_a_plain_path) {
    app.mount("/sub", sub);
    App other;
    EXPECT_THROW(app.mount("/again", sub), std::invalid_argument);
    EXPECT_THROW(sub.mount("/x", app), std::invalid_argument);
    EXPECT_THROW(app.mount("/self", app), std::invalid_argument);
    EXPECT_THROW(app.mount("/sub", other), std::invalid_argument);
    for (const char* prefix : {"", "/", "sub", "/sub/", "/{x}"}) {
        EXPECT_THROW(app.mount(prefix, other), std::invalid_argument) << prefix;
    }
}

}  // namespace
