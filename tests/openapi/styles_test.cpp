// How parameters and form fields are sent, as the document says it.

#include <gtest/gtest.h>

#include <portico/openapi/document.hpp>
#include <portico/portico.hpp>

namespace {

using namespace portico;
using model::Json;

struct Price {
    Annotated<double> gte = 0;
};
struct Filter {
    Annotated<Price> price;
    Annotated<std::vector<int>, explode(false)> ids = empty;
    Annotated<Price, as_json> other = Price{};
};

Json document() {
    openapi::App app;
    app.get("/named",
            [](Query<Price, "price">, Query<std::vector<std::string>, "ids", explode(false)>,
               Header<std::vector<std::string>, "x-ids", explode(false)>,
               Query<std::optional<Price>, "json", as_json>,
               Query<std::optional<std::string>, "n", required>) { return 1; });
    app.get("/whole", [](Query<Filter>) { return 1; });
    app.post("/form", [](Form<Filter>) { return 1; });
    app.post("/fields", [](Form<Price, "price">, File<"file">) { return 1; });
    app.post("/plain", [](Form<int, "n">) { return 1; });
    return openapi::document(app);
}

std::string operation(const Json& document, std::string_view path, std::string_view method,
                      std::string_view key) {
    return document["paths"][path][method][key].dump();
}

TEST(Styles, of_parameters_are_in_the_document) {
    const Json all = document();
    EXPECT_EQ(
        operation(all, "/named", "get", "parameters"),
        R"([{"name":"price","in":"query","required":true,"schema":{"$ref":"#/components/schemas/Price"},"style":"deepObject","explode":true},)"
        R"({"name":"ids","in":"query","required":true,"schema":{"type":"array","items":{"type":"string"},"title":"Ids"},"style":"form","explode":false},)"
        R"({"name":"json","in":"query","required":false,"schema":{"type":"string","contentMediaType":"application/json","contentSchema":{"anyOf":[{"$ref":"#/components/schemas/Price"},{"type":"null"}],"title":"Json"}}},)"
        R"({"name":"n","in":"query","required":true,"schema":{"anyOf":[{"type":"string"},{"type":"null"}],"title":"N"}},)"
        R"({"name":"x-ids","in":"header","required":true,"schema":{"type":"array","items":{"type":"string"},"title":"X-Ids"}}])");
    EXPECT_EQ(all["paths"]["/whole"]["get"]["parameters"][0]["style"].dump(), R"("deepObject")");
    EXPECT_EQ(all["paths"]["/whole"]["get"]["parameters"][1]["explode"].dump(), "false");
}

TEST(Styles, of_form_fields_are_the_encoding_of_the_body) {
    const Json all = document();
    const auto content = [&](std::string_view path) {
        return all["paths"][path]["post"]["requestBody"]["content"];
    };
    EXPECT_EQ(
        content("/form")["application/x-www-form-urlencoded"]["encoding"].dump(),
        R"({"price":{"style":"deepObject","explode":true},"ids":{"style":"form","explode":false},"other":{"contentType":"application/json"}})");
    EXPECT_EQ(content("/fields")["multipart/form-data"]["encoding"].dump(),
              R"({"price":{"style":"deepObject","explode":true}})");
    EXPECT_EQ(content("/plain")["application/x-www-form-urlencoded"].find("encoding"), nullptr);
}

}  // namespace
