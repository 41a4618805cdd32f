#pragma once

#include <coroutine>
#include <cstdint>
#include <utility>

#include "portico/core/task.hpp"
#include "portico/db/detail/parameters.hpp"
#include "portico/db/driver.hpp"

namespace portico::db {

class Session;

namespace detail {

/// What every awaitable of a session does, whatever its result. A read that can be done at once is
/// done in `await_ready`: the coroutine is not even suspended.
class PendingBase {
public:
    PendingBase(PendingBase&&) noexcept = default;
    PendingBase& operator=(PendingBase&&) = delete;

    template <class P>
    bool await_suspend(std::coroutine_handle<P> self) {
        operation_.context = &core::detail::require_context(core::detail::context_of(self));
        operation_.waiter = self;
        return !start();
    }

protected:
    explicit PendingBase(Session& session) noexcept : session_(&session) {}

    /// Whether the operation is complete already.
    [[nodiscard]] bool start();
    void expect_one() noexcept { expects_one_ = true; }
    /// Throws what went wrong, or that the request was stopped while it waited.
    void finish();

    Session* session_;
    Operation operation_;
    InlineVector<char, 64> key_;  // of a statement that is no literal
    Parameters parameters_;
    bool expects_one_ = false;  // such a statement, run again and again, is a query for many
};

/// A statement that is being made.
class PendingStatement : public PendingBase {
public:
    explicit PendingStatement(Session& session) noexcept : PendingBase(session) {}

    Operation& operation() noexcept { return operation_; }
    InlineVector<char, 64>& key() noexcept { return key_; }
    Parameters& parameters() noexcept { return parameters_; }
    using PendingBase::expect_one;
};

/// The awaitable of a statement whose rows make up an `R`: `co_await` it once, or return it where a
/// `Task<R>` is expected.
template <class R>
class [[nodiscard]] Pending : public PendingStatement {
public:
    using OnRow = void (*)(void* result, const Row& row);

    Pending(Session& session, OnRow on_row) noexcept : PendingStatement(session) {
        operation_.on_row = on_row;
    }

    [[nodiscard]] bool await_ready() {
        operation_.target = &result_;
        return start();
    }
    R await_resume() {
        finish();
        return std::move(result_);
    }

    operator core::Task<R>() && { return run(std::move(*this)); }

private:
    static core::Task<R> run(Pending self) { co_return co_await self; }

    R result_{};
};

/// The same, where what reads the rows keeps something of its own: `reader(row)`, then
/// `reader.take()`.
template <class Reader>
class [[nodiscard]] PendingRead : public PendingStatement {
public:
    using Result = decltype(std::declval<Reader&>().take());

    PendingRead(Session& session, Reader reader)
        : PendingStatement(session), reader_(std::move(reader)) {
        operation_.on_row = [](void* self, const Row& row) { (*static_cast<Reader*>(self))(row); };
    }

    [[nodiscard]] bool await_ready() {
        operation_.target = &reader_;
        return start();
    }
    Result await_resume() {
        finish();
        return reader_.take();
    }

    operator core::Task<Result>() && { return run(std::move(*this)); }

private:
    static core::Task<Result> run(PendingRead self) { co_return co_await self; }

    Reader reader_;
};

/// The awaitable of a statement without rows: the number of rows that it changed.
class [[nodiscard]] PendingChange : public PendingStatement {
public:
    using PendingStatement::PendingStatement;

    [[nodiscard]] bool await_ready() { return start(); }
    std::int64_t await_resume() {
        finish();
        return operation_.changed;
    }

    operator core::Task<std::int64_t>() && { return run(std::move(*this)); }

private:
    static core::Task<std::int64_t> run(PendingChange self) { co_return co_await self; }
};

/// The same when all that matters is whether there was a row to change.
class [[nodiscard]] PendingFlag : public PendingStatement {
public:
    explicit PendingFlag(PendingChange&& change) noexcept : PendingStatement(std::move(change)) {}

    [[nodiscard]] bool await_ready() { return start(); }
    bool await_resume() {
        finish();
        return operation_.changed > 0;
    }

    operator core::Task<bool>() && { return run(std::move(*this)); }

private:
    static core::Task<bool> run(PendingFlag self) { co_return co_await self; }
};

/// The awaitable of a step of the transaction.
class [[nodiscard]] PendingStep : public PendingBase {
public:
    PendingStep(Session& session, Operation::Kind kind) noexcept : PendingBase(session) {
        operation_.kind = kind;
    }

    [[nodiscard]] bool await_ready() { return start(); }
    void await_resume() { finish(); }

    operator core::Task<void>() && { return run(std::move(*this)); }

private:
    static core::Task<void> run(PendingStep self) { co_await self; }
};

}  // namespace detail
}  // namespace portico::db
