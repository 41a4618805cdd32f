#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/net/live_server.hpp"

namespace portico::net::test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

/// Gives `pieces` pieces of `size` bytes, and counts them.
class CountingStream final : public http::BodyStream {
public:
    CountingStream(int pieces, std::size_t size, std::atomic<int>& given,
                   std::optional<std::uint64_t> length = {})
        : pieces_(pieces), size_(size), given_(given), length_(length) {}

    core::Task<std::optional<std::string>> next() override {
        if (given_ == pieces_) co_return std::nullopt;
        ++given_;
        co_return std::string(size_, static_cast<char>('a' + given_ % 26));
    }
    std::optional<std::uint64_t> length() const override { return length_; }

private:
    int pieces_;
    std::size_t size_;
    std::atomic<int>& given_;
    std::optional<std::uint64_t> length_;
};

TEST(Streams, a_stream_is_sent_in_chunks) {
    FunctionHandler handler;
    std::atomic<int> given = 0;
    handler.on_handle = [&](Exchange& exchange) {
        exchange.response.body = std::make_unique<CountingStream>(3, 2, given);
        exchange.send();
    };
    LiveServer server{handler};
    Client client{*server};
    client.send(kGet);
    const auto answer = client.response();
    EXPECT_THAT(answer, HasSubstr("\r\nTransfer-Encoding: chunked\r\n"));
    EXPECT_THAT(answer, Not(HasSubstr("Content-Length")));
    EXPECT_EQ(body_of(answer), "2\r\nbb\r\n2\r\ncc\r\n2\r\ndd\r\n0\r\n\r\n");
    client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(client.response(true), EndsWith("\r\n\r\n"));
}

TEST(Streams, a_205_is_an_empty_body_whatever_the_handler_gave) {
    FunctionHandler handler;
    std::atomic<int> given = 0;
    handler.on_handle = [&](Exchange& exchange) {
        exchange.response.status = 205;
        exchange.response.text() = "never sent";
        if (exchange.request.path() == "/stream") {
            exchange.response.body = std::make_unique<CountingStream>(3, 2, given);
        }
        exchange.send();
    };
    LiveServer server{handler};
    Client client{*server};
    for (const std::string path : {"/text", "/stream"}) {
        client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
        const auto answer = client.response();
        EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: 0\r\n"));
        EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
    }
}

TEST(Streams, a_stream_of_known_length_tells_it) {
    FunctionHandler handler;
    std::atomic<int> given = 0;
    handler.on_handle = [&](Exchange& exchange) {
        exchange.response.body = std::make_unique<CountingStream>(2, 3, given, 6);
        exchange.send();
    };
    LiveServer server{handler};
    Client client{*server};
    client.send(kGet);
    const auto answer = client.response();
    EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: 6\r\n"));
    EXPECT_EQ(body_of(answer), "bbbccc");
}

TEST(Streams, a_stream_to_http_1_0_ends_with_the_connection) {
    FunctionHandler handler;
    std::atomic<int> given = 0;
    handler.on_handle = [&](Exchange& exchange) {
        exchange.response.body = std::make_unique<CountingStream>(2, 1, given);
        exchange.send();
    };
    LiveServer server{handler};
    Client client{*server};
    client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    const auto answer = client.rest();
    EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n"));
    EXPECT_EQ(body_of(answer), "bc");
}

TEST(Streams, an_empty_stream_is_an_empty_body) {
    FunctionHandler handler;
    std::atomic<int> given = 0;
    handler.on_handle = [&](Exchange& exchange) {
        exchange.response.body = std::make_unique<CountingStream>(0, 1, given);
        exchange.send();
    };
    LiveServer server{handler};
    Client client{*server};
    client.send(kGet);
    EXPECT_EQ(body_of(client.response()), "0\r\n\r\n");
}

TEST(Streams, a_stream_is_asked_no_faster_than_the_client_reads) {
    FunctionHandler handler;
    std::atomic<int> given = 0;
    constexpr int kPieces = 2000;
    constexpr std::size_t kSize = 64 * 1024;
    handler.on_handle = [&](Exchange& exchange) {
        exchange.response.body = std::make_unique<CountingStream>(kPieces, kSize, given);
        exchange.send();
    };
    LiveServer server{handler};
    Client client{*server};
    client.send(kGet);
    ASSERT_THAT(client.some(12), StartsWith("HTTP/1.1 200"));
    // Until the kernel's buffers are full: two looks with the same count.
    for (int before = -1; before != given;) {
        before = given;
        pollfd never{.fd = -1, .events = 0, .revents = 0};
        ::poll(&never, 1, 100);
    }
    EXPECT_LT(given, kPieces);
    const std::size_t framing = kPieces * std::string_view{"10000\r\n\r\n"}.size();
    EXPECT_EQ(client.some(kPieces * kSize + framing).size(), kPieces * kSize + framing);
    EXPECT_EQ(given, kPieces);
}

