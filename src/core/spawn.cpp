#include "portico/core/task.hpp"

namespace portico::core {

namespace {

/// A coroutine that nobody awaits: its frame frees itself at its end.
struct Detached {
    struct promise_type {
        static void* operator new(std::size_t size) { return detail::allocate_frame(size); }
        static void operator delete(void* frame, std::size_t size) noexcept {
            detail::free_frame(frame, size);
        }
        Detached get_return_object() const noexcept { return {}; }
        std::suspend_never initial_suspend() const noexcept { return {}; }
        std::suspend_never final_suspend() const noexcept { return {}; }
        void return_void() const noexcept {}
        void unhandled_exception() const noexcept { std::terminate(); }  // `done` has thrown
    };
};

Detached run(Task<void> task, void (*done)(void*, std::exception_ptr), void* user) {
    std::exception_ptr exception;
    {
        // Gone before `done` is called, which may end the life of what the task refers to.
        const Task<void> running = std::move(task);
        try {
            co_await running;
        } catch (...) {
            exception = std::current_exception();
        }
    }
    if (done) done(user, std::move(exception));
}

}  // namespace

void spawn(Context& context, Task<void> task, void (*done)(void* user, std::exception_ptr),
           void* user) {
    task.promise().context = &context;
    run(std::move(task), done, user);
}

}  // namespace portico::core
