#include "portico/model/url.hpp"

#include <gtest/gtest.h>

#include "portico/model/schema.hpp"
#include "tests/model/reading.hpp"

namespace portico::model {
namespace {

struct UrlCase {
    const char* input;
    const char* expected;  ///< As it is written, or the message of the fault.
};

void PrintTo(const UrlCase& each, std::ostream* out) {
    *out << each.input;
}

template <class Url>
std::string outcome(std::string_view text) {
    const auto url = Url::parse(text);
    return url ? url->str() : url.error();
}

template <class Url>
void expect(const UrlCase& each) {
    EXPECT_EQ(outcome<Url>(each.input), each.expected);
    if (const auto url = Url::parse(each.input)) {
        EXPECT_EQ(outcome<Url>(url->str()), url->str());
    }
}

class HttpUrls : public testing::TestWithParam<UrlCase> {};
TEST_P(HttpUrls, are_written_in_one_way) {
    expect<HttpUrl>(GetParam());
}

constexpr const char* kNoHost = "Input should be a valid URL, empty host";
constexpr const char* kBadPort = "Input should be a valid URL, invalid port number";
constexpr const char* kBadV4 = "Input should be a valid URL, invalid IPv4 address";
constexpr const char* kBadV6 = "Input should be a valid URL, invalid IPv6 address";
constexpr const char* kBadDomain = "Input should be a valid URL, invalid international domain name";
constexpr const char* kRelative = "Input should be a valid URL, relative URL without a base";

const UrlCase kHttp[] = {
    {"http://example.com", "http://example.com/"},
    {"HTTP://EXAMPLE.com:80/a b?q=ü#f", "http://example.com/a%20b?q=%C3%BC#f"},
    {"https://example.com:8443", "https://example.com:8443/"},
    {"https://example.com:443/x", "https://example.com/x"},
    {"http://example.com:080/", "http://example.com/"},
    {"http://example.com:", "http://example.com/"},
    {"http://example.com?q", "http://example.com/?q"},
    {"http://example.com/?#", "http://example.com/?#"},
    {"  http://example.com\n", "http://example.com/"},
    {"http://user:pw@example.com/", "http://user:pw@example.com/"},
    {"http://user name:p:w@example.com", "http://user%20name:p%3Aw@example.com/"},
    {"http://a@b@example.com", "http://a%40b@example.com/"},
    {"http://:pw@example.com", "http://:pw@example.com/"},
    {"http://@example.com", "http://example.com/"},
    {"http://example.com/../a/./b/..", "http://example.com/a/"},
    {"http://example.com/a/%2E%2e/b/%2e", "http://example.com/b/"},
    {"http://example.com/a|b<>\"'`{}^", "http://example.com/a|b%3C%3E%22'%60%7B%7D^"},
    {"http://example.com?a'b\"<>`{}^|", "http://example.com/?a%27b%22%3C%3E`{}^|"},
    {"http://example.com/%zz", "http://example.com/%zz"},
    {"http://example.com/a\\b\tc", "http://example.com/a%5Cb%09c"},
    {"http://x_y.com", "http://x_y.com/"},
    {"http://[::1]:8080/", "http://[::1]:8080/"},
    {"http://[2001:DB8:0:0::1]", "http://[2001:db8::1]/"},
    {"http://127.0.0.1", "http://127.0.0.1/"},
    {"http://xn--mnchen-3ya.de", "http://xn--mnchen-3ya.de/"},
    {"ftp://example.com", "URL scheme should be 'http' or 'https'"},
    {"javascript:alert(1)", "URL scheme should be 'http' or 'https'"},
    {"example.com", kRelative},
    {"//example.com", kRelative},
    {"1http://example.com", kRelative},
    {"", "Input should be a valid URL, input is empty"},
    {" ", "Input should be a valid URL, input is empty"},
    {"http://", kNoHost},
    {"http:///example.com", kNoHost},
    {"http:example.com", kNoHost},
    {"http:\\\\example.com", kNoHost},
    {"http://user@/", kNoHost},
    {"http://:80/", kNoHost},
    {"http://example.com:99999", kBadPort},
    {"http://example.com:b", kBadPort},
    {"http://example.com:-1", kBadPort},
    {"http://1.2.3.999", kBadV4},
    {"http://127.1", kBadV4},
    {"http://0x7f.0x1", kBadV4},
    {"http://2130706433", kBadV4},
    {"http://0177.0.0.1", kBadV4},
    {"http://[::z]/", kBadV6},
    {"http://[::1", kBadV6},
    {"http://[::1]x/", kBadV6},
    {"http://[fe80::1%25eth0]/", kBadV6},
    {"http://exa mple.com", kBadDomain},
    {"http://münchen.de", "http://xn--mnchen-3ya.de/"},
    {"https://MÜNCHEN.de:8443/ä", "https://xn--mnchen-3ya.de:8443/%C3%A4"},
    {"http://faß.de", "http://xn--fa-hia.de/"},
    {"http://例え.テスト", "http://xn--r8jz45g.xn--zckzah/"},
    {"http://１２７.０.０.１", "http://127.0.0.1/"},
    {"http://１２７.１", kBadV4},
    {"http://a℀b.de", kBadDomain},
    {"http://ü%41.de", kBadDomain},
    {"http://\u200d.de", kBadDomain},
    {"http://\xff.de", kBadDomain},
    {"http://ex%61mple.com", kBadDomain},
    {"http://example.com\\@evil.org", kBadDomain},
    {"http://a\nb.com", kBadDomain},
};
INSTANTIATE_TEST_SUITE_P(Cases, HttpUrls, testing::ValuesIn(kHttp));

class AnyUrls : public testing::TestWithParam<UrlCase> {};
TEST_P(AnyUrls, keep_what_is_not_known_of_their_scheme) {
    expect<AnyUrl>(GetParam());
}

const UrlCase kAny[] = {
    {"postgres://u:p@h/db", "postgres://u:p@h/db"},
    {"mailto:a@b", "mailto:a@b"},
    {"data:text/plain,hi there", "data:text/plain,hi%20there"},
    {"foo:", "foo:"},
    {"foo://", "foo://"},
    {"foo://Bar.COM", "foo://Bar.COM"},
    {"FOO://a/../b", "foo://a/b"},
    {"foo:/a/../b", "foo:/b"},
    {"foo://x:080/", "foo://x:80/"},
    {"foo://127.1/", "foo://127.1/"},
    {"unix:///run/x", "unix:///run/x"},
    {"file:///tmp/x", "file:///tmp/x"},
    {"ws://x.com", "ws://x.com/"},
    {"foo:/.//evil.org", kNoHost},
    {"foo://u@/x", kNoHost},
    {"foo://a b", "Input should be a valid URL, invalid domain character"},
    {"foo://a<b", "Input should be a valid URL, invalid domain character"},
    {"x", kRelative},
    {"foo bar:x", kRelative},
};
INSTANTIATE_TEST_SUITE_P(Cases, AnyUrls, testing::ValuesIn(kAny));

class RedisDsns : public testing::TestWithParam<UrlCase> {};
TEST_P(RedisDsns, have_the_defaults_of_a_redis) {
    expect<RedisDsn>(GetParam());
}
const UrlCase kRedis[] = {
    {"redis://localhost", "redis://localhost:6379/0"},
    {"redis://", "redis://localhost:6379/0"},
    {"redis:///1", "redis://localhost:6379/1"},
    {"redis://h/", "redis://h:6379/0"},
    {"rediss://:pw@h:1/3", "rediss://:pw@h:1/3"},
    {"redis:", kNoHost},
    {"http://x", "URL scheme should be 'redis' or 'rediss'"},
};
INSTANTIATE_TEST_SUITE_P(Cases, RedisDsns, testing::ValuesIn(kRedis));

class PostgresDsns : public testing::TestWithParam<UrlCase> {};
TEST_P(PostgresDsns, may_have_several_hosts) {
    expect<PostgresDsn>(GetParam());
}
const UrlCase kPostgres[] = {
    {"postgres://u:p@h:5432/db", "postgres://u:p@h:5432/db"},
    {"postgresql+asyncpg://u:p%40@h/db", "postgresql+asyncpg://u:p%40@h/db"},
    {"postgresql://h1:1,[::1]:2,h3/db", "postgresql://h1:1,[::1]:2,h3/db"},
    {"postgresql://h", "postgresql://h"},
    {"postgresql://", kNoHost},
    {"postgresql:///db", kNoHost},
    {"postgres://user@/db", kNoHost},
    {"postgresql://h1,,h2/db", kNoHost},
    {"postgresql://h1,/db", kNoHost},
    {"postgresql://u:p@h1,u:p@h2/db", kBadPort},
    {"mysql://x",
     "URL scheme should be 'postgres', 'postgresql', 'postgresql+asyncpg', 'postgresql+pg8000', "
     "'postgresql+psycopg', 'postgresql+psycopg2', 'postgresql+psycopg2cffi', "
     "'postgresql+py-postgresql' or 'postgresql+pygresql'"},
};
INSTANTIATE_TEST_SUITE_P(Cases, PostgresDsns, testing::ValuesIn(kPostgres));

TEST(Urls, of_the_other_kinds_have_their_schemes_and_ports) {
    EXPECT_EQ(outcome<MySQLDsn>("mysql://h/db"), "mysql://h:3306/db");
    EXPECT_EQ(outcome<MongoDsn>("mongodb://h1,h2/db"), "mongodb://h1,h2:27017/db");
    EXPECT_EQ(outcome<KafkaDsn>("kafka://"), "kafka://localhost:9092");
    EXPECT_EQ(outcome<AmqpDsn>("amqp://"), "amqp://");
    EXPECT_EQ(outcome<WebsocketUrl>("wss://x:443"), "wss://x/");
    EXPECT_EQ(outcome<FtpUrl>("ftp://x:21"), "ftp://x/");
    EXPECT_EQ(outcome<FileUrl>("file://h/x"), "file://h/x");
    EXPECT_EQ(outcome<FileUrl>("http://h/x"), "URL scheme should be 'file'");
    EXPECT_EQ(outcome<AnyHttpUrl>("http://x"), "http://x/");
}

TEST(Urls, are_taken_apart) {
    const auto url = HttpUrl::parse("https://me:secret@[::1]/a/b?c=d#e").value();
    EXPECT_EQ(url.scheme(), "https");
    EXPECT_EQ(url.username(), "me");
    EXPECT_EQ(url.password(), "secret");
    EXPECT_EQ(url.host(), "[::1]");
    EXPECT_EQ(url.port(), 443);
    EXPECT_EQ(url.path(), "/a/b");
    EXPECT_EQ(url.query(), "c=d");
    EXPECT_EQ(url.fragment(), "e");

    const auto bare = AnyUrl::parse("mailto:a@b").value();
    EXPECT_EQ(bare.host(), "");
    EXPECT_EQ(bare.username(), "");
    EXPECT_EQ(bare.port(), std::nullopt);
    EXPECT_EQ(bare.path(), "a@b");
    EXPECT_EQ(bare.query(), "");
    EXPECT_EQ(bare.fragment(), "");

    const auto user_alone = HttpUrl::parse("http://me@x").value();
    EXPECT_EQ(user_alone.username(), "me");
    EXPECT_EQ(user_alone.password(), "");
    EXPECT_EQ(HttpUrl::parse("http://:pw@x")->password(), "pw");
    EXPECT_EQ(HttpUrl::parse("http://:pw@x")->username(), "");
    EXPECT_EQ(PostgresDsn::parse("postgres://u@a:1,b:2/db")->host(), "a:1,b:2");
    EXPECT_EQ(PostgresDsn::parse("postgres://u@a:1,b:2/db")->port(), std::nullopt);
    EXPECT_EQ(AnyUrl().host(), "");
}

TEST(Urls, are_bounded_as_sent_and_as_written) {
    const std::string longest = "http://x/" + std::string(2083 - 9, 'a');
    EXPECT_EQ(outcome<HttpUrl>(longest), longest);
    EXPECT_EQ(outcome<HttpUrl>(longest + "a"), "URL should have at most 2083 characters");
    EXPECT_EQ(outcome<HttpUrl>("http://x/" + std::string(1000, ' ') + "a"),
              "URL should have at most 2083 characters");
    EXPECT_EQ(outcome<AnyUrl>("foo:" + std::string(70'000, 'a')),
              "URL should have at most 65536 characters");
}

TEST(Urls, are_read_from_json_with_pydantics_faults) {
    EXPECT_EQ(verdict<HttpUrl>(R"("http://example.com")"), R"("http://example.com/")");
    EXPECT_EQ(text_verdict<HttpUrl>("http://example.com"), R"("http://example.com/")");
    EXPECT_EQ(verdict<HttpUrl>("5"), "url_type: URL input should be a string or URL |  | 5");
    EXPECT_EQ(
        verdict<HttpUrl>(R"("x")"),
        R"(url_parsing: Input should be a valid URL, relative URL without a base | {"error":"relative URL without a base"} | "x")");
    EXPECT_EQ(
        verdict<HttpUrl>(R"("ftp://x")"),
        R"(url_scheme: URL scheme should be 'http' or 'https' | {"expected_schemes":"'http' or 'https'"} | "ftp://x")");
    EXPECT_EQ(verdict<HttpUrl>("\"http://x/" + std::string(2083, 'a') + "\"").substr(0, 77),
              R"(url_too_long: URL should have at most 2083 characters | {"max_length":2083} |)");
}

TEST(Urls, have_a_format_in_the_schema) {
    EXPECT_EQ(json_schema(slot_of<HttpUrl>()).dump(),
              R"({"type":"string","format":"uri","minLength":1,"maxLength":2083})");
    EXPECT_EQ(json_schema(slot_of<PostgresDsn>()).dump(),
              R"({"type":"string","format":"multi-host-uri","minLength":1})");
    EXPECT_EQ(json_schema(slot_of<AnyUrl>()).dump(),
              R"({"type":"string","format":"uri","minLength":1})");
}

}  // namespace
}  // namespace portico::model
