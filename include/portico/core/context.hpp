#pragma once

#include <atomic>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <string_view>

namespace portico::core {

class Reactor;

/// Thrown at a `co_await` of a request whose client is gone (a reset or a failed write, never a
/// half-close). Let it pass: the engine drops the exchange, and dependencies finish as failed.
class Cancelled : public std::exception {
public:
    [[nodiscard]] const char* what() const noexcept override { return "the client is gone"; }
};

/// Thrown at a `co_await` of a request that has outlived its deadline. Answered with 503.
class DeadlineExceeded : public std::exception {
public:
    [[nodiscard]] const char* what() const noexcept override { return "the deadline has passed"; }
};

/// Thrown at a `co_await` of something that needs a loop (a sleep, a descriptor, an executor) in a
/// coroutine that has no context: it was not started by `spawn`, a server or a test client.
class NoContext : public std::logic_error {
public:
    NoContext() : logic_error("co_await needs a loop, but this coroutine runs in no Context") {}
};

/// What a running coroutine belongs to: its loop, its deadline, its request.
///
/// A `Task` hands its context on to the tasks that it awaits, so a context reaches every awaitable
/// of a request without being a parameter. It must outlive the tasks that run in it. Only `cancel`
/// may be called from another thread than the loop's.
class Context {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    explicit Context(Reactor& reactor) noexcept : reactor_(&reactor) {}
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    [[nodiscard]] Reactor& reactor() const noexcept { return *reactor_; }

    /// Makes the next `co_await` of the context's tasks throw `Cancelled`, unless shielded.
    void cancel() noexcept { cancelled_.store(true, std::memory_order_relaxed); }
    [[nodiscard]] bool cancelled() const noexcept {
        return cancelled_.load(std::memory_order_relaxed);
    }

    /// No deadline is `TimePoint::max()`, the default.
    void set_deadline(TimePoint at) noexcept { deadline_ = at; }
    [[nodiscard]] TimePoint deadline() const noexcept { return deadline_; }

    /// The id under which the request is logged; empty outside a request. The text must outlive
    /// the context.
    void set_request_id(std::string_view id) noexcept { request_id_ = id; }
    [[nodiscard]] std::string_view request_id() const noexcept { return request_id_; }

    /// Throws `Cancelled` or `DeadlineExceeded` when that is the case and no `Shield` is held.
    /// Awaitables call it when they resume.
    void throw_if_stopped() const;

    /// Ready for the next request of the same connection.
    void reset() noexcept {
        cancelled_.store(false, std::memory_order_relaxed);
        deadline_ = TimePoint::max();
        request_id_ = {};
        shields_ = 0;
    }

private:
    friend class Shield;

    Reactor* reactor_;
    std::atomic<bool> cancelled_{false};
    int shields_ = 0;
    TimePoint deadline_ = TimePoint::max();
    std::string_view request_id_;
};

/// While it lives, nothing in the context is cancelled: a commit, a `finish`.
class [[nodiscard]] Shield {
public:
    explicit Shield(Context* context) noexcept : context_(context) {
        if (context_) ++context_->shields_;
    }
    ~Shield() {
        if (context_) --context_->shields_;
    }
    Shield(const Shield&) = delete;
    Shield& operator=(const Shield&) = delete;

private:
    Context* context_;
};

namespace detail {

[[noreturn]] void throw_no_context();

[[nodiscard]] inline Context& require_context(Context* context) {
    if (!context) throw_no_context();
    return *context;
}

}  // namespace detail

}  // namespace portico::core
