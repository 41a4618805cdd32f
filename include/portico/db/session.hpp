#pragma once

#include <array>
#include <cstdint>
#include <exception>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "portico/core/outcome.hpp"
#include "portico/core/task.hpp"
#include "portico/db/argument.hpp"
#include "portico/db/detail/pending.hpp"
#include "portico/db/detail/read_row.hpp"
#include "portico/db/detail/repeats.hpp"
#include "portico/db/driver.hpp"
#include "portico/db/sql.hpp"

namespace portico::db {

template <class T, class... Joined>
class Query;

/// One unit of work: what it writes is committed together or not at all.
///
/// It begins by itself. Its reads run at once, on the calling loop's thread, and hold nothing open
/// across a `co_await`. Its first write waits for the session's turn (one session of a database
/// writes at a time, `DatabaseOptions::write_wait`); from there on its reads see its writes. The
/// turn ends with `commit`, `rollback`, `finish` or the destructor, and may not last longer than
/// `DatabaseOptions::write_hold`: don't wait for other services, or for another session that
/// writes, in between.
///
/// As a dependency it is committed before the first byte of the response, and rolled back when the
/// handler throws: see `finish`. For one coroutine chain at a time, on one loop. The `Database`
/// must outlive it.
///
///     Session get_session(State<Database> database) { return database->session(); }
class Session {
public:
    explicit Session(Driver& driver, SessionOptions options = {},
                     const detail::RepeatWatch* watch = nullptr) noexcept
        : driver_(&driver), watch_(watch), state_{.options = options} {}
    Session(Session&& other) noexcept
        : driver_(other.driver_),
          watch_(other.watch_),
          state_(other.state_),
          repeats_(std::move(other.repeats_)) {
        other.state_.transaction = nullptr;
    }
    Session& operator=(Session&&) = delete;
    /// Rolls back what is not committed. Never waits.
    ~Session();

    /// Makes what was written since the last commit permanent: on disk, when it returns. Sessions
    /// that wait for it together are committed together. Throws `Error` when the commit failed;
    /// nothing is written then. Is not cancelled with the request. The session can go on.
    detail::PendingStep commit() { return {*this, Operation::Kind::commit}; }
    detail::PendingStep rollback() { return {*this, Operation::Kind::rollback}; }

    /// What the engine awaits before the response: `commit` after success, else `rollback`.
    core::Task<void> finish(core::Outcome outcome);

    /// Runs `work`, a function that returns a task, so that its writes are undone, and only
    /// they, when it throws. The exception goes on. Takes the session's turn to write.
    ///
    ///     co_await session.savepoint([&] -> Task<void> { co_await users.create(user); });
    template <class F>
    std::invoke_result_t<F&> savepoint(F work);

    /// Runs `work`, a function that returns a task, in a transaction, its reads included: committed
    /// when it returns, rolled back when it throws. The exception goes on. Within another
    /// `transaction`, or when the session has written already, it is a savepoint of that, and is
    /// committed with it.
    ///
    ///     const auto left = co_await session.transaction([&] -> Task<int> { … });
    template <class F>
    std::invoke_result_t<F&> transaction(F work);

    /// A statement without rows, or whose rows do not matter: the number of rows it changed. Each
    /// `:name` of the statement takes the `arg` of that name.
    ///
    ///     co_await session.execute("UPDATE users SET disabled = 1 WHERE id = :id", arg("id", id));
    template <class... Arguments>
    detail::PendingChange execute(Sql statement, const Arguments&... arguments);

    /// The rows of a statement as structs, members by column name, or as plain values of the first
    /// column: `co_await session.fetch<Total>("SELECT owner_id, sum(price) AS total FROM …")`.
    /// Columns that `T` lacks are ignored; a member without column is an `Error`.
    template <class T, class... Arguments>
    detail::Pending<std::vector<T>> fetch(Sql statement, const Arguments&... arguments);

    /// The first row, or nothing.
    template <class T, class... Arguments>
    detail::Pending<std::optional<T>> fetch_one(Sql statement, const Arguments&... arguments);

