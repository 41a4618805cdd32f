#pragma once

#include <coroutine>

#include "portico/app/tables.hpp"

namespace portico::app {

enum class Progress { done, waiting };

/// The one task that a state machine of the engine waits for.
///
/// The engine is ordinary functions that are called again when the task has ended; a coroutine
/// (`drive`) is made only for a request that really waits.
class Pending {
public:
    /// Runs the task until it ends or suspends. True when it has ended.
    bool start(ErasedTask task, core::Context& context) {
        task_ = task;
        if (task_.promise->context == nullptr) task_.promise->context = &context;
        task_.handle.resume();
        return task_.handle.done();
    }
    template <class T>
    bool start(core::Task<T>& task, core::Context& context) {
        return start(ErasedTask{task.handle(), &task.promise()}, context);
    }

    // `co_await pending`: resumes when the started task has ended.
    [[nodiscard]] bool await_ready() const noexcept { return task_.handle.done(); }
    void await_suspend(std::coroutine_handle<> self) const noexcept {
        task_.promise->continuation = self;
    }
    void await_resume() const noexcept {}

private:
    ErasedTask task_;
};

}  // namespace portico::app
