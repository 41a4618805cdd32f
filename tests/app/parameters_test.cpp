#include "portico/app/parameters.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "portico/model/date_time.hpp"
#include "portico/testing/test_client.hpp"

namespace portico::app {
namespace {

using core::Task;
using model::Annotated;
using model::ge;
using model::le;
using testing::TestClient;

struct Page {
    Annotated<int, ge(0)> skip = 0;
    Annotated<int, ge(1), le(100)> limit = 20;
};
struct Filter {
    Annotated<std::string> word;
    std::optional<int> least;
    Annotated<std::vector<std::string>> tags = model::empty;
};
struct ClientInfo {
    Annotated<std::string> user_agent;
    std::optional<std::string> x_token;
};

TEST(Parameters, path_and_query_are_read_as_their_types) {
    App app;
    app.get("/items/{item_id}",
            [](Path<int, "item_id", ge(1)> id, Query<bool, "full"> full) -> std::string {
                return std::to_string(id) + (full ? " full" : " short");
            });
    TestClient client(app);
    EXPECT_EQ(client.get("/items/7?full=on").text, R"("7 full")");
    EXPECT_EQ(client.get("/items/7?full=0").text, R"("7 short")");
}

TEST(Parameters, every_fault_of_a_request_is_in_one_422) {
    App app;
    app.get("/items/{item_id}",
            [](Query<int, "limit", ge(1), le(100)> limit, Path<int, "item_id"> id,
               Header<int, "x_count"> count) { return id + limit + count; });
    TestClient client(app);
    const auto response = client.get("/items/seven?limit=0");
    EXPECT_EQ(response.status_code, 422);
    EXPECT_EQ(response.header("Content-Type"), "application/json");
    EXPECT_EQ(
        response.text,
        R"({"detail":[{"type":"int_parsing","loc":["path","item_id"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"seven"},)"
        R"({"type":"greater_than_equal","loc":["query","limit"],"msg":"Input should be greater than or equal to 1","input":"0","ctx":{"ge":1}},)"
        R"({"type":"missing","loc":["header","x-count"],"msg":"Field required","input":null}]})");
}

TEST(Parameters, of_several_values_the_last_counts_and_a_list_takes_all) {
    App app;
    app.get("/x", [](Query<int, "n"> n, Query<std::vector<std::string>, "tag"> tags) {
        std::string text = std::to_string(n);
        for (const auto& tag : *tags) text += "," + tag;
        return text;
    });
    TestClient client(app);
    EXPECT_EQ(client.get("/x?n=1&tag=a&n=2&tag=b&tag=c&tag=d&tag=e").text, R"("2,a,b,c,d,e")");
}

TEST(Parameters, defaults_and_optionals_need_not_be_sent) {
    App app;
    app.get("/x", [](Query<int, "n", default_value(20), le(50)> n,
                     Query<std::string, "order", default_value("asc")> order,
                     Query<std::optional<int>, "m"> m) {
        return std::to_string(n) + *order + (*m ? std::to_string(**m) : "-");
    });
    TestClient client(app);
    EXPECT_EQ(client.get("/x").text, R"("20asc-")");
    EXPECT_EQ(client.get("/x?n=3&order=desc&m=4").text, R"("3desc4")");
    EXPECT_EQ(client.get("/x?n=51").status_code, 422);
    ASSERT_EQ(app.routes()[0].parameters.size(), 3U);
    EXPECT_EQ(app.routes()[0].parameters[0].default_json, "20");
    EXPECT_EQ(app.routes()[0].parameters[1].default_json, R"("asc")");
    EXPECT_FALSE(app.routes()[0].parameters[2].required);
}

TEST(Parameters, a_list_may_be_empty_by_default) {
    App app;
    app.get("/x", [](Query<std::vector<int>, "n", default_value(model::empty)> n) { return *n; });
    TestClient client(app);
    EXPECT_EQ(client.get("/x").text, "[]");
    EXPECT_EQ(client.get("/x?n=1&n=2").text, "[1,2]");
    EXPECT_FALSE(app.routes()[0].parameters[0].required);
    EXPECT_EQ(app.routes()[0].parameters[0].default_json, "[]");
}

TEST(Parameters, a_struct_of_query_parameters_is_each_of_its_members) {
    App app;
    app.get("/items", [](Query<Page> page) { return page->skip * 1000 + page->limit; });
    app.get("/search", [](Query<Filter> filter) {
        return *filter->word.begin() + std::to_string(filter->tags.size());
    });
    TestClient client(app);
    EXPECT_EQ(client.get("/items").text, "20");
    EXPECT_EQ(client.get("/items?skip=2&limit=7").text, "2007");
    EXPECT_EQ(
        client.get("/items?limit=101&skip=x").text,
        R"({"detail":[{"type":"int_parsing","loc":["query","skip"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"},)"
        R"({"type":"less_than_equal","loc":["query","limit"],"msg":"Input should be less than or equal to 100","input":"101","ctx":{"le":100}}]})");
    EXPECT_EQ(
        client.get("/search?least=3").text,
        R"({"detail":[{"type":"missing","loc":["query","word"],"msg":"Field required","input":{"least":"3"}}]})");
    EXPECT_EQ(client.get("/search?word=w&tags=a&tags=b").text, R"("w2")");
}

