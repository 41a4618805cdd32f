#pragma once

#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "portico/core/compiler.hpp"
#include "portico/core/context.hpp"

namespace portico::core {

template <class T>
class Task;

namespace detail {

/// Coroutine frames come from a per-thread cache of freed frames: after warm-up a request
/// allocates none. A frame may be freed on another thread than the one that allocated it.
[[nodiscard]] void* allocate_frame(std::size_t size);
void free_frame(void* frame, std::size_t size) noexcept;

}  // namespace detail

/// The part of a `Task`'s promise that does not depend on its result.
class PromiseBase {
public:
    static void* operator new(std::size_t size) { return detail::allocate_frame(size); }
    static void operator delete(void* frame, std::size_t size) noexcept {
        detail::free_frame(frame, size);
    }

    struct FinalAwaiter {
        [[nodiscard]] bool await_ready() const noexcept { return false; }
        template <class Promise>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> self) const noexcept {
            return self.promise().continuation;
        }
        void await_resume() const noexcept {}
    };

    [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
    [[nodiscard]] FinalAwaiter final_suspend() const noexcept { return {}; }
    void unhandled_exception() noexcept { exception = std::current_exception(); }

    std::coroutine_handle<> continuation = std::noop_coroutine();
    Context* context = nullptr;
    std::exception_ptr exception;
};

namespace detail {

template <class T>
class Promise : public PromiseBase {
public:
    Task<T> get_return_object() noexcept;

    template <class U = T>
        requires std::is_constructible_v<T, U&&>
    void return_value(U&& value) {
        value_.emplace(std::forward<U>(value));
    }

    [[nodiscard]] T take() {
        if (exception) std::rethrow_exception(std::exchange(exception, nullptr));
        return *std::move(value_);
    }

private:
    std::optional<T> value_;
};

template <>
class Promise<void> : public PromiseBase {
public:
    Task<void> get_return_object() noexcept;
    void return_void() const noexcept {}
    void take() {
        if (exception) std::rethrow_exception(std::exchange(exception, nullptr));
    }
};

template <class P>
[[nodiscard]] Context* context_of(std::coroutine_handle<P> handle) noexcept {
    if constexpr (requires { static_cast<Context*>(handle.promise().context); }) {
        return handle.promise().context;
    } else {
        return nullptr;
    }
}

}  // namespace detail

/// A lazy coroutine: nothing runs until it is awaited; then its end resumes the awaiter directly
/// (symmetric transfer: a chain of any depth needs no stack).
///
/// An exception that leaves the coroutine is thrown from `co_await`. Parameters live in the frame:
/// take what must outlive a suspension by value. Destroying a task that is suspended destroys what
/// it holds; destroying one while it runs is undefined.
///
///     Task<User> find(Session& session, int id) {
///         auto user = co_await session.get<User>(id);
///         if (!user) throw NotFoundError("User", id);
///         co_return *user;
///     }
template <class T = void>
class [[nodiscard]] Task {
public:
    using promise_type = detail::Promise<T>;
    using value_type = T;

    Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
    Task& operator=(Task&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~Task() {
        if (handle_) handle_.destroy();
    }

    class Awaiter {
    public:
        explicit Awaiter(std::coroutine_handle<promise_type> handle) noexcept : handle_(handle) {}

        [[nodiscard]] bool await_ready() const noexcept { return handle_.done(); }
        template <class Parent>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Parent> parent) noexcept {
            handle_.promise().continuation = parent;
            if (!handle_.promise().context) {
                handle_.promise().context = detail::context_of(parent);
            }
            return handle_;
        }
        T await_resume() { return handle_.promise().take(); }

    private:
        std::coroutine_handle<promise_type> handle_;
    };

    [[nodiscard]] Awaiter operator co_await() const noexcept { return Awaiter{handle_}; }

    /// For engines that run tasks whose type they do not know: the frame and its promise.
    /// `result()` after the end gives the value or throws.
    [[nodiscard]] std::coroutine_handle<> handle() const noexcept { return handle_; }
    [[nodiscard]] PromiseBase& promise() const noexcept { return handle_.promise(); }
    [[nodiscard]] bool done() const noexcept { return handle_.done(); }
    [[nodiscard]] T result() { return handle_.promise().take(); }

private:
    friend promise_type;
    explicit Task(std::coroutine_handle<promise_type> handle) noexcept : handle_(handle) {}

    std::coroutine_handle<promise_type> handle_;
};

template <class T>
Task<T> detail::Promise<T>::get_return_object() noexcept {
    return Task<T>{std::coroutine_handle<Promise>::from_promise(*this)};
}

inline Task<void> detail::Promise<void>::get_return_object() noexcept {
    return Task<void>{std::coroutine_handle<Promise>::from_promise(*this)};
}

/// Starts a task of unknown type and resumes the awaiter at its end; the result stays in the task.
/// Used by the engine, so that a route's template need not be a coroutine itself.
class AwaitErased {
public:
    template <class T>
    explicit AwaitErased(const Task<T>& task) noexcept
        : handle_(task.handle()), promise_(&task.promise()) {}

    [[nodiscard]] bool await_ready() const noexcept { return handle_.done(); }
    template <class Parent>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Parent> parent) noexcept {
        promise_->continuation = parent;
        if (!promise_->context) promise_->context = detail::context_of(parent);
        return handle_;
    }
    void await_resume() const noexcept {}

private:
    std::coroutine_handle<> handle_;
    PromiseBase* promise_;
};

/// Gives a coroutine its own context: `Context* context = co_await this_context();`
/// Null when the coroutine runs outside a loop.
class [[nodiscard]] ThisContext {
public:
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    template <class P>
    bool await_suspend(std::coroutine_handle<P> self) noexcept {
        context_ = detail::context_of(self);
        return false;
    }
    [[nodiscard]] Context* await_resume() const noexcept { return context_; }

private:
    Context* context_ = nullptr;
};

[[nodiscard]] inline ThisContext this_context() noexcept {
    return {};
}

/// Runs `task` in `context` on its own, to its end. `done` is called on the loop with the exception
/// that left the task, or null.
void spawn(Context& context, Task<void> task,
           void (*done)(void* user, std::exception_ptr) = nullptr, void* user = nullptr);

}  // namespace portico::core
