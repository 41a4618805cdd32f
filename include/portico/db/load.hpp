#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "portico/core/task.hpp"
#include "portico/db/query.hpp"

/// Relations, loaded by one query for many rows. Nothing is loaded by itself.
namespace portico::db {

namespace detail {

template <class T, class M>
void require_reference_to(M T::* member, const TableInfo& to) {
    const TableInfo& from = table_of<T>();
    require_reference(from, from.at_offset(offset_of(member)), to);
}

template <class U>
[[nodiscard]] Condition<U> key_in(const auto& keys) {
    const TableInfo& table = table_of<U>();
    const ColumnInfo& column = table.columns[table.key];
    Parameters each;
    for (const auto& key : keys) add_key(column.coding, key, each);
    Filter filter;
    filter.add_any_of(table.key, each);
    return Condition<U>{std::move(filter)};
}

/// The value of a foreign key; null for an optional without one.
template <class M>
[[nodiscard]] const HeldBy<M>* key_of(const M& member) {
    if constexpr (IsOptional<M>::value) {
        return member ? key_of(*member) : nullptr;
    } else if constexpr (requires {
                             typename M::value_type;
                             member.has_value();
                         }) {
        return member.has_value() ? key_of(*member) : nullptr;
    } else {
        return &static_cast<const HeldBy<M>&>(member);
    }
}

/// The key of a row, as foreign keys hold it.
template <class Key, class T>
[[nodiscard]] const Key& primary_key_of(const T& row) {
    const TableInfo& table = table_of<T>();
    return *reinterpret_cast<const Key*>(reinterpret_cast<const std::byte*>(&row) +
                                         table.columns[table.key].offset);
}

}  // namespace detail

/// What `load` found: for each item the row that its foreign key refers to.
template <class U, class T, class M>
class Loaded {
    using Key = detail::HeldBy<M>;

public:
    Loaded(M T::* member, std::vector<U> rows) : member_(member), rows_(std::move(rows)) {
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            places_.emplace(detail::primary_key_of<Key>(rows_[i]), i);
        }
    }

    /// Null when it refers to none, or to one that is deleted. Valid as long as this object.
    [[nodiscard]] const U* of(const T& item) const {
        const Key* key = detail::key_of(item.*member_);
        if (!key) return nullptr;
        const auto found = places_.find(*key);
        return found == places_.end() ? nullptr : &rows_[found->second];
    }
    /// Each once, in no order.
    [[nodiscard]] std::span<const U> all() const noexcept { return rows_; }

private:
    M T::* member_;
    std::vector<U> rows_;
    std::unordered_map<Key, std::size_t> places_;
};

/// The rows of U that the items' foreign keys refer to, by one query.
///
///     const auto owners = co_await load<User>(session, items, &Item::owner_id);
///     for (const Item& item : items) print(item.title, owners.of(item)->username);
///
/// The items' keys are read at once, so the items need not outlive the task.
template <class U, class T, class M>
[[nodiscard]] core::Task<Loaded<U, T, M>> load(Session& session, const std::vector<T>& items,
                                               M T::* member) {
    using Key = detail::HeldBy<M>;
    detail::require_reference_to(member, detail::table_of<U>());
    std::unordered_set<Key> keys;
    for (const T& item : items) {
        if (const Key* key = detail::key_of(item.*member)) keys.insert(*key);
    }
    Query<U> query{session};
    query.where(detail::key_in<U>(keys));
    return [](Query<U> asked, bool none, M T::* by) -> core::Task<Loaded<U, T, M>> {
        // Not even asked when there is nothing to ask for.
        std::vector<U> rows;
        if (!none) rows = co_await asked.all();
        co_return Loaded<U, T, M>{by, std::move(rows)};
    }(std::move(query), keys.empty(), member);
}

/// What `load_many` found: for each item the rows whose foreign key refers to it.
template <class U, class T, class M>
class LoadedMany {
    using Key = detail::HeldBy<M>;

public:
    LoadedMany(M U::* member, std::vector<U> rows) : rows_(std::move(rows)) {
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            auto& [first, count] =
                places_.try_emplace(*detail::key_of(rows_[i].*member), i, 0).first->second;
            ++count;
        }
    }

    /// In the order of their own keys. Valid as long as this object.
    [[nodiscard]] std::span<const U> of(const T& item) const {
        const auto found = places_.find(detail::primary_key_of<Key>(item));
        if (found == places_.end()) return {};
        return std::span(rows_).subspan(found->second.first, found->second.second);
    }

private:
    std::vector<U> rows_;
    std::unordered_map<Key, std::pair<std::size_t, std::size_t>> places_;
};

/// The rows of U whose foreign key refers to the items, by one query.
///
///     const auto items = co_await load_many(session, users, &Item::owner_id);
///     for (const User& user : users) print(user.username, items.of(user).size());
template <class T, class U, class M>
[[nodiscard]] core::Task<LoadedMany<U, T, M>> load_many(Session& session,
                                                        const std::vector<T>& items,
                                                        M U::* member) {
    using Key = detail::HeldBy<M>;
    detail::require_reference_to(member, detail::table_of<T>());
    std::vector<Key> keys;
    for (const T& item : items) keys.push_back(detail::primary_key_of<Key>(item));
    Query<U> query{session};
    query.where(Column<U, M>(member).in(keys)).order_by(member).after(std::nullopt);
    return [](Query<U> asked, bool none, M U::* by) -> core::Task<LoadedMany<U, T, M>> {
        std::vector<U> rows;
        if (!none) rows = co_await asked.all();
        co_return LoadedMany<U, T, M>{by, std::move(rows)};
    }(std::move(query), keys.empty(), member);
}

}  // namespace portico::db
