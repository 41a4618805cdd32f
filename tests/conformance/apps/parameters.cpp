#include "tests/conformance/apps/apps.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace portico::conformance {
namespace {

enum class Order { asc, desc };

struct Page {
    Annotated<std::int64_t, ge(0)> skip = 0;
    Annotated<std::int64_t, ge(1), le(100)> limit = 20;
};
struct Search {
    static constexpr auto model_config = model::ModelConfig{.extra = model::Extra::forbid};
    Annotated<std::string, min_length(2)> word;
    std::optional<std::int64_t> least;
    Annotated<std::vector<std::string>> tags = empty;
    Annotated<Order> order = Order::asc;
    Annotated<std::string, alias("page-token")> token = "";
};
struct SearchResult {
    std::string word;
    std::optional<std::int64_t> least;
    std::vector<std::string> tags;
    Order order;
    std::string token;
};
struct ClientHeaders {
    Annotated<std::string> user_agent;
    std::optional<std::int64_t> x_depth;
    Annotated<std::vector<std::string>> x_tag = empty;
};
struct ClientResult {
    std::string user_agent;
    std::optional<std::int64_t> x_depth;
    std::vector<std::string> x_tag;
};
struct Visit {
    Annotated<std::string, alias("session-id")> session;
    Annotated<std::int64_t> count = 1;
};
struct VisitResult {
    std::string session;
    std::int64_t count;
};
struct Everything {
    std::int64_t id;
    std::int64_t q;
    std::string token;
    std::string session;
};

void add_path_routes(App& app) {
    app.get("/path/int/{v}", [](Path<std::int64_t, "v"> v) -> std::int64_t { return *v; });
    app.get("/path/float/{v}", [](Path<double, "v"> v) -> double { return *v; });
    app.get("/path/bool/{v}", [](Path<bool, "v"> v) -> bool { return *v; });
    app.get("/path/str/{v}", [](Path<std::string, "v"> v) -> std::string { return *v; });
    app.get("/path/uuid/{v}", [](Path<Uuid, "v"> v) -> Uuid { return *v; });
    app.get("/path/order/{v}", [](Path<Order, "v"> v) -> Order { return *v; });
    app.get("/path/small/{v}", [](Path<int, "v"> v) -> int { return *v; });
    app.get("/path/range/{v}",
            [](Path<std::int64_t, "v", ge(1), lt(5)> v) -> std::int64_t { return *v; });
    app.get(
        "/path/short/{v}",
        [](Path<std::string, "v", min_length(2), max_length(3)> v) -> std::string { return *v; });
    app.get("/path/two/{a}/and/{b}",
            [](Path<std::int64_t, "a"> a, Path<std::int64_t, "b"> b) -> std::vector<std::int64_t> {
                return {*a, *b};
            });
}

void add_query_routes(App& app) {
    app.get("/query/optional",
            [](Query<std::optional<std::int64_t>, "v"> v) -> std::vector<std::int64_t> {
                return *v ? std::vector<std::int64_t>{**v} : std::vector<std::int64_t>{};
            });
    app.get(
        "/query/default",
        [](Query<std::int64_t, "v", default_value(7), le(50)> v) -> std::int64_t { return *v; });
    app.get("/query/default-str",
            [](Query<std::string, "v", default_value("fixed")> v) -> std::string { return *v; });
    app.get("/query/list-default",
            [](Query<std::vector<std::int64_t>, "v", default_value(empty)> v)
                -> std::vector<std::int64_t> { return *v; });
    app.get("/query/list-bounded",
            [](Query<std::vector<std::string>, "v", min_length(1), max_length(2)> v)
                -> std::vector<std::string> { return *v; });
    app.get("/query/alias",
            [](Query<std::string, "item-query", min_length(3)> v) -> std::string { return *v; });
    app.get("/query/page", [](Query<Page> page) -> std::vector<std::int64_t> {
        return {page->skip, page->limit};
    });
    app.get("/query/search", [](Query<Search> s) -> SearchResult {
        return {s->word, s->least, s->tags, s->order, s->token};
    });
    app.get("/query/three",
            [](Query<std::int64_t, "a"> a, Query<std::int64_t, "b"> b,
               Query<std::int64_t, "c"> c) -> std::int64_t { return *a + *b + *c; });
}

void add_header_and_cookie_routes(App& app) {
    app.get("/header/str", [](Header<std::string, "x_token"> v) -> std::string { return *v; });
    app.get("/header/int",
            [](Header<std::int64_t, "x_count", ge(1)> v) -> std::int64_t { return *v; });
    app.get("/header/optional",
            [](Header<std::optional<std::string>, "x_maybe"> v) -> bool { return v->has_value(); });
    app.get(
        "/header/default",
        [](Header<std::string, "x_mode", default_value("plain")> v) -> std::string { return *v; });
    app.get(
        "/header/list",
        [](Header<std::vector<std::string>, "x_tag"> v) -> std::vector<std::string> { return *v; });
    app.get("/header/model", [](Header<ClientHeaders> v) -> ClientResult {
        return {v->user_agent, v->x_depth, v->x_tag};
    });
    app.get("/cookie/str", [](Cookie<std::string, "session"> v) -> std::string { return *v; });
    app.get("/cookie/int", [](Cookie<std::int64_t, "count"> v) -> std::int64_t { return *v; });
    app.get("/cookie/optional",
            [](Cookie<std::optional<std::string>, "maybe"> v) -> bool { return v->has_value(); });
    app.get("/cookie/model", [](Cookie<Visit> v) -> VisitResult { return {v->session, v->count}; });
}

struct Point {
    Annotated<std::int64_t, ge(0)> x;
    Annotated<std::int64_t> y = 0;
};

void add_optioned_routes(App& app) {
    app.get("/json/point",
            [](Query<Point, "v", as_json> v) -> std::vector<std::int64_t> { return {v->x, v->y}; });
    app.get("/json/list",
            [](Query<std::vector<std::int64_t>, "v", as_json> v) -> std::vector<std::int64_t> {
                return *v;
            });
    app.get("/json/header",
            [](Header<Point, "x_point", as_json> v) -> std::int64_t { return v->x; });
    app.get("/header/underscores",
            [](Header<std::string, "x_token", convert_underscores(false)> v) -> std::string {
                return *v;
            });
    app.get("/query/required", [](Query<std::optional<std::int64_t>, "v", required> v) -> bool {
        return v->has_value();
    });
}

}  // namespace

AppPointer make_parameters() {
    auto made = std::make_unique<App>(AppOptions{.title = "parameters"});
    App& app = *made;
    add_path_routes(app);
    add_query_routes(app);
    add_header_and_cookie_routes(app);
    add_optioned_routes(app);
    app.get("/all/{id}",
            [](Path<std::int64_t, "id"> id, Query<std::int64_t, "q"> q,
               Header<std::string, "x_token"> token,
               Cookie<std::string, "session"> session) -> Everything {
                return {*id, *q, *token, *session};
            });
    return made;
}

}  // namespace portico::conformance
