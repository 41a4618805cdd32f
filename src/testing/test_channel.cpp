#include "testing/test_channel.hpp"

#include <stdexcept>
#include <utility>

#include "portico/http/utf8.hpp"

namespace portico::testing {

/// Ends when the test has done something: look again.
class TestChannel::Wait {
public:
    explicit Wait(TestChannel& channel) noexcept : channel_(channel) {}
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    template <class P>
    void await_suspend(std::coroutine_handle<P> self) {
        context_ = core::detail::context_of(self);
        channel_.waiting_.push_back(self);
    }
    void await_resume() const {
        if (context_ != nullptr) context_->throw_if_stopped();
    }

private:
    TestChannel& channel_;
    core::Context* context_ = nullptr;
};

void TestChannel::wake() {
    for (const auto handle : std::exchange(waiting_, {})) {
        reactor_.post([handle] { handle.resume(); });
    }
}

core::Task<std::expected<TestChannel::Message, TestChannel::Close>> TestChannel::receive() {
    if (reading_) throw std::logic_error("a WebSocket has one reader at a time");
    reading_ = true;
    while (incoming_.empty() && !closed_) co_await Wait{*this};
    reading_ = false;
    if (incoming_.empty()) co_return std::unexpected(*closed_);
    Message message = std::move(incoming_.front());
    incoming_.pop_front();
    co_return message;
}

core::Task<std::expected<void, TestChannel::Close>> TestChannel::send(Message::Kind kind,
                                                                      std::string_view data) {
    while (!closed_ && is_full()) co_await Wait{*this};
    if (closed_) co_return std::unexpected(*closed_);
    static_cast<void>(try_send(kind, data));
    co_return {};
}

bool TestChannel::try_send(Message::Kind kind, std::string_view data) {
    if (closed_ || is_full()) return false;
    outgoing_.push_back({kind, std::string(data)});
    queued_ += data.size();
    return true;
}

void TestChannel::close(std::uint16_t code, std::string_view reason) {
    end({code, std::string(reason)});
}

void TestChannel::deliver(Message message) {
    if (closed_) return;
    // As the server does.
    if (message.data.size() > limits_.max_message) {
        return end({http::close_code::message_too_big, "the message is too long"});
    }
    if (message.kind == Message::Kind::text && !http::is_utf8(message.data)) {
        return end({http::close_code::invalid_data, "the text is no UTF-8"});
    }
    incoming_.push_back(std::move(message));
    wake();
}

std::optional<TestChannel::Message> TestChannel::take() {
    if (outgoing_.empty()) return {};
    Message message = std::move(outgoing_.front());
    outgoing_.pop_front();
    queued_ -= message.data.size();
    wake();
    return message;
}

void TestChannel::end(Close close) {
    if (!closed_) closed_ = std::move(close);
    wake();
}

}  // namespace portico::testing
