#include "portico/http/url.hpp"

#include <gtest/gtest.h>

using portico::http::describe;
using portico::http::parse_host_port;
using portico::http::percent_decode;
using portico::http::percent_encode;
using portico::http::Url;
using portico::http::UrlError;
using portico::http::UrlPart;

TEST(PercentEncoding, keeps_what_the_part_allows) {
    EXPECT_EQ(percent_encode("aZ09-._~"), "aZ09-._~");
    EXPECT_EQ(percent_encode("a/b?c=d&e f"), "a%2Fb%3Fc%3Dd%26e%20f");
    EXPECT_EQ(percent_encode("/a b/c?d", UrlPart::path), "/a%20b/c%3Fd");
    EXPECT_EQ(percent_encode("a=b&c=/?#", UrlPart::query), "a=b&c=/?%23");
    EXPECT_EQ(percent_encode("https://a/b%20c?d#e\r\n\\\"<>", UrlPart::reference),
              "https://a/b%20c?d#e%0D%0A%5C%22%3C%3E");
    EXPECT_EQ(percent_encode("\xC3\xA9"), "%C3%A9");
}

TEST(PercentEncoding, is_decoded_strictly) {
    EXPECT_EQ(percent_decode("a%20b%C3%a9%00+"), std::string("a b\xC3\xA9\0+", 7));
    for (const auto* text : {"%", "%2", "%zz", "a%2", "%%20"})
        EXPECT_EQ(percent_decode(text), std::nullopt);
}

TEST(PercentEncoding, of_every_byte_is_undone_by_decoding) {
    std::string all;
    for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
    EXPECT_EQ(percent_decode(percent_encode(all)), all);
    EXPECT_EQ(percent_decode(percent_encode(all, UrlPart::path)), all);
    EXPECT_EQ(percent_decode(percent_encode(all, UrlPart::query)), all);
}

TEST(Url, is_split_into_its_parts) {
    const auto url = Url::parse("HTTPS://Example.COM:8443/a/b%20c?x=1&y=/?#frag").value();
    EXPECT_EQ(url.scheme, "https");
    EXPECT_EQ(url.host, "example.com");
    EXPECT_EQ(url.port, 8443);
    EXPECT_EQ(url.path, "/a/b%20c");
    EXPECT_EQ(url.query, "x=1&y=/?");
    EXPECT_EQ(url.fragment, "frag");
    EXPECT_EQ(url.to_string(), "https://example.com:8443/a/b%20c?x=1&y=/?#frag");
    EXPECT_EQ(url.origin(), "https://example.com:8443");
}

TEST(Url, has_a_path_and_maybe_no_port) {
    const auto url = Url::parse("http://[2001:DB8::1]").value();
    EXPECT_EQ(url.host, "[2001:db8::1]");
    EXPECT_EQ(url.port, std::nullopt);
    EXPECT_EQ(url.effective_port(), 80);
    EXPECT_EQ(url.path, "/");
    EXPECT_EQ(Url::parse("https://a?x")->query, "x");
    EXPECT_EQ(Url::parse("wss://a")->effective_port(), 443);
    EXPECT_EQ(Url::parse("redis://a")->effective_port(), 0);
}

TEST(Url, an_origin_has_no_default_port) {
    EXPECT_EQ(Url::parse("https://a.example:443/x")->origin(), "https://a.example");
    EXPECT_EQ(Url::parse("http://a.example:80")->origin(), "http://a.example");
    EXPECT_EQ(Url::parse("http://a.example:443")->origin(), "http://a.example:443");
}

TEST(Url, is_read_strictly) {
    const std::pair<std::string_view, UrlError> cases[] = {
        {"", UrlError::bad_scheme},
        {"example.com", UrlError::bad_scheme},
        {"//example.com", UrlError::bad_scheme},
        {"://example.com", UrlError::bad_scheme},
        {"1http://example.com", UrlError::bad_scheme},
        {"ht tp://example.com", UrlError::bad_scheme},
        {"javascript:alert(1)", UrlError::bad_scheme},
        {"https:/example.com", UrlError::bad_scheme},
        {"https://", UrlError::bad_host},
        {"https:///x", UrlError::bad_host},
        {"https://:80", UrlError::bad_host},
        {"https://a b", UrlError::bad_host},
        {"https://a\\@b", UrlError::user_info},
        {"https://good.example@evil.example", UrlError::user_info},
        {"https://evil.example\\.good.example", UrlError::bad_host},
        {"https://.a", UrlError::bad_host},
        {"https://a..b", UrlError::bad_host},
        {"https://*.a", UrlError::bad_host},
        {"https://127.1", UrlError::bad_host},
        {"https://0x7f.1", UrlError::bad_host},
        {"https://1.2.3.4.5", UrlError::bad_host},
        {"https://2130706433", UrlError::bad_host},
        {"https://[::1", UrlError::bad_host},
        {"https://[1.2.3.4]", UrlError::bad_host},
        {"https://[::1]x", UrlError::bad_host},
        {"https://[fe80::1%25eth0]", UrlError::bad_host},
        {"https://a:", UrlError::bad_port},
        {"https://a:0", UrlError::bad_port},
        {"https://a:65536", UrlError::bad_port},
        {"https://a:80x", UrlError::bad_port},
        {"https://a:-1", UrlError::bad_port},
        {"https://a/ b", UrlError::bad_character},
        {"https://a/\r\n", UrlError::bad_character},
        {"https://a/%zz", UrlError::bad_character},
        {"https://a/%2", UrlError::bad_character},
        {"https://a/?\"", UrlError::bad_character},
        {"https://a/#<", UrlError::bad_character},
        {"https://a/\\b", UrlError::bad_character},
        {"https://a/\xC3\xA9", UrlError::bad_character},
    };
    for (const auto& [text, error] : cases) {
        const auto url = Url::parse(text);
        ASSERT_FALSE(url) << text;
        EXPECT_EQ(describe(url.error()), describe(error)) << text;
    }
    EXPECT_EQ(Url::parse("https://a/" + std::string(8192, 'a')).error(), UrlError::too_long);
}

TEST(HostPort, is_a_host_and_maybe_a_port) {
    EXPECT_EQ(parse_host_port("localhost")->host, "localhost");
    EXPECT_EQ(parse_host_port("localhost:8000")->port, 8000);
    EXPECT_EQ(parse_host_port("[::1]:8000")->host, "[::1]");
    EXPECT_EQ(parse_host_port("[::1]:8000")->port, 8000);
    EXPECT_EQ(parse_host_port("[::1]")->port, std::nullopt);
    EXPECT_EQ(parse_host_port("my_service.")->host, "my_service.");
    for (const auto* text : {"", ":80", "a:", "a:b", "a:80:80", "::1", "[::1]80", "a/b", "a b",
                             "a@b", "a,b", "a:99999", "[]", "\xC3\xA9", "%61"}) {
        EXPECT_FALSE(parse_host_port(text)) << text;
    }
    EXPECT_FALSE(parse_host_port(std::string(254, 'a')));
}
