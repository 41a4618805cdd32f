#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <utility>
#include <vector>

#include "portico/db/detail/pending_row.hpp"
#include "portico/db/query.hpp"
#include "portico/model/partial.hpp"

namespace portico::db {

/// The usual access to one table, to be derived from for what is particular to it.
///
///     class UserRepository : public db::Repository<User> {
///     public:
///         using Repository::Repository;
///         Task<std::optional<User>> get_by_username(std::string_view name) {
///             return where(&User::username, db::equals, name).first();
///         }
///     };
///
/// Nothing is committed here: that is the session's end. The session must outlive the repository.
/// What the functions return is awaited once: `auto user = co_await users.get(7);`
template <class T>
class Repository {
public:
    explicit Repository(Session& session) noexcept : session_(&session) {}

    [[nodiscard]] Session& session() const noexcept { return *session_; }

    /// All rows, to be narrowed: `query().where(…).order_by(…).all()`.
    [[nodiscard]] Query<T> query() const { return Query<T>{*session_}; }

    template <class M, class V>
    [[nodiscard]] Query<T> where(M T::* member, Compare how, const V& value) const {
        return query().where(member, how, value);
    }
    [[nodiscard]] Query<T> where(const Condition<T>& condition) const {
        return query().where(condition);
    }

    /// The row of that primary key, or nothing.
    template <class Key>
    [[nodiscard]] detail::Pending<std::optional<T>> get(const Key& key) const {
        detail::Pending<std::optional<T>> pending{*session_, &Query<T>::read_first};
        const detail::TableInfo& table = detail::table_of<T>();
        detail::select_by_key(table, pending);
        detail::add_key(table.columns[table.key].coding, key, pending.parameters());
        return pending;
    }

    /// A page by primary key; `limit` is bounded by nothing but you.
    [[nodiscard]] detail::Pending<std::vector<T>> get_all(std::int64_t skip = 0,
                                                          std::int64_t limit = 100) const {
        Query<T> all = query();
        const detail::TableInfo& table = detail::table_of<T>();
        all.add_order('a', table.columns[table.key].offset);
        return all.offset(skip).limit(limit).all();
    }

    /// Inserts a row and gives it back with its key. Throws `IntegrityError` when a constraint
    /// refuses it.
    [[nodiscard]] detail::PendingCreate<T> create(T row) const {
        return {*session_, std::move(row)};
    }
    /// The same with the refusal as a value: std::expected<T, IntegrityError>. The session goes on.
    [[nodiscard]] detail::PendingTryCreate<T> try_create(T row) const {
        return {*session_, std::move(row)};
    }

    /// Writes the whole row, found by its key. False: it is not there.
    [[nodiscard]] detail::PendingUpdate<T> update(T row) const {
        return {*session_, std::move(row), detail::columns_but_key(detail::table_of<T>())};
    }
    /// Writes only these members: `update(user, &User::email, &User::disabled)`.
    template <class... M>
        requires(sizeof...(M) > 0)
    [[nodiscard]] detail::PendingUpdate<T> update(T row, M T::*... members) const {
        const detail::TableInfo& table = detail::table_of<T>();
        detail::ColumnList columns;
        (columns.push_back(table.at_offset(detail::offset_of(members))), ...);
        return {*session_, std::move(row), columns};
    }
    /// Writes what was sent, and gives the row as it is then; nothing when there is no such row.
    ///
    ///     auto item = co_await items.update(id, changes);   // Partial<ItemUpdate> changes
    template <class Key, class C>
    [[nodiscard]] core::Task<std::optional<T>> update(Key key, model::Partial<C> changes) const {
        auto row = co_await get(key);
        if (!row || changes.empty()) co_return row;
        changes.apply_to(*row);
        detail::Pending<std::optional<T>> pending{*session_, &Query<T>::read_first};
        detail::update_returning(detail::table_of<T>(), &*row, changes.sent(), pending);
        co_return co_await pending;
    }

    /// Deletes the row of that primary key. False: there was none.
    template <class Key>
    [[nodiscard]] detail::PendingFlag remove(const Key& key) const {
        return detail::PendingFlag{by_key(key).remove()};
    }

private:
    template <class Key>
    [[nodiscard]] Query<T> by_key(const Key& key) const {
        const detail::TableInfo& table = detail::table_of<T>();
        const detail::ColumnInfo& column = table.columns[table.key];
        detail::Filter filter;
        filter.add_comparison(Compare::equal, table.key);
        detail::add_key(column.coding, key, filter.parameters);
        return query().where(Condition<T>{std::move(filter)});
    }

    Session* session_;
};

}  // namespace portico::db
