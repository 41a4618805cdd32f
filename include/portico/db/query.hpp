#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "portico/db/condition.hpp"
#include "portico/db/detail/joining.hpp"
#include "portico/db/detail/keyset.hpp"
#include "portico/db/detail/pending.hpp"
#include "portico/db/detail/pending_row.hpp"
#include "portico/db/detail/projection.hpp"
#include "portico/db/detail/statements.hpp"
#include "portico/db/expression.hpp"
#include "portico/db/select.hpp"
#include "portico/db/session.hpp"

namespace portico::db {

/// The rows of a table that a condition holds for, in an order; of several tables when it joins.
///
///     auto users = co_await session.query<User>()
///                      .where(column<&User::disabled> == false)
///                      .where(&User::id, greater_than, last)     // and
///                      .order_by(&User::id)
///                      .limit(20)
///                      .all();
///
///     auto totals = co_await session.query<Item>()
///                       .join<User>()
///                       .group_by(&User::username)
///                       .select<Total>(&User::username, as("worth", sum(&Item::price)))
///                       .all();
///
/// What `all`, `first`, `count` and the others return is awaited once, or returned where a `Task`
/// of its result is expected. The statement is prepared once for each shape of a query and
/// connection, whatever its values. A query can be copied and used again.
template <class T, class... Joined>
class Query {
public:
    explicit Query(Session& session) noexcept : session_(&session) {}
    Query(Session& session, detail::Selection selection)
        : session_(&session), selection_(std::move(selection)) {}

    /// Both, when called again.
    template <class... U>
    Query& where(const Condition<U...>& condition) & {
        static_assert((!std::same_as<U, OfGroups> && ...),
                      "portico: a condition on aggregates belongs into having()");
        static_assert((kHas<U> && ...),
                      "portico: this condition is on a table that the query does not join");
        selection_.filter.join(filter_of(condition), true);
        return *this;
    }
    template <class... U>
    Query where(const Condition<U...>& condition) && {
        return where(condition);
    }
    template <class U, class M, class V>
    Query& where(M U::* member, Compare how, const V& value) & {
        return where(Column<U, M>(member).compared(how, value));
    }
    template <class U, class M, class V>
    Query where(M U::* member, Compare how, const V& value) && {
        return where(member, how, value);
    }

    /// Then by this, when called again: a column, an aggregate, or `descending` of one. Without an
    /// order, rows come in any.
    template <class E>
    Query& order_by(const E& expression) & {
        return add_order('a', reference(expression));
    }
    template <class E>
    Query& order_by(const Descending<E>& by) & {
        return add_order('d', reference(by.expression));
    }
    template <class E>
    Query order_by(const E& by) && {
        return order_by(by);
    }

    /// At most so many rows; a negative number is no limit.
    Query& limit(std::int64_t rows) & {
        selection_.limit = rows;
        return *this;
    }
    Query limit(std::int64_t rows) && { return limit(rows); }

    /// So many rows are left out first. Each of them is read: for long lists see `after`.
    Query& offset(std::int64_t rows) & {
        selection_.offset = rows;
        return *this;
    }
    Query offset(std::int64_t rows) && { return offset(rows); }

    /// Only the rows that the order puts after a position, the next page of a list. The order gets
    /// the primary key at its end, and none of its columns may be an optional. The position is a
    /// struct with a member for each column of the order, a row itself, or the key alone; nothing
    /// is the first page. For the cursors of portico/pagination.
    ///
    ///     struct Position { DateTime created_at; std::int64_t id; };
    ///     query.order_by(descending(&Item::created_at)).after(position).limit(page.limit + 1)
    template <class P>
    Query& after(const P& position) & {
        const detail::TableInfo& table = detail::table_of<T>();
        if constexpr (std::same_as<P, std::nullopt_t>) {
            detail::order_by_key(table, selection_);
        } else if constexpr (detail::IsOptional<P>::value) {
            if (position) return after(*position);
            detail::order_by_key(table, selection_);
        } else {
            detail::add_after(table, selection_, model::slot_of<P>(), &position);
        }
        return *this;
    }
    template <class P>
    Query after(const P& position) && {
        return after(position);
    }

