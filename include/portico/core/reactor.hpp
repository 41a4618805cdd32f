#pragma once

#include <chrono>
#include <coroutine>
#include <cstdint>
#include <functional>

#include "portico/core/task.hpp"

namespace portico::core {

/// An event loop: one thread that waits for descriptors, timers and work posted to it.
///
/// `net/` implements it over epoll, `testing/` over poll(2) with a clock that tests set. Database
/// drivers and user code know this interface alone. All members but `post` are for the loop's own
/// thread. Callbacks must not throw.
class Reactor {
public:
    using Callback = std::move_only_function<void()>;
    using TimePoint = std::chrono::steady_clock::time_point;
    enum class Interest { readable, writable };
    /// Never zero for a running timer.
    using TimerId = std::uint64_t;

    virtual ~Reactor() = default;

    /// Runs `callback` on the loop's thread, never inside this call. From any thread.
    virtual void post(Callback callback) = 0;

    /// Runs `callback` once, when `descriptor` is ready. At most one wait for each descriptor and
    /// interest; closing a descriptor that is waited for without `forget` is an error.
    virtual void when_ready(int descriptor, Interest interest, Callback callback) = 0;
    /// Drops the waits for `descriptor`: their callbacks are not run.
    virtual void forget(int descriptor) noexcept = 0;

    /// Runs `callback` once at `at` or soon after it.
    [[nodiscard]] virtual TimerId start_timer(TimePoint at, Callback callback) = 0;
    /// The callback is not run any more. An ended timer is no error.
    virtual void cancel_timer(TimerId timer) noexcept = 0;

    /// The loop's own reading of the monotonic clock, taken when it last woke up.
    [[nodiscard]] virtual TimePoint now() const noexcept = 0;

    /// The index of the loop in its server, from 0; what `PerLoop<T>` is looked up by.
    [[nodiscard]] virtual std::size_t index() const noexcept { return 0; }
};

/// `co_await sleep_until(at)`, `co_await sleep_for(100ms)`: on the loop of the coroutine's context.
/// A cancelled context ends the sleep only at its time.
class [[nodiscard]] SleepAwaiter {
public:
    explicit SleepAwaiter(Reactor::TimePoint at) noexcept : at_(at) {}
    explicit SleepAwaiter(std::chrono::nanoseconds duration) noexcept : duration_(duration) {}

    [[nodiscard]] bool await_ready() const noexcept { return false; }
    template <class P>
    void await_suspend(std::coroutine_handle<P> self) {
        start(self, detail::context_of(self));
    }
    void await_resume() const { context_->throw_if_stopped(); }

private:
    void start(std::coroutine_handle<> self, Context* context);

    Reactor::TimePoint at_{};
    std::chrono::nanoseconds duration_{};
    Context* context_ = nullptr;
};

[[nodiscard]] inline SleepAwaiter sleep_until(Reactor::TimePoint at) {
    return SleepAwaiter{at};
}
[[nodiscard]] inline SleepAwaiter sleep_for(std::chrono::nanoseconds duration) {
    return SleepAwaiter{duration};
}

/// `co_await readable(fd)`, `co_await writable(fd)`.
class [[nodiscard]] ReadyAwaiter {
public:
    ReadyAwaiter(int descriptor, Reactor::Interest interest) noexcept
        : descriptor_(descriptor), interest_(interest) {}

    [[nodiscard]] bool await_ready() const noexcept { return false; }
    template <class P>
    void await_suspend(std::coroutine_handle<P> self) {
        start(self, detail::context_of(self));
    }
    void await_resume() const { context_->throw_if_stopped(); }

private:
    void start(std::coroutine_handle<> self, Context* context);

    int descriptor_;
    Reactor::Interest interest_;
    Context* context_ = nullptr;
};

[[nodiscard]] inline ReadyAwaiter readable(int descriptor) noexcept {
    return {descriptor, Reactor::Interest::readable};
}
[[nodiscard]] inline ReadyAwaiter writable(int descriptor) noexcept {
    return {descriptor, Reactor::Interest::writable};
}

}  // namespace portico::core
