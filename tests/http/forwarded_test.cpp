#include "portico/http/forwarded.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace portico::http {

namespace {

const CidrSet kTrusted = CidrSet::parse({"10.0.0.0/8", "2001:db8:ffff::/48"}).value();

/// What a request that comes from 10.0.0.1 looks like after its fields were read.
struct Seen {
    std::string client;
    std::string scheme;
    std::string host;
    bool operator==(const Seen&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Seen& seen) {
    return out << seen.client << ' ' << seen.scheme << ' ' << seen.host;
}

Seen read(const Headers& headers, ForwardingFields fields = ForwardingFields::automatic,
          std::string_view peer = "10.0.0.1") {
    core::Arena arena;
    Request request(arena);
    request.set_peer(IpAddress::parse(peer).value(), 1);
    request.set_host("internal");
    request.mutable_headers() = headers;
    apply_forwarded(request, kTrusted, fields);
    return {request.client().to_string(), std::string(request.scheme()),
            std::string(request.host())};
}

std::string client_of(std::string_view x_forwarded_for) {
    return read({{"X-Forwarded-For", x_forwarded_for}}).client;
}
std::string client_of_rfc7239(std::string_view forwarded) {
    return read({{"Forwarded", forwarded}}).client;
}

}  // namespace

TEST(XForwarded, is_not_believed_from_strangers) {
    const Headers headers{{"X-Forwarded-For", "1.2.3.4"},
                          {"X-Forwarded-Proto", "https"},
                          {"X-Forwarded-Host", "evil.example"},
                          {"Forwarded", "for=1.2.3.4;proto=https;host=evil.example"}};
    EXPECT_EQ(read(headers, ForwardingFields::automatic, "192.0.2.1"),
              (Seen{"192.0.2.1", "http", "internal"}));
    EXPECT_EQ(read(headers, ForwardingFields::forwarded, "::1"), (Seen{"::1", "http", "internal"}));
}

TEST(XForwarded, the_first_untrusted_address_from_the_right_is_the_client) {
    EXPECT_EQ(client_of("192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(client_of("192.0.2.7, 10.1.1.1"), "192.0.2.7");
    EXPECT_EQ(client_of("127.0.0.1, 192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(client_of("10.9.9.9, 192.0.2.7, 10.1.1.1 ,10.1.1.2"), "192.0.2.7");
    EXPECT_EQ(client_of("10.2.2.2, 10.1.1.1"), "10.2.2.2");
    EXPECT_EQ(client_of("2001:db8::7, 2001:db8:ffff::1"), "2001:db8::7");
}

TEST(XForwarded, addresses_come_with_ports_brackets_and_zones) {
    EXPECT_EQ(client_of("192.0.2.7:4711"), "192.0.2.7");
    EXPECT_EQ(client_of("[2001:db8::7]"), "2001:db8::7");
    EXPECT_EQ(client_of("[2001:db8::7]:4711"), "2001:db8::7");
    EXPECT_EQ(client_of("fe80::1%eth0"), "fe80::1");
    EXPECT_EQ(client_of("[fe80::1%25eth0]:1"), "fe80::1");
    EXPECT_EQ(client_of("::ffff:192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(client_of("192.0.2.7, ::ffff:10.1.1.1"), "192.0.2.7");
}

TEST(XForwarded, a_malformed_entry_ends_the_reading_at_the_last_trusted_hop) {
    EXPECT_EQ(client_of(""), "10.0.0.1");
    EXPECT_EQ(client_of("unknown"), "10.0.0.1");
    EXPECT_EQ(client_of("192.0.2.7, garbage, 10.1.1.1"), "10.1.1.1");
    EXPECT_EQ(client_of("192.0.2.7,,10.1.1.1"), "10.1.1.1");
    EXPECT_EQ(client_of("192.0.2.7:port"), "10.0.0.1");
    EXPECT_EQ(client_of("[192.0.2.7]"), "10.0.0.1");
    EXPECT_EQ(client_of("[2001:db8::7"), "10.0.0.1");
    EXPECT_EQ(client_of("[2001:db8::7]x"), "10.0.0.1");
    EXPECT_EQ(client_of("192.0.2.7%eth0"), "10.0.0.1");
    EXPECT_EQ(client_of("\"192.0.2.7\""), "10.0.0.1");
}

TEST(XForwarded, several_fields_are_one_list) {
    EXPECT_EQ(read({{"X-Forwarded-For", "203.0.113.1, 192.0.2.7"}, {"x-forwarded-for", "10.1.1.1"}})
                  .client,
              "192.0.2.7");
}

TEST(XForwarded, scheme_and_host_are_the_trusted_proxys) {
    EXPECT_EQ(read({{"X-Forwarded-For", "192.0.2.7"},
                    {"X-Forwarded-Proto", "HTTPS"},
                    {"X-Forwarded-Host", "shop.example:8443"}}),
              (Seen{"192.0.2.7", "https", "shop.example:8443"}));
    EXPECT_EQ(read({{"X-Forwarded-Proto", "https"}}).scheme, "https");
}

TEST(XForwarded, a_scheme_is_the_one_that_belongs_to_the_client) {
    // Each proxy appends: the client's own word stands to the left of what the outermost one says.
    EXPECT_EQ(read({{"X-Forwarded-For", "6.6.6.6, 192.0.2.7, 10.1.1.1"},
                    {"X-Forwarded-Proto", "https, http, https"},
                    {"X-Forwarded-Host", "evil.example, shop.example, inner.example"}}),
              (Seen{"192.0.2.7", "http", "shop.example"}));
    // The proxies overwrite: the last is a trusted one's.
    EXPECT_EQ(read({{"X-Forwarded-For", "6.6.6.6, 192.0.2.7"},
                    {"X-Forwarded-Proto", "https, https, http"}})
                  .scheme,
              "http");
}

TEST(XForwarded, a_strange_scheme_or_a_malformed_host_is_ignored) {
    EXPECT_EQ(read({{"X-Forwarded-For", "192.0.2.7"},
                    {"X-Forwarded-Proto", "javascript"},
                    {"X-Forwarded-Host", "evil.example/path"}}),
              (Seen{"192.0.2.7", "http", "internal"}));
    EXPECT_EQ(read({{"X-Forwarded-Host", "a b"}}).host, "internal");
    EXPECT_EQ(read({{"X-Forwarded-Host", ""}}).host, "internal");
}

TEST(Forwarded, is_read_from_the_right) {
    EXPECT_EQ(client_of_rfc7239("for=192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(client_of_rfc7239("for=6.6.6.6, for=192.0.2.7, for=10.1.1.1"), "192.0.2.7");
    EXPECT_EQ(client_of_rfc7239("For=\"[2001:db8:cafe::17]:4711\";by=10.0.0.1"),
              "2001:db8:cafe::17");
    EXPECT_EQ(client_of_rfc7239("for=\"192.0.2.7:_port\""), "192.0.2.7");
    EXPECT_EQ(read({{"Forwarded", "for=6.6.6.6"}, {"Forwarded", "for=192.0.2.7"}}).client,
              "192.0.2.7");
}

TEST(Forwarded, scheme_and_host_are_those_that_the_outermost_trusted_proxy_saw) {
    EXPECT_EQ(read({{"Forwarded",
                     "for=6.6.6.6;proto=http;host=evil.example, "
                     "for=192.0.2.7;proto=https;host=\"shop.example:8443\", "
                     "for=10.1.1.1;proto=http;host=inner"}}),
              (Seen{"192.0.2.7", "https", "shop.example:8443"}));
}

TEST(Forwarded, an_obfuscated_or_malformed_entry_ends_the_reading) {
    EXPECT_EQ(client_of_rfc7239("for=192.0.2.7, for=_hidden, for=10.1.1.1"), "10.1.1.1");
    EXPECT_EQ(client_of_rfc7239("for=unknown"), "10.0.0.1");
    EXPECT_EQ(read({{"Forwarded", "for=unknown;proto=https"}}),
              (Seen{"10.0.0.1", "https", "internal"}));
    EXPECT_EQ(client_of_rfc7239("for=192.0.2.7;for=10.1.1.1"), "10.0.0.1");
    EXPECT_EQ(client_of_rfc7239("for=192.0.2.7, nonsense, for=10.1.1.1"), "10.1.1.1");
    EXPECT_EQ(client_of_rfc7239("for = 192.0.2.7"), "10.0.0.1");
    EXPECT_EQ(client_of_rfc7239("for=\"192.0.2.\\7\""), "10.0.0.1");
    EXPECT_EQ(client_of_rfc7239(""), "10.0.0.1");
}

TEST(Forwarded, an_open_quote_of_the_client_swallows_nothing) {
    EXPECT_EQ(client_of_rfc7239("for=\"6.6.6.6, for=192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(client_of_rfc7239("for=\"x, for=\"[2001:db8::7]\""), "2001:db8::7");
}

TEST(ForwardingFields, the_proxys_kind_is_the_one_that_counts) {
    const Headers both{{"X-Forwarded-For", "192.0.2.7"},
                       {"Forwarded", "for=192.0.2.8;proto=https"}};
    EXPECT_EQ(read(both), (Seen{"192.0.2.7", "http", "internal"}));
    EXPECT_EQ(read(both, ForwardingFields::x_forwarded).client, "192.0.2.7");
    EXPECT_EQ(read(both, ForwardingFields::forwarded), (Seen{"192.0.2.8", "https", "internal"}));
    EXPECT_EQ(read({{"Forwarded", "for=192.0.2.8"}}, ForwardingFields::x_forwarded).client,
              "10.0.0.1");
    EXPECT_EQ(read({{"X-Forwarded-For", "192.0.2.7"}}, ForwardingFields::forwarded).client,
              "10.0.0.1");
}

TEST(ForwardingFields, are_noticed_whoever_sends_them) {
    core::Arena arena;
    Request request(arena);
    EXPECT_FALSE(has_forwarding_fields(request));
    const Headers headers{{"x-forwarded-proto", "https"}};
    request.mutable_headers() = headers;
    EXPECT_TRUE(has_forwarding_fields(request));
}

}  // namespace portico::http
