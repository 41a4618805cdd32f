#pragma once

#include <chrono>
#include <exception>
#include <type_traits>
#include <utility>

#include "portico/core/reactor.hpp"
#include "portico/core/task.hpp"
#include "portico/db/session.hpp"

namespace portico::db {

/// How a transaction that is marked as one is run.
struct TransactionOptions {
    Isolation isolation = Isolation::read_committed;
    bool read_only = false;
    /// How often it is run at most. At least 1.
    int attempts = 5;
    /// The pause before the second; doubled each time, with a random part.
    std::chrono::milliseconds pause{5};
};

namespace detail {

/// Whether the same may succeed now: a deadlock, a serialization failure, a lock or a connection
/// that was not to be had or was lost before the commit.
[[nodiscard]] bool worth_another_attempt(const std::exception_ptr& failure) noexcept;
/// The pause after `attempt`, from 1.
[[nodiscard]] std::chrono::nanoseconds pause_after(int attempt, const TransactionOptions& options);

template <class F>
std::invoke_result_t<F&, Session&> run_transaction(Driver& driver, TransactionOptions options,
                                                   F work) {
    for (int attempt = 1;; ++attempt) {
        std::exception_ptr failure;
        {
            Session session{driver,
                            {.isolation = options.isolation,
                             .read_only = options.read_only,
                             .begin_at_once = true}};
            try {
                if constexpr (std::is_void_v<
                                  typename std::invoke_result_t<F&, Session&>::value_type>) {
                    co_await work(session);
                    co_await session.commit();
                    co_return;
                } else {
                    auto result = co_await work(session);
                    co_await session.commit();
                    co_return result;
                }
            } catch (...) {
                failure = std::current_exception();
            }
        }
        if (attempt >= options.attempts || !worth_another_attempt(failure)) {
            std::rethrow_exception(failure);
        }
        co_await core::sleep_for(pause_after(attempt, options));
    }
}

}  // namespace detail
}  // namespace portico::db
