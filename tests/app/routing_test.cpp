#include "portico/app/router.hpp"

#include <gtest/gtest.h>

#include "portico/testing/test_client.hpp"

namespace portico::app {
namespace {

using core::Task;
using testing::TestClient;

std::string answered(std::string text) {
    return text;
}

TEST(Routing, the_route_registered_first_wins) {
    App app;
    app.get("/users/me", [] { return answered("me"); });
    app.get("/users/{id}", [](Path<std::string, "id"> id) { return "user " + *id; });
    app.get("/users/you", [] { return answered("never"); });
    TestClient client(app);
    EXPECT_EQ(client.get("/users/me").text, R"("me")");
    EXPECT_EQ(client.get("/users/you").text, R"("user you")");
}

TEST(Routing, a_path_that_no_route_has_is_404) {
    App app;
    app.get("/items", [] { return 1; });
    TestClient client(app);
    const auto response = client.get("/nothing");
    EXPECT_EQ(response.status_code, 404);
    EXPECT_EQ(response.text, R"({"detail":"Not Found"})");
}

TEST(Routing, another_method_is_405_and_allow_names_every_method_of_the_path) {
    App app;
    app.get("/items/{id}", [](Path<int, "id">) { return 1; });
    app.delete_("/items/{other}", [](Path<int, "other">) { return 1; });
    app.patch("/items/special", [] { return 1; });
    TestClient client(app);
    const auto response = client.put("/items/special");
    EXPECT_EQ(response.status_code, 405);
    EXPECT_EQ(response.header("Allow"), "GET, HEAD, DELETE, PATCH");
    EXPECT_EQ(response.text, R"({"detail":"Method Not Allowed"})");
}

TEST(Routing, head_works_wherever_get_does) {
    App app;
    app.get("/items", [] { return answered("x"); });
    TestClient client(app);
    const auto response = client.head("/items");
    EXPECT_EQ(response.status_code, 200);
    EXPECT_EQ(response.header("Content-Type"), "application/json");
    EXPECT_EQ(response.text, "");
}

TEST(Routing, a_head_route_of_its_own_is_used_for_head) {
    App app;
    app.get("/items", [] { return answered("x"); });
    app.head("/items", [](http::Response& response) { response.headers.set("X-Head", "yes"); });
    TestClient client(app);
    EXPECT_EQ(client.head("/items").header("X-Head"), "yes");
    EXPECT_EQ(client.get("/items").header("X-Head"), "");
}

TEST(Routing, a_missing_or_extra_slash_is_a_redirect_that_keeps_method_and_query) {
    App app;
    app.get("/items", [] { return 1; });
    app.post("/users/", [] { return 2; });
    TestClient client(app, {.follow_redirects = false});
    auto response = client.get("/items/?a=b%20c");
    EXPECT_EQ(response.status_code, 307);
    EXPECT_EQ(response.header("Location"), "/items?a=b%20c");
    response = client.post("/users");
    EXPECT_EQ(response.status_code, 307);
    EXPECT_EQ(response.header("Location"), "/users/");
    EXPECT_EQ(client.post("/users", {.follow_redirects = true}).text, "2");
}

TEST(Routing, a_redirect_never_leads_to_another_host) {
    App app;
    app.get("/{a}/{b}/", [](Path<std::string, "a">, Path<std::string, "b">) { return 1; });
    app.get("/{a:path}", [](Path<std::string, "a">) { return 1; });
    App plain;
    plain.get("/{part}/{other}",
              [](Path<std::string, "part">, Path<std::string, "other">) { return 1; });
    TestClient client(plain, {.follow_redirects = false});
    EXPECT_EQ(client.get("//evil.example/").header("Location"), "");
}

TEST(Routing, slash_redirects_can_be_turned_off) {
    App app{{.redirect_slashes = false}};
    app.get("/items", [] { return 1; });
    TestClient client(app);
    EXPECT_EQ(client.get("/items/").status_code, 404);
}

TEST(Routing, redirects_and_urls_have_the_root_path_before_them) {
    App app{{.root_path = "/api"}};
    app.get("/items", [] { return 1; }, {.name = "items"});
    TestClient client(app, {.follow_redirects = false});
    EXPECT_EQ(client.get("/items/").header("Location"), "/api/items");
    EXPECT_EQ(app.url_for("items"), "/api/items");
}

TEST(Routing, converters_decide_whether_a_path_matches) {
    App app;
    app.get("/n/{n:int}", [](Path<int, "n"> n) { return *n; });
    app.get("/n/{text}", [](Path<std::string, "text"> text) { return *text; });
    app.get("/f/{x:float}", [](Path<double, "x"> x) { return *x; });
    app.get("/u/{id:uuid}", [](Path<std::string, "id">) { return 1; });
    TestClient client(app);
    EXPECT_EQ(client.get("/n/12").text, "12");
    EXPECT_EQ(client.get("/n/12a").text, R"("12a")");
    EXPECT_EQ(client.get("/f/1.5").text, "1.5");
    EXPECT_EQ(client.get("/f/1.").status_code, 404);
    EXPECT_EQ(client.get("/u/123e4567-e89b-12d3-a456-426614174000").status_code, 200);
    EXPECT_EQ(client.get("/u/123e4567e89b12d3a456426614174000").status_code, 404);
}

TEST(Routing, a_path_part_takes_the_rest_slashes_included) {
    App app;
    app.get("/files/{name:path}", [](Path<std::string, "name"> name) { return *name; });
    TestClient client(app);
    EXPECT_EQ(client.get("/files/a/b%20c/d.txt").text, R"("a/b c/d.txt")");
    EXPECT_EQ(client.get("/files/").text, R"("")");
}

TEST(Routing, a_part_may_stand_between_texts) {
    App app;
    app.get("/v{version}/{name}.json",
            [](Path<int, "version"> version, Path<std::string, "name"> name) {
                return *name + std::to_string(*version);
            });
    TestClient client(app);
    EXPECT_EQ(client.get("/v2/a.b.json").text, R"("a.b2")");
    EXPECT_EQ(client.get("/v2/a.xml").status_code, 404);
}

TEST(Routing, an_encoded_slash_separates_no_segments_and_is_decoded_in_the_value) {
    App app;
    app.get("/a/{x}/b/{y}",
            [](Path<std::string, "x"> x, Path<std::string, "y"> y) { return *x + "|" + *y; });
    TestClient client(app);
    EXPECT_EQ(client.get("/a/1%2F2/b/%2fc%252F").text, R"("1/2|/c%2F")");
}

TEST(Routing, routers_nest_their_prefixes_tags_and_order) {
    App app;
    Router users{{.prefix = "/users", .tags = {"users"}}};
    Router posts{{.prefix = "/posts", .tags = {"posts"}}};
    posts.get("/{id}", [](Path<int, "id"> id) { return *id; }, {.tags = {"users", "one"}});
    users.include(posts, {.prefix = "/mine", .tags = {"mine"}});
    app.include(users, {.prefix = "/api"});
    users.get("", [] { return answered("all"); });
    TestClient client(app);
    EXPECT_EQ(client.get("/api/users/mine/posts/3").text, "3");
    EXPECT_EQ(client.get("/api/users").text, R"("all")");
    ASSERT_EQ(app.routes().size(), 2U);
    EXPECT_EQ(app.routes()[0].path, "/api/users/mine/posts/{id}");
    const std::vector<std::string> tags{"users", "mine", "posts", "one"};
    EXPECT_EQ(app.routes()[0].options.tags, tags);
}

TEST(Routing, a_router_can_be_included_several_times) {
    App app;
    Router router;
    router.get("/x", [] { return 1; });
    app.include(router, {.prefix = "/v1"});
    app.include(router, {.prefix = "/v2"});
    TestClient client(app);
    EXPECT_EQ(client.get("/v1/x").status_code, 200);
    EXPECT_EQ(client.get("/v2/x").status_code, 200);
}

TEST(Routing, a_router_in_itself_is_refused) {
    Router outer;
    Router inner;
    outer.include(inner);
    EXPECT_THROW(inner.include(outer), std::invalid_argument);
}

TEST(Routing, a_part_of_the_prefix_is_checked_at_the_start) {
    App app;
    Router posts{{.prefix = "/users/{user_id}"}};
    posts.get(within_prefix("/posts"), [](Path<int, "user_id"> user) { return *user; });
    app.include(posts);
    {
        TestClient client(app);
        EXPECT_EQ(client.get("/users/7/posts").text, "7");
    }
    Router wrong{{.prefix = "/x"}};
    wrong.get(within_prefix("/posts"), [](Path<int, "user_id"> user) { return *user; });
    app.include(wrong);
    try {
        TestClient client(app);
        FAIL() << "started";
    } catch (const std::invalid_argument& error) {
        EXPECT_STREQ(
            error.what(),
            "route GET \"/x/posts\": a Path<…, \"user_id\"> is asked for, but the path has "
            "no {user_id}");
    }
}

TEST(Routing, mistakes_in_a_path_say_what_is_wrong) {
    App app;
    const auto handler = [] { return 1; };
    const auto message = [&](const std::string& path) -> std::string {
        try {
            app.get(path, handler);
        } catch (const std::invalid_argument& error) {
            return error.what();
        }
        return "accepted";
    };
    EXPECT_EQ(message("items"), "route \"items\": a path begins with \"/\"");
    EXPECT_EQ(message("/{a}/{a}"), "route \"/{a}/{a}\": the part {a} is there twice");
    EXPECT_EQ(message("/{a"), "route \"/{a\": a \"{\" without a \"}\" in the same segment");
    EXPECT_EQ(message("/{}"), "route \"/{}\": a {part} needs a name");
    EXPECT_EQ(
        message("/{a:path}/b"),
        "route \"/{a:path}/b\": a {part:path} takes the rest of the path: it must be the last "
        "segment");
    EXPECT_EQ(message("/{a:date}"),
              "route \"/{a:date}\": unknown converter \"date\": expected str, int, float, uuid or "
              "path");
    EXPECT_THROW(Router({.prefix = "/x/"}), std::invalid_argument);
    EXPECT_THROW(Router({.prefix = "x"}), std::invalid_argument);
}

TEST(Routing, url_for_fills_in_and_encodes_the_parts) {
    App app;
    app.get("/items/{item_id}/{rest:path}",
            [](Path<std::string, "item_id">, Path<std::string, "rest">) { return 1; },
            {.name = "item"});
    app.get("/plain/{n:int}", [](Path<int, "n">) { return 1; });
    EXPECT_EQ(app.url_for("item", {{"item_id", "a/b c"}, {"rest", "x/y z"}}),
              "/items/a%2Fb%20c/x/y%20z");
    EXPECT_EQ(app.url_for("get_plain_n", {{"n", "5"}}), "/plain/5");
    EXPECT_THROW((void)app.url_for("nothing"), std::invalid_argument);
    EXPECT_THROW((void)app.url_for("item", {{"item_id", "a"}}), std::invalid_argument);
    EXPECT_THROW((void)app.url_for("get_plain_n", {{"n", "x"}}), std::invalid_argument);
    EXPECT_THROW((void)app.url_for("get_plain_n", {{"n", "1"}, {"m", "1"}}), std::invalid_argument);
}

TEST(Routing, one_handler_can_serve_several_methods) {
    App app;
    app.route({http::Method::get, http::Method::post}, "/x",
              [](http::Request& request) { return std::string(request.method_name()); });
    TestClient client(app);
    EXPECT_EQ(client.get("/x").text, R"("GET")");
    EXPECT_EQ(client.post("/x").text, R"("POST")");
}

TEST(Routing, handlers_may_be_functions_and_may_hold_what_can_only_be_moved) {
    App app;
    struct Local {
        static int one() { return 1; }
    };
    app.get("/f", Local::one);
    app.get("/g", &Local::one);
    app.get("/m", [held = std::make_unique<int>(7)] { return *held; });
    TestClient client(app);
    EXPECT_EQ(client.get("/f").text, "1");
    EXPECT_EQ(client.get("/g").text, "1");
    EXPECT_EQ(client.get("/m").text, "7");
}

TEST(Routing, a_serving_application_refuses_changes) {
    App app;
    app.get("/x", [] { return 1; });
    testing::TestReactor reactor;
    reactor.run(app.startup());
    EXPECT_THROW(app.get("/y", [] { return 1; }), std::logic_error);
    reactor.run(app.shutdown());
    app.get("/y", [] { return 1; });
}

TEST(Routing, the_policy_of_a_route_reaches_middleware) {
    struct Look : http::Middleware {
        http::Decision on_request(http::Exchange& exchange) override {
            seen = exchange.request.route();
            return http::Decision::proceed();
        }
        const http::RoutePolicy* seen = nullptr;
    };
    App app{{.max_body = 100}};
    auto& look = app.add_middleware<Look>();
    app.post("/items/{id}", [](Path<int, "id">) { return 1; },
             {.tags = {"t"},
              .name = "n",
              .content_types = {"text/csv"},
              .require_https = true,
              .bypass = {"all"}});
    app.post("/big", [] { return 1; }, {.max_body = 5});
    TestClient client(app);
    client.post("/items/3");
    ASSERT_NE(look.seen, nullptr);
    EXPECT_EQ(look.seen->path_template, "/items/{id}");
    EXPECT_EQ(look.seen->name, "n");
    EXPECT_EQ(look.seen->tags, std::vector<std::string>{"t"});
    EXPECT_EQ(look.seen->max_body, 100U);
    EXPECT_EQ(look.seen->content_types, std::vector<std::string>{"text/csv"});
    EXPECT_TRUE(look.seen->require_https);
    EXPECT_EQ(look.seen->bypass, std::vector<std::string>{"all"});
    client.post("/big");
    EXPECT_EQ(look.seen->max_body, 5U);
    client.get("/nowhere");
    EXPECT_EQ(look.seen, nullptr);
}

TEST(Routers, give_their_routes_callbacks_and_operation_ids) {
    App app;
    Router inner{
        {.prefix = "/inner", .callbacks = {callback<int>("done", "{$request.body#/url}")}}};
    inner.get("/a", [] { return 1; });
    inner.get("/b", [] { return 1; }, {.operation_id = "own"});
    Router outer{{.prefix = "/outer",
                  .callbacks = {callback<int>("begun", "{$request.body#/url}")},
                  .generate_unique_id = [](const Route& route) { return "outer:" + route.path; }}};
    outer.get("/c", [] { return 1; });
    outer.include(inner, {.generate_unique_id = [](const Route& route) {
                      return "inner:" + route.options.name;
                  }});
    app.include(outer);
    const auto routes = app.routes();
    EXPECT_EQ(routes[0].options.operation_id, "outer:/outer/c");
    EXPECT_EQ(routes[1].options.operation_id, "inner:get_outer_inner_a");
    EXPECT_EQ(routes[2].options.operation_id, "own");
    ASSERT_EQ(routes[1].options.callbacks.size(), 2U);
    EXPECT_EQ(routes[1].options.callbacks[0].name, "begun");
    EXPECT_EQ(routes[0].options.callbacks.size(), 1U);
}

}  // namespace
}  // namespace portico::app
