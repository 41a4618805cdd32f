#include "net/proxy_protocol.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/net/live_server.hpp"

namespace portico::net {
namespace {

using Status = ProxyHead::Status;
using namespace std::string_literals;

const std::string kSignature{"\r\n\r\n\0\r\nQUIT\n", 12};

/// Version 2: command and family, then what follows with its length before it.
std::string second(char command, char family, std::string rest) {
    return kSignature + command + family + static_cast<char>(rest.size() >> 8U) +
           static_cast<char>(rest.size() & 0xffU) + rest;
}
const std::string kIpv4{"\xc0\x00\x02\x07\x0a\x00\x00\x01\xc0\x00\x01\xbb", 12};
const std::string kIpv6 = "\x20\x01\x0d\xb8"s + std::string(11, '\0') + "\x07"s +
                          std::string(16, '\x01') + "\x30\x39\x01\xbb"s;

std::optional<ProxiedClient> client(std::string_view address, std::uint16_t port) {
    return ProxiedClient{http::IpAddress::parse(address).value(), port};
}

void expect_client(const std::string& head, const std::optional<ProxiedClient>& expected) {
    const ProxyHead read = read_proxy_head(head + "GET / HTTP/1.1\r\n");
    EXPECT_EQ(read.status, Status::complete) << head;
    EXPECT_EQ(read.size, head.size()) << head;
    EXPECT_EQ(read.client, expected) << head;
    for (std::size_t size = 0; size < head.size(); ++size) {
        EXPECT_EQ(read_proxy_head(head.substr(0, size)).status, Status::need_more) << size;
    }
}

TEST(ProxyProtocol, version_1_is_a_line) {
    expect_client("PROXY TCP4 192.0.2.7 10.0.0.1 49152 443\r\n", client("192.0.2.7", 49152));
    expect_client("PROXY TCP6 2001:db8::7 2001:db8::1 65535 0\r\n", client("2001:db8::7", 65535));
    expect_client("PROXY TCP6 ::ffff:192.0.2.7 ::1 1 2\r\n", client("192.0.2.7", 1));
    expect_client("PROXY UNKNOWN\r\n", {});
    expect_client("PROXY UNKNOWN ffff::1 nonsense 1 2\r\n", {});
}

TEST(ProxyProtocol, version_2_is_binary) {
    expect_client(second('\x21', '\x11', kIpv4), client("192.0.2.7", 49152));
    expect_client(second('\x21', '\x21', kIpv6), client("2001:db8::7", 12345));
    // Extensions follow the addresses.
    expect_client(second('\x21', '\x11', kIpv4 + std::string(100, 'x')),
                  client("192.0.2.7", 49152));
    // The proxy's own: a health check. And what is no TCP over IP.
    expect_client(second('\x20', '\x11', kIpv4), {});
    expect_client(second('\x20', '\0', ""), {});
    expect_client(second('\x21', '\x31', std::string(216, 'x')), {});
    expect_client(second('\x21', '\0', ""), {});
}

TEST(ProxyProtocol, everything_else_is_malformed) {
    for (const std::string& head : {
             "GET / HTTP/1.1\r\n"s,
             "PROXX"s,
             "\r\n\r\n\r\n"s,
             "PROXY TCP4 192.0.2.7 10.0.0.1 49152\r\n"s,
             "PROXY TCP4 192.0.2.7 10.0.0.1 49152 443 1\r\n"s,
             "PROXY TCP4 192.0.2.7 10.0.0.1 049152 443\r\n"s,
             "PROXY TCP4 192.0.2.7 10.0.0.1 65536 443\r\n"s,
             "PROXY TCP4 192.0.2.7 10.0.0.1 -1 443\r\n"s,
             "PROXY TCP4 192.0.2 10.0.0.1 1 443\r\n"s,
             "PROXY TCP4  192.0.2.7 10.0.0.1 1 443\r\n"s,
             "PROXY TCP4 2001:db8::7 2001:db8::1 1 443\r\n"s,
             "PROXY TCP6 192.0.2.7 10.0.0.1 1 443\r\n"s,
             "PROXY UDP4 192.0.2.7 10.0.0.1 1 443\r\n"s,
             "PROXY \r\n"s,
             "PROXY UNKNOWN "s + std::string(100, 'x'),
             second('\x11', '\x11', kIpv4),
             second('\x22', '\x11', kIpv4),
             second('\x21', '\x11', kIpv4.substr(1)),
             second('\x21', '\x21', kIpv6.substr(1)),
             kSignature + "\x21\x11\xff\xff"s,
         }) {
        EXPECT_EQ(read_proxy_head(head).status, Status::malformed) << head;
    }
}

class BehindAProxy : public ::testing::Test {
protected:
    BehindAProxy() {
        handler.on_handle = [](http::Exchange& exchange) {
            exchange.response.text() = exchange.request.peer().to_string();
            exchange.send();
        };
    }
    static ServerOptions from(const char* proxy) {
        ServerOptions options;
        options.proxy_protocol_from = http::CidrSet::parse({{proxy}}).value();
        return options;
    }