TEST(Parameters, headers_have_hyphens_for_underscores_and_no_case) {
    App app;
    app.get("/x", [](Header<std::string, "x_token"> token) { return *token; });
    app.get("/all", [](Header<std::vector<std::string>, "x-part"> parts) { return parts->size(); });
    app.get("/info", [](Header<ClientInfo> info) { return std::string(info->user_agent); });
    TestClient client(app);
    EXPECT_EQ(client.get("/x", {.headers = {{"X-ToKeN", "t"}}}).text, R"("t")");
    EXPECT_EQ(client.get("/x", {.headers = {{"x_token", "t"}}}).status_code, 422);
    EXPECT_EQ(client.get("/all", {.headers = {{"X-Part", "a"}, {"x-part", "b, c"}}}).text, "2");
    EXPECT_EQ(client.get("/info", {.headers = {{"User-Agent", "curl"}}}).text, R"("curl")");
}

TEST(Parameters, cookies_are_read) {
    App app;
    app.get("/x", [](Cookie<std::string, "session"> session,
                     Cookie<std::optional<std::string>, "none"> none) {
        return *session + (*none ? "!" : "");
    });
    TestClient client(app);
    EXPECT_EQ(client.get("/x", {.cookies = {{"session", "abc"}}}).text, R"("abc")");
    EXPECT_NE(client.get("/x").text.find(R"("loc":["cookie","session"])"), std::string::npos);
}

struct Visit {
    Annotated<std::string, model::alias("session-id")> session;
    Annotated<int> count = 1;
};

TEST(Parameters, a_struct_of_cookies_is_each_of_its_members_under_their_aliases) {
    App app;
    app.get("/x",
            [](Cookie<Visit> visit) { return visit->session + std::to_string(visit->count); });
    TestClient client(app);
    EXPECT_EQ(client.get("/x", {.cookies = {{"session-id", "a"}, {"count", "7"}}}).text, R"("a7")");
    EXPECT_EQ(
        client.get("/x", {.cookies = {{"session", "a"}, {"count", "x"}}}).text,
        R"({"detail":[{"type":"missing","loc":["cookie","session-id"],"msg":"Field required","input":{"count":"x"}},)"
        R"({"type":"int_parsing","loc":["cookie","count"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"}]})");
}

struct Range {
    static constexpr auto model_config = model::ModelConfig{.extra = model::Extra::forbid};
    Annotated<int> least = 0;
    Annotated<int> most = 10;

    std::optional<std::string> validate() const {
        if (least > most) return "least is more than most";
        return std::nullopt;
    }
};

TEST(Parameters, a_whole_model_may_forbid_others_and_check_itself) {
    App app;
    app.get("/x", [](Query<Range> range) { return int(range->most); });
    TestClient client(app);
    EXPECT_EQ(client.get("/x?least=3").text, "10");
    EXPECT_EQ(
        client.get("/x?other=1").text,
        R"({"detail":[{"type":"extra_forbidden","loc":["query","other"],"msg":"Extra inputs are not permitted","input":"1"}]})");
    EXPECT_EQ(
        client.get("/x?least=11").text,
        R"({"detail":[{"type":"value_error","loc":["query"],"msg":"Value error, least is more than most","input":{"least":"11"},"ctx":{"error":{}}}]})");
}

