#pragma once

#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "portico/core/task.hpp"

namespace portico::app {

/// Work for after the response: taken as a parameter, shared by a request's handler and
/// dependencies.
///
/// The tasks run one after another on the request's loop when the response has been sent. The
/// request and its dependencies are gone by then: pass what a task needs by value. An exception
/// goes to `AppOptions::on_error`; the next task runs all the same. A graceful stop waits for them.
///
///     app.post("/users", [](UserCreate user, BackgroundTasks tasks) {
///         tasks.add_task(send_welcome, user.email);
///         …
///     });
class BackgroundTasks {
public:
    using Work = std::move_only_function<core::Task<void>()>;

    /// `function(arguments…)` later; a coroutine or a plain function.
    template <class F, class... A>
    void add_task(F&& function, A&&... arguments) {
        if constexpr (sizeof...(A) == 0) {
            add(wrap(std::forward<F>(function)));
        } else {
            add(wrap([function = std::decay_t<F>(std::forward<F>(function)),
                      arguments = std::tuple<std::decay_t<A>...>(
                          std::forward<A>(arguments)...)]() mutable -> decltype(auto) {
                return std::apply(function, std::move(arguments));
            }));
        }
    }

    void add(Work work) { queue_->push_back(std::move(work)); }

protected:
    explicit BackgroundTasks(std::vector<Work>* queue) noexcept : queue_(queue) {}

private:
    template <class F>
    static Work wrap(F&& function) {
        using Function = std::decay_t<F>;
        using Result = std::invoke_result_t<Function&>;
        if constexpr (std::is_void_v<Result>) {
            return [function = Function(std::forward<F>(function))]() mutable -> core::Task<void> {
                function();
                co_return;
            };
        } else {
            static_assert(std::is_same_v<Result, core::Task<void>>,
                          "a background task returns void or Task<void>: nobody reads its result");
            return Work(std::forward<F>(function));
        }
    }

    std::vector<Work>* queue_;
};

/// The one object of a request that all its `BackgroundTasks` refer to.
class BackgroundQueue final : public BackgroundTasks {
public:
    BackgroundQueue() noexcept : BackgroundTasks(&work) {}
    BackgroundQueue(const BackgroundQueue&) = delete;
    BackgroundQueue& operator=(const BackgroundQueue&) = delete;

    std::vector<Work> work;
};

}  // namespace portico::app
