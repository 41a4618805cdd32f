#include "portico/middleware/compression.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <deque>
#include <stdexcept>

#include "tests/middleware/fixture.hpp"

namespace portico::middleware {
namespace {

using testing::TestExchange;

std::string gunzip(std::string_view bytes) {
    z_stream stream{};
    EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    std::string out(std::size_t{8} << 20, '\0');
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return out;
}

std::string text_of(std::size_t size) {
    std::string text;
    for (std::size_t i = 0; text.size() < size; ++i) text += "item " + std::to_string(i) + ", ";
    text.resize(size);
    return text;
}

std::unique_ptr<TestExchange> exchange_for(std::string accept = "gzip") {
    auto exchange =
        std::make_unique<TestExchange>(testing::Asked{.headers = {{"Accept-Encoding", accept}}});
    exchange->response.set_content_type("application/json");
    exchange->response.text() = text_of(5000);
    return exchange;
}

bool is_compressed(TestExchange& exchange, CompressionOptions options = {}) {
    CompressionMiddleware(options).on_response(exchange);
    return exchange.header("Content-Encoding") == "gzip";
}

TEST(Compression, a_body_arrives_smaller_and_whole) {
    const auto exchange = exchange_for();
    ASSERT_TRUE(is_compressed(*exchange));
    EXPECT_LT(exchange->response.bytes().size(), 2500U);
    EXPECT_EQ(gunzip(exchange->response.bytes()), text_of(5000));
    EXPECT_EQ(exchange->header("Vary"), "Accept-Encoding");
}

TEST(Compression, one_thread_compresses_many_bodies) {
    CompressionMiddleware layer;
    for (std::size_t size = 1000; size < 200000; size *= 3) {
        const auto exchange = exchange_for();
        exchange->response.text() = text_of(size);
        layer.on_response(*exchange);
        EXPECT_EQ(gunzip(exchange->response.bytes()), text_of(size));
    }
}

TEST(Compression, a_client_that_can_not_read_it_gets_the_plain_body) {
    const auto exchange = exchange_for("br");
    EXPECT_FALSE(is_compressed(*exchange));
    EXPECT_EQ(exchange->response.bytes(), text_of(5000));
    EXPECT_EQ(exchange->header("Vary"), "Accept-Encoding");
}

TEST(Compression, the_smallest_body_is_an_option) {
    auto exchange = exchange_for();
    exchange->response.text() = text_of(999);
    EXPECT_FALSE(is_compressed(*exchange));
    EXPECT_EQ(exchange->header("Vary"), "");
    exchange = exchange_for();
    exchange->response.text() = text_of(1000);
    EXPECT_TRUE(is_compressed(*exchange));
    exchange = exchange_for();
    exchange->response.text() = text_of(999);
    EXPECT_TRUE(is_compressed(*exchange, {.minimum_size = 10}));
}

TEST(Compression, the_largest_body_is_an_option) {
    auto exchange = exchange_for();
    EXPECT_FALSE(is_compressed(*exchange, {.maximum_size = 4999}));
    EXPECT_TRUE(is_compressed(*exchange, {.maximum_size = 5000}));
}

TEST(Compression, the_level_is_an_option) {
    auto fast = exchange_for();
    auto small = exchange_for();
    ASSERT_TRUE(is_compressed(*fast, {.level = 1}));
    ASSERT_TRUE(is_compressed(*small, {.level = 9}));
    // RFC 1952 §2.3.1, XFL: 4 for the fastest algorithm, 2 for maximum compression.
    EXPECT_EQ(fast->response.bytes()[8], 4);
    EXPECT_EQ(small->response.bytes()[8], 2);
    EXPECT_EQ(gunzip(small->response.bytes()), gunzip(fast->response.bytes()));
    EXPECT_THROW(CompressionMiddleware({.level = 0}), std::invalid_argument);
    EXPECT_THROW(CompressionMiddleware({.level = 10}), std::invalid_argument);
}

TEST(Compression, what_would_grow_is_left_alone) {
    const auto exchange = exchange_for();
    std::string noise(2000, '\0');
    unsigned state = 1;
    for (char& c : noise) c = static_cast<char>((state = state * 1664525U + 1013904223U) >> 24);
    exchange->response.text() = noise;
    EXPECT_FALSE(is_compressed(*exchange));
    EXPECT_EQ(exchange->response.bytes(), noise);
}

TEST(Compression, types_that_are_compressed_by_nature_are_left_alone) {
    for (const auto* type : {"text/event-stream", "image/png", "IMAGE/JPEG; x=y", "video/mp4",
                             "audio/ogg", "application/zip", "font/woff2", "application/pdf"}) {
        const auto exchange = exchange_for();
        exchange->response.set_content_type(type);
        EXPECT_FALSE(is_compressed(*exchange)) << type;
        EXPECT_EQ(exchange->header("Vary"), "") << type;
    }
    const auto exchange = exchange_for();
    exchange->response.set_content_type("image/svg+xml");
    EXPECT_TRUE(is_compressed(*exchange));
}

TEST(Compression, an_encoded_or_partial_or_protected_body_is_left_alone) {
    auto exchange = exchange_for();
    exchange->response.headers.set("Content-Encoding", "br");
    EXPECT_FALSE(is_compressed(*exchange));
    exchange = exchange_for();
    exchange->response.status = 206;
    EXPECT_FALSE(is_compressed(*exchange));
    exchange = exchange_for();
    exchange->response.headers.set("Cache-Control", "private, No-Transform");
    EXPECT_FALSE(is_compressed(*exchange));
}

TEST(Compression, a_strong_etag_gets_a_suffix_and_a_weak_one_stays) {
    auto exchange = exchange_for();
    exchange->response.headers.set("ETag", "\"abc\"");
    ASSERT_TRUE(is_compressed(*exchange));
    EXPECT_EQ(exchange->header("ETag"), "\"abc-gzip\"");
    exchange = exchange_for();
    exchange->response.headers.set("ETag", "W/\"abc\"");
    ASSERT_TRUE(is_compressed(*exchange));
    EXPECT_EQ(exchange->header("ETag"), "W/\"abc\"");
}

TEST(Compression, not_modified_names_the_etag_that_the_client_has) {
    const auto answer = [](std::string if_none_match) {
        TestExchange exchange({.headers = {{"If-None-Match", if_none_match}}});
        exchange.response.status = 304;
        exchange.response.headers.set("ETag", "\"abc\"");
        CompressionMiddleware().on_response(exchange);
        return exchange.header("ETag");
    };
    EXPECT_EQ(answer("\"abc-gzip\""), "\"abc-gzip\"");
    EXPECT_EQ(answer("\"x\", \"abc-gzip\""), "\"abc-gzip\"");
    EXPECT_EQ(answer("\"abc\""), "\"abc\"");
    EXPECT_EQ(answer("\"abcd-gzip\""), "\"abc\"");
    EXPECT_EQ(answer("*"), "\"abc\"");
}

TEST(Compression, not_modified_varies_as_the_body_would) {
    TestExchange exchange;
    exchange.response.status = 304;
    CompressionMiddleware().on_response(exchange);
    EXPECT_EQ(exchange.header("Vary"), "Accept-Encoding");
}

TEST(Compression, an_embedded_file_is_compressed_once) {
    static const std::string file = text_of(6000000);
    std::string_view first;
    for (int i = 0; i < 2; ++i) {
        const auto exchange = exchange_for();
        exchange->response.body = http::Response::StaticBody{file};
        ASSERT_TRUE(is_compressed(*exchange));
        const auto bytes = exchange->response.bytes();
        if (i == 0) {
            first = bytes;
            EXPECT_EQ(gunzip(bytes), file);
        }
        EXPECT_EQ(bytes.data(), first.data());
    }
}

class Pieces final : public http::BodyStream {
public:
    explicit Pieces(std::deque<std::string> pieces) : pieces_(std::move(pieces)) {}
    core::Task<std::optional<std::string>> next() override {
        if (pieces_.empty()) co_return std::nullopt;
        auto piece = std::move(pieces_.front());
        pieces_.pop_front();
        co_return piece;
    }

private:
    std::deque<std::string> pieces_;
};

TEST(Compression, a_stream_is_compressed_piece_by_piece) {
    const auto exchange = exchange_for();
    exchange->response.body =
        std::make_unique<Pieces>(std::deque<std::string>{"one ", "", text_of(100000), "three"});
    ASSERT_TRUE(is_compressed(*exchange));
    auto& stream = *std::get<std::unique_ptr<http::BodyStream>>(exchange->response.body);
    EXPECT_EQ(stream.length(), std::nullopt);
    std::string all;
    int pieces = 0;
    for (auto piece = testing::run(stream.next()); piece; piece = testing::run(stream.next())) {
        EXPECT_FALSE(piece->empty());
        all += *piece;
        ++pieces;
    }
    EXPECT_EQ(pieces, 4);  // three with content, and the end of the member
    EXPECT_EQ(gunzip(all), "one " + text_of(100000) + "three");
}

}  // namespace
}  // namespace portico::middleware
