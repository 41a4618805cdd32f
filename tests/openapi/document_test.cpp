#include "portico/openapi/document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <portico/portico.hpp>

namespace {

using namespace portico;
using model::Json;

enum class Colour { red, green };

struct ItemIn {
    Annotated<std::string, min_length(1), max_length(100), description("Display name")> name;
    Annotated<double, gt(0)> price;
    std::optional<std::string> note;
    Annotated<std::vector<std::string>> tags = empty;
    Annotated<Colour> colour = Colour::red;
};
struct ItemOut {
    std::int64_t id;
    std::string name;
};
struct Paging {
    Annotated<int, ge(0)> skip = 0;
    Annotated<int, ge(1), le(100)> limit = 20;
};
struct Problem {
    std::string error;
};

class Scheme : public app::SecurityScheme {
public:
    std::string operator()(const Request&) const { return "token"; }
    [[nodiscard]] std::string_view scheme_name() const override { return "OAuth2PasswordBearer"; }
    [[nodiscard]] std::string openapi_json() const override {
        return R"({"type":"oauth2","flows":{"password":{"tokenUrl":"token",
                  "scopes":{"read":"Read","write":"Write"}}}})";
    }
};
inline const Scheme scheme;
std::string user(Security<scheme> token) {
    return *token;
}

/// The value at a path of keys; a failure names the first that is missing.
const Json& at(const Json& root, std::initializer_list<std::string_view> keys) {
    const Json* value = &root;
    for (const std::string_view key : keys) {
        value = value->find(key);
        if (value == nullptr)
            throw std::out_of_range("no " + std::string(key) + " in the document");
    }
    return *value;
}

Json shop(void (*change)(openapi::App&) = nullptr, AppOptions options = {.title = "Shop"}) {
    openapi::App app(std::move(options));
    app.get("/items", [](Query<Paging>) { return std::vector<ItemOut>{}; });
    app.post("/items", [](ItemIn, Security<user, "write">) -> Created<ItemOut> {
        return {1, std::string()};
    });
    app.get("/items/{item_id}",
            [](Path<int, "item_id", ge(1)> id, Header<std::optional<std::string>, "x-trace">)
                -> std::optional<ItemOut> { return ItemOut{*id, ""}; },
            {.summary = "One item",
             .description = "By its id.",
             .tags = {"items"},
             .responses = {response<410>("It was here")},
             .deprecated = true});
    app.get("/hidden", [] { return 1; }, {.include_in_schema = false});
    app.delete_("/items/{item_id}", [](Path<int, "item_id">) { return NoContent{}; });
    if (change != nullptr) change(app);
    return app.openapi();
}

TEST(Document, names_the_application_and_the_version_of_openapi) {
    const Json document = shop(nullptr, {.title = "Shop",
                                         .description = "Sells.",
                                         .version = "2.0",
                                         .contact = {.name = "Us"},
                                         .license = {.name = "MIT", .identifier = "MIT"},
                                         .tags = {{"items", "Things"}},
                                         .root_path = "/shop"});
    EXPECT_EQ(at(document, {"openapi"}).dump(), R"("3.1.0")");
    EXPECT_EQ(at(document, {"info"}).dump(),
              R"({"title":"Shop","description":"Sells.","contact":{"name":"Us"},)"
              R"("license":{"name":"MIT","identifier":"MIT"},"version":"2.0"})");
    EXPECT_EQ(at(document, {"servers"}).dump(), R"([{"url":"/shop"}])");
    EXPECT_EQ(at(document, {"tags"}).dump(), R"([{"name":"items","description":"Things"}])");
}

TEST(Document, leaves_out_what_is_not_for_it_and_its_own_pages) {
    const Json document = shop();
    std::vector<std::string> paths;
    for (const auto& [path, item] : at(document, {"paths"}).members()) paths.emplace_back(path);
    EXPECT_THAT(paths, testing::ElementsAre("/items", "/items/{item_id}"));
}

TEST(Document, shows_each_member_of_a_query_struct_as_a_parameter) {
    const Json document = shop();
    EXPECT_EQ(at(document, {"paths", "/items", "get", "parameters"}).dump(),
              R"([{"name":"skip","in":"query","required":false,"schema":{"type":"integer",)"
              R"("maximum":2147483647,"minimum":0,"title":"Skip","default":0}},)"
              R"({"name":"limit","in":"query",)"
              R"("required":false,"schema":{"type":"integer","maximum":100,"minimum":1,)"
              R"("title":"Limit","default":20}}])");
}

