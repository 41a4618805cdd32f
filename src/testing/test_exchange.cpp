#include "testing/test_exchange.hpp"

#include <algorithm>

#include "portico/http/status.hpp"

namespace portico::testing {
namespace {

using BodyResult = std::expected<std::string_view, http::BodyError>;

}  // namespace

std::optional<BodyResult> TestBody::buffered(std::size_t limit) {
    if (text_.size() > limit) return BodyResult(std::unexpected(http::BodyError::too_large));
    if (text_.size() > chunk_ && !whole_) return {};
    taken_ = text_.size();
    return BodyResult(text_);
}

core::Task<BodyResult> TestBody::read_all(std::size_t limit) {
    if (text_.size() > limit) co_return std::unexpected(http::BodyError::too_large);
    for (;;) {
        const BodyResult piece = co_await read_some(limit);
        if (!piece) co_return piece;
        whole_ = piece->empty();
        if (whole_) co_return std::string_view(text_);
    }
}

core::Task<BodyResult> TestBody::read_some(std::size_t limit) {
    if (text_.size() > limit) co_return std::unexpected(http::BodyError::too_large);
    co_await core::sleep_for(std::chrono::nanoseconds(0));
    if (disconnected) co_return std::unexpected(http::BodyError::disconnected);
    const auto piece = std::string_view(text_).substr(taken_, chunk_);
    taken_ += piece.size();
    co_return piece;
}

TestExchange::TestExchange(core::Reactor& reactor) : Exchange(reactor), stream_context_(reactor) {}

TestExchange::~TestExchange() {
    run_release();
}

void TestExchange::run_release() noexcept {
    const Release last = release;
    release = {};
    if (last.run != nullptr) last.run(last.resource);
}

void TestExchange::send() noexcept {
    sent = true;
    if (channel) {
        channel->close(http::close_code::normal, {});
        run_release();
        done = true;
        return;
    }
    collect();
}

http::WebSocketChannel* TestExchange::upgrade(const http::WebSocketLimits& limits) {
    received.status_code = 101;
    received.headers = response.headers;
    return &channel.emplace(context.reactor(), limits);
}

void TestExchange::collect() {
    received.status_code = response.status;
    received.headers = response.headers;
    if (response.is_stream() && request.method() != http::Method::head && !disconnected) {
        core::spawn(
            stream_context_, collect_stream(),
            [](void* user, std::exception_ptr error) {
                auto& self = *static_cast<TestExchange*>(user);
                self.stream_error = std::move(error);
                self.response.body = std::string();
                self.run_release();
                self.done = true;
            },
            this);
        return;
    }
    if (!response.is_stream()) received.text = response.bytes();
    // RFC 9110 §9.3.2, §6.4.1: no content for HEAD, nor for these statuses.
    if (request.method() == http::Method::head || !http::status_has_content(response.status)) {
        received.text.clear();
    }
    run_release();
    done = true;
}

core::Task<void> TestExchange::collect_stream() {
    auto& stream = *std::get<std::unique_ptr<http::BodyStream>>(response.body);
    std::exception_ptr failure;
    try {
        while (auto piece = co_await stream.next()) {
            if (disconnected) throw core::Cancelled{};
            received.text += *piece;
        }
    } catch (...) {
        failure = std::current_exception();
    }
    if (!failure) co_return;
    co_await stream.close();
    std::rethrow_exception(failure);
}

void TestExchange::disconnect() noexcept {
    disconnected = true;
    if (body) body->disconnected = true;
    context.cancel();
    stream_context_.cancel();
}

}  // namespace portico::testing