    /// PostgreSQL: tells every `Listener` of the channel, when the session is committed. The
    /// payload is at most 7,999 bytes; the same, sent twice in a transaction, may come once.
    detail::PendingChange notify(std::string_view channel, std::string_view payload = {});

    /// A typed query: `session.query<User>().where(column<&User::disabled> == false).all()`.
    template <class T>
    [[nodiscard]] Query<T> query() {
        return Query<T>{*this};
    }

    /// It has written something that is not committed yet.
    [[nodiscard]] bool writing() const noexcept { return state_.transaction != nullptr; }

private:
    friend class detail::PendingBase;

    detail::PendingStep step(Operation::Kind kind) { return {*this, kind}; }
    void bind(const Sql& statement, Operation& operation, detail::Parameters& parameters,
              std::span<const Argument> arguments);

    Driver* driver_;
    const detail::RepeatWatch* watch_;
    SessionState state_;
    detail::Repeats repeats_;
    bool in_transaction_ = false;
};

template <class F>
std::invoke_result_t<F&> Session::transaction(F work) {
    using Result = typename std::invoke_result_t<F&>::value_type;
    // Nothing to undo, and PostgreSQL's replica would refuse a savepoint outside a transaction.
    if (state_.options.read_only) co_return co_await work();
    if (in_transaction_ || writing()) co_return co_await savepoint(std::move(work));
    const SessionOptions before = state_.options;
    std::exception_ptr failure;
    in_transaction_ = true;
    state_.options.begin_at_once = true;
    [[maybe_unused]] std::conditional_t<std::is_void_v<Result>, bool, std::optional<Result>>
        result{};
    try {
        if constexpr (std::is_void_v<Result>) {
            co_await work();
        } else {
            result = co_await work();
        }
    } catch (...) {
        failure = std::current_exception();
    }
    in_transaction_ = false;
    state_.options = before;
    if (failure) {
        co_await rollback();
        std::rethrow_exception(failure);
    }
    co_await commit();
    if constexpr (!std::is_void_v<Result>) co_return *std::move(result);
}

template <class F>
std::invoke_result_t<F&> Session::savepoint(F work) {
    co_await step(Operation::Kind::savepoint);
    std::exception_ptr failure;
    try {
        if constexpr (std::is_void_v<typename std::invoke_result_t<F&>::value_type>) {
            co_await work();
            co_await step(Operation::Kind::release);
            co_return;
        } else {
            auto result = co_await work();
            co_await step(Operation::Kind::release);
            co_return result;
        }
    } catch (...) {
        failure = std::current_exception();
    }
    co_await step(Operation::Kind::undo);
    std::rethrow_exception(failure);
}

template <class... Arguments>
detail::PendingChange Session::execute(Sql statement, const Arguments&... arguments) {
    detail::PendingChange pending{*this};
    bind(statement, pending.operation(), pending.parameters(),
         std::array<Argument, sizeof...(Arguments)>{arguments...});
    return pending;
}

template <class T, class... Arguments>
detail::Pending<std::vector<T>> Session::fetch(Sql statement, const Arguments&... arguments) {
    detail::Pending<std::vector<T>> pending{
        *this, [](void* result, const Row& row) {
            auto& rows = *static_cast<std::vector<T>*>(result);
            if constexpr (std::is_same_v<T, bool>) {  // a vector of which has no bool to refer to
                bool value = false;
                detail::read_row(row, value);
                rows.push_back(value);
            } else {
                detail::read_row(row, rows.emplace_back());
            }
        }};
    bind(statement, pending.operation(), pending.parameters(),
         std::array<Argument, sizeof...(Arguments)>{arguments...});
    return pending;
}

template <class T, class... Arguments>
detail::Pending<std::optional<T>> Session::fetch_one(Sql statement, const Arguments&... arguments) {
    detail::Pending<std::optional<T>> pending{*this, [](void* result, const Row& row) {
                                                  auto& found =
                                                      *static_cast<std::optional<T>*>(result);
                                                  if (!found)
                                                      detail::read_row(row, found.emplace());
                                              }};
    pending.expect_one();
    bind(statement, pending.operation(), pending.parameters(),
         std::array<Argument, sizeof...(Arguments)>{arguments...});
    return pending;
}

}  // namespace portico::db
