#include "portico/redis/url.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace portico::redis {
namespace {

using Hosts = std::vector<Url::Host>;

TEST(RedisUrl, a_bare_host_is_the_usual_port_and_database) {
    const auto url = Url::parse("redis://localhost").value();
    EXPECT_EQ(url.hosts, (Hosts{{"localhost", 6379}}));
    EXPECT_EQ(url.database, 0U);
    EXPECT_FALSE(url.tls);
    EXPECT_TRUE(url.password.empty());
}

TEST(RedisUrl, user_and_password_are_percent_decoded) {
    const auto url = Url::parse("rediss://ann:p%40ss%2Fw%3Ard@cache.internal:7000/3").value();
    EXPECT_TRUE(url.tls);
    EXPECT_EQ(url.user, "ann");
    EXPECT_EQ(url.password, "p@ss/w:rd");
    EXPECT_EQ(url.hosts, (Hosts{{"cache.internal", 7000}}));
    EXPECT_EQ(url.database, 3U);
    EXPECT_EQ(Url::parse("redis://:secret@h").value().password, "secret");
    EXPECT_EQ(Url::parse("redis://:secret@h").value().user, "");
}

TEST(RedisUrl, an_ipv6_address_is_in_brackets) {
    EXPECT_EQ(Url::parse("redis://[::1]:7000").value().hosts, (Hosts{{"::1", 7000}}));
    EXPECT_EQ(Url::parse("redis://[::1]").value().describe(), "redis://[::1]:6379");
    EXPECT_FALSE(Url::parse("redis://::1"));
}

TEST(RedisUrl, a_unix_socket_is_a_path) {
    const auto url = Url::parse("unix://:pw@/run/redis.sock?db=2").value();
    EXPECT_EQ(url.socket, "/run/redis.sock");
    EXPECT_EQ(url.password, "pw");
    EXPECT_EQ(url.database, 2U);
    EXPECT_FALSE(Url::parse("unix:///" + std::string(107, 'x')));
    EXPECT_TRUE(Url::parse("unix:///" + std::string(106, 'x')));
}

TEST(RedisUrl, sentinels_are_several_with_the_masters_name) {
    const auto url = Url::parse("redis+sentinel://:pw@a,b:7000/mymaster/1").value();
    EXPECT_EQ(url.hosts, (Hosts{{"a", 26379}, {"b", 7000}}));
    EXPECT_EQ(url.master, "mymaster");
    EXPECT_EQ(url.database, 1U);
    EXPECT_EQ(url.describe(), "redis+sentinel://a:26379,b:7000/mymaster");
    EXPECT_TRUE(Url::parse("rediss+sentinel://a/m").value().tls);
}

TEST(RedisUrl, what_is_wrong_is_said_without_the_password) {
    struct Case {
        std::string_view text;
        std::string_view says;
    };
    constexpr Case kCases[] = {
        {"", "expected redis://"},
        {"http://hunter2@h", "expected redis://"},
        {"redis://", "a host's name"},
        {"redis://h:0", "a port in 1–65535"},
        {"redis://h:65536", "a port in 1–65535"},
        {"redis://h:", "a port in 1–65535"},
        {"redis://h:1x", "a port in 1–65535"},
        {"redis://h h", "a host's name"},
        {"redis://h\r\n", "a host's name"},
        {"redis://hunter2@h", ":password@"},
        {"redis://:@h", "a password"},
        {"redis://:hunter2%2@h", "percent-encoded"},
        {"redis://:hunter2%00@h", "percent-encoded"},
        {"redis://:hunt/er2@h", "a host's name"},
        {"redis://h/x", "the number of a database"},
        {"redis://h/-1", "the number of a database"},
        {"redis://h/0?x=1", "expected no ?"},
        {"redis://h/0#x", "%23"},
        {"redis://a,b", "a host's name"},
        {"redis://[::1", "in brackets"},
        {"redis://[::1]6379", "a port"},
        {"redis+sentinel://a", "the name of the master"},
        {"redis+sentinel://a,/m", "a host's name"},
        {"unix://", "unix:///path"},
        {"unix://host/path", "unix:///path"},
        {"unix:///path?x=1", "?db=<number>"},
    };
    for (const auto& [text, says] : kCases) {
        const auto url = Url::parse(text);
        ASSERT_FALSE(url) << text;
        EXPECT_NE(url.error().find(says), std::string::npos) << text << ": " << url.error();
        EXPECT_EQ(url.error().find("hunt"), std::string::npos) << text;
    }
    EXPECT_FALSE(Url::parse("redis://h/" + std::string(5000, '1')));
}

}  // namespace
}  // namespace portico::redis
