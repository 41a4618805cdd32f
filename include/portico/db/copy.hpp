#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "portico/core/generator.hpp"
#include "portico/core/task.hpp"
#include "portico/db/detail/pending.hpp"
#include "portico/db/detail/table_info.hpp"
#include "portico/db/session.hpp"

// COPY of PostgreSQL: the fastest way to bring many rows in or out. Other back ends refuse it.

namespace portico::db {

namespace detail {

/// The awaitable of a step of a copy.
class [[nodiscard]] PendingCopy : public PendingStatement {
public:
    PendingCopy(Session& session, Operation::Kind kind) noexcept : PendingStatement(session) {
        operation_.kind = kind;
        operation_.writes = kind == Operation::Kind::copy_in;
    }

    [[nodiscard]] bool await_ready() { return start(); }
    std::int64_t await_resume() {
        finish();
        return operation_.changed;
    }
};

/// The copy into a table, whatever its rows are.
class CopyRows {
public:
    CopyRows(Session& session, const TableInfo& table) noexcept
        : session_(&session), table_(&table) {}

    [[nodiscard]] core::Task<void> add(const void* row);
    [[nodiscard]] core::Task<std::int64_t> finish();

private:
    [[nodiscard]] core::Task<void> begin();
    [[nodiscard]] core::Task<void> send();

    Session* session_;
    const TableInfo* table_;
    std::string buffer_;
    bool begun_ = false;
};

[[nodiscard]] core::Generator<std::string> copy_rows_out(Session& session, const TableInfo& table);

}  // namespace detail

/// Brings rows into the table of a model, in pieces of 64 KiB as they come. A key that the database
/// assigns is assigned to each. The rows are part of the session's transaction: all of them or,
/// when one is refused or the copy is not finished, none. Until `finish` the session does nothing
/// else but roll back.
///
///     CopyIn<Reading> readings{session};
///     while (auto reading = co_await source.next()) co_await readings.add(*reading);
///     const auto rows = co_await readings.finish();
template <class T>
class CopyIn {
public:
    explicit CopyIn(Session& session) : rows_(session, detail::table_of<T>()) {}

    /// Waits while the server is slower than the caller. Throws `Error` for a value that the column
    /// can't hold.
    [[nodiscard]] core::Task<void> add(const T& row) { return rows_.add(&row); }
    /// How many rows there were. Throws what the server has refused: an `IntegrityError`, say.
    [[nodiscard]] core::Task<std::int64_t> finish() { return rows_.finish(); }

private:
    detail::CopyRows rows_;
};

/// The same for rows that are all there.
template <class T>
[[nodiscard]] core::Task<std::int64_t> copy_in(Session& session, const std::vector<T>& rows) {
    CopyIn<T> copy{session};
    for (const T& row : rows) co_await copy.add(row);
    co_return co_await copy.finish();
}

/// The whole table of a model as CSV (RFC 4180, with a header), in pieces that end with a row; as
/// the body of a response it is sent at the client's pace. Read to its end, or end the session.
template <class T>
[[nodiscard]] core::Generator<std::string> copy_out(Session& session) {
    return detail::copy_rows_out(session, detail::table_of<T>());
}

}  // namespace portico::db