    /// Rows together with those of U that belong to them by the foreign key between U and the
    /// tables before it. `all` gives rows of T; `select` gives of both.
    template <class U>
    [[nodiscard]] auto join() const {
        return joined<U>(false, by_key<U>(nullptr, 0));
    }
    /// By this foreign key, where there are several.
    template <class U, class V, class M>
    [[nodiscard]] auto join(M V::* key) const {
        return joined<U>(false, by_key<U>(&detail::table_of<V>(), column_of(key)));
    }
    /// Where a column of U is the same as one of a table before it.
    template <class U, class V, class M, class M2>
    [[nodiscard]] auto join(M V::* left, M2 U::* right) const {
        return joined<U>(false, by_columns(left, right));
    }
    /// The same, with the rows that have none of U: what is selected of U is NULL then.
    template <class U>
    [[nodiscard]] auto left_join() const {
        return joined<U>(true, by_key<U>(nullptr, 0));
    }
    template <class U, class V, class M>
    [[nodiscard]] auto left_join(M V::* key) const {
        return joined<U>(true, by_key<U>(&detail::table_of<V>(), column_of(key)));
    }
    template <class U, class V, class M, class M2>
    [[nodiscard]] auto left_join(M V::* left, M2 U::* right) const {
        return joined<U>(true, by_columns(left, right));
    }

    /// One row for all that have the same in these columns; for `select`.
    template <class... E>
    Query& group_by(const E&... expressions) & {
        (detail::add_reference(selection_.groups, reference(expressions)), ...);
        return *this;
    }
    template <class... E>
    Query group_by(const E&... expressions) && {
        return group_by(expressions...);
    }
    /// Only such groups: `having(count() > 5)`.
    template <class... U>
    Query& having(const Condition<U...>& condition) & {
        static_assert(((std::same_as<U, OfGroups> || kHas<U>) && ...),
                      "portico: this condition is on a table that the query does not join");
        selection_.having.join(filter_of(condition), true);
        return *this;
    }
    template <class... U>
    Query having(const Condition<U...>& condition) && {
        return having(condition);
    }

    /// Deleted rows too, of a table with `soft_delete`.
    Query& with_deleted() & {
        selection_.with_deleted = true;
        return *this;
    }
    Query with_deleted() && { return with_deleted(); }

    /// Nobody else changes the rows until the session's end. In SQLite the session takes its turn
    /// to write, in which nobody else writes at all.
    Query& for_update() & {
        selection_.for_update = true;
        return *this;
    }
    Query for_update() && { return for_update(); }

    /// Columns and aggregates instead of whole rows: into a struct, by the names of its members; a
    /// tuple or pair, in order; or one plain value.
    ///
    ///     struct Total { std::string username; std::optional<Decimal> worth; };
    template <class Into, class... E>
    [[nodiscard]] Select<Into> select(const E&... expressions) const {
        return {*session_, detail::table_of<T>(), selection_,
                std::vector<detail::Source>{source(expressions)...}};
    }

    [[nodiscard]] detail::Pending<std::vector<T>> all() const {
        return rows<std::vector<T>>(selection_, [](void* result, const Row& row) {
            auto& rows = *static_cast<std::vector<T>*>(result);
            detail::read_object(detail::table_of<T>(), row, &rows.emplace_back());
        });
    }

    [[nodiscard]] detail::Pending<std::optional<T>> first() const {
        detail::Selection one = selection_;
        if (one.limit != 0) one.limit = 1;
        auto pending = rows<std::optional<T>>(one, &read_first);
        pending.expect_one();
        return pending;
    }

    /// The only row. Throws `Error` (not_one) when there is none, or more than one.
    [[nodiscard]] auto one() const {
        using Reader = detail::OneRow<detail::TableReader<T>>;
        detail::PendingRead<Reader> pending{*session_, Reader{{}, &detail::table_of<T>()}};
        detail::Selection two = selection_;
        two.limit = 2;
        detail::select_rows(detail::table_of<T>(), two, detail::Verb::select, pending);
        pending.expect_one();
        return pending;
    }

    [[nodiscard]] detail::Pending<std::int64_t> count() const {
        return aggregate<std::int64_t>(detail::Verb::count);
    }

    [[nodiscard]] detail::Pending<bool> exists() const {
        return aggregate<bool>(detail::Verb::exists);
    }

    /// Deletes the rows: how many they were. With `soft_delete` they are marked, and kept. Refuses
    /// an order, limit or offset.
    [[nodiscard]] detail::PendingChange remove() const {
        const detail::TableInfo& table = detail::table_of<T>();
        if (!table.deleted_at) return change(detail::Verb::remove);
        Assignment<T> deleted{.column = *table.deleted_at, .value = {}};
        deleted.value.add(detail::now());
        return change(detail::Verb::update, deleted);
    }
    /// Deletes the rows for good, whatever the model says.
    [[nodiscard]] detail::PendingChange purge() const { return change(detail::Verb::remove); }

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
    template <class U, class... J>
    friend class Query;

    template <class U>
    static constexpr bool kHas = std::same_as<U, T> || (std::same_as<U, Joined> || ...);

