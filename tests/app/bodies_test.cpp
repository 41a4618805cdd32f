#include "portico/app/parameters.hpp"

#include <gtest/gtest.h>

#include "portico/app/app.hpp"
#include "portico/model/decimal.hpp"
#include "portico/model/secret.hpp"
#include "portico/testing/test_client.hpp"

namespace portico::app {
namespace {

using model::Annotated;
using model::ge;
using model::min_length;
using testing::TestClient;

struct Item {
    Annotated<std::string, min_length(1)> name;
    Annotated<double> price;
};
struct Owner {
    Annotated<std::string> email;
};
struct Filter {
    Annotated<std::string> word;
    std::optional<int> least;
    Annotated<std::vector<std::string>> tags = model::empty;
};
struct Range {
    static constexpr auto model_config = model::ModelConfig{.extra = model::Extra::forbid};
    Annotated<int> least = 0;
    Annotated<int> most = 10;

    std::optional<std::string> validate() const {
        if (least > most) return "least is more than most";
        return std::nullopt;
    }
};

TEST(Bodies, a_struct_alone_is_the_json_body) {
    App app;
    app.post("/items", [](Item item) { return item.name + std::to_string(int(item.price)); });
    TestClient client(app);
    EXPECT_EQ(client.post("/items", {.json = R"({"name":"pen","price":2})"}).text, R"("pen2")");
    const auto response = client.post("/items", {.json = R"({"name":""})"});
    EXPECT_EQ(response.status_code, 422);
    EXPECT_EQ(
        response.text,
        R"({"detail":[{"type":"string_too_short","loc":["body","name"],"msg":"String should have at least 1 character","input":"","ctx":{"min_length":1}},)"
        R"({"type":"missing","loc":["body","price"],"msg":"Field required","input":{"name":""}}]})");
}

TEST(Bodies, no_body_where_one_is_needed_is_missing) {
    App app;
    app.post("/items", [](Item) { return 1; });
    app.post("/maybe", [](Body<std::optional<Item>> item) { return item->has_value(); });
    TestClient client(app);
    constexpr auto kMissing =
        R"({"detail":[{"type":"missing","loc":["body"],"msg":"Field required","input":null}]})";
    EXPECT_EQ(client.post("/items").text, kMissing);
    EXPECT_EQ(
        client.post("/items", {.json = "null"}).text,
        R"({"detail":[{"type":"model_attributes_type","loc":["body"],"msg":"Input should be a valid dictionary or object to extract fields from","input":null}]})");
    EXPECT_EQ(client.post("/maybe").text, "false");
    EXPECT_EQ(client.post("/maybe", {.json = "null"}).text, "false");
    EXPECT_EQ(client.post("/maybe", {.json = R"({"name":"a","price":1})"}).text, "true");
}

TEST(Bodies, a_body_that_is_no_json_is_answered_alone) {
    App app;
    bool called = false;
    app.post("/items/{id}", [&](Path<int, "id">, Item) {
        called = true;
        return 1;
    });
    TestClient client(app);
    const auto response = client.post("/items/x", {.json = R"({"name":)"});
    EXPECT_EQ(response.status_code, 422);
    EXPECT_NE(response.text.find(R"("type":"json_invalid","loc":["body",)"), std::string::npos);
    EXPECT_EQ(response.text.find("int_parsing"), std::string::npos);
    EXPECT_FALSE(called);
}

TEST(Bodies, a_body_not_sent_as_json_is_validated_as_text) {
    App app;
    app.post("/items", [](Item) { return 1; });
    app.post("/list", [](Body<std::vector<Item>> items) { return items->size(); });
    TestClient client(app);
    const auto response = client.post("/items", {.content = R"({"a":1})"});
    EXPECT_EQ(
        response.text,
        R"({"detail":[{"type":"model_attributes_type","loc":["body"],"msg":"Input should be a valid dictionary or object to extract fields from","input":"{\"a\":1}"}]})");
    EXPECT_EQ(client
                  .post("/items", {.headers = {{"Content-Type", "application/vnd.api+JSON; v=1"}},
                                   .content = R"({"name":"a","price":1})"})
                  .status_code,
              200);
    EXPECT_EQ(client.post("/list", {.json = R"([{"name":"a","price":1}])"}).text, "1");
}

