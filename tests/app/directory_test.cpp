#include "portico/app/directory.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "portico/app/app.hpp"
#include "portico/testing/test_client.hpp"

namespace portico::app {
namespace {

using testing::TestClient;

void write(const std::filesystem::path& path, std::string_view text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
}

class Directories : public ::testing::Test {
protected:
    Directories() {
        std::string name =
            (std::filesystem::temp_directory_path() / "portico-directory-XXXXXX").string();
        root = mkdtemp(name.data());
        write(root / "secret.txt", "secret");
        write(root / "site/index.html", "home");
        write(root / "site/404.html", "lost");
        write(root / "site/css/a b.css", "css");
        write(root / "site/docs/index.html", "docs");
        write(root / "site/.env", "KEY=1");
        write(root / "site/.git/config", "git");
        std::filesystem::create_symlink(root / "secret.txt", root / "site/link.txt");
        std::filesystem::create_directory_symlink(root, root / "site/up");
    }
    ~Directories() override { std::filesystem::remove_all(root); }

    std::filesystem::path root;
};

TEST_F(Directories, are_served_below_a_prefix) {
    App app;
    serve_directory(app, "/static", Directory(root / "site"));
    TestClient client(app);
    const auto css = client.get("/static/css/a%20b.css");
    EXPECT_EQ(css.text, "css");
    EXPECT_EQ(css.header("Content-Type"), "text/css; charset=utf-8");
    EXPECT_EQ(css.header("Content-Disposition"), "");
    EXPECT_EQ(client
                  .get("/static/css/a%20b.css",
                       {.headers = {{"If-None-Match", std::string(css.header("ETag"))}}})
                  .status_code,
              304);
    EXPECT_EQ(client.head("/static/css/a%20b.css").status_code, 200);
    EXPECT_EQ(client.post("/static/css/a%20b.css").status_code, 405);
    for (const auto* path :
         {"/static/none", "/static/css", "/static/css/", "/static/docs/", "/static/"}) {
        EXPECT_EQ(client.get(path).status_code, 404) << path;
    }
    EXPECT_EQ(client.get("/static/none").text, R"({"detail":"Not Found"})");
    EXPECT_FALSE(app.routes()[0].options.include_in_schema);
}

TEST_F(Directories, nothing_outside_of_them_can_be_had) {
    App app;
    serve_directory(app, "/static", Directory(root / "site"));
    TestClient client(app);
    for (const auto* path : {"/static/../secret.txt", "/static/%2e%2e/secret.txt",
                             "/static/..%2fsecret.txt", "/static/css/../../secret.txt",
                             "/static/css/%2e%2e%2f%2e%2e%2fsecret.txt", "/static//etc/passwd",
                             "/static/%2fetc%2fpasswd", "/static/link.txt", "/static/up/secret.txt",
                             "/static/.env", "/static/.git/config", "/static/css/./a%20b.css"}) {
        const auto response = client.get(path);
        EXPECT_EQ(response.status_code, 404) << path;
        EXPECT_EQ(response.text.find("secret\n"), std::string::npos) << path;
    }
    const Directory site(root / "site");
    for (const auto* path :
         {"../secret.txt", "css/../../secret.txt", "", ".", "..", "/etc/passwd"}) {
        EXPECT_FALSE(site.find(path)) << path;
    }
    EXPECT_FALSE(site.find(std::string(100'000, 'a')));
    EXPECT_FALSE(site.find(std::string("index.html\0", 11)));
    EXPECT_TRUE(site.find("index.html"));
}

TEST_F(Directories, links_and_hidden_files_are_there_when_they_are_asked_for) {
    const Directory open(root / "site", {.follow_links = true, .hidden_files = true});
    EXPECT_TRUE(open.find("link.txt"));
    EXPECT_TRUE(open.find("up/secret.txt"));
    EXPECT_TRUE(open.find(".env"));
    EXPECT_FALSE(open.find("../secret.txt"));
}

TEST_F(Directories, of_pages_have_an_index_and_a_page_for_what_is_not_there) {
    App app;
    app.get("/api", [] { return 1; });
    serve_directory(app, "", Directory(root / "site", {.html = true}));
    TestClient client(app, {.follow_redirects = false});
    EXPECT_EQ(client.get("/").text, "home");
    EXPECT_EQ(client.get("/api").text, "1");
    EXPECT_EQ(client.get("/docs/").text, "docs");
    const auto redirect = client.get("/docs?a=1");
    EXPECT_EQ(redirect.status_code, 307);
    EXPECT_EQ(redirect.header("Location"), "./docs/?a=1");
    const auto lost = client.get("/none");
    EXPECT_EQ(lost.status_code, 404);
    EXPECT_EQ(lost.text, "lost");
    EXPECT_EQ(lost.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(client.get("/css").text, "lost");
}

TEST_F(Directories, of_one_page_are_that_page_to_browsers) {
    App app;
    serve_directory(app, "/app", Directory(root / "site", {.html = true, .single_page = true}));
    TestClient client(app);
    const auto page = client.get("/app/orders/7", {.headers = {{"Accept", "text/html,*/*;q=0.8"}}});
    EXPECT_EQ(page.status_code, 200);
    EXPECT_EQ(page.text, "home");
    EXPECT_EQ(client.get("/app/orders/7", {.headers = {{"Accept", "*/*"}}}).status_code, 404);
    EXPECT_EQ(client.post("/app/orders/7").status_code, 405);
}

TEST_F(Directories, must_be_there) {
    EXPECT_THROW(Directory(root / "none"), std::system_error);
    EXPECT_THROW(Directory(root / "secret.txt"), std::system_error);
}

}  // namespace
}  // namespace portico::app
