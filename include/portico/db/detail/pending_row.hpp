#pragma once

#include <cstddef>
#include <expected>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "portico/db/condition.hpp"
#include "portico/db/detail/pending.hpp"
#include "portico/db/detail/statements.hpp"
#include "portico/db/error.hpp"

namespace portico::db::detail {

using ColumnList = InlineVector<std::size_t, 16>;

/// Those that an update writes: not the key, the version, nor what marks a row as deleted.
[[nodiscard]] ColumnList written_columns(const TableInfo& table);

/// Throws `Error` when the selection has an order, a limit, an offset or groups.
void require_unordered(const Selection& selection);

/// The column with `soft_delete`. Throws `Error` (schema) when there is none.
[[nodiscard]] std::size_t deletion_mark(const TableInfo& table);
/// The time of `soft_delete`.
[[nodiscard]] Value now();

/// All columns of the rows of a selection, or their count.
void select_rows(const TableInfo& table, const Selection& selection, Verb verb,
                 PendingStatement& pending);

/// All columns of the row whose key is the first parameter.
void select_by_key(const TableInfo& table, PendingStatement& pending);

void make_insert(const TableInfo& table, void* row, void (*on_row)(void* row, const Row& assigned),
                 PendingStatement& pending);

/// What an INSERT does when there is a row with the same values in some columns.
enum class OnConflict : char { nothing = 'n', update = 'u' };
/// Gives the whole row back, or none when it did nothing. The row must outlive the statement.
void make_insert(const TableInfo& table, const void* row, OnConflict what,
                 const ColumnList& columns, PendingStatement& pending);

/// `count` objects, `stride` bytes apart: as many as one statement takes, which it returns.
[[nodiscard]] std::size_t make_insert(const TableInfo& table, const void* rows, std::size_t stride,
                                      std::size_t count, PendingStatement& pending);

/// Adds "and these columns are as in the row".
void add_equals(const TableInfo& table, const void* row, const ColumnList& columns, Filter& filter);

void make_update(const TableInfo& table, const void* row, const ColumnList& columns,
                 PendingStatement& pending);
/// The columns by name; the rows are those after the update.
void update_returning(const TableInfo& table, const void* row,
                      std::span<const std::string_view> columns, PendingStatement& pending);
/// Throws `StaleError` when the table has versions: no row had the object's.
void require_fresh(const TableInfo& table);

/// Throws `Error` when the key is of another type than the column's.
void require_key_type(const Coding& coding, const model::Type* type);

template <class Key>
void add_key(const Coding& coding, const Key& key, Parameters& out) {
    if constexpr (std::is_arithmetic_v<HeldBy<Key>>) {
        out.add(plain_value(key));
    } else if constexpr (std::is_convertible_v<const Key&, std::string_view>) {
        out.add(Value{std::string_view(key)});
    } else {
        require_key_type(coding, model::slot_of<Key>().type);
        encode_present(coding, static_cast<const HeldBy<Key>*>(&key), Text::copied, out);
    }
}

/// A row on its way into the database; its text is not copied.
template <class T>
class PendingInsert : public PendingStatement {
public:
    PendingInsert(Session& session, T row) : PendingStatement(session), row_(std::move(row)) {}

    [[nodiscard]] bool await_ready() {
        make_insert(table_of<T>(), &row_, &read_assigned, *this);
        return start();
    }

protected:
    static void read_assigned(void* row, const Row& columns) {
        db::detail::read_assigned(table_of<T>(), columns, row);
    }

    T row_;
};

template <class T>
class [[nodiscard]] PendingCreate : public PendingInsert<T> {
public:
    using PendingInsert<T>::PendingInsert;

    T await_resume() {
        this->finish();
        return std::move(this->row_);
    }

    operator core::Task<T>() && { return run(std::move(*this)); }

private:
    static core::Task<T> run(PendingCreate self) { co_return co_await self; }
};

template <class T>
class [[nodiscard]] PendingTryCreate : public PendingInsert<T> {
public:
    using Result = std::expected<T, IntegrityError>;
    using PendingInsert<T>::PendingInsert;

    Result await_resume() {
        try {
            this->finish();
        } catch (const IntegrityError& error) {
            return std::unexpected(error);
        }
        return std::move(this->row_);
    }

    operator core::Task<Result>() && { return run(std::move(*this)); }

private:
    static core::Task<Result> run(PendingTryCreate self) { co_return co_await self; }
};

template <class T>
class [[nodiscard]] PendingUpdate : public PendingStatement {
public:
    PendingUpdate(Session& session, T row, const ColumnList& columns)
        : PendingStatement(session), row_(std::move(row)), columns_(columns) {}

    [[nodiscard]] bool await_ready() {
        make_update(table_of<T>(), &row_, columns_, *this);
        return start();
    }
    bool await_resume() {
        finish();
        if (operation_.changed > 0) return true;
        require_fresh(table_of<T>());
        return false;
    }

    operator core::Task<bool>() && { return run(std::move(*this)); }

private:
    static core::Task<bool> run(PendingUpdate self) { co_return co_await self; }

    T row_;
    ColumnList columns_;
};

}  // namespace portico::db::detail
