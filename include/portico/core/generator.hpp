#pragma once

#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "portico/core/task.hpp"

namespace portico::core {

/// The part of a `Generator`'s promise that does not depend on its items.
class GeneratorPromise : public PromiseBase {
public:
    struct Yielded {
        [[nodiscard]] bool await_ready() const noexcept { return false; }
        template <class Promise>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> self) const noexcept {
            return std::exchange(self.promise().continuation, std::noop_coroutine());
        }
        void await_resume() const noexcept {}
    };

    void return_void() const noexcept {}

    /// The item that was yielded last, while the generator is suspended at it; else null.
    void* item = nullptr;
};

/// A generator whose items have no known type: what engines run.
class AnyGenerator {
public:
    AnyGenerator(AnyGenerator&& other) noexcept
        : handle_(std::exchange(other.handle_, {})), promise_(other.promise_) {}
    AnyGenerator& operator=(AnyGenerator&& other) noexcept {
        std::swap(handle_, other.handle_);
        std::swap(promise_, other.promise_);
        return *this;
    }
    ~AnyGenerator() {
        if (handle_) handle_.destroy();
    }

    [[nodiscard]] std::coroutine_handle<> handle() const noexcept { return handle_; }
    [[nodiscard]] GeneratorPromise& promise() const noexcept { return *promise_; }
    /// It has yielded, returned or thrown: it waits for nothing.
    [[nodiscard]] bool ready() const noexcept {
        return promise_->item != nullptr || handle_.done();
    }

protected:
    AnyGenerator(std::coroutine_handle<> handle, GeneratorPromise& promise) noexcept
        : handle_(handle), promise_(&promise) {}

private:
    std::coroutine_handle<> handle_;
    GeneratorPromise* promise_;
};

/// A coroutine that gives items one after the other and may await in between. Nothing runs until
/// the first is asked for, nor between an item and the question for the next.
///
/// An exception that leaves the coroutine is thrown to whoever asks. As with `Task`, parameters
/// live in the frame: take what must outlive a suspension by value. Destroying a generator that
/// is suspended at a `co_yield` destroys what it holds; at a `co_await` it is undefined.
///
///     Generator<int> countdown(int from) {
///         for (; from > 0; --from) {
///             co_yield from;
///             co_await sleep_for(1s);
///         }
///     }
///     while (int* number = co_await generator.next()) …
template <class T>
class [[nodiscard]] Generator : public AnyGenerator {
public:
    using value_type = T;

    class promise_type : public GeneratorPromise {
    public:
        Generator get_return_object() noexcept {
            return Generator{std::coroutine_handle<promise_type>::from_promise(*this)};
        }
        Yielded yield_value(T&& value) noexcept {
            item = std::addressof(value);
            return {};
        }
        Yielded yield_value(const T& value) {
            item = std::addressof(copy_.emplace(value));
            return {};
        }

    private:
        std::optional<T> copy_;
    };

    class Next {
    public:
        explicit Next(AnyGenerator& generator) noexcept : generator_(generator) {}

        [[nodiscard]] bool await_ready() const noexcept { return generator_.handle().done(); }
        template <class Parent>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Parent> parent) noexcept {
            GeneratorPromise& promise = generator_.promise();
            promise.continuation = parent;
            promise.context = detail::context_of(parent);
            promise.item = nullptr;
            return generator_.handle();
        }
        T* await_resume() {
            GeneratorPromise& promise = generator_.promise();
            if (promise.exception) {
                std::rethrow_exception(std::exchange(promise.exception, nullptr));
            }
            return generator_.handle().done() ? nullptr : static_cast<T*>(promise.item);
        }

    private:
        AnyGenerator& generator_;
    };

    /// `co_await` gives the next item, valid until the one after it is asked for; null at the end.
    [[nodiscard]] Next next() noexcept { return Next{*this}; }

private:
    explicit Generator(std::coroutine_handle<promise_type> handle) noexcept
        : AnyGenerator(handle, handle.promise()) {}
};

}  // namespace portico::core
