#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "portico/db/condition.hpp"
#include "portico/db/detail/pending.hpp"
#include "portico/db/detail/pending_row.hpp"
#include "portico/db/detail/statements.hpp"
#include "portico/db/session.hpp"

namespace portico::db {

/// Largest first: `order_by(descending(&User::created_at))`.
template <class T, class M>
struct Descending {
    M T::* member;
};
template <class T, class M>
[[nodiscard]] constexpr Descending<T, M> descending(M T::* member) noexcept {
    return {member};
}

/// The rows of one table that a condition holds for, in an order.
///
///     auto users = co_await session.query<User>()
///                      .where(column<&User::disabled> == false)
///                      .where(&User::id, greater_than, last)     // and
///                      .order_by(&User::id)
///                      .limit(20)
///                      .all();
///
/// What `all`, `first`, `count` and the others return is awaited once, or returned where a `Task`
/// of its result is expected. The statement is prepared once for each shape of a query and
/// connection, whatever its values. A query can be copied and used again.
template <class T>
class Query {
public:
    explicit Query(Session& session) noexcept : session_(&session) {}

    /// Both, when called again.
    Query& where(const Condition<T>& condition) & {
        selection_.filter.join(condition.filter(), true);
        return *this;
    }
    Query where(const Condition<T>& condition) && { return where(condition); }
    template <class M, class V>
    Query& where(M T::* member, Compare how, const V& value) & {
        return where(Column<T, M>(member).compared(how, value));
    }
    template <class M, class V>
    Query where(M T::* member, Compare how, const V& value) && {
        return where(member, how, value);
    }

    /// Then by this, when called again. Without an order, rows come in any.
    template <class M>
    Query& order_by(M T::* member) & {
        return add_order('a', detail::offset_of(member));
    }
    template <class M>
    Query& order_by(Descending<T, M> by) & {
        return add_order('d', detail::offset_of(by.member));
    }
    template <class By>
    Query order_by(By by) && {
        return order_by(by);
    }

    /// At most so many rows; a negative number is no limit.
    Query& limit(std::int64_t rows) & {
        selection_.limit = rows;
        return *this;
    }
    Query limit(std::int64_t rows) && { return limit(rows); }

    /// So many rows are left out first. Each of them is read: for long lists compare with the last
    /// key instead.
    Query& offset(std::int64_t rows) & {
        selection_.offset = rows;
        return *this;
    }
    Query offset(std::int64_t rows) && { return offset(rows); }

    [[nodiscard]] detail::Pending<std::vector<T>> all() const {
        return select<std::vector<T>>(selection_, [](void* result, const Row& row) {
            auto& rows = *static_cast<std::vector<T>*>(result);
            detail::read_object(detail::table_of<T>(), row, &rows.emplace_back());
        });
    }

    [[nodiscard]] detail::Pending<std::optional<T>> first() const {
        detail::Selection one = selection_;
        if (one.limit != 0) one.limit = 1;
        return select<std::optional<T>>(one, &read_first);
    }

    [[nodiscard]] detail::Pending<std::int64_t> count() const {
        return aggregate<std::int64_t>(detail::Verb::count);
    }

    [[nodiscard]] detail::Pending<bool> exists() const {
        return aggregate<bool>(detail::Verb::exists);
    }

    /// Deletes the rows: how many they were. Refuses an order, limit or offset.
    [[nodiscard]] detail::PendingChange remove() const { return change(detail::Verb::remove); }

    /// Changes columns of all the rows: how many they were. What decides between two that want the
    /// same: `where` says what must still be so, and only one of them gets 1.
    ///
    ///     const bool mine = co_await session.query<Token>()
    ///         .where(column<&Token::id> == id && column<&Token::used> == false)
    ///         .update(set(&Token::used, true)) == 1;
    template <class... More>
    [[nodiscard]] detail::PendingChange update(const Assignment<T>& first,
                                               const More&... more) const {
        return change(detail::Verb::update, first, more...);
    }

private:
    template <class U>
    friend class Repository;

    static void read_first(void* result, const Row& row) {
        auto& found = *static_cast<std::optional<T>*>(result);
        detail::read_object(detail::table_of<T>(), row, &found.emplace());
    }

    Query& add_order(char direction, std::size_t offset) {
        selection_.order.push_back(direction);
        selection_.order.push_back(static_cast<char>(detail::table_of<T>().at_offset(offset)));
        return *this;
    }

    template <class R>
    detail::Pending<R> select(const detail::Selection& selection,
                              typename detail::Pending<R>::OnRow on_row) const {
        detail::Pending<R> pending{*session_, on_row};
        pending.operation().statement.write = &detail::write_statement;
        detail::begin_key(pending.key(), detail::table_of<T>(), detail::Verb::select);
        detail::add_selection(pending.key(), selection, pending.parameters());
        return pending;
    }

    template <class R>
    detail::Pending<R> aggregate(detail::Verb verb) const {
        detail::Pending<R> pending{*session_, [](void* result, const Row& row) {
                                       detail::read_row(row, *static_cast<R*>(result));
                                   }};
        pending.operation().statement.write = &detail::write_statement;
        detail::begin_key(pending.key(), detail::table_of<T>(), verb);
        detail::Selection rows = selection_;
        rows.order = {};
        detail::add_selection(pending.key(), rows, pending.parameters());
        return pending;
    }

    template <class... Assignments>
    detail::PendingChange change(detail::Verb verb, const Assignments&... assignments) const {
        detail::PendingChange pending{*session_};
        pending.operation().writes = true;
        pending.operation().statement.write = &detail::write_statement;
        detail::begin_key(pending.key(), detail::table_of<T>(), verb);
        if constexpr (sizeof...(Assignments) > 0) {
            const std::size_t columns[]{assignments.column...};
            detail::add_columns(pending.key(), columns);
            (pending.parameters().add(assignments.value), ...);
        }
        detail::require_unordered(selection_);
        detail::add_selection(pending.key(), selection_, pending.parameters());
        return pending;
    }

    Session* session_;
    detail::Selection selection_;
};

}  // namespace portico::db