TEST(Parameters, a_query_with_too_many_parameters_is_400) {
    App app;
    app.get("/x", [](Query<int, "n"> n) { return *n; });
    TestClient client(app);
    std::string url = "/x?n=1";
    for (int i = 0; i < 10'000; ++i) url += "&a=b";
    EXPECT_EQ(client.get(url).status_code, 400);
}

TEST(Parameters, the_request_is_there_as_it_is) {
    App app;
    app.post("/x", [](http::Request& request) -> Task<std::string> {
        const auto body = co_await request.body();
        co_return std::string(request.raw_query()) + std::string(body);
    });
    TestClient client(app, {.body_chunk = 2});
    EXPECT_EQ(client.post("/x?q=1", {.content = "hello"}).text, R"("q=1hello")");
}

TEST(Parameters, what_is_set_on_the_response_is_merged_into_the_answer) {
    App app;
    app.get("/x", [](http::Response& response) {
        response.status = 202;
        response.headers.set("X-A", "1");
        response.set_cookie({.name = "theme", .value = "dark"});
        return 1;
    });
    app.get("/throws", [](http::Response& response) -> int {
        response.headers.set("X-A", "1");
        throw HTTPException(400);
    });
    TestClient client(app);
    const auto response = client.get("/x");
    EXPECT_EQ(response.status_code, 202);
    EXPECT_EQ(response.header("X-A"), "1");
    EXPECT_EQ(client.cookies()["theme"], "dark");
    EXPECT_EQ(client.get("/throws").header("X-A"), "");
}

struct Counter {
    static constexpr bool thread_safe = true;
    int value = 0;
};
struct Config {
    int value = 5;
};

TEST(Parameters, states_are_const_unless_they_are_thread_safe) {
    static_assert(std::is_same_v<State<Config>::Type, const Config>);
    static_assert(std::is_same_v<State<Counter>::Type, Counter>);
    App app;
    app.state(Config{7});
    app.state(std::make_unique<Counter>());
    app.get("/x", [](State<Config> config, State<Counter> counter) {
        return config->value + ++counter->value;
    });
    TestClient client(app);
    EXPECT_EQ(client.get("/x").text, "8");
    EXPECT_EQ(client.get("/x").text, "9");
    EXPECT_EQ(app.state<Counter>()->value, 2);
}

TEST(Parameters, a_state_that_nobody_set_is_an_error_at_the_start) {
    App app;
    app.get("/x", [](State<Config> config) { return config->value; });
    EXPECT_THROW(TestClient client(app), std::invalid_argument);
}

TEST(Parameters, each_loop_has_its_own) {
    App app;
    int made = 0;
    app.per_loop([&made] { return Counter{++made}; });
    app.get("/x", [](PerLoop<Counter> counter) { return counter->value; });
    TestClient client(app);
    EXPECT_EQ(client.get("/x").text, "1");
    EXPECT_EQ(client.get("/x").text, "1");
}

int deepest(Query<int, "deepest">, Query<int, "shared">) {
    return 1;
}
int first_dependency(Depends<deepest>, Query<int, "first">) {
    return 1;
}
int of_the_route(Query<int, "route">, Path<int, "id">) {
    return 1;
}

TEST(Parameters, the_handlers_own_are_described_before_those_of_its_dependencies) {
    App app;
    app.get("/x/{id}",
            [](Depends<first_dependency>, Query<int, "own">, Query<int, "shared">) { return 1; },
            {.dependencies = {depends<of_the_route>()}});
    std::string names;
    for (const auto& parameter : app.routes()[0].parameters) names += parameter.name + " ";
    EXPECT_EQ(names, "id own shared route first deepest ");
}

TEST(Parameters, whole_parameters_of_dependencies_are_described_once) {
    App app;
    app.get("/x/{id}",
            [](Path<int, "id"> id, Query<Page>, Query<int, "skip"> skip) { return id + skip; });
    const auto& parameters = app.routes()[0].parameters;
    ASSERT_EQ(parameters.size(), 3U);
    EXPECT_EQ(parameters[0].name, "id");
    EXPECT_EQ(parameters[1].name, "skip");
    EXPECT_TRUE(parameters[1].required);
    EXPECT_EQ(parameters[2].name, "limit");
    EXPECT_EQ(parameters[2].default_json, "20");
}

struct Pagination {
    int skip;
    int limit;

    static Pagination from(Query<int, "skip", ge(0), default_value(0)> skip,
                           Query<int, "limit", le(100), default_value(20)> limit) {
        return {skip, limit};
    }
};

TEST(Dependencies, may_be_made_by_a_function_of_their_class) {
    App app;
    app.get("/x", [](Depends<Pagination::from> page) { return page->skip + page->limit; });
    TestClient client(app);
    EXPECT_EQ(client.get("/x?skip=3").text, "23");
    EXPECT_EQ(client.get("/x?limit=101").status_code, 422);
}

TEST(Parameters, are_in_the_past_and_future_by_the_clock_of_the_request) {
    App app;
    app.get("/x", [](Query<model::FutureDate, "on">) { return 1; });
    app.post("/x", [](Body<model::PastDateTime, "at">) { return 1; });
    testing::FakeClock clock;  // 2026-01-01
    TestClient client(app, {.clock = &clock});
    EXPECT_EQ(client.get("/x?on=2026-01-02").status_code, 200);
    EXPECT_EQ(client.post("/x", {.json = R"({"at":"2025-12-31T00:00:00Z"})"}).status_code, 200);
    clock.advance(std::chrono::hours(48));
    EXPECT_EQ(client.get("/x?on=2026-01-02").json()["detail"][0]["type"].as_string(),
              "date_future");
    clock.set(std::chrono::sys_days(std::chrono::year(2020) / 1 / 1));
    EXPECT_EQ(client.post("/x", {.json = R"({"at":"2025-12-31T00:00:00Z"})"})
                  .json()["detail"][0]["type"]
                  .as_string(),
              "datetime_past");
}

}  // namespace
}  // namespace portico::app
