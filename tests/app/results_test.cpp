#include "portico/app/results.hpp"

#include <gtest/gtest.h>

#include <expected>
#include <thread>
#include <variant>

#include "portico/testing/test_client.hpp"

namespace portico::app {
namespace {

using core::Task;
using testing::TestClient;

struct Item {
    std::int64_t id;
    std::string name;
    double price;
};
struct Problem {
    std::string what;
};

TEST(Results, a_model_is_200_and_its_json) {
    App app;
    app.get("/x", [] { return Item{1, "pen", 1.5}; });
    app.get("/list", [] { return std::vector<Item>{{1, "a", 2}, {2, "b", 3}}; });
    TestClient client(app);
    const auto response = client.get("/x");
    EXPECT_EQ(response.status_code, 200);
    EXPECT_EQ(response.header("Content-Type"), "application/json");
    EXPECT_EQ(response.text, R"({"id":1,"name":"pen","price":1.5})");
    EXPECT_EQ(client.get("/list").json().size(), 2U);
}

TEST(Results, nothing_is_null_unless_the_status_has_no_content) {
    App app;
    app.get("/x", [] {});
    app.get("/task", []() -> Task<void> { co_return; });
    app.get("/204", [] {}, {.status_code = 204});
    app.delete_("/x", [] { return NoContent{}; });
    TestClient client(app);
    EXPECT_EQ(client.get("/x").text, "null");
    EXPECT_EQ(client.get("/task").text, "null");
    EXPECT_EQ(client.get("/204").status_code, 204);
    EXPECT_EQ(client.get("/204").text, "");
    const auto response = client.delete_("/x");
    EXPECT_EQ(response.status_code, 204);
    EXPECT_EQ(response.text, "");
    EXPECT_EQ(response.header("Content-Type"), "");
}

TEST(Results, a_status_is_made_from_the_model_or_from_its_members) {
    App app;
    app.post("/a", []() -> Created<Item> { return {1, "pen", 2.0}; });
    app.post("/b", []() -> Created<Item> { return Item{2, "pen", 2.0}; });
    app.post("/c", []() -> Task<Status<202, Item>> { co_return Item{3, "pen", 2.0}; });
    TestClient client(app);
    EXPECT_EQ(client.post("/a").status_code, 201);
    EXPECT_EQ(client.post("/a").text, R"({"id":1,"name":"pen","price":2.0})");
    EXPECT_EQ(client.post("/b").status_code, 201);
    EXPECT_EQ(client.post("/c").status_code, 202);
}

TEST(Results, a_routes_status_code_is_that_of_a_plain_value) {
    App app;
    app.post("/x", [] { return Item{1, "pen", 2.0}; }, {.status_code = 201});
    TestClient client(app);
    EXPECT_EQ(client.post("/x").status_code, 201);
    EXPECT_EQ(app.routes()[0].responses[0].status, 201);
}

TEST(Results, an_optional_without_a_value_is_404) {
    App app;
    app.get("/{n}", [](Path<int, "n"> n) -> std::optional<Item> {
        if (n == 0) return std::nullopt;
        return Item{n, "pen", 1};
    });
    TestClient client(app);
    EXPECT_EQ(client.get("/1").status_code, 200);
    EXPECT_EQ(client.get("/0").status_code, 404);
    EXPECT_EQ(client.get("/0").text, R"({"detail":"Not Found"})");
    ASSERT_EQ(app.routes()[0].responses.size(), 2U);
    EXPECT_EQ(app.routes()[0].responses[1].status, 404);
}

TEST(Results, the_error_of_an_expected_is_answered_as_if_thrown_or_is_an_answer_itself) {
    App app;
    app.get("/a", []() -> std::expected<Item, NotFoundError> {
        return std::unexpected(NotFoundError("Item", 3));
    });
    app.get("/b", []() -> Task<std::expected<Created<Item>, Status<409, Problem>>> {
        co_return std::unexpected(Problem{"taken"});
    });
    app.get("/c", []() -> std::expected<Item, HTTPException> { return Item{1, "a", 1}; });
    app.get("/d", []() -> std::expected<void, HTTPException> { return {}; });
    TestClient client(app);
    EXPECT_EQ(client.get("/a").status_code, 404);
    EXPECT_EQ(client.get("/b").status_code, 409);
    EXPECT_EQ(client.get("/b").text, R"({"what":"taken"})");
    EXPECT_EQ(client.get("/c").status_code, 200);
    EXPECT_EQ(client.get("/d").text, "null");
    const auto& responses = app.routes()[1].responses;
    ASSERT_EQ(responses.size(), 2U);
    EXPECT_EQ(responses[0].status, 201);
    EXPECT_EQ(responses[1].status, 409);
    EXPECT_NE(responses[1].slot.type, nullptr);
}

TEST(Results, a_variant_is_whichever_response_it_holds) {
    App app;
    using Either = std::variant<Item, Created<Item>, Status<409, Problem>, NoContent,
                                PlainTextResponse, http::Response>;
    app.get("/{n}", [](Path<int, "n"> n) -> Either {
        switch (n) {
            case 0:
                return Item{0, "pen", 1};
            case 1:
                return Created<Item>{1, "pen", 1.0};
            case 2:
                return Status<409, Problem>{Problem{"taken"}};
            case 3:
                return NoContent{};
            case 4:
                return PlainTextResponse{"plain"};
            default:
                return http::Response(418);
        }
    });
    app.get("/the/task", []() -> Task<std::variant<Item, NoContent>> { co_return NoContent{}; });
    TestClient client(app);
    const int statuses[]{200, 201, 409, 204, 200, 418};
    for (int n = 0; n < 6; ++n) {
        EXPECT_EQ(client.get("/" + std::to_string(n)).status_code, statuses[n]);
    }
    EXPECT_EQ(client.get("/2").text, R"({"what":"taken"})");
    EXPECT_EQ(client.get("/4").text, "plain");
    EXPECT_EQ(client.get("/the/task").status_code, 204);
    const auto& responses = app.routes()[0].responses;
    ASSERT_EQ(responses.size(), 6U);
    for (std::size_t n = 0; n < 4; ++n) EXPECT_EQ(responses[n].status, statuses[n]);
    EXPECT_EQ(responses[4].media_type, "text/plain");
}

TEST(Results, a_variant_of_models_is_a_json_value) {
    App app;
    app.get("/x", []() -> std::variant<std::string, Item> { return Item{1, "pen", 1.5}; });
    TestClient client(app);
    EXPECT_EQ(client.get("/x").text, R"({"id":1,"name":"pen","price":1.5})");
    EXPECT_EQ(app.routes()[0].responses.size(), 1U);
}

struct Watched {
    core::Outcome* seen;
    Task<void> finish(core::Outcome outcome) {
        *seen = outcome;
        co_return;
    }
};
core::Outcome watched_outcome;
Watched watched() {
    return {&watched_outcome};
}

TEST(Results, a_variant_that_holds_an_error_finishes_dependencies_as_failed) {
    App app;
    app.get("/{n}",
            [](Path<int, "n"> n, Depends<watched>) -> std::variant<Item, Status<409, Problem>> {
                if (n == 0) return Item{0, "pen", 1};
                return Status<409, Problem>{Problem{"taken"}};
            });
    TestClient client(app);
    client.get("/1");
    EXPECT_EQ(watched_outcome, core::Outcome::failure);
    client.get("/0");
    EXPECT_EQ(watched_outcome, core::Outcome::success);
}

TEST(Results, redirects_pages_and_plain_texts) {
    App app;
    app.get("/r", [] { return Redirect{"/p?a=b c"}; });
    app.get("/h", [] { return HTMLResponse{"<h1>hi</h1>"}; });
    app.get("/p", [] { return PlainTextResponse{"hi"}; });
    TestClient client(app, {.follow_redirects = false});
    const auto redirected = client.get("/r");
    EXPECT_EQ(redirected.status_code, 307);
    EXPECT_EQ(redirected.header("Location"), "/p?a=b%20c");
    EXPECT_EQ(client.get("/h").header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(client.get("/p").text, "hi");
}

TEST(Results, a_response_is_sent_as_it_is) {
    App app;
    app.get("/x", [](http::Response& also) {
        also.headers.set("X-Also", "1");
        http::Response response(418, "short and stout", "text/plain");
        response.headers.set("X-Own", "2");
        return response;
    });
    TestClient client(app);
    const auto response = client.get("/x");
    EXPECT_EQ(response.status_code, 418);
    EXPECT_EQ(response.text, "short and stout");
    EXPECT_EQ(response.header("X-Also"), "1");
    EXPECT_EQ(response.header("X-Own"), "2");
}

TEST(Results, streams_are_sent_piece_by_piece) {
    App app;
    app.get("/x", [] {
        return stream(
            [i = 0]() mutable -> Task<std::optional<std::string>> {
                co_await core::sleep_for(std::chrono::milliseconds(1));
                if (i == 3) co_return std::nullopt;
                co_return std::to_string(i++) + ";";
            },
            "text/plain");
    });
    TestClient client(app);
    const auto response = client.get("/x");
    EXPECT_EQ(response.text, "0;1;2;");
    EXPECT_EQ(response.header("Content-Type"), "text/plain");
    EXPECT_EQ(client.head("/x").text, "");
}

TEST(Results, a_blocking_handler_runs_on_another_thread) {
    App app;
    app.get("/x",
            [loop = std::this_thread::get_id()](Query<int, "n"> n) {
                return std::this_thread::get_id() != loop ? *n : -1;
            },
            {.blocking = true});
    app.get("/throws", []() -> int { throw HTTPException(418); }, {.blocking = true});
    TestClient client(app);
    EXPECT_EQ(client.get("/x?n=5").text, "5");
    EXPECT_EQ(client.get("/throws").status_code, 418);
}

TEST(Results, a_coroutine_cannot_be_blocking) {
    App app;
    EXPECT_THROW(app.get("/x", []() -> Task<int> { co_return 1; }, {.blocking = true}),
                 std::invalid_argument);
}

TEST(Results, declared_responses_are_known) {
    App app{{.responses = {response<503>("Busy")}}};
    app.get("/x", [] { return 1; },
            {.response_description = "A number",
             .responses = {response<404, Problem>("No such number"), response<304>()}});
    const auto& responses = app.routes()[0].responses;
    ASSERT_EQ(responses.size(), 4U);
    EXPECT_EQ(responses[0].description, "A number");
    EXPECT_EQ(responses[1].status, 503);
    EXPECT_EQ(responses[2].status, 404);
    EXPECT_EQ(responses[2].media_type, "application/json");
    EXPECT_EQ(responses[3].slot.type, nullptr);
}

}  // namespace
}  // namespace portico::app
