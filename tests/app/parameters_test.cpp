#include "portico/app/parameters.hpp"

#include <gtest/gtest.h>

#include "portico/model/decimal.hpp"
#include "portico/model/secret_string.hpp"
#include "portico/testing/test_client.hpp"

namespace portico::app {
namespace {

using core::Task;
using model::Annotated;
using model::ge;
using model::le;
using model::min_length;
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
struct Item {
    Annotated<std::string, min_length(1)> name;
    Annotated<double> price;
};
struct Owner {
    Annotated<std::string> email;
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

TEST(Parameters, a_struct_alone_is_the_json_body) {
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

TEST(Parameters, no_body_where_one_is_needed_is_missing) {
    App app;
    app.post("/items", [](Item) { return 1; });
    app.post("/maybe", [](Body<std::optional<Item>> item) { return item->has_value(); });
    TestClient client(app);
    constexpr auto kMissing =
        R"({"detail":[{"type":"missing","loc":["body"],"msg":"Field required","input":null}]})";
    EXPECT_EQ(client.post("/items").text, kMissing);
    EXPECT_EQ(client.post("/items", {.json = "null"}).text, kMissing);
    EXPECT_EQ(client.post("/maybe").text, "false");
    EXPECT_EQ(client.post("/maybe", {.json = "null"}).text, "false");
    EXPECT_EQ(client.post("/maybe", {.json = R"({"name":"a","price":1})"}).text, "true");
}

TEST(Parameters, a_body_that_is_no_json_is_answered_alone) {
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

TEST(Parameters, a_body_not_sent_as_json_is_validated_as_text) {
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

TEST(Parameters, several_named_bodies_are_the_members_of_one_object) {
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

TEST(Parameters, a_member_of_the_body_is_read_as_it_was_sent) {
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

TEST(Parameters, two_bodies_without_names_are_refused_at_the_start) {
    App app;
    app.post("/x", [](Item, Owner) { return 1; });
    EXPECT_THROW(app.prepare(), std::invalid_argument);
}

TEST(Parameters, forms_are_read_urlencoded_and_multipart) {
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

TEST(Parameters, files_are_uploaded_in_multipart_forms) {
    App app;
    app.post("/x", [](File<"one"> one, File<"none", std::optional<UploadFile>> none,
                      File<"many", std::vector<UploadFile>> many, Form<std::string, "note"> note) {
        return std::string(one->filename) + "," + std::string(one->content_type) + "," +
               std::string(one->data) + (none->has_value() ? "!" : "-") +
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

struct LogIn {
    static constexpr auto model_config = model::ModelConfig{.extra = model::Extra::forbid};
    Annotated<std::string> username;
    Annotated<std::string> tenant;
    std::optional<model::SecretString> password;
};

TEST(Parameters, what_was_sent_for_a_whole_model_is_cut_and_keeps_its_secrets) {
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

TEST(Parameters, an_unknown_member_of_a_form_is_cut_between_characters) {
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

TEST(Parameters, a_query_with_too_many_parameters_is_400) {
    App app;
    app.get("/x", [](Query<int, "n"> n) { return *n; });
    TestClient client(app);
    std::string url = "/x?n=1";
    for (int i = 0; i < 10'000; ++i) url += "&a=b";
    EXPECT_EQ(client.get(url).status_code, 400);
}

TEST(Parameters, an_empty_form_field_is_missing) {
    App app;
    app.post("/login", [](Form<std::string, "username"> name) { return *name; });
    TestClient client(app);
    constexpr auto kMissing =
        R"({"detail":[{"type":"missing","loc":["body","username"],"msg":"Field required","input":null}]})";
    EXPECT_EQ(client.post("/login", {.data = {{"username", ""}}}).text, kMissing);
    EXPECT_EQ(client.post("/login").text, kMissing);
}

TEST(Parameters, a_broken_form_is_400) {
    App app;
    app.post("/login", [](Form<std::string, "username"> name) { return *name; });
    TestClient client(app);
    EXPECT_EQ(
        client
            .post("/login", {.headers = {{"Content-Type", "multipart/form-data"}}, .content = "x"})
            .status_code,
        400);
}

TEST(Parameters, the_body_may_come_in_pieces) {
    App app;
    app.post("/items", [](Item item) { return std::string(item.name); });
    TestClient client(app, {.body_chunk = 3});
    EXPECT_EQ(client.post("/items", {.json = R"({"name":"pencil","price":2})"}).text,
              R"("pencil")");
}

TEST(Parameters, a_body_longer_than_the_route_takes_is_413) {
    App app{{.max_body = 10}};
    app.post("/items", [](Item) { return 1; });
    TestClient client(app);
    const auto response = client.post("/items", {.json = R"({"name":"pencil","price":2})"});
    EXPECT_EQ(response.status_code, 413);
    EXPECT_EQ(response.text, R"({"detail":"Content Too Large"})");
}

TEST(Parameters, a_media_type_that_the_route_does_not_take_is_415) {
    App app;
    app.post("/items", [](Item) { return 1; }, {.content_types = {"application/json"}});
    TestClient client(app);
    EXPECT_EQ(client.post("/items", {.json = R"({"name":"a","price":2})"}).status_code, 200);
    EXPECT_EQ(client.post("/items", {.content = "x"}).status_code, 415);
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

}  // namespace
}  // namespace portico::app
