#pragma once

#include <optional>
#include <type_traits>
#include <utility>

#include "portico/core/task.hpp"

namespace portico::db {

namespace detail {
void run_to_end(core::Task<void> task);
}  // namespace detail

/// Runs a task to its end on this thread, on a loop of its own: for tools, tests and the start of
/// a program. Never call it on a server's loop, which would stand still.
///
///     auto users = db::wait(session.query<User>().all());
template <class T>
T wait(core::Task<T> task) {
    if constexpr (std::is_void_v<T>) {
        detail::run_to_end(std::move(task));
    } else {
        std::optional<T> result;
        detail::run_to_end([](core::Task<T>& inner, std::optional<T>& out) -> core::Task<void> {
            out.emplace(co_await inner);
        }(task, result));
        return *std::move(result);
    }
}

/// The same for what a session's functions return.
template <class P>
    requires requires(P pending) { pending.await_resume(); }
auto wait(P pending) {
    return wait(core::Task<decltype(pending.await_resume())>(std::move(pending)));
}

}  // namespace portico::db