TEST(Bodies, a_body_without_content_type_is_json_only_where_that_is_said) {
    constexpr auto kItem = R"({"name":"a","price":1})";
    const auto status = [&](App& app, std::string_view path) {
        TestClient client(app);
        return client.post(path, {.content = kItem}).status_code;
    };
    App strict;
    App lax{{.strict_content_type = false}};
    for (App* app : {&strict, &lax}) {
        app->post("/app", [](Item) { return 1; });
        app->post("/strict", [](Item) { return 1; }, {.strict_content_type = true});
        app->post("/lax", [](Item) { return 1; }, {.strict_content_type = false});
        Router inner{{.prefix = "/inner"}};
        inner.post("/x", [](Item) { return 1; });
        Router outer{{.prefix = "/outer", .strict_content_type = false}};
        outer.include(inner);
        app->include(outer);
        app->include(outer, {.prefix = "/included", .strict_content_type = true});
        Router lone{{.prefix = "/lone"}};
        lone.post("/x", [](Item) { return 1; });
        app->include(lone, {.strict_content_type = false});
    }
    EXPECT_EQ(status(strict, "/app"), 422);
    EXPECT_EQ(status(strict, "/strict"), 422);
    EXPECT_EQ(status(strict, "/lax"), 200);
    EXPECT_EQ(status(strict, "/outer/inner/x"), 200);
    EXPECT_EQ(status(strict, "/included/outer/inner/x"), 200);
    EXPECT_EQ(status(strict, "/lone/x"), 200);
    EXPECT_EQ(status(lax, "/app"), 200);
    EXPECT_EQ(status(lax, "/strict"), 422);
    // What says that it is something else is never JSON.
    TestClient client(lax);
    EXPECT_EQ(client.post("/app", {.headers = {{"Content-Type", "text/plain"}}, .content = kItem})
                  .status_code,
              422);
}

TEST(Bodies, a_body_in_another_charset_than_utf8_is_415) {
    App app;
    app.post("/json", [](Item) { return 1; });
    app.post("/form", [](Form<std::string, "name"> name) { return *name; });
    app.post("/file", [](File<"name", std::optional<UploadFile>>) { return 1; });
    TestClient client(app);
    const auto status = [&](std::string_view path, std::string type, std::string content) {
        return client
            .post(path, {.headers = {{"Content-Type", std::move(type)}}, .content = content})
            .status_code;
    };
    constexpr auto kItem = R"({"name":"a","price":1})";
    EXPECT_EQ(status("/json", "application/json; charset=utf-8", kItem), 200);
    EXPECT_EQ(status("/json", "application/json; charset=\"UTF-8\"", kItem), 200);
    EXPECT_EQ(status("/json", "application/json; charset=us-ascii", kItem), 200);
    EXPECT_EQ(status("/json", "application/json; charset=utf-16", kItem), 415);
    EXPECT_EQ(status("/json", "application/json; charset=iso-8859-1", kItem), 415);
    EXPECT_EQ(status("/form", "application/x-www-form-urlencoded; charset=UTF-8", "name=a"), 200);
    EXPECT_EQ(status("/form", "application/x-www-form-urlencoded; charset=latin1", "name=a"), 415);
    for (const std::string_view path : {"/form", "/file"}) {
        const std::string body =
            "--B\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n\r\n--B--\r\n";
        EXPECT_EQ(status(path, "multipart/form-data; charset=latin1; boundary=B", body), 415);
    }
}

TEST(Bodies, what_a_route_answers_to_a_body_that_it_does_not_take_is_described) {
    App app;
    app.post("/json", [](Item) { return 1; }, {.responses = {response<413>("Too much")}});
    app.post("/form", [](Form<std::string, "name"> name) { return *name; });
    app.post("/none", [] { return 1; });
    const auto statuses = [&](std::size_t route) {
        std::vector<int> all;
        for (const auto& each : app.routes()[route].responses) all.push_back(each.status);
        return all;
    };
    EXPECT_EQ(statuses(0), (std::vector{200, 413, 415}));
    EXPECT_EQ(app.routes()[0].responses[1].description, "Too much");
    EXPECT_EQ(statuses(1), (std::vector{200, 400, 413, 415}));
    EXPECT_EQ(statuses(2), (std::vector{200}));
}

