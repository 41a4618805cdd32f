#pragma once

#include <concepts>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "portico/core/reactor.hpp"
#include "portico/core/task.hpp"

namespace portico::core {

/// A bounded queue is full. Answered with 503 and `Retry-After: 1`.
class Overloaded : public std::exception {
public:
    explicit Overloaded(std::string_view executor);
    [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }

private:
    std::string message_;
};

/// Threads that take work from one bounded queue, for what would block a loop.
///
/// An application has three, so that a flood of one kind of work can't starve another: see
/// `Executors`. The destructor runs what is queued, then joins. Thread-safe.
class Executor {
public:
    using Work = std::move_only_function<void()>;

    struct Options {
        std::string name;                  ///< In thread names (the first 15 bytes) and messages.
        std::size_t threads = 1;           ///< At least 1.
        std::size_t queue_capacity = 256;  ///< Work waiting, not running; at least 1.
    };

    explicit Executor(Options options);
    ~Executor();
    Executor(const Executor&) = delete;
    Executor& operator=(const Executor&) = delete;

    /// False when the queue is full: the work was not taken. Work must not throw.
    [[nodiscard]] bool try_submit(Work work);

    /// `co_await executor.run(f)`: runs `f` on one of the threads and resumes on the coroutine's
    /// loop with its result or exception. Throws `Overloaded` at once when the queue is full, and
    /// `NoContext` outside a loop.
    template <std::invocable F>
    [[nodiscard]] auto run(F function);

    [[nodiscard]] const std::string& name() const noexcept;
    [[nodiscard]] std::size_t queued() const noexcept;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// The three bounded executors of a program (`writer` belongs to each SQLite engine itself).
struct Executors {
    Executor hashing;   ///< Password hashes: half the cores, at least one thread.
    Executor blocking;  ///< `.blocking = true` handlers, files, name resolution.

    Executors();
    Executors(std::size_t hashing_threads, std::size_t blocking_threads);
};

namespace detail {

template <class F>
class [[nodiscard]] RunAwaiter {
    using Result = std::invoke_result_t<F&>;
    using Stored = std::conditional_t<std::is_void_v<Result>, bool, Result>;

public:
    RunAwaiter(Executor& executor, F function)
        : executor_(executor), function_(std::move(function)) {}

    [[nodiscard]] bool await_ready() const noexcept { return false; }

    template <class P>
    void await_suspend(std::coroutine_handle<P> self) {
        context_ = &require_context(context_of(self));
        const bool taken = executor_.try_submit([this, self] {
            try {
                if constexpr (std::is_void_v<Result>) {
                    function_();
                    result_.emplace(true);
                } else {
                    result_.emplace(function_());
                }
            } catch (...) {
                exception_ = std::current_exception();
            }
            context_->reactor().post([self] { self.resume(); });
        });
        if (!taken) throw Overloaded(executor_.name());
    }

    Result await_resume() {
        context_->throw_if_stopped();
        if (exception_) std::rethrow_exception(exception_);
        if constexpr (!std::is_void_v<Result>) return *std::move(result_);
    }

private:
    Executor& executor_;
    F function_;
    Context* context_ = nullptr;
    std::optional<Stored> result_;
    std::exception_ptr exception_;
};

}  // namespace detail

template <std::invocable F>
auto Executor::run(F function) {
    return detail::RunAwaiter<F>{*this, std::move(function)};
}

}  // namespace portico::core