    test::FunctionHandler handler;
};

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

TEST_F(BehindAProxy, the_client_is_whom_the_proxy_names_for_the_whole_connection) {
    test::LiveServer server{handler, from("127.0.0.1")};
    test::Client client{*server};
    client.send("PROXY TCP4 192.0.2.7 10.0.0.1 49152 443\r\n" + std::string(kGet) +
                std::string(kGet));
    EXPECT_EQ(test::body_of(client.response()), "192.0.2.7");
    EXPECT_EQ(test::body_of(client.response()), "192.0.2.7");
    client.send(kGet);
    EXPECT_EQ(test::body_of(client.response()), "192.0.2.7");
}

TEST_F(BehindAProxy, its_head_may_come_byte_by_byte_and_long_before_the_request) {
    test::LiveServer server{handler, from("127.0.0.0/8")};
    test::Client client{*server};
    const std::string head = second('\x21', '\x21', kIpv6);
    for (const char c : head) client.send({&c, 1});
    for (const char c : kGet) client.send({&c, 1});
    EXPECT_EQ(test::body_of(client.response()), "2001:db8::7");
}

TEST_F(BehindAProxy, what_the_proxy_asks_for_itself_is_its_own) {
    test::LiveServer server{handler, from("127.0.0.1")};
    test::Client client{*server};
    client.send(second('\x20', '\0', "") + std::string(kGet));
    EXPECT_EQ(test::body_of(client.response()), "127.0.0.1");
}

TEST_F(BehindAProxy, without_its_head_a_connection_of_the_proxy_is_closed) {
    test::LiveServer server{handler, from("127.0.0.1")};
    test::Client client{*server};
    client.send(kGet);
    EXPECT_EQ(client.rest(), "");
    test::Client other{*server};
    other.send("PROXY TCP4 192.0.2.7\r\n" + std::string(kGet));
    EXPECT_EQ(other.rest(), "");
    EXPECT_EQ(handler.handled, 0);
}

TEST_F(BehindAProxy, of_others_it_is_no_request) {
    test::LiveServer server{handler, from("192.0.2.1")};
    test::Client client{*server};
    client.send("PROXY TCP4 192.0.2.7 10.0.0.1 49152 443\r\n" + std::string(kGet));
    EXPECT_TRUE(client.response().starts_with("HTTP/1.1 400 "));
    EXPECT_EQ(handler.handled, 0);
}

TEST_F(BehindAProxy, a_head_that_does_not_end_is_waited_for_no_longer_than_a_request) {
    ServerOptions options = from("127.0.0.1");
    options.timeouts.head = std::chrono::milliseconds{50};
    test::LiveServer server{handler, options};
    test::Client client{*server};
    client.send("PROXY TCP4 ");
    EXPECT_TRUE(client.rest().starts_with("HTTP/1.1 408 "));
}

}  // namespace
}  // namespace portico::net