TEST(Bodies, several_named_bodies_are_the_members_of_one_object) {
    App app;
    app.put("/x", [](Body<Item, "item"> item, Body<Owner, "owner"> owner,
                     Body<int, "count", ge(1), default_value(1)> count) {
        return item->name + owner->email + std::to_string(count);
    });
    TestClient client(app);
    EXPECT_EQ(
        client.put("/x", {.json = R"({"item":{"name":"a","price":1},"owner":{"email":"e"}})"}).text,
        R"("ae1")");
    EXPECT_EQ(
        client.put("/x", {.json = R"({"item":{"price":1},"count":0})"}).text,
        R"({"detail":[{"type":"missing","loc":["body","item","name"],"msg":"Field required","input":{"price":1}},)"
        R"({"type":"missing","loc":["body","owner"],"msg":"Field required","input":null},)"
        R"({"type":"greater_than_equal","loc":["body","count"],"msg":"Input should be greater than or equal to 1","input":0,"ctx":{"ge":1}}]})");
    EXPECT_EQ(
        client.put("/x").text,
        R"({"detail":[{"type":"missing","loc":["body","item"],"msg":"Field required","input":null},)"
        R"({"type":"missing","loc":["body","owner"],"msg":"Field required","input":null}]})");
}

TEST(Bodies, a_member_of_the_body_is_read_as_it_was_sent) {
    App app;
    app.put("/x", [](Body<model::Decimal, "price"> price, Body<std::optional<int>, "n"> n) {
        return price->to_string() + (*n ? "!" : "");
    });
    TestClient client(app);
    EXPECT_EQ(client.put("/x", {.json = R"({"price":1.10})"}).text, R"("1.10")");
    EXPECT_EQ(client.put("/x", {.json = R"({"price":12345678901234567890.01})"}).text,
              R"("12345678901234567890.01")");
    // What nobody asked for is only walked over, and of members of one name the last counts.
    EXPECT_EQ(client.put("/x", {.json = R"({"n":"x","other":1e999,"price":1,"n":2})"}).text,
              R"("1!")");
    EXPECT_EQ(client.put("/x", {.json = R"({"price":1,"other":tru})"}).json()["detail"][0]["loc"],
              model::Json::parse(R"(["body",19])").value());
    EXPECT_EQ(
        client.put("/x", {.json = R"({"price":1,"n":123456789012345678901})"}).text,
        R"({"detail":[{"type":"int_parsing_size","loc":["body","n"],"msg":"Unable to parse input string as an integer, exceeded maximum size","input":123456789012345678901}]})");
}

TEST(Bodies, two_bodies_without_names_are_refused_at_the_start) {
    App app;
    app.post("/x", [](Item, Owner) { return 1; });
    EXPECT_THROW(app.prepare(), std::invalid_argument);
}

TEST(Bodies, forms_are_read_urlencoded_and_multipart) {
    App app;
    app.post("/login", [](Form<std::string, "username"> name, Form<int, "age"> age) {
        return *name + std::to_string(age);
    });
    app.post("/whole", [](Form<Filter> form) { return std::string(form->word); });
    TestClient client(app);
    EXPECT_EQ(client.post("/login", {.data = {{"username", "a b&c"}, {"age", "7"}}}).text,
              R"("a b&c7")");
    EXPECT_EQ(client.post("/whole", {.data = {{"word", "w"}}}).text, R"("w")");
    const std::string part =
        "--B\r\nContent-Disposition: form-data; name=\"username\"\r\n\r\nx\r\n"
        "--B\r\nContent-Disposition: form-data; name=\"age\"\r\n\r\n3\r\n--B--\r\n";
    EXPECT_EQ(client
                  .post("/login", {.headers = {{"Content-Type", "multipart/form-data; boundary=B"}},
                                   .content = part})
                  .text,
              R"("x3")");
}

TEST(Bodies, files_are_uploaded_in_multipart_forms) {
    App app;
    app.post("/x", [](File<"one"> one, File<"none", std::optional<UploadFile>> none,
                      File<"many", std::vector<UploadFile>> many, Form<std::string, "note"> note) {
        return std::string(one->filename()) + "," + std::string(one->content_type()) + "," +
               std::string(*one->data()) + (none->has_value() ? "!" : "-") +
               std::to_string(many->size()) + *note;
    });
    TestClient client(app);
    const auto part = [](std::string name, std::string more, std::string data) {
        return "--B\r\nContent-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n\r\n" +
               data + "\r\n";
    };
    const auto post = [&](const std::string& parts) {
        return client.post("/x", {.headers = {{"Content-Type", "multipart/form-data; boundary=B"}},
                                  .content = parts + "--B--\r\n"});
    };
    const std::string many = part("many", "; filename=\"m\"", "1") +
                             part("many", "; filename=\"n\"", "2") + part("note", "", "ok");
    EXPECT_EQ(
        post(part("one", "; filename=\"a.txt\"\r\nContent-Type: text/plain", "hi") + many).text,
        R"("a.txt,text/plain,hi-2ok")");
    EXPECT_EQ(
        post(many).text,
        R"({"detail":[{"type":"missing","loc":["body","one"],"msg":"Field required","input":null}]})");
    EXPECT_EQ(
        post(part("one", "", "text") + many).text,
        R"({"detail":[{"type":"value_error","loc":["body","one"],"msg":"Value error, Expected UploadFile, received: <class 'str'>","input":"text","ctx":{"error":{}}}]})");
    EXPECT_EQ(app.routes()[0].body_media_type, "multipart/form-data");
}

