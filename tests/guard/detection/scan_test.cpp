#include "portico/guard/detection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <optional>

namespace portico::guard {
namespace {

using testing::Contains;
using testing::Field;
using namespace std::string_view_literals;

const Detector& detector() {
    static const Detector made = Detector::create().value();
    return made;
}

Scan scanned(Place place, std::string_view text, std::string_view name = "q") {
    Scan scan(detector());
    scan.value(place, name, text);
    return scan;
}

Scan scanned_body(std::string_view type, std::string_view body) {
    Scan scan(detector());
    scan.body(type, body);
    return scan;
}

TEST(Scan, tells_the_rule_the_place_and_the_field) {
    Scan scan(detector());
    scan.query("page=2&name=%3Cscript%3Ealert(1)%3C/script%3E");
    ASSERT_TRUE(scan.is_attack());
    EXPECT_THAT(scan.hits(),
                Contains(testing::AllOf(
                    Field(&Hit::rule, "xss-script"), Field(&Hit::category, Category::xss),
                    Field(&Hit::place, Place::query_value), Field(&Hit::field, "name"))));
}

TEST(Scan, a_header_is_searched_once_and_only_what_was_clean_is_known) {
    const Detector own = Detector::create().value();
    const auto scan_of = [&](std::string_view text, Place place = Place::header) {
        Scan scan(own);
        scan.value(place, "x", text);
        return scan;
    };
    constexpr auto kClean = "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Firefox/115.0"sv;
    const auto first = scan_of(kClean).steps();
    EXPECT_LT(scan_of(kClean).steps(), first);
    // Another place has other rules.
    EXPECT_EQ(scan_of(kClean, Place::query_value).steps(),
              scan_of(kClean, Place::query_value).steps());
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(scan_of("Mozilla/5.0 <script>alert(1)</script>").is_attack());
        // Two signs that are no attack alone still add up.
        EXPECT_GT(scan_of("a value with select name from users in it").score(), 0);
    }
    // What could not be looked at is told each time, also beside another that could not.
    std::string nested = "a value of some length %41";
    for (int i = 0; i < 6; ++i) {
        std::string outer;
        for (const char c : nested) outer += c == '%' ? "%25" : std::string(1, c);
        nested = outer;
    }
    for (int i = 0; i < 2; ++i) {
        Scan scan(own);
        scan.value(Place::query_value, "q", nested);
        scan.value(Place::header, "x", nested);
        EXPECT_TRUE(scan.was_not_scanned(NotScanned::nested));
    }
    EXPECT_TRUE(scan_of(nested).was_not_scanned(NotScanned::nested));
}

TEST(Scan, every_part_of_a_request) {
    constexpr auto kScript = "<script>alert(1)</script>";
    const auto attacks = [&](auto&& feed) {
        Scan scan(detector());
        feed(scan);
        return scan.is_attack();
    };
    EXPECT_TRUE(attacks([](Scan& s) { s.path("/static/..%2f..%2fetc/passwd"); }));
    EXPECT_TRUE(attacks([](Scan& s) { s.query("a=1&%3Cscript%3E=2"); }));
    EXPECT_TRUE(attacks([](Scan& s) { s.query("user[$ne]=x"); }));
    EXPECT_TRUE(attacks([](Scan& s) { s.query("id=1+or+1=1"); }));
    EXPECT_TRUE(attacks([](Scan& s) { s.query("%3Cscript%3E"); }));
    EXPECT_TRUE(attacks([&](Scan& s) { s.header("X-Name", kScript); }));
    EXPECT_TRUE(attacks([](Scan& s) { s.header("Accept", "${jndi:ldap://x.example/a}"); }));
    EXPECT_TRUE(attacks([](Scan& s) { s.header("Cookie", "a=1; b=%27%20or%201=1--; c=2"); }));
    EXPECT_TRUE(
        attacks([](Scan& s) { s.headers(http::Headers{{"User-Agent", "() { :;}; /bin/id"}}); }));
    EXPECT_FALSE(attacks([](Scan& s) { s.path("/api/v1/items/42"); }));
}

TEST(Scan, browsers_own_fields_are_clean) {
    Scan scan(detector());
    scan.headers(http::Headers{
        {"Host", "api.example.com"},
        {"User-Agent",
         "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/124.0.0.0 Safari/537.36"},
        {"sec-ch-ua", R"("Chromium";v="124", "Google Chrome";v="124", "Not-A.Brand";v="99")"},
        {"sec-ch-ua-platform", R"("macOS")"},
        {"Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"},
        {"If-None-Match", R"(W/"33a64df5", "or 1=1")"},
        {"Authorization", "Basic YWxpY2U6JyBvciAxPTEtLQ=="},
        {"Referer", "https://www.example.com/search?q=it%27s&page=2#top"},
        {"Cookie", "session=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln; theme=dark; _ga=GA1.2.1.2"},
        {"X-Forwarded-For", "203.0.113.7, 10.0.0.1"},
    });
    EXPECT_EQ(scan.score(), 0);
    EXPECT_TRUE(scan.hits().empty());
}

TEST(Scan, four_layers_are_looked_under_and_a_fifth_is_reported) {
    const auto encode = [](std::string text, int layers) {
        for (; layers > 0; --layers) {
            std::string out;
            for (const char c : text) {
                if (c == '%') {
                    out += "%25";
                } else if (c == '<') {
                    out += "%3c";
                } else {
                    out += c;
                }
            }
            text = out;
        }
        return text;
    };
    for (int layers = 0; layers <= 4; ++layers) {
        const auto scan = scanned(Place::query_value, encode("<script>", layers));
        EXPECT_TRUE(scan.is_attack()) << layers;
    }
    const auto scan = scanned(Place::query_value, encode("<script>", 5));
    EXPECT_FALSE(scan.is_attack());
    EXPECT_TRUE(scan.was_not_scanned(NotScanned::nested));
    EXPECT_FALSE(scan.was_all_scanned());
}

TEST(Scan, a_byte_that_is_not_utf8_does_not_end_a_scan) {
    EXPECT_TRUE(scanned(Place::body_value, "\xff\xfe <script>alert(1)</script>").is_attack());
    EXPECT_TRUE(scanned_body("application/json", "{\"a\xff\": \"\xfe' or 1=1--\"}").is_attack());
    EXPECT_TRUE(scanned_body("text/plain", "\x80\x80<svg onload=alert(1)>").is_attack());
}

TEST(Scan, weak_signs_add_up) {
    EXPECT_FALSE(scanned(Place::body_value, "String.fromCharCode(72, 105)").is_attack());
    EXPECT_FALSE(scanned(Place::body_value, "select version()").is_attack());
    Scan scan(detector());
    scan.value(Place::body_value, "a", "select version()");
    EXPECT_FALSE(scan.is_attack());
    scan.value(Place::body_value, "b", "String.fromCharCode(72, 105)");
    EXPECT_EQ(scan.score(), 4);
    scan.value(Place::body_value, "c", "information_schema.tables");
    EXPECT_TRUE(scan.is_attack());
}

TEST(Scan, a_named_field_can_be_left_out_but_not_its_name) {
    constexpr std::array<std::string_view, 2> kFields{"password", "html"};
    const auto attack = [&](std::string_view type, std::string_view body) {
        Scan scan(detector(), {.unscanned_fields = kFields});
        scan.body(type, body);
        return scan.is_attack();
    };
    EXPECT_FALSE(attack("application/x-www-form-urlencoded", "user=a&password=%27+or+1%3D1--"));
    EXPECT_TRUE(attack("application/x-www-form-urlencoded", "user=%27+or+1%3D1--&password=x"));
    EXPECT_FALSE(attack("application/json",
                        R"({"d":{"html":"<script>x</script>"},"password":["' or 1=1"]})"));
    EXPECT_TRUE(attack("application/json", R"({"html":"x","d":"<script>x</script>"})"));
    EXPECT_TRUE(attack("application/json", R"({"<script>":"x"})"));
}

TEST(Scan, hits_are_bounded) {
    const auto none = Detector::create({.threshold = 100}).value();
    Scan scan(none);
    for (int i = 0; i < 50; ++i)
        scan.value(Place::query_value, std::string(100, 'n'), "information_schema.tables");
    EXPECT_EQ(scan.hits().size(), 16U);
    EXPECT_EQ(scan.hits()[0].field.size(), 64U);
}

TEST(Scan, work_is_bounded_and_what_was_left_out_is_reported) {
    const auto small = Detector::create({.max_steps = 2000}).value();
    Scan scan(small);
    scan.body("text/plain", std::string(5000, '(') + "<script>");
    EXPECT_FALSE(scan.is_attack());
    EXPECT_TRUE(scan.was_not_scanned(NotScanned::work));
    EXPECT_LE(scan.steps(), 2000U);
}

TEST(Scan, an_ordinary_request_costs_few_steps) {
    Scan scan(detector());
    scan.path("/api/v1/items/42");
    scan.query("page=2&limit=20&sort=name");
    scan.header("User-Agent",
                "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0");
    scan.header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    scan.header("Cookie", "session=0123456789abcdef");
    EXPECT_LT(scan.steps(), 700U);
}

TEST(Scan, hostile_bodies_stay_within_the_bound) {
    for (const std::string_view piece :
         {"'"sv,   "\""sv,  "<"sv,     "<a "sv,   ";select "sv, "union select "sv,
          "../"sv, "%25"sv, "&amp;"sv, "\\x5c"sv, "on=on"sv,    " onx="sv,
          "{{"sv,  "${"sv,  "$("sv,    "/*"sv,    "' or "sv,    "\xc0\xaf"sv,
          "a"sv,   "\r\n"sv}) {
        std::string body;
        while (body.size() < 16 * 1024) body += piece;
        for (const auto type : {"text/plain", "application/json", "application/xml",
                                "application/x-www-form-urlencoded", ""}) {
            const auto scan = scanned_body(type, body);
            EXPECT_LE(scan.steps(), 400'000U) << piece << " " << type;
        }
    }
}

TEST(Scan, copies_of_a_detector_share_its_tables) {
    std::optional<Detector> first = Detector::create().value();
    const Detector copy = *first;
    first.reset();
    Scan scan(copy);
    scan.value(Place::query_value, "q", "<script>");
    EXPECT_TRUE(scan.is_attack());
    EXPECT_GT(copy.memory(), 100'000U);
}

}  // namespace
}  // namespace portico::guard
