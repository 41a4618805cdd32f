#include "portico/app/parameter_options.hpp"

#include <gtest/gtest.h>

#include <map>

#include "portico/testing/test_client.hpp"

namespace portico::app {
namespace parameter_options_test {

// Of an optional member the compiler wants linkage.
struct Bounds {
    static constexpr auto model_config = model::ModelConfig{.extra = model::Extra::forbid};
    std::optional<double> gte;
    std::optional<double> lt;

    std::optional<std::string> validate() const {
        if (gte && lt && *gte >= *lt) return "nothing is between them";
        return std::nullopt;
    }
};

}  // namespace parameter_options_test

namespace {

using model::Annotated;
using parameter_options_test::Bounds;
using testing::TestClient;

using Words = std::vector<std::string>;

std::string joined(const Words& words) {
    std::string text;
    for (const auto& word : words) text += "<" + word + ">";
    return text;
}

// ---- deepObject

struct Filter {
    Annotated<Bounds> price;
    Annotated<Words> tags = model::empty;
    Annotated<bool> sold = false;
};
struct Strict {
    static constexpr auto model_config = model::ModelConfig{.extra = model::Extra::forbid};
    std::optional<Bounds> price;
};
struct Search {
    std::optional<Bounds> price;
    Annotated<int, model::ge(1)> limit = 20;
};

TEST(NestedParameters, a_named_struct_in_a_query_is_sent_in_brackets) {
    App app;
    app.get("/x", [](Query<Filter, "filter"> filter) {
        return std::to_string(filter->price.gte.value_or(-1)) + joined(filter->tags) +
               (filter->sold ? "sold" : "");
    });
    TestClient client(app);
    EXPECT_EQ(client
                  .get("/x?filter[price][gte]=1&filter[tags]=a&filter%5Btags%5D=b&filter[sold]=on&"
                       "filter[unknown]=1&other[price]=2")
                  .text,
              R"("1.000000<a><b>sold")");
    EXPECT_EQ(client.get("/x?filter[price][lt]=1&filter[price][lt]=2").text, R"("-1.000000")");
    EXPECT_EQ(
        client.get("/x?filter[price][gte]=x").text,
        R"({"detail":[{"type":"float_parsing","loc":["query","filter","price","gte"],"msg":"Input should be a valid number, unable to parse string as a number","input":"x"}]})");
    EXPECT_EQ(
        client.get("/x?filter[sold]=1").text,
        R"({"detail":[{"type":"missing","loc":["query","filter","price"],"msg":"Field required","input":{"sold":"1"}}]})");
    EXPECT_EQ(
        client.get("/x?filter[price][gt]=1").text,
        R"({"detail":[{"type":"extra_forbidden","loc":["query","filter","price","gt"],"msg":"Extra inputs are not permitted","input":"1"}]})");
    EXPECT_EQ(
        client.get("/x?filter[price][gte]=2&filter[price][lt]=1").text,
        R"({"detail":[{"type":"value_error","loc":["query","filter","price"],"msg":"Value error, nothing is between them","input":{"gte":"2","lt":"1"},"ctx":{"error":{}}}]})");
    EXPECT_EQ(
        client.get("/x").text,
        R"({"detail":[{"type":"missing","loc":["query","filter"],"msg":"Field required","input":null}]})");
    EXPECT_EQ(
        client.get("/x?filter=1").text,
        R"({"detail":[{"type":"model_attributes_type","loc":["query","filter"],"msg":"Input should be a valid dictionary or object to extract fields from","input":"1"}]})");
}

TEST(NestedParameters, a_struct_in_a_struct_of_parameters_is_nested) {
    App app;
    app.get("/x", [](Query<Search> search) {
        return (search->price ? search->price->gte.value_or(-1) : -2) + search->limit;
    });
    app.get("/strict", [](Query<Strict> strict) { return strict->price.has_value(); });
    TestClient client(app);
    EXPECT_EQ(client.get("/x?price[gte]=5&limit=1").text, "6.0");
    EXPECT_EQ(client.get("/x?limit=1").text, "-1.0");
    EXPECT_EQ(client.get("/strict?price[gte]=5").text, "true");
    EXPECT_EQ(
        client.get("/strict?price[gte]=5&priceless[gte]=1").text,
        R"({"detail":[{"type":"extra_forbidden","loc":["query","priceless[gte]"],"msg":"Extra inputs are not permitted","input":"1"}]})");
}

struct Line {
    Annotated<std::string> name;
    Annotated<int> count = 1;
};
struct Address {
    Annotated<std::string> city;
    std::optional<std::string> street;
};
struct Order {
    Annotated<Address> address;
    Annotated<std::vector<Line>> lines = model::empty;
    Annotated<std::map<std::string, int>> extras = model::empty;
};

TEST(NestedParameters, forms_have_models_lists_of_models_and_maps) {
    App app;
    app.post("/x", [](Form<Order> order) {
        std::string text = order->address.city + order->address.street.value_or("-");
        for (const Line& line : order->lines) text += "|" + line.name + std::to_string(line.count);
        for (const auto& [key, value] : order->extras) text += "|" + key + std::to_string(value);
        return text;
    });
    app.post("/one", [](Form<Address, "address"> address, Form<int, "n">) {
        return std::string(address->city);
    });
    TestClient client(app);
    EXPECT_EQ(client
                  .post("/x", {.data = {{"address[city]", "Ulm"},
                                        {"address[street]", ""},
                                        {"lines[10][name]", "c"},
                                        {"lines[2][count]", "3"},
                                        {"lines[2][name]", "b"},
                                        {"lines[0][name]", "a"},
                                        {"extras[é]", "7"}}})
                  .text,
              R"("Ulm-|a1|b3|c1|é7")");
    EXPECT_EQ(client.post("/one", {.data = {{"address[city]", "Ulm"}, {"n", "1"}}}).text,
              R"("Ulm")");
    EXPECT_EQ(
        client.post("/x", {.data = {{"address[city]", ""}, {"lines[3][count]", "1"}}}).text,
        R"({"detail":[{"type":"missing","loc":["body","address"],"msg":"Field required","input":{}},)"
        R"({"type":"missing","loc":["body","lines",0,"name"],"msg":"Field required","input":{"count":"1"}}]})");
    const std::string part =
        "--B\r\nContent-Disposition: form-data; name=\"address[city]\"\r\n\r\nUlm\r\n--B--\r\n";
    EXPECT_EQ(client
                  .post("/x", {.headers = {{"Content-Type", "multipart/form-data; boundary=B"}},
                               .content = part})
                  .text,
              R"("Ulm-")");
}

TEST(NestedParameters, names_that_are_not_well_formed_are_other_names) {
    App app;
    app.get("/x", [](Query<std::optional<Bounds>, "p"> p) { return p->has_value(); });
    TestClient client(app);
    for (const std::string_view name : {"p[gte", "p[gte]x", "p]gte[", "pp[gte]",
                                        "p[a][b][c][d][e][f][g][h][i][j][k][l][m][n][o]"
                                        "[p][q]"}) {
        EXPECT_EQ(client.get("/x?" + std::string(name) + "=1").text, "false") << name;
    }
    EXPECT_EQ(
        client.get("/x?p[gte]=%ff").text,
        R"({"detail":[{"type":"string_unicode","loc":["query","p"],"msg":"Input should be a valid string, unable to parse raw data as a unicode string","input":"�"}]})");
}

// ---- explode

TEST(ParameterOptions, a_list_may_be_one_text) {
    struct Page {
        Annotated<std::vector<int>, explode(false)> ids = model::empty;
    };
    App app;
    app.get("/x", [](Query<Words, "tags", explode(false), model::min_length(1)> tags) {
        return joined(*tags);
    });
    app.get("/ids", [](Query<Page> page) { return std::vector<int>(page->ids); });
    app.get("/header", [](Header<Words, "x-tags", explode(false)> tags) { return joined(*tags); });
    app.get("/maybe", [](Query<std::optional<Words>, "tags", explode(false)> tags) {
        return *tags ? joined(**tags) : "none";
    });
    TestClient client(app);
    EXPECT_EQ(client.get("/x?tags=a,b").text, R"("<a><b>")");
    EXPECT_EQ(client.get("/x?%74ags=a%2Cb,c+d,%22,&tags=e").text, R"("<a,b><c d><\"><><e>")");
    EXPECT_EQ(
        client.get("/x?tags=").text,
        R"({"detail":[{"type":"too_short","loc":["query","tags"],"msg":"List should have at least 1 item after validation, not 0","input":[],"ctx":{"field_type":"List","min_length":1,"actual_length":0}}]})");
    EXPECT_EQ(client.get("/x").json()["detail"][0]["type"].as_string(), "missing");
    EXPECT_EQ(client.get("/ids?ids=1,2").text, "[1,2]");
    EXPECT_EQ(client.get("/ids?ids=1,x").json()["detail"][0]["loc"],
              model::Json::parse(R"(["query","ids",1])").value());
    EXPECT_EQ(client.get("/header", {.headers = {{"X-Tags", "a, b"}, {"X-Tags", "c"}}}).text,
              R"("<a><b><c>")");
    EXPECT_EQ(client.get("/maybe").text, R"("none")");
    EXPECT_EQ(client.get("/maybe?tags=").text, R"("")");
}

// ---- as_json

TEST(ParameterOptions, a_value_may_be_sent_as_json) {
    struct Page {
        Annotated<Filter, as_json> filter;
    };
    App app;
    app.get("/x", [](Query<Filter, "filter", as_json> filter) {
        return *filter->price.gte + double(filter->tags.size());
    });
    app.get("/page", [](Query<Page> page) { return *page->filter.price.gte; });
    app.post("/form", [](Form<std::vector<int>, "ids", as_json> ids) { return ids->size(); });
    app.get("/maybe", [](Query<std::optional<int>, "n", as_json> n) { return n->has_value(); });
    TestClient client(app);
    const auto get = [&](std::string_view path, std::string json) {
        return client.get(path, {.params = {{"filter", std::move(json)}}}).text;
    };
    EXPECT_EQ(get("/x", R"({"price":{"gte":1.5},"tags":["a","b"]})"), "3.5");
    EXPECT_EQ(get("/page", R"({"price":{"gte":1.5}})"), "1.5");
    EXPECT_EQ(
        get("/x", R"({"price":{"gte":"x"}})"),
        R"({"detail":[{"type":"float_parsing","loc":["query","filter","price","gte"],"msg":"Input should be a valid number, unable to parse string as a number","input":"x"}]})");
    const auto broken = client.get("/x", {.params = {{"filter", "{"}}}).json()["detail"][0];
    EXPECT_EQ(broken["type"].as_string(), "json_invalid");
    EXPECT_EQ(broken["loc"], model::Json::parse(R"(["query","filter"])").value());
    EXPECT_EQ(broken["msg"].as_string(),
              "Invalid JSON: " + std::string(broken["ctx"]["error"].as_string()));
    EXPECT_EQ(broken["input"].as_string(), "{");
    EXPECT_EQ(client.get("/x").json()["detail"][0]["type"].as_string(), "missing");
    EXPECT_EQ(client.post("/form", {.data = {{"ids", "[1,2,3]"}}}).text, "3");
    EXPECT_EQ(client.get("/maybe?n=null").text, "false");
    EXPECT_EQ(client.get("/maybe?n=1").text, "true");
}

// ---- names, and what must be sent

TEST(ParameterOptions, a_header_may_keep_its_underscores) {
    struct Tokens {
        Annotated<std::string> x_token;
    };
    App app;
    app.get("/x", [](Header<std::string, "x_token", convert_underscores(false)> token) {
        return *token;
    });
    app.get("/all", [](Header<Tokens, "", convert_underscores(false)> tokens) {
        return std::string(tokens->x_token);
    });
    TestClient client(app);
    for (const std::string_view path : {"/x", "/all"}) {
        EXPECT_EQ(client.get(path, {.headers = {{"X_Token", "t"}}}).text, R"("t")");
        EXPECT_EQ(client.get(path, {.headers = {{"X-Token", "t"}}}).status_code, 422);
    }
}

TEST(ParameterOptions, an_optional_may_have_to_be_sent) {
    struct Page {
        Annotated<std::optional<int>, required> limit;
    };
    App app;
    app.get("/x", [](Query<std::optional<int>, "limit", required, model::ge(1)> limit) {
        return limit->value_or(0);
    });
    app.get("/page", [](Query<Page>) { return 1; });
    app.put("/x",
            [](Body<std::optional<int>, "limit", required> limit) { return limit->value_or(0); });
    TestClient client(app);
    EXPECT_EQ(client.get("/x?limit=3").text, "3");
    EXPECT_EQ(client.get("/x?limit=0").status_code, 422);
    for (const std::string_view path : {"/x", "/page"}) {
        EXPECT_EQ(client.get(path).json()["detail"][0]["type"].as_string(), "missing") << path;
    }
    EXPECT_TRUE(app.routes()[0].parameters[0].required);
    EXPECT_EQ(client.put("/x", {.json = R"({"limit":null})"}).text, "0");
    EXPECT_EQ(client.put("/x", {.json = "{}"}).json()["detail"][0]["type"].as_string(), "missing");
}

struct StrictHeaders {
    static constexpr auto model_config = model::ModelConfig{.extra = model::Extra::forbid};
    Annotated<std::string> host;
    Annotated<Words> x_tag = model::empty;
};

TEST(ParameterOptions, a_struct_of_headers_may_forbid_others) {
    App app;
    app.get("/x", [](Header<StrictHeaders> headers) { return headers->x_tag.size(); });
    TestClient client(app);
    EXPECT_EQ(client.get("/x", {.headers = {{"X-Tag", "a"}, {"x-tag", "b"}}}).text, "2");
    EXPECT_EQ(
        client.get("/x", {.headers = {{"Tool", "hammer"}, {"Authorization", "Bearer t"}}}).text,
        R"({"detail":[{"type":"extra_forbidden","loc":["header","tool"],"msg":"Extra inputs are not permitted","input":"hammer"},)"
        R"({"type":"extra_forbidden","loc":["header","authorization"],"msg":"Extra inputs are not permitted","input":"**********"}]})");
}

}  // namespace
}  // namespace portico::app