TEST(Document, a_model_that_is_sent_and_answered_is_two_schemas_unless_told_otherwise) {
    const auto echo = [](openapi::App& app) {
        app.post("/echo", [](ItemIn item) { return item; });
        app.post("/keyed", [](Body<ItemIn, "a"> a, Body<int, "b">) { return a->name.size(); });
    };
    const Json document = shop(echo);
    const auto reference = [](const Json& root, std::string_view path, std::string_view key) {
        const Json& echo_operation = at(root, {"paths", path, "post"});
        const Json& of =
            key == "200" ? at(echo_operation, {"responses", key}) : at(echo_operation, {key});
        return at(of, {"content", "application/json", "schema"}).dump();
    };
    EXPECT_EQ(reference(document, "/echo", "requestBody"),
              R"({"$ref":"#/components/schemas/ItemIn-Input"})");
    EXPECT_EQ(reference(document, "/echo", "200"),
              R"({"$ref":"#/components/schemas/ItemIn-Output"})");
    EXPECT_EQ(at(document, {"components", "schemas", "ItemIn-Input", "required"}).dump(),
              R"(["name","price"])");
    EXPECT_EQ(at(document, {"components", "schemas", "ItemIn-Output", "required"}).size(), 5U);

    const Json one = shop(echo, {.title = "Shop", .separate_input_output_schemas = false});
    EXPECT_EQ(reference(one, "/echo", "requestBody"), reference(one, "/echo", "200"));
    EXPECT_EQ(at(one, {"components", "schemas", "ItemIn", "required"}).dump(),
              R"(["name","price"])");

    const Json only_sent = shop(+[](openapi::App& app) {
        app.post("/keyed", [](Body<ItemIn, "a"> a, Body<int, "b">) { return a->name.size(); });
    });
    EXPECT_THAT(only_sent.dump(), testing::Not(testing::HasSubstr("ItemIn-Input")));
}

TEST(Document, shows_path_and_header_parameters) {
    const Json document = shop();
    const Json& parameters = at(document, {"paths", "/items/{item_id}", "get", "parameters"});
    ASSERT_EQ(parameters.size(), 2U);
    EXPECT_EQ(parameters[0].find("in")->dump(), R"("path")");
    EXPECT_EQ(parameters[0].find("required")->dump(), "true");
    EXPECT_EQ(at(parameters[0], {"schema", "minimum"}).dump(), "1");
    EXPECT_EQ(at(parameters[0], {"schema", "title"}).dump(), R"("Item Id")");
    EXPECT_EQ(parameters[1].find("name")->dump(), R"("x-trace")");
    EXPECT_EQ(parameters[1].find("in")->dump(), R"("header")");
    EXPECT_EQ(parameters[1].find("required")->dump(), "false");
    EXPECT_EQ(at(parameters[1], {"schema", "title"}).dump(), R"("X-Trace")");
}

TEST(Document, takes_the_body_from_the_model) {
    const Json document = shop();
    EXPECT_EQ(
        at(document, {"paths", "/items", "post", "requestBody"}).dump(),
        R"({"content":{"application/json":{"schema":{"$ref":"#/components/schemas/ItemIn"}}},)"
        R"("required":true})");
    const Json& model = at(document, {"components", "schemas", "ItemIn"});
    EXPECT_EQ(at(model, {"required"}).dump(), R"(["name","price"])");
    EXPECT_EQ(at(model, {"properties", "name", "maxLength"}).dump(), "100");
    EXPECT_EQ(at(model, {"properties", "name", "description"}).dump(), R"("Display name")");
    EXPECT_EQ(at(model, {"properties", "price", "exclusiveMinimum"}).dump(), "0");
}

TEST(Document, a_form_struct_beside_other_fields_is_its_members) {
    const Json document = shop([](openapi::App& app) {
        app.post("/whole", [](Form<Paging>) { return 1; });
        app.post("/both", [](Form<Paging>, File<"photo">, Form<std::string, "note">) { return 1; });
    });
    EXPECT_EQ(at(document, {"paths", "/whole", "post", "requestBody", "content",
                            "application/x-www-form-urlencoded", "schema"})
                  .dump(),
              R"({"$ref":"#/components/schemas/Paging"})");
    const Json& both = at(document, {"components", "schemas", "Body_post_both"});
    EXPECT_EQ(at(both, {"required"}).dump(), R"(["photo","note"])");
    EXPECT_EQ(at(both, {"properties", "limit"}).dump(),
              R"({"type":"integer","maximum":100,"minimum":1,"title":"Limit","default":20})");
    EXPECT_EQ(at(both, {"properties"}).size(), 4U);
}

TEST(Document, declares_every_response) {
    const Json document = shop();
    const Json& create = at(document, {"paths", "/items", "post", "responses"});
    EXPECT_EQ(at(create, {"201", "description"}).dump(), R"("Successful Response")");
    EXPECT_EQ(at(create, {"201", "content", "application/json", "schema"}).dump(),
              R"({"$ref":"#/components/schemas/ItemOut"})");
    for (const std::string_view status : {"401", "403", "422"}) {
        EXPECT_NE(create.find(status), nullptr) << status;
    }
    const Json& read = at(document, {"paths", "/items/{item_id}", "get", "responses"});
    EXPECT_EQ(at(read, {"404", "description"}).dump(), R"("Not Found")");
    EXPECT_EQ(at(read, {"410", "description"}).dump(), R"("It was here")");
    EXPECT_EQ(read.find("401"), nullptr);
    const Json& remove = at(document, {"paths", "/items/{item_id}", "delete", "responses"});
    EXPECT_EQ(at(remove, {"204"}).find("content"), nullptr);
}

TEST(Document, describes_streams_by_their_items) {
    const Json document = shop([](openapi::App& app) {
        app.get("/lines", []() -> Generator<ItemOut> { co_return; });
        app.get("/events", []() -> EventSourceResponse<ItemOut> { co_return; });
        app.get("/raw", []() -> EventSourceResponse<> { co_return; });
    });
    const auto schema = [&](std::string_view path, std::string_view media_type) -> const Json& {
        return at(document,
                  {"paths", path, "get", "responses", "200", "content", media_type, "schema"});
    };
    EXPECT_EQ(schema("/lines", "application/jsonl").dump(),
              R"({"type":"array","items":{"$ref":"#/components/schemas/ItemOut"}})");
    const Json& event = at(schema("/events", "text/event-stream"), {"items"});
    EXPECT_EQ(at(event, {"properties", "data"}).dump(),
              R"({"type":"string","contentMediaType":"application/json",)"
              R"("contentSchema":{"$ref":"#/components/schemas/ItemOut"}})");
    EXPECT_EQ(at(event, {"required"}).dump(), R"(["data"])");
    EXPECT_EQ(at(event, {"properties", "retry"}).dump(), R"({"type":"integer","minimum":0})");
    const Json& raw = at(schema("/raw", "text/event-stream"), {"items"});
    EXPECT_EQ(at(raw, {"properties", "data"}).dump(), R"({"type":"string"})");
    EXPECT_EQ(raw.find("required"), nullptr);
}

TEST(Document, puts_the_scheme_and_the_scopes_on_the_route) {
    const Json document = shop();
    EXPECT_EQ(at(document, {"paths", "/items", "post", "security"}).dump(),
              R"([{"OAuth2PasswordBearer":["write"]}])");
    EXPECT_EQ(at(document, {"components", "securitySchemes", "OAuth2PasswordBearer", "flows",
                            "password", "tokenUrl"})
                  .dump(),
              R"("token")");
    EXPECT_EQ(at(document, {"paths", "/items", "get"}).find("security"), nullptr);
}

TEST(Document, carries_what_a_route_says_of_itself) {
    const Json document = shop();
    const Json& read = at(document, {"paths", "/items/{item_id}", "get"});
    EXPECT_EQ(at(read, {"summary"}).dump(), R"("One item")");
    EXPECT_EQ(at(read, {"description"}).dump(), R"("By its id.")");
    EXPECT_EQ(at(read, {"tags"}).dump(), R"(["items"])");
    EXPECT_EQ(at(read, {"deprecated"}).dump(), "true");
}

TEST(Document, operation_ids_are_unique_and_stable) {
    std::set<std::string> ids;
    const Json document = shop();
    for (const auto& [path, item] : at(document, {"paths"}).members()) {
        for (const auto& [method, operation] : item.members()) {
            EXPECT_TRUE(ids.insert(at(operation, {"operationId"}).dump()).second);
        }
    }
    EXPECT_EQ(ids.size(), 4U);
    EXPECT_EQ(document.dump(), shop().dump());
}

TEST(Document, an_operation_id_given_twice_is_an_error) {
    EXPECT_THROW((void)shop([](openapi::App& app) {
                     app.get("/a", [] { return 1; }, {.operation_id = "same"});
                     app.get("/b", [] { return 1; }, {.operation_id = "same"});
                 }),
                 std::invalid_argument);
}

TEST(Document, one_switch_turns_the_errors_into_problem_details) {
    const Json plain = shop();
    EXPECT_EQ(at(plain, {"paths", "/items", "get", "responses", "422", "content",
                         "application/json", "schema"})
                  .dump(),
              R"({"$ref":"#/components/schemas/HTTPValidationError"})");
    const Json problem =
        shop(nullptr, {.title = "Shop", .error_format = ErrorFormat::problem_json});
    EXPECT_EQ(at(problem, {"paths", "/items", "get", "responses", "422", "content",
                           "application/problem+json", "schema"})
                  .dump(),
              R"({"$ref":"#/components/schemas/ValidationProblemDetails"})");
    EXPECT_NE(at(problem, {"components", "schemas"}).find("ValidationProblemDetails"), nullptr);
    EXPECT_EQ(at(problem, {"components", "schemas"}).find("HTTPValidationError"), nullptr);
}

TEST(Document, an_exception_handlers_body_is_the_schema_of_its_errors) {
    const Json document = shop([](openapi::App& app) {
        app.exception_handler<HTTPException>(
            [](const Request&, const HTTPException& error) { return Problem{error.detail()}; });
        app.exception_handler<RequestValidationError>(
            [](const Request&, const RequestValidationError&) -> Status<422, Problem> {
                return Problem{"no"};
            });
    });
    const Json& responses = at(document, {"paths", "/items", "post", "responses"});
    for (const std::string_view status : {"401", "403", "422"}) {
        EXPECT_EQ(at(responses, {status, "content", "application/json", "schema"}).dump(),
                  R"({"$ref":"#/components/schemas/Problem"})")
            << status;
    }
}

TEST(Document, a_routers_exception_handlers_describe_its_own_routes) {
    const Json document = shop([](openapi::App& app) {
        Router router{{.prefix = "/r"}};
        router.get("/{id}", [](Path<int, "id"> id, Security<user>) { return *id; });
        router.exception_handler<HTTPException>(
            [](const Request&, const HTTPException& error) { return Problem{error.detail()}; });
        router.exception_handler<RequestValidationError>(
            [](const Request&, const RequestValidationError&) -> Status<400, Problem> {
                return Problem{"no"};
            });
        app.include(router);
    });
    const Json& inside = at(document, {"paths", "/r/{id}", "get", "responses"});
    for (const std::string_view status : {"400", "401"}) {
        EXPECT_EQ(at(inside, {status, "content", "application/json", "schema"}).dump(),
                  R"({"$ref":"#/components/schemas/Problem"})")
            << status;
    }
    EXPECT_EQ(inside.find("422"), nullptr);
    const Json& outside = at(document, {"paths", "/items", "post", "responses"});
    EXPECT_EQ(at(outside, {"401", "content", "application/json", "schema"}).dump(),
              R"({"$ref":"#/components/schemas/HTTPError"})");
    EXPECT_NE(outside.find("422"), nullptr);
}

TEST(Document, an_exception_handler_that_answers_no_json_is_described_by_its_media_type) {
    const Json document = shop([](openapi::App& app) {
        app.exception_handler<HTTPException>([](const Request&, const HTTPException& error) {
            return PlainTextResponse{error.detail(), error.status()};
        });
    });
    EXPECT_EQ(at(document, {"paths", "/items", "post", "responses", "401", "content"}).dump(),
              R"({"text/plain":{"schema":{"type":"string"}}})");
}

}  // namespace