    template <class U>
    static consteval std::uint8_t place() {
        static_assert(kHas<U>, "portico: this column is of a table that the query does not join");
        std::uint8_t at = 0;
        (void)((!std::same_as<U, T> && ++at != 0) && ... &&
               (!std::same_as<U, Joined> && ++at != 0));
        return at;
    }

    static void read_first(void* result, const Row& row) {
        auto& found = *static_cast<std::optional<T>*>(result);
        detail::read_object(detail::table_of<T>(), row, &found.emplace());
    }

    template <class U, class M>
    static std::size_t column_of(M U::* member) {
        return detail::table_of<U>().at_offset(detail::offset_of(member));
    }
    template <class U, class M>
    static detail::Reference reference(M U::* member) {
        return {.table = place<U>(), .column = static_cast<std::uint8_t>(column_of(member))};
    }
    template <class U, class V>
    static detail::Reference reference(const Aggregate<U, V>& aggregate) {
        detail::Reference reference{.function = aggregate.function()};
        if constexpr (!std::same_as<U, detail::NoTable>) reference.table = place<U>();
        reference.column = static_cast<std::uint8_t>(aggregate.index());
        return reference;
    }
    template <class E>
    static detail::Reference reference(const E&) {
        static_assert(std::same_as<E, void>,
                      "portico: expected a column, &User::id, or an aggregate of one: no text is "
                      "ever made part of a statement");
        return {};
    }
    template <class U, class M>
    static detail::Source source(M U::* member) {
        const detail::ColumnInfo& column = detail::table_of<U>().columns[column_of(member)];
        return {reference(member), column.coding, column.name};
    }
    template <class U, class V>
    static detail::Source source(const Aggregate<U, V>& aggregate) {
        const detail::Coding coding = aggregate.coding();
        return {reference(aggregate), coding, coding.name};
    }
    template <class E>
    static detail::Source source(const Named<E>& named) {
        detail::Source its = source(named.expression);
        its.name = named.name.text();
        return its;
    }

    template <class E>
    static detail::Source source(const E& other) {
        return {reference(other), {}, {}};
    }

    template <class... U>
    static detail::Filter filter_of(const Condition<U...>& condition) {
        if constexpr (sizeof...(Joined) == 0) {
            return condition.filter();
        } else {
            return condition.filter_of_many();
        }
    }

    Query& add_order(char direction, const detail::Reference& reference) {
        selection_.order.push_back(direction);
        detail::add_reference(selection_.order, reference);
        return *this;
    }

    template <class U>
    detail::Join by_key(const detail::TableInfo* by, std::size_t column) const {
        const detail::TableInfo* tables[]{&detail::table_of<T>(), &detail::table_of<Joined>()...};
        return detail::join_by_key(tables, detail::table_of<U>(), by, column);
    }
    template <class U, class V, class M, class M2>
    static detail::Join by_columns(M V::* left, M2 U::* right) {
        static_assert(std::same_as<detail::HeldBy<M>, detail::HeldBy<M2>>,
                      "portico: these columns are of different types");
        return {.table = &detail::table_of<U>(),
                .outer = false,
                .left_table = place<V>(),
                .left_column = static_cast<std::uint8_t>(column_of(left)),
                .column = static_cast<std::uint8_t>(column_of(right))};
    }
    template <class U>
    Query<T, Joined..., U> joined(bool outer, detail::Join join) const {
        static_assert(!kHas<U>, "portico: the query has this table already");
        join.outer = outer;
        Query<T, Joined..., U> more{*session_, selection_};
        more.selection_.joins.push_back(join);
        return more;
    }

    template <class R>
    detail::Pending<R> rows(const detail::Selection& selection,
                            typename detail::Pending<R>::OnRow on_row) const {
        detail::Pending<R> pending{*session_, on_row};
        detail::select_rows(detail::table_of<T>(), selection, detail::Verb::select, pending);
        return pending;
    }

    template <class R>
    detail::Pending<R> aggregate(detail::Verb verb) const {
        detail::Pending<R> pending{*session_, [](void* result, const Row& row) {
                                       detail::read_row(row, *static_cast<R*>(result));
                                   }};
        detail::Selection rows = selection_;
        rows.order = {};
        rows.for_update = false;
        detail::select_rows(detail::table_of<T>(), rows, verb, pending);
        return pending;
    }

    template <class... Assignments>
    detail::PendingChange change(detail::Verb verb, const Assignments&... assignments) const {
        static_assert(sizeof...(Joined) == 0,
                      "portico: rows of one table are changed: a query that joins can't be");
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
        detail::add_selection(pending.key(), detail::table_of<T>(), selection_,
                              pending.parameters());
        return pending;
    }

    Session* session_;
    detail::Selection selection_;
};

}  // namespace portico::db
