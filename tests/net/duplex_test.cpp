#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/net/live_server.hpp"

namespace portico::net::test {
namespace {

using namespace std::chrono_literals;
using testing::StartsWith;

/// Gives the request's body back as it comes: the response has begun before the request has ended.
class Echo final : public http::BodyStream {
public:
    explicit Echo(http::Request& request, Event* destroyed = nullptr)
        : request_(request), destroyed_(destroyed) {}
    ~Echo() override {
        if (destroyed_ != nullptr) destroyed_->set();
    }
    core::Task<std::optional<std::string>> next() override {
        const auto piece = co_await request_.read_some();
        if (piece.empty()) co_return std::nullopt;
        co_return std::string{piece};
    }

private:
    http::Request& request_;
    Event* destroyed_;
};

TEST(Duplex, a_stream_may_read_the_request_that_it_answers) {
    FunctionHandler handler;
    handler.on_handle = [](Exchange& exchange) {
        exchange.response.body = std::make_unique<Echo>(exchange.request);
        exchange.send();
    };
    LiveServer server{handler};
    Client client{*server};
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\n");
    std::string head;
    while (!head.ends_with("\r\n\r\n")) {
        const auto byte = client.some(1);
        ASSERT_FALSE(byte.empty());
        head += byte;
    }
    EXPECT_THAT(head, StartsWith("HTTP/1.1 200"));
    client.send("abc");
    EXPECT_EQ(client.some(8), "3\r\nabc\r\n");
    client.send("defgGET /next HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(client.some(14), "4\r\ndefg\r\n0\r\n\r\n");
    EXPECT_THAT(client.response(), StartsWith("HTTP/1.1 200"));
}

TEST(Duplex, a_slow_request_cuts_the_stream_that_reads_it) {
    FunctionHandler handler;
    Event destroyed;
    handler.on_handle = [&](Exchange& exchange) {
        exchange.response.body = std::make_unique<Echo>(exchange.request, &destroyed);
        exchange.send();
    };
    LiveServer server{handler, {.min_body_rate = 1'000'000'000, .timeouts = {.body_grace = 20ms}}};
    Client client{*server};
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
    EXPECT_TRUE(destroyed.wait());
    client.rest();
    EXPECT_TRUE(client.was_reset());
}

TEST(Duplex, a_reset_ends_a_stream_that_waits_for_the_request) {
    FunctionHandler handler;
    Event destroyed;
    handler.on_handle = [&](Exchange& exchange) {
        exchange.response.body = std::make_unique<Echo>(exchange.request, &destroyed);
        exchange.send();
    };
    LiveServer server{handler};
    Client client{*server};
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
    ASSERT_THAT(client.some(12), StartsWith("HTTP/1.1 200"));
    client.reset();
    EXPECT_TRUE(destroyed.wait());
}

}  // namespace
}  // namespace portico::net::test
