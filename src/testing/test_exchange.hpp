#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "portico/http/exchange.hpp"
#include "portico/testing/test_client.hpp"
#include "testing/test_channel.hpp"

namespace portico::testing {

/// A body that is there at once, or that comes in chunks from the loop.
class TestBody final : public http::BodySource {
public:
    TestBody(std::string text, std::size_t chunk) : text_(std::move(text)), chunk_(chunk) {}

    [[nodiscard]] std::optional<std::expected<std::string_view, http::BodyError>> buffered(
        std::size_t limit) override;
    [[nodiscard]] core::Task<std::expected<std::string_view, http::BodyError>> read_all(
        std::size_t limit) override;
    [[nodiscard]] core::Task<std::expected<std::string_view, http::BodyError>> read_some(
        std::size_t limit) override;
    [[nodiscard]] std::optional<std::uint64_t> length() const noexcept override {
        return text_.size();
    }

    bool disconnected = false;

private:
    std::string text_;
    std::size_t chunk_;
    std::size_t taken_ = 0;
    bool whole_ = false;  // `read_all` has read it
};

/// One request to the application and what it answers.
class TestExchange final : public http::Exchange {
public:
    explicit TestExchange(core::Reactor& reactor);
    ~TestExchange();

    void send() noexcept override;
    [[nodiscard]] http::WebSocketChannel* upgrade(const http::WebSocketLimits& limits) override;
    /// Collects the response, its stream included.
    void collect();
    void run_release() noexcept;
    /// The client goes away.
    void disconnect() noexcept;

    std::string method_name;
    std::string target;
    std::string head;  // the text of the header fields
    std::string id;
    std::string host;
    std::optional<TestBody> body;
    std::optional<TestChannel> channel;  // it has become a WebSocket
    bool sent = false;
    bool done = false;
    bool disconnected = false;
    TestResponse received;
    std::exception_ptr stream_error;

private:
    core::Task<void> collect_stream();

    core::Context stream_context_;
};

}  // namespace portico::testing
