#include "portico/app/documentation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <portico/portico.hpp>

#include "portico/testing/test_client.hpp"

namespace {

using namespace portico;
using portico::testing::TestClient;
using ::testing::HasSubstr;

struct Order {
    std::string callback_url;
};
struct Paid {
    std::int64_t order;
};
struct Received {
    bool ok;
};
struct Problem {
    std::string item;
};
struct OutOfStock : std::exception {};
struct SoldOut : OutOfStock {};

Json operation(openapi::App& app, const char* path, const char* method = "get") {
    return app.openapi()["paths"][path][method];
}

TEST(Describing, a_path_parameter_that_nobody_reads_is_shown_as_the_text_that_it_is) {
    App app;
    app.get("/people/{person}/posts/{id}", [](Path<int, "id"> id) { return *id; });
    app.get("/people/{person}", [] { return 1; });
    const Json both = operation(app, "/people/{person}/posts/{id}")["parameters"];
    ASSERT_EQ(both.size(), 2U);
    EXPECT_EQ(both[0]["name"].as_string(), "id");
    EXPECT_EQ(
        both[1].dump(),
        R"({"name":"person","in":"path","required":true,"schema":{"type":"string","title":"Person"}})");
    EXPECT_EQ(operation(app, "/people/{person}")["parameters"].size(), 1U);
}

struct Maker {
    Annotated<std::string, alias("makerName")> maker_name;
    std::optional<std::string> country;
};
struct Pen {
    std::int64_t id;
    Annotated<std::string, alias("inkColour"), max_length(9)> ink_colour = "blue";
    std::optional<Maker> maker;
};

/// What an answer of Pens is in the document of a route with these options.
std::string written(app::RouteOptions options) {
    App app;
    options.responses = {response<404, Maker>()};
    app.get("/pens", [] { return std::vector<Pen>(); }, std::move(options));
    const Json answers = operation(app, "/pens")["responses"];
    EXPECT_EQ(answers["404"]["content"]["application/json"]["schema"].dump(),
              R"({"$ref":"#/components/schemas/Maker"})");
    return answers["200"]["content"]["application/json"]["schema"]["items"].dump();
}

TEST(Describing, an_answer_is_shown_as_it_is_written) {
    EXPECT_EQ(written({}), R"({"$ref":"#/components/schemas/Pen"})");
    EXPECT_EQ(
        written({.response_model_exclude = {"maker.country"}, .response_model_exclude_none = true}),
        R"({"type":"object","properties":{"id":{"type":"integer","title":"Id"},)"
        R"("inkColour":{"type":"string","maxLength":9,"title":"Inkcolour"},)"
        R"("maker":{"anyOf":[{"type":"object",)"
        R"("properties":{"makerName":{"type":"string","title":"Makername"}},)"
        R"("required":["makerName"]},{"type":"null"}],"title":"Maker"}},)"
        R"("required":["id","inkColour"]})");
    EXPECT_EQ(written({.response_model_include = {"id", "ink_colour"},
                       .response_model_by_alias = false,
                       .response_model_exclude_defaults = true}),
              R"({"type":"object","properties":{"id":{"type":"integer","title":"Id"},)"
              R"("ink_colour":{"type":"string","maxLength":9,"title":"Ink Colour"}},)"
              R"("required":["id"]})");
}

TEST(Describing, a_file_may_be_answered_in_parts_or_not_at_all) {
    App app;
    app.get("/file", [] { return FileResponse("/dev/null"); });
    app.get("/perhaps", [] { return FileResponse::find("/dev/null"); });
    std::string statuses;
    for (const auto& [status, answer] : operation(app, "/file")["responses"].members()) {
        statuses += status + (answer.contains("content") ? "+ " : " ");
    }
    EXPECT_EQ(statuses, "200+ 206+ 304 400+ 412+ 416+ ");
    EXPECT_EQ(operation(app, "/perhaps")["responses"].members().size(), 7U);
}

TEST(Describing, openapi_extra_is_merged_into_the_operation) {
    App app;
    app.get(
        "/x", [] { return std::string(); },
        {.tags = {"a"}, .openapi_extra = R"({"x-internal": true, "tags": ["b"], "summary": "Other",
                                  "responses": {"200": {"description": "Fine", "x-cost": 3}}})"});
    const Json shown = operation(app, "/x");
    EXPECT_TRUE(shown["x-internal"].as_bool());
    EXPECT_EQ(shown["tags"].dump(), R"(["a","b"])");
    EXPECT_EQ(shown["summary"].as_string(), "Other");
    EXPECT_EQ(
        shown["responses"]["200"].dump(),
        R"({"description":"Fine","content":{"application/json":{"schema":{"type":"string"}}},"x-cost":3})");
}

TEST(Describing, an_openapi_extra_that_is_no_object_is_an_error_that_names_the_route) {
    for (const char* extra : {"[1]", "{", "1"}) {
        App app;
        app.get("/x", [] { return 1; }, {.openapi_extra = extra});
        try {
            (void)app.openapi();
            ADD_FAILURE() << extra;
        } catch (const std::invalid_argument& error) {
            EXPECT_THAT(error.what(), HasSubstr("GET /x: its openapi_extra is no JSON object"));
        }
    }
}

TEST(Describing, callbacks_are_shown_with_what_is_sent_and_what_is_expected) {
    App app;
    app.post("/orders", [](Order order) { return order; },
             {.callbacks = {callback<Paid, Received>(
                  "paid", "{$request.body#/callback_url}",
                  {.summary = "It was paid", .method = http::Method::put, .status = 202})}});
    EXPECT_EQ(
        operation(app, "/orders", "post")["callbacks"].dump(),
        R"({"paid":{"{$request.body#/callback_url}":{"put":{"summary":"It was paid",)"
        R"("requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Paid"}}},"required":true},)"
        R"("responses":{"202":{"description":"Successful Response","content":{"application/json":)"
        R"({"schema":{"$ref":"#/components/schemas/Received"}}}}}}}}})");
    EXPECT_TRUE(app.openapi()["components"]["schemas"].contains("Received"));
}

TEST(Describing, webhooks_are_beside_the_paths) {
    App app{{.webhooks = {webhook<Paid>("order-paid", {.description = "To all", .tags = {"t"}})}}};
    EXPECT_EQ(
        app.openapi()["webhooks"].dump(),
        R"({"order-paid":{"post":{"tags":["t"],"summary":"Order-Paid","description":"To all",)"
        R"("requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Paid"}}},"required":true},)"
        R"("responses":{"200":{"description":"Successful Response"}}}}})");
}

TEST(Describing, links_lie_on_the_response_that_they_are_of) {
    App app;
    app.post("/x", [](Order) -> Created<Paid> { return Paid{1}; },
             {.links = {{.name = "Read",
                         .operation_id = "read",
                         .parameters = {{"id", "$response.body#/order"}},
                         .description = "Read it"}}});
    EXPECT_EQ(
        operation(app, "/x", "post")["responses"]["201"]["links"].dump(),
        R"({"Read":{"operationId":"read","parameters":{"id":"$response.body#/order"},"description":"Read it"}})");
    app.get("/y", [] { return 1; }, {.links = {{.name = "Read", .status = 404}}});
    EXPECT_THROW((void)app.openapi(), std::invalid_argument);
}

TEST(Describing, external_docs_of_the_application_a_tag_and_a_route) {
    App app{
        {.tags = {{.name = "t", .external_docs = {"https://e.test/t", "All of t"}}, {.name = "a"}},
         .external_docs = {"https://e.test"}}};
    app.get("/x", [] { return 1; }, {.external_docs = {.url = "https://e.test/x"}});
    const Json document = app.openapi();
    EXPECT_EQ(document["externalDocs"].dump(), R"({"url":"https://e.test"})");
    EXPECT_EQ(
        document["tags"].dump(),
        R"([{"name":"t","externalDocs":{"description":"All of t","url":"https://e.test/t"}},{"name":"a"}])");
    EXPECT_EQ(document["paths"]["/x"]["get"]["externalDocs"].dump(),
              R"({"url":"https://e.test/x"})");
}

TEST(Describing, the_root_path_is_the_first_server_unless_it_is_not_wanted) {
    App app{{.servers = {{.url = "https://e.test"}}, .root_path = "/api"}};
    EXPECT_EQ(app.openapi()["servers"].dump(), R"([{"url":"/api"},{"url":"https://e.test"}])");
    app.options().root_path_in_servers = false;
    EXPECT_EQ(app.openapi()["servers"].dump(), R"([{"url":"https://e.test"}])");
}

TEST(Describing, a_description_ends_at_a_form_feed) {
    App app;
    app.get("/x", [] { return 1; }, {.description = "For readers.\n\fFor us."});
    app.get("/y", [] { return 1; }, {.description = "\fFor us."});
    EXPECT_EQ(operation(app, "/x")["description"].as_string(), "For readers.");
    EXPECT_FALSE(operation(app, "/y").contains("description"));
}

TEST(Describing, generate_unique_id_names_what_no_operation_id_does) {
    App app{{.generate_unique_id = [](const app::Route& route) {
        return route.policy.tags.empty() ? "" : route.policy.tags[0] + "-" + route.policy.name;
    }}};
    app.get("/x", [] { return 1; }, {.tags = {"t"}, .name = "read"});
    app.get("/y", [] { return 1; }, {.tags = {"t"}, .operation_id = "own"});
    app.get("/z", [] { return 1; }, {.name = "z"});
    EXPECT_EQ(operation(app, "/x")["operationId"].as_string(), "t-read");
    EXPECT_EQ(operation(app, "/y")["operationId"].as_string(), "own");
    EXPECT_EQ(operation(app, "/z")["operationId"].as_string(), "z_get");
}

TEST(Describing, an_operation_id_of_two_routes_is_an_error_at_the_start_that_names_both) {
    App app;
    app.get("/a", [] { return 1; }, {.operation_id = "same"});
    app.post("/b", [] { return 1; }, {.operation_id = "same"});
    try {
        const TestClient client(app);
        ADD_FAILURE();
    } catch (const std::invalid_argument& error) {
        EXPECT_STREQ(
            error.what(),
            "GET /a and POST /b have the operation id \"same\": it is unique in a document");
    }
}

TEST(Describing, a_response_is_described_by_what_is_said_nearest_to_the_route) {
    App app{{.responses = {response<409>("Of all"), response<429>()}}};
    Router router{{.prefix = "/r", .responses = {response<409>("Of the router")}}};
    router.get("/x", [] { return 1; }, {.responses = {response<409>("Of the route")}});
    router.get("/y", [] { return 1; }, {.responses = {response<409>()}});
    app.include(router);
    app.get("/z", [] { return 1; }, {.responses = {response<200>("An integer")}});
    const auto said = [&](const char* path, const char* status) {
        return std::string(operation(app, path)["responses"][status]["description"].as_string());
    };
    EXPECT_EQ(said("/r/x", "409"), "Of the route");
    EXPECT_EQ(said("/r/y", "409"), "Of the router");
    EXPECT_EQ(said("/z", "409"), "Of all");
    EXPECT_EQ(said("/z", "429"), "Too Many Requests");
    EXPECT_EQ(said("/z", "200"), "An integer");
}

TEST(Describing, ids_that_portico_makes_are_told_apart) {
    App app;
    app.get("/a-b", [] { return 1; });
    app.get("/a/b", [] { return 1; });
    EXPECT_EQ(operation(app, "/a-b")["operationId"].as_string(), "get_a_b");
    EXPECT_EQ(operation(app, "/a/b")["operationId"].as_string(), "get_a_b_2");
}

TEST(Describing, a_handler_of_an_own_exception_shows_its_answer_on_the_routes_that_it_is_for) {
    App app;
    Router router{{.prefix = "/r"}};
    router.get("/x", [] { return 1; });
    router.exception_handler<SoldOut>(
        [](const Request&, const SoldOut&) -> Status<410, Problem> { return Problem{"pen"}; });
    app.include(router);
    app.get("/y", [] { return 1; });
    app.get("/z", [] { return 1; }, {.responses = {response<409>("Said here")}});
    app.exception_handler<OutOfStock>(
        [](const Request&, const OutOfStock&) -> Status<409, Problem> { return Problem{"pen"}; });
    const char* problem =
        R"({"description":"Conflict","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Problem"}}}})";
    EXPECT_EQ(operation(app, "/y")["responses"]["409"].dump(), problem);
    EXPECT_EQ(operation(app, "/r/x")["responses"]["409"].dump(), problem);
    EXPECT_TRUE(operation(app, "/r/x")["responses"].contains("410"));
    EXPECT_FALSE(operation(app, "/y")["responses"].contains("410"));
    EXPECT_EQ(operation(app, "/z")["responses"]["409"]["description"].as_string(), "Said here");
    EXPECT_EQ(
        operation(app, "/z")["responses"]["409"]["content"]["application/json"]["schema"].dump(),
        R"({"$ref":"#/components/schemas/HTTPError"})");
}

TEST(Describing, the_nearest_handler_of_a_type_is_the_one_that_is_shown) {
    App app;
    Router router{{.prefix = "/r"}};
    router.get("/x", [] { return 1; });
    router.exception_handler<OutOfStock>(
        [](const Request&, const OutOfStock&) -> Status<410, Problem> { return Problem{"pen"}; });
    app.include(router);
    app.exception_handler<OutOfStock>(
        [](const Request&, const OutOfStock&) -> Status<409, Problem> { return Problem{"pen"}; });
    app.exception_handler<std::exception>(
        [](const Request&, const std::exception&) -> Status<500, Problem> { return Problem{"?"}; });
    const Json responses = operation(app, "/r/x")["responses"];
    EXPECT_TRUE(responses.contains("410"));
    EXPECT_FALSE(responses.contains("409"));
    EXPECT_FALSE(responses.contains("500"));
}

TEST(Describing, the_code_of_an_error_is_in_both_formats_schemas) {
    for (const ErrorFormat format : {ErrorFormat::fastapi, ErrorFormat::problem_json}) {
        App app{{.error_format = format}};
        app.get("/x", [] { return 1; }, {.responses = {response<404>()}});
        const char* name = format == ErrorFormat::fastapi ? "HTTPError" : "ProblemDetails";
        EXPECT_EQ(app.openapi()["components"]["schemas"][name]["properties"]["code"].dump(),
                  R"({"type":"string","title":"Code"})");
    }
}

}  // namespace