struct LogIn {
    static constexpr auto model_config = model::ModelConfig{.extra = model::Extra::forbid};
    Annotated<std::string> username;
    Annotated<std::string> tenant;
    std::optional<model::SecretString> password;
};

TEST(Bodies, what_was_sent_for_a_whole_model_is_cut_and_keeps_its_secrets) {
    App app;
    app.post("/x", [](Form<LogIn>) { return 1; });
    TestClient client(app);
    const auto large = client.post("/x", {.data = {{"username", std::string(500'000, 'u')}}});
    EXPECT_LT(large.text.size(), 400U);
    EXPECT_NE(large.text.find(R"("loc":["body","tenant"])"), std::string::npos);
    const auto secret = client.post(
        "/x", {.data = {{"username", "a"}, {"password", "hunter2"}, {"pasword", "hunter2"}}});
    EXPECT_EQ(
        secret.text,
        R"({"detail":[{"type":"missing","loc":["body","tenant"],"msg":"Field required","input":{"username":"a","password":"**********"}},)"
        R"({"type":"extra_forbidden","loc":["body","pasword"],"msg":"Extra inputs are not permitted","input":"**********"}]})");
}

TEST(Bodies, an_unknown_member_of_a_form_is_cut_between_characters) {
    App app;
    app.post("/x", [](Form<Range>) { return 1; });
    app.post("/file", [](File<"up">) { return 1; });
    TestClient client(app);
    std::string text = "a";
    for (int i = 0; i < 100; ++i) text += "é";
    const auto extra = client.post("/x", {.data = {{"other", text}}});
    EXPECT_TRUE(extra.json()["detail"][0]["input"].as_string().ends_with("é…")) << extra.text;
    const auto file = client.post("/file", {.data = {{"up", text}}});
    EXPECT_TRUE(file.json()["detail"][0]["input"].as_string().ends_with("é…")) << file.text;
}

TEST(Bodies, an_empty_form_field_is_missing) {
    App app;
    app.post("/login", [](Form<std::string, "username"> name) { return *name; });
    TestClient client(app);
    constexpr auto kMissing =
        R"({"detail":[{"type":"missing","loc":["body","username"],"msg":"Field required","input":null}]})";
    EXPECT_EQ(client.post("/login", {.data = {{"username", ""}}}).text, kMissing);
    EXPECT_EQ(client.post("/login").text, kMissing);
}

TEST(Bodies, a_broken_form_is_400) {
    App app;
    app.post("/login", [](Form<std::string, "username"> name) { return *name; });
    TestClient client(app);
    EXPECT_EQ(
        client
            .post("/login", {.headers = {{"Content-Type", "multipart/form-data"}}, .content = "x"})
            .status_code,
        400);
}

TEST(Bodies, the_body_may_come_in_pieces) {
    App app;
    app.post("/items", [](Item item) { return std::string(item.name); });
    TestClient client(app, {.body_chunk = 3});
    EXPECT_EQ(client.post("/items", {.json = R"({"name":"pencil","price":2})"}).text,
              R"("pencil")");
}

TEST(Bodies, a_body_longer_than_the_route_takes_is_413) {
    App app{{.max_body = 10}};
    app.post("/items", [](Item) { return 1; });
    TestClient client(app);
    const auto response = client.post("/items", {.json = R"({"name":"pencil","price":2})"});
    EXPECT_EQ(response.status_code, 413);
    EXPECT_EQ(response.text, R"({"detail":"Content Too Large"})");
}

TEST(Bodies, a_media_type_that_the_route_does_not_take_is_415) {
    App app;
    app.post("/items", [](Item) { return 1; }, {.content_types = {"application/json"}});
    TestClient client(app);
    EXPECT_EQ(client.post("/items", {.json = R"({"name":"a","price":2})"}).status_code, 200);
    EXPECT_EQ(client.post("/items", {.content = "x"}).status_code, 415);
}

}  // namespace
}  // namespace portico::app
