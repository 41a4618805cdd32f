#include "portico/openapi/app.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <portico/portico.hpp>

#include "portico/testing/test_client.hpp"

namespace {

using namespace portico;
using portico::testing::TestClient;
using ::testing::HasSubstr;

std::vector<std::string> paths_of(const std::string& document) {
    std::vector<std::string> paths;
    const Json parsed = Json::parse(document).value();
    for (const auto& [path, item] : parsed["paths"].members()) paths.push_back(path);
    return paths;
}

TEST(Documents, the_same_is_served_as_yaml_and_as_openapi_3_0) {
    App app{{.title = "Shop"}};
    app.get("/items", [](Query<std::optional<int>, "n"> n) { return *n; });
    TestClient client(app);
    const auto yaml = client.get("/openapi.yaml");
    EXPECT_EQ(yaml.status_code, 200);
    EXPECT_EQ(yaml.header("content-type"), "application/yaml");
    EXPECT_EQ(yaml.text, openapi::to_yaml(app.openapi()));
    const auto old = client.get("/openapi-3.0.json");
    EXPECT_EQ(old.header("content-type"), "application/json");
    EXPECT_EQ(old.text, openapi::as_openapi_3_0(app.openapi()).dump());
    EXPECT_THAT(old.text, HasSubstr(R"("nullable":true)"));

    App elsewhere{{.openapi_url = "/document"}};
    TestClient other(elsewhere);
    EXPECT_EQ(other.get("/document").status_code, 200);
    EXPECT_EQ(other.get("/document.yaml").status_code, 404);
}

TEST(Documents, a_part_of_an_application_has_one_of_its_own) {
    App app{{.title = "Shop", .version = "9"}};
    app.get("/v1/items", [] { return 1; });
    app.get("/v1", [] { return 1; });
    app.get("/v10/items", [] { return 1; });
    app.get("/v2/items", [] { return 1; }, {.tags = {"new", "items"}});
    app.document("/v1/openapi.json", {.title = "Shop, as it was",
                                      .version = "1",
                                      .prefix = "/v1",
                                      .docs_url = "/v1/docs",
                                      .redoc_url = "/v1/redoc",
                                      .scalar_url = "/v1/scalar"});
    app.document("/new.json", {.tags = {"new"}});
    TestClient client(app);
    const auto first = client.get("/v1/openapi.json");
    EXPECT_EQ(paths_of(first.text), (std::vector<std::string>{"/v1/items", "/v1"}));
    EXPECT_THAT(first.text, HasSubstr(R"("title":"Shop, as it was","version":"1")"));
    EXPECT_EQ(paths_of(client.get("/new.json").text), std::vector<std::string>{"/v2/items"});
    EXPECT_THAT(client.get("/new.json").text, HasSubstr(R"("title":"Shop","version":"9")"));
    EXPECT_EQ(paths_of(client.get("/openapi.json").text).size(), 4U);
    EXPECT_THAT(client.get("/v1/docs").text, HasSubstr("Shop, as it was"));
    for (const char* script : {"/v1/docs/init.js", "/v1/scalar/init.js", "/v1/redoc"}) {
        EXPECT_THAT(client.get(script).text, HasSubstr("\"/v1/openapi.json\"")) << script;
    }
    EXPECT_EQ(client.get("/v1/openapi.yaml").status_code, 200);
    EXPECT_EQ(client.get("/new/docs").status_code, 404);
}

TEST(Documents, two_programs_of_the_same_routes_give_the_same_bytes) {
    const auto make = [] {
        App app{
            {.tags = {{.name = "b"}, {.name = "a"}}, .webhooks = {webhook<std::vector<int>>("w")}}};
        for (const char* path : {"/b", "/a", "/c"}) {
            app.get(std::string(path), [](Query<int, "q"> q) { return *q; },
                    {.responses = {response<404>(), response<301>()}});
        }
        return app.openapi().dump();
    };
    EXPECT_EQ(make(), make());
}

TEST(Documents, scalar_asks_no_other_host) {
    App app{{.title = "A & B <script>"}};
    TestClient client(app);
    const auto page = client.get("/scalar");
    EXPECT_EQ(page.status_code, 200);
    EXPECT_THAT(page.text, HasSubstr("A &amp; B &lt;script&gt;"));
    EXPECT_THAT(page.text, ::testing::Not(HasSubstr("https://")));
    const std::string policy(page.header("content-security-policy"));
    EXPECT_THAT(policy, HasSubstr("script-src 'self';"));
    EXPECT_THAT(policy, HasSubstr("connect-src 'self'"));
    EXPECT_THAT(policy, ::testing::Not(HasSubstr("unsafe-eval")));
    const auto script = client.get("/scalar/init.js");
    EXPECT_THAT(script.text, HasSubstr("withDefaultFonts: false"));
    EXPECT_THAT(script.text, HasSubstr("telemetry: false"));
}

TEST(Documents, scalars_script_is_sent_gzipped_to_everybody) {
    App app;
    TestClient client(app);
    const auto script = client.get("/scalar/scalar.standalone.js");
    EXPECT_EQ(script.header("content-encoding"), "gzip");
    EXPECT_TRUE(script.text.starts_with("\x1f\x8b"));

    App without{{.scalar_url = ""}};
    TestClient other(without);
    EXPECT_EQ(other.get("/scalar").status_code, 404);
}

}  // namespace