class BrokenStream final : public http::BodyStream {
public:
    core::Task<std::optional<std::string>> next() override {
        if (given_) throw std::runtime_error("the source is gone");
        given_ = true;
        co_return "first";
    }

private:
    bool given_ = false;
};

TEST(Streams, a_stream_that_fails_cuts_the_connection) {
    FunctionHandler handler;
    handler.on_handle = [](Exchange& exchange) {
        exchange.response.body = std::make_unique<BrokenStream>();
        exchange.send();
    };
    LiveServer server{handler};
    Client client{*server};
    client.send(kGet);
    const auto answer = client.rest();
    EXPECT_THAT(answer, Not(EndsWith("0\r\n\r\n")));
    client.close();
    Client second{*server};
    second.send("GET / HTTP/1.0\r\n\r\n");
    second.rest();
    EXPECT_TRUE(second.was_reset()) << "or it would look like a whole response";
    EXPECT_EQ(handler.streams_failed, 2) << "who runs it must learn why";
}

TEST(Streams, a_stream_whose_client_is_gone_is_destroyed) {
    struct Endless final : http::BodyStream {
        explicit Endless(Event& destroyed) : gone(destroyed) {}
        ~Endless() override { gone.set(); }
        core::Task<std::optional<std::string>> next() override { co_return std::string(4096, 'x'); }
        Event& gone;
    };
    FunctionHandler handler;
    Event gone;
    handler.on_handle = [&](Exchange& exchange) {
        exchange.response.body = std::make_unique<Endless>(gone);
        exchange.send();
    };
    LiveServer server{handler};
    Client client{*server};
    client.send(kGet);
    ASSERT_FALSE(client.some(100'000).empty());
    client.reset();
    EXPECT_TRUE(gone.wait());
}

TEST(Streams, a_stream_whose_client_is_gone_ends_what_it_has_started_before_it_is_destroyed) {
    struct Working final : http::BodyStream {
        Working(Event& destroyed, std::atomic<bool>& over) : gone(destroyed), closed(over) {}
        ~Working() override { gone.set(); }
        core::Task<std::optional<std::string>> next() override { co_return std::string(4096, 'x'); }
        core::Task<void> close() override {
            const core::Shield shield(co_await core::this_context());
            co_await core::sleep_for(std::chrono::milliseconds(1));
            closed = true;
        }
        Event& gone;
        std::atomic<bool>& closed;
    };
    FunctionHandler handler;
    Event gone;
    std::atomic<bool> closed = false;
    handler.on_handle = [&](Exchange& exchange) {
        exchange.response.body = std::make_unique<Working>(gone, closed);
        exchange.send();
    };
    LiveServer server{handler};
    Client client{*server};
    client.send(kGet);
    ASSERT_FALSE(client.some(100'000).empty());
    client.reset();
    EXPECT_TRUE(gone.wait());
    EXPECT_TRUE(closed);
}

TEST(Streams, a_stream_is_destroyed_before_what_the_application_keeps) {
    static std::string order;
    order.clear();
    struct Short final : http::BodyStream {
        ~Short() override { order += "stream "; }
        core::Task<std::optional<std::string>> next() override { co_return std::nullopt; }
    };
    FunctionHandler handler;
    handler.on_handle = [](Exchange& exchange) {
        exchange.response.body = std::make_unique<Short>();
        exchange.release.run = [](void*) noexcept { order += "application "; };
        exchange.send();
    };
    LiveServer server{handler};
    Client client{*server};
    client.send(kGet);
    client.response();
    ASSERT_TRUE(server.stop());
    EXPECT_EQ(order, "stream application ");
}

TEST(Streams, an_endless_stream_leaves_other_connections_their_turn) {
    struct Endless final : http::BodyStream {
        core::Task<std::optional<std::string>> next() override { co_return std::string(4096, 'x'); }
    };
    FunctionHandler handler;
    handler.on_handle = [](Exchange& exchange) {
        if (exchange.request.path() == "/endless") {
            exchange.response.body = std::make_unique<Endless>();
        }
        exchange.send();
    };
    LiveServer server{handler};
    Client reader{*server};
    reader.send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
    std::atomic<bool> over = false;
    std::jthread draining{[&] {
        while (!over && !reader.some(65536).empty()) {
        }
    }};
    Client client{*server};
    for (int i = 0; i < 20; ++i) {
        client.send(kGet);
        ASSERT_THAT(client.response(), StartsWith("HTTP/1.1 200"));
    }
    over = true;
}

}  // namespace
}  // namespace portico::net::test
