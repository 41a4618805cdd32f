#pragma once

#include <coroutine>
#include <functional>

#include "portico/core/task.hpp"

namespace portico::app {

class App;

/// The time in which an application serves, as a lifespan function sees it: what is before
/// `co_await serving` runs before the first request, what is after it when the last was answered.
///
///     app.lifespan([](App& app, Serving& serving) -> Task<void> {
///         Database& database = app.state(co_await open(url));
///         co_await serving;
///         co_await database.close();
///     });
class Serving {
public:
    Serving() = default;
    Serving(const Serving&) = delete;
    Serving& operator=(const Serving&) = delete;

    [[nodiscard]] bool await_ready() const noexcept { return ended_; }
    void await_suspend(std::coroutine_handle<> self) noexcept {
        waiting_ = self;
        if (reached_ != nullptr) reached_(user_);
    }
    void await_resume() const noexcept {}

private:
    friend class LifespanRun;

    bool ended_ = false;
    std::coroutine_handle<> waiting_;
    void (*reached_)(void* user) = nullptr;
    void* user_ = nullptr;
};

using LifespanFunction = std::move_only_function<core::Task<void>(App&, Serving&)>;
using LifespanHook = std::move_only_function<core::Task<void>(App&)>;

}  // namespace portico::app
