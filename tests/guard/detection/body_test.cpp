#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "portico/guard/detection.hpp"

namespace portico::guard {
namespace {

const Detector& detector() {
    static const Detector made = Detector::create().value();
    return made;
}

/// The place of the first sign, or nothing.
std::string place_in(std::string_view type, std::string_view body) {
    Scan scan(detector());
    scan.body(type, body);
    if (!scan.is_attack()) return "";
    return std::string(name_of(scan.hits()[0].place)) + ":" + scan.hits()[0].field;
}

TEST(ScanBody, json_keys_and_values_at_any_depth) {
    EXPECT_EQ(place_in("application/json", R"({"a":[1,{"b":"<script>x"}]})"), "body_value:b");
    EXPECT_EQ(place_in("application/problem+json", R"({"a":1,"$where":"x"})"), "body_name:");
    EXPECT_EQ(place_in("application/json", R"({"a":"\u003cscript\u003e"})"), "body_value:a");
    EXPECT_EQ(place_in("application/json", R"({"\u0061\u0062":"\u0027 or 1=1--"})"),
              "body_value:ab");
    EXPECT_EQ(place_in("application/json", R"(["' or 1=1--"])"), "body_value:");
    EXPECT_EQ(place_in("application/json", R"("' or 1=1--")"), "body_value:");
    EXPECT_EQ(place_in("application/json", R"({"a":"<scr\ud83d\ude00","b":"ok"})"), "");
    std::string deep(20'000, '[');
    deep += R"("<script>")";
    EXPECT_EQ(place_in("application/json", deep), "body_value:");
}

TEST(ScanBody, a_body_that_is_no_json_is_a_text) {
    EXPECT_EQ(place_in("application/json", "<script>alert(1)</script>"), "body_value:");
    EXPECT_EQ(place_in("application/json", R"({"a": <script>})"), "body_value:a");
    EXPECT_EQ(place_in("application/json", R"({"a": "<script>)"), "body_value:a");
    EXPECT_EQ(place_in("application/json", R"({"a": 'x' or 1=1, "b": "<script>"})"),
              "body_value:a");
    EXPECT_EQ(place_in("application/json", "{\"a\":\"x\\"), "");
}

TEST(ScanBody, forms) {
    constexpr auto kForm = "application/x-www-form-urlencoded";
    EXPECT_EQ(place_in(kForm, "a=1&b=%27+or+1%3D1--"), "form_value:b");
    EXPECT_EQ(place_in(kForm, "a=1&b[$ne]=x"), "body_name:b[$ne]");
    EXPECT_EQ(place_in(kForm, "%3Cscript%3E"), "body_name:%3Cscript%3E");
    EXPECT_EQ(place_in(kForm, "name=O%27Brien&note=salt+%26+pepper&=&&x"), "");
}

constexpr auto kMultipart = "multipart/form-data; boundary=XX";

std::string part(std::string_view head, std::string_view data) {
    return "--XX\r\n" + std::string(head) + "\r\n\r\n" + std::string(data) + "\r\n";
}

TEST(ScanBody, multipart_names_file_names_and_texts) {
    const std::string end = "--XX--\r\n";
    EXPECT_EQ(place_in(kMultipart,
                       part(R"(Content-Disposition: form-data; name="a")", "' or 1=1--") + end),
              "form_value:a");
    EXPECT_EQ(
        place_in(kMultipart, part(R"(Content-Disposition: form-data; name="<script>")", "x") + end),
        "body_name:");
    EXPECT_EQ(place_in(kMultipart,
                       part("Content-Disposition: form-data; name=f; filename=\"../../x.png\"\r\n"
                            "Content-Type: image/png",
                            "\x89PNG") +
                           end),
              "file_name:f");
    EXPECT_EQ(
        place_in(
            kMultipart,
            part("content-disposition: form-data; name=f; filename*=UTF-8''shell.php", "x") + end),
        "file_name:f");
    EXPECT_EQ(place_in(kMultipart, part("Content-Disposition: form-data; name=f; filename=a.txt\r\n"
                                        "Content-Type: text/plain",
                                        "<?php system('id');") +
                                       end),
              "body_value:f");
    EXPECT_EQ(
        place_in(kMultipart,
                 part("Content-Disposition: form-data; name=j\r\nContent-Type: application/json",
                      R"({"k":"<script>"})") +
                     end),
        "body_value:k");
    EXPECT_EQ(
        place_in(kMultipart, part("Content-Disposition: form-data; name=a", "fine") +
                                 part("Content-Disposition: form-data; name=f; filename=cv.pdf",
                                      "%PDF <script>") +
                                 end),
        "");
}

TEST(ScanBody, a_malformed_multipart_body_is_scanned_too) {
    EXPECT_EQ(place_in("multipart/form-data", "x <script>alert(1)</script>"), "body_value:");
    EXPECT_EQ(place_in(kMultipart, "no boundary <script>"), "body_value:");
    EXPECT_EQ(place_in(kMultipart, "<script>\r\n--XX\r\n\r\nx"), "body_value:");
    EXPECT_EQ(place_in(kMultipart, "--XX\nContent-Disposition: form-data; name=a\n\n<script>"),
              "form_value:a");
}

TEST(ScanBody, xml) {
    EXPECT_EQ(place_in("application/xml",
                       R"(<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>)"),
              "document:");
    EXPECT_EQ(place_in("text/xml", "<a><b>' or 1=1--</b></a>"), "body_value:b");
    EXPECT_EQ(place_in("application/soap+xml", R"(<a><b id="1 or 1=1"/></a>)"), "form_value:");
    EXPECT_EQ(place_in("application/xml", "<a><![CDATA[<script>alert(1)</script>]]></a>"),
              "body_value:a");
    EXPECT_EQ(place_in("application/xml", "<a>&lt;script&gt;</a>"), "body_value:a");
    EXPECT_EQ(place_in("application/xml", "<a><!-- <script> --></a>"), "body_value:a");
    EXPECT_EQ(place_in("application/xml", "<a <script>"), "body_value:");
    EXPECT_EQ(place_in("application/xml",
                       "<?xml version=\"1.0\"?><order id=\"7\"><name>O'Brien</name></order>"),
              "");
}

TEST(ScanBody, other_texts_and_bodies_without_a_type) {
    EXPECT_EQ(place_in("text/plain", "<script>"), "body_value:");
    EXPECT_EQ(place_in("", R"({"a":"<script>"})"), "body_value:a");
    EXPECT_EQ(place_in("", "<a><b>' or 1=1--</b></a>"), "body_value:b");
    EXPECT_EQ(place_in("", "a=%3Cscript%3E"), "form_value:a");
    EXPECT_EQ(place_in("nonsense", "some <script>"), "body_value:");
    EXPECT_EQ(place_in("application/x-unknown", "some <script>"), "body_value:");
}

TEST(ScanBody, what_is_no_text_is_reported) {
    for (const auto type : {"image/png", "application/pdf", "application/octet-stream"}) {
        Scan scan(detector());
        scan.body(type, "\x89PNG <script>");
        EXPECT_FALSE(scan.is_attack());
        EXPECT_TRUE(scan.was_not_scanned(NotScanned::binary_body));
    }
    Scan scan(detector());
    scan.not_scanned(NotScanned::encoded_body);
    EXPECT_TRUE(scan.was_not_scanned(NotScanned::encoded_body));
    EXPECT_EQ(name_of(NotScanned::encoded_body), "encoded_body");
}

TEST(ScanBody, a_key_that_is_written_in_another_way_is_the_same_key) {
    constexpr std::array<std::string_view, 1> kFields{"password"};
    const auto scan_of = [&](std::string_view body) {
        Scan scan(detector(), {.unscanned_fields = kFields});
        scan.body("application/json", body);
        return scan.is_attack();
    };
    constexpr std::string_view kValue = R"("' or 1=1--")";
    const auto rows = [&](std::string_view key) {
        return R"([{"password": "a", "name": "b"}, {")" + std::string(key) + R"(": )" +
               std::string(kValue) + "}]";
    };
    EXPECT_FALSE(scan_of(rows("password")));
    EXPECT_FALSE(scan_of(rows("p\\u0061ssword")));
    EXPECT_TRUE(scan_of(rows("name")));
    EXPECT_TRUE(scan_of(rows("n\\u0061me")));
}

TEST(ScanBody, an_attack_in_a_key_is_found_after_any_number_of_rows) {
    std::string body = "[";
    for (int i = 0; i < 100; ++i) body += R"({"id": 1, "name": "a", "<b>": 2},)";
    EXPECT_EQ(place_in("application/json", body + "{}]"), "");
    EXPECT_EQ(place_in("application/json", body + R"({"<script>": 1}])"), "body_name:");
}

}  // namespace
}  // namespace portico::guard
