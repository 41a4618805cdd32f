#pragma once

#include <concepts>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "portico/core/context.hpp"
#include "portico/core/task.hpp"

namespace portico::core {

namespace detail {

/// What several tasks, each spawned on its own, end at.
class Join {
public:
    explicit Join(std::size_t tasks) noexcept : left_(tasks) {}

    static void ended(void* self, std::exception_ptr exception) {
        auto& join = *static_cast<Join*>(self);
        if (exception && !join.first_) join.first_ = std::move(exception);
        if (--join.left_ == 0 && join.waiter_) join.waiter_.resume();
    }

    [[nodiscard]] bool await_ready() const noexcept { return left_ == 0; }
    void await_suspend(std::coroutine_handle<> self) noexcept { waiter_ = self; }
    void await_resume() const {
        if (first_) std::rethrow_exception(first_);
    }

private:
    std::size_t left_;
    std::exception_ptr first_;
    std::coroutine_handle<> waiter_;
};

template <class T>
using Gathered = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

template <class T>
Task<void> keep(Task<T> task, std::optional<Gathered<T>>& result) {
    if constexpr (std::is_void_v<T>) {
        co_await task;
        result.emplace();
    } else {
        result.emplace(co_await task);
    }
}

template <class T>
struct IsTask : std::false_type {};
template <class T>
struct IsTask<Task<T>> : std::true_type {};

/// A task, or what can be one: what a session's functions return.
template <class A>
auto as_task(A awaitable) {
    if constexpr (IsTask<A>::value) {
        return awaitable;
    } else {
        return Task<decltype(awaitable.await_resume())>(std::move(awaitable));
    }
}

template <class... T>
Task<std::tuple<Gathered<T>...>> gather_tasks(Task<T>... tasks) {
    Context& context = require_context(co_await this_context());
    std::tuple<std::optional<Gathered<T>>...> results;
    Join join(sizeof...(T));
    std::apply(
        [&](auto&... result) {
            (spawn(context, keep<T>(std::move(tasks), result), &Join::ended, &join), ...);
        },
        results);
    co_await join;
    co_return std::apply(
        [](auto&... result) { return std::tuple<Gathered<T>...>(*std::move(result)...); }, results);
}

}  // namespace detail

/// Runs tasks side by side in the coroutine's context and gives their results when all have ended:
/// `auto [user, items] = co_await gather(users.get(7), items.count());`
///
/// A `void` is a `std::monostate`. When some fail, the others still run to their end, and the first
/// failure is thrown. What is started together on one connection of PostgreSQL is sent together.
template <class... A>
    requires(sizeof...(A) > 0)
[[nodiscard]] auto gather(A... awaitables) {
    return detail::gather_tasks(detail::as_task(std::move(awaitables))...);
}

/// The same for any number of one kind, in their order.
template <class T>
Task<std::vector<detail::Gathered<T>>> gather(std::vector<Task<T>> tasks) {
    Context& context = detail::require_context(co_await this_context());
    std::vector<std::optional<detail::Gathered<T>>> results(tasks.size());
    detail::Join join(tasks.size());
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        spawn(context, detail::keep<T>(std::move(tasks[i]), results[i]), &detail::Join::ended,
              &join);
    }
    co_await join;
    std::vector<detail::Gathered<T>> values;
    values.reserve(results.size());
    for (auto& result : results) values.push_back(*std::move(result));
    co_return values;
}

}  // namespace portico::core
