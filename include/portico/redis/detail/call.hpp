#pragma once

#include <array>
#include <chrono>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <string_view>
#include <utility>

#include "portico/core/context.hpp"
#include "portico/core/task.hpp"
#include "portico/redis/argument.hpp"
#include "portico/redis/reply.hpp"

namespace portico::redis {

class Connection;
class Connections;

namespace detail {

/// What is sent together, and who waits for its answers. Lives in the coroutine that waits; when
/// that is destroyed meanwhile, the answers are dropped as they come.
class Call {
public:
    /// One command. `words` must outlive the call.
    Call(Connections& connections, std::span<const Argument> words, Reply& reply) noexcept
        : connections_(&connections), words_(words), replies_(&reply, 1) {}
    /// `replies.size()` commands, written already. Both must outlive the call.
    Call(Connections& connections, std::string_view bytes, std::span<Reply> replies) noexcept
        : connections_(&connections), bytes_(bytes), replies_(replies) {}
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    void set_timeout(std::chrono::milliseconds timeout) noexcept { timeout_ = timeout; }

    [[nodiscard]] bool await_ready() const noexcept { return false; }
    template <class P>
    bool await_suspend(std::coroutine_handle<P> self) {
        return start(self, core::detail::context_of(self));
    }
    void await_resume() const;

    [[nodiscard]] std::string_view name() const noexcept {
        return words_.empty() ? std::string_view{} : words_.front().text();
    }

private:
    friend class redis::Connection;

    /// True: it will be resumed.
    bool start(std::coroutine_handle<> self, core::Context* context);

    Connections* connections_;
    std::span<const Argument> words_;
    std::string_view bytes_;
    std::span<Reply> replies_;
    std::chrono::milliseconds timeout_{0};  // 0: the client's

    core::Context* context_ = nullptr;
    std::coroutine_handle<> waiter_;
    Connection* connection_ = nullptr;  // while answers are to come
    std::uint64_t sequence_ = 0;
    std::size_t answered_ = 0;
    std::exception_ptr failure_;
};

}  // namespace detail

/// A command that is not sent yet: `co_await` it at once, it refers to its arguments.
template <class T, std::size_t N>
class [[nodiscard]] Pending {
public:
    Pending(Connections& connections, const std::array<Argument, N>& words, std::size_t count = N)
        : words_(words), call_(connections, std::span(words_).first(count), reply_) {}
    Pending(const Pending&) = delete;
    Pending& operator=(const Pending&) = delete;

    /// For how long to wait for the answer, in the place of the client's `timeout`.
    Pending&& within(std::chrono::milliseconds timeout) && noexcept {
        call_.set_timeout(timeout);
        return std::move(*this);
    }

    class Awaiter {
    public:
        explicit Awaiter(Pending& pending) noexcept : pending_(pending) {}

        [[nodiscard]] bool await_ready() const noexcept { return false; }
        template <class P>
        bool await_suspend(std::coroutine_handle<P> self) {
            return pending_.call_.await_suspend(self);
        }
        T await_resume() {
            pending_.call_.await_resume();
            return std::move(pending_.reply_).template as<T>(pending_.call_.name());
        }

    private:
        Pending& pending_;
    };
    [[nodiscard]] Awaiter operator co_await() && noexcept { return Awaiter{*this}; }

private:
    std::array<Argument, N> words_;
    Reply reply_;
    detail::Call call_;
};

}  // namespace portico::redis
