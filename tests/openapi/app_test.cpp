#include "portico/openapi/app.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <portico/portico.hpp>

#include "portico/testing/test_client.hpp"

namespace {

using namespace portico;
using portico::testing::TestClient;
using ::testing::HasSubstr;

TEST(DocsPages, the_document_is_served_as_json) {
    openapi::App app({.title = "Shop"});
    app.get("/items", [] { return 1; });
    TestClient client(app);
    const auto response = client.get("/openapi.json");
    EXPECT_EQ(response.status_code, 200);
    EXPECT_EQ(response.header("content-type"), "application/json");
    EXPECT_EQ(response.text, app.openapi().dump());
}

TEST(DocsPages, swagger_ui_and_redoc_need_no_inline_script_and_no_other_host) {
    openapi::App app({.title = "A & B <script>"});
    TestClient client(app);
    for (const char* path : {"/docs", "/redoc", "/docs/oauth2-redirect"}) {
        const auto page = client.get(path);
        EXPECT_EQ(page.status_code, 200) << path;
        EXPECT_THAT(page.text, HasSubstr("A &amp; B &lt;script&gt;"));
        EXPECT_THAT(page.text, ::testing::Not(HasSubstr("<script>")));
        EXPECT_THAT(page.text, ::testing::Not(HasSubstr("http://")));
        EXPECT_THAT(page.text, ::testing::Not(HasSubstr("https://")));
        EXPECT_THAT(page.header("content-security-policy"), HasSubstr("script-src 'self'"));
    }
}

TEST(DocsPages, redoc_alone_may_start_a_worker) {
    openapi::App app;
    TestClient client(app);
    EXPECT_THAT(client.get("/redoc").header("content-security-policy"),
                HasSubstr("; worker-src blob:"));
    EXPECT_THAT(client.get("/docs").header("content-security-policy"),
                ::testing::Not(HasSubstr("worker-src")));
}

TEST(DocsPages, every_asset_of_the_pages_is_there) {
    openapi::App app;
    TestClient client(app);
    for (const char* path : {"/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css", "/docs/init.js",
                             "/docs/oauth2-redirect.js", "/docs/favicon.png",
                             "/redoc/redoc.standalone.js", "/redoc/favicon.png"}) {
        const auto asset = client.get(path);
        EXPECT_EQ(asset.status_code, 200) << path;
        EXPECT_FALSE(asset.text.empty()) << path;
    }
}

TEST(DocsPages, a_large_asset_is_sent_gzipped_to_who_takes_it) {
    openapi::App app;
    TestClient client(app);
    const auto plain = client.get("/docs/swagger-ui-bundle.js");
    const auto packed =
        client.get("/docs/swagger-ui-bundle.js", {.headers = {{"Accept-Encoding", "gzip"}}});
    EXPECT_EQ(packed.header("content-encoding"), "gzip");
    EXPECT_LT(packed.text.size() * 2, plain.text.size());
    EXPECT_THAT(plain.header("vary"), HasSubstr("Accept-Encoding"));
}

TEST(DocsPages, the_init_script_points_at_the_document_below_the_root_path) {
    openapi::App app({.root_path = "/shop"});
    TestClient client(app);
    const auto script = client.get("/docs/init.js");
    EXPECT_THAT(script.text, HasSubstr("url: \"/shop/openapi.json\""));
    EXPECT_THAT(script.text, HasSubstr("\"/shop/docs/oauth2-redirect\""));
    EXPECT_THAT(client.get("/docs").text, HasSubstr("src=\"/shop/docs/swagger-ui-bundle.js\""));
}

TEST(DocsPages, an_empty_address_leaves_a_page_out) {
    openapi::App app({.docs_url = "", .redoc_url = ""});
    TestClient client(app);
    EXPECT_EQ(client.get("/docs").status_code, 404);
    EXPECT_EQ(client.get("/redoc").status_code, 404);
    EXPECT_EQ(client.get("/openapi.json").status_code, 200);

    openapi::App bare({.openapi_url = ""});
    TestClient other(bare);
    EXPECT_EQ(other.get("/openapi.json").status_code, 404);
    EXPECT_EQ(other.get("/docs").status_code, 404);
}

TEST(OpenApiApp, hooks_and_lifespans_take_the_class_that_they_were_given_to) {
    std::vector<std::string> titles;
    App app{{.title = "Shop"}};
    app.on_startup([&](App& started) { titles.push_back(started.options().title); });
    app.on_startup([&](app::App& started) { titles.push_back(started.options().title); });
    app.lifespan([&](App& served, Serving& serving) -> Task<void> {
        titles.push_back(served.options().title);
        co_await serving;
    });
    const TestClient client(app);
    EXPECT_EQ(titles, std::vector<std::string>(3, "Shop"));
}

}  // namespace
