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
        all.add_order('a', {.column = static_cast<std::uint8_t>(table.key)});
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

    /// Inserts rows, many with each statement: how many they were. All or none of a statement are;
    /// the objects do not get their keys.
    [[nodiscard]] core::Task<std::int64_t> create_all(std::vector<T> rows) const {
        std::int64_t created = 0;
        for (std::size_t done = 0; done < rows.size();) {
            detail::PendingChange pending{*session_};
            done += detail::make_insert(detail::table_of<T>(), &rows[done], sizeof(T),
                                        rows.size() - done, pending);
            created += co_await std::move(pending);
        }
        co_return created;
    }

    /// Inserts a row, or makes the row that has the same values in the members (the primary key
    /// when none are named) what this one is, but for its key. They must be unique in the table.
    /// Gives the row as it is then, whatever version it had.
    ///
    ///     co_await settings.upsert({.name = "theme", .value = "dark"}, &Setting::name);
    template <class... M>
    [[nodiscard]] core::Task<T> upsert(T row, M T::*... members) const {
        detail::Pending<std::optional<T>> pending{*session_, &Query<T>::read_first};
        detail::make_insert(detail::table_of<T>(), &row, detail::OnConflict::update,
                            columns_of(members...), pending);
        co_return (co_await std::move(pending)).value();
    }

    /// The row that has the same values in the members, a deleted one too, or a new one: whether it
    /// was created is the second. Of any number of racing requests one creates it.
    ///
    ///     auto [tag, created] = co_await tags.get_or_create({.name = name}, &Tag::name);
    template <class... M>
        requires(sizeof...(M) > 0)
    [[nodiscard]] core::Task<std::pair<T, bool>> get_or_create(T row, M T::*... members) const {
        const detail::TableInfo& table = detail::table_of<T>();
        const detail::ColumnList columns = columns_of(members...);
        detail::Filter filter;
        detail::add_equals(table, &row, columns, filter);
        const Query<T> same = query().where(Condition<T>{std::move(filter)}).with_deleted();
        if (auto found = co_await same.first()) co_return std::pair{*std::move(found), false};
        detail::Pending<std::optional<T>> pending{*session_, &Query<T>::read_first};
        detail::make_insert(table, &row, detail::OnConflict::nothing, columns, pending);
        if (auto made = co_await std::move(pending)) co_return std::pair{*std::move(made), true};
        co_return std::pair{co_await same.one(), false};
    }

    /// Writes the whole row, found by its key. False: it is not there. With a `row_version` it
    /// throws `StaleError` instead, also when the row is of another version; the object keeps the
    /// version that it had.
    [[nodiscard]] detail::PendingUpdate<T> update(T row) const {
        return {*session_, std::move(row), detail::written_columns(detail::table_of<T>())};
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
    /// Writes what was sent, and gives the row as it is then; nothing when there is no such row. A
    /// `row_version` that was sent must be the row's, else `StaleError` is thrown.
    ///
    ///     auto item = co_await items.update(id, changes);   // Partial<ItemUpdate> changes
    template <class Key, class C>
    [[nodiscard]] core::Task<std::optional<T>> update(Key key, model::Partial<C> changes) const {
        auto row = co_await get(key);
        if (!row || changes.empty()) co_return row;
        changes.apply_to(*row);
        detail::Pending<std::optional<T>> pending{*session_, &Query<T>::read_first};
        detail::update_returning(detail::table_of<T>(), &*row, changes.sent(), pending);
        auto updated = co_await std::move(pending);
        if (!updated) detail::require_fresh(detail::table_of<T>());
        co_return updated;
    }

    /// Deletes the row of that primary key, or marks it when the model has a `soft_delete`. False:
    /// there was none.
    template <class Key>
    [[nodiscard]] detail::PendingFlag remove(const Key& key) const {
        return detail::PendingFlag{by_key(key).remove()};
    }
    /// Deletes it for good, marked or not.
    template <class Key>
    [[nodiscard]] detail::PendingFlag purge(const Key& key) const {
        return detail::PendingFlag{by_key(key).with_deleted().purge()};
    }
    /// Takes the mark away again. False: there is no such row that is deleted.
    template <class Key>
    [[nodiscard]] detail::PendingFlag restore(const Key& key) const {
        const detail::TableInfo& table = detail::table_of<T>();
        const std::size_t mark = detail::deletion_mark(table);
        detail::Filter deleted;
        deleted.add_null_test(mark, false);
        Assignment<T> none{.column = mark, .value = {}};
        none.value.add(Value{});
        return detail::PendingFlag{
            by_key(key).with_deleted().where(Condition<T>{std::move(deleted)}).update(none)};
    }

private:
    template <class... M>
    [[nodiscard]] static detail::ColumnList columns_of(M T::*... members) {
        const detail::TableInfo& table = detail::table_of<T>();
        detail::ColumnList columns;
        (columns.push_back(table.at_offset(detail::offset_of(members))), ...);
        if (columns.empty()) columns.push_back(table.key);
        return columns;
    }

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
