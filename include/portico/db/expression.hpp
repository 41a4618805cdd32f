#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "portico/db/condition.hpp"
#include "portico/db/detail/statements.hpp"
#include "portico/model/decimal.hpp"

/// What a query can select, order and group by besides columns: aggregates, and names for them.
namespace portico::db {

namespace detail {

template <class H>
using SumOf = std::conditional_t<std::floating_point<H>, double,
                                 std::conditional_t<std::integral<H>, std::int64_t, H>>;
template <class H>
concept Summable =
    (std::is_arithmetic_v<H> && !std::same_as<H, bool>) || std::same_as<H, model::Decimal>;

struct NoTable {};

/// How a value of an aggregate is kept; of a count without column, `column` is null.
[[nodiscard]] Coding coding_of(Function function, const ColumnInfo* column);

}  // namespace detail

/// An aggregate of the rows of a group, or of all rows: `count()`, `sum(&Item::price)`.
///
///     .having(count() > 5).order_by(descending(sum(&Item::price)))
///
/// V is what it is compared with. T is the table of its column.
template <class T, class V>
class Aggregate {
public:
    using Table = T;

    constexpr Aggregate(detail::Function function, std::size_t offset) noexcept
        : function_(function), offset_(offset) {}

    template <class U>
    [[nodiscard]] auto compared(Compare how, const U& value) const {
        detail::Filter filter;
        filter.add_comparison(how, function_, index());
        detail::add_value<V>(coding(), value, filter.parameters);
        if constexpr (std::same_as<T, detail::NoTable>) {
            return Condition<OfGroups>{std::move(filter)};
        } else {
            return Condition<OfGroups, T>{std::move(filter)};
        }
    }

    [[nodiscard]] detail::Function function() const noexcept { return function_; }
    [[nodiscard]] std::size_t index() const {
        if constexpr (std::same_as<T, detail::NoTable>) {
            return 0;
        } else {
            return detail::table_of<T>().at_offset(offset_);
        }
    }
    [[nodiscard]] detail::Coding coding() const {
        if constexpr (std::same_as<T, detail::NoTable>) {
            return detail::coding_of(function_, nullptr);
        } else {
            return detail::coding_of(function_, &detail::table_of<T>().columns[index()]);
        }
    }

    template <class U>
    [[nodiscard]] friend auto operator==(const Aggregate& aggregate, const U& value) {
        return aggregate.compared(Compare::equal, value);
    }
    template <class U>
    [[nodiscard]] friend auto operator!=(const Aggregate& aggregate, const U& value) {
        return aggregate.compared(Compare::not_equal, value);
    }
    template <class U>
    [[nodiscard]] friend auto operator<(const Aggregate& aggregate, const U& value) {
        return aggregate.compared(Compare::less, value);
    }
    template <class U>
    [[nodiscard]] friend auto operator>(const Aggregate& aggregate, const U& value) {
        return aggregate.compared(Compare::greater, value);
    }
    template <class U>
    [[nodiscard]] friend auto operator<=(const Aggregate& aggregate, const U& value) {
        return aggregate.compared(Compare::at_most, value);
    }
    template <class U>
    [[nodiscard]] friend auto operator>=(const Aggregate& aggregate, const U& value) {
        return aggregate.compared(Compare::at_least, value);
    }

private:
    detail::Function function_;
    std::size_t offset_;
};

/// Rows.
[[nodiscard]] constexpr Aggregate<detail::NoTable, std::int64_t> count() noexcept {
    return {detail::Function::count_rows, 0};
}
/// Rows in which the column is not NULL.
template <class T, class M>
[[nodiscard]] Aggregate<T, std::int64_t> count(M T::* member) noexcept {
    return {detail::Function::count, detail::offset_of(member)};
}
template <class T, class M>
[[nodiscard]] Aggregate<T, std::int64_t> count_distinct(M T::* member) noexcept {
    return {detail::Function::count_distinct, detail::offset_of(member)};
}
/// NULL when there are no rows, as `avg`, `min` and `max` are: read it into an optional.
template <class T, class M>
    requires detail::Summable<detail::HeldBy<M>>
[[nodiscard]] Aggregate<T, detail::SumOf<detail::HeldBy<M>>> sum(M T::* member) noexcept {
    return {detail::Function::sum, detail::offset_of(member)};
}
/// A double.
template <class T, class M>
    requires detail::Summable<detail::HeldBy<M>>
[[nodiscard]] Aggregate<T, double> avg(M T::* member) noexcept {
    return {detail::Function::average, detail::offset_of(member)};
}
template <class T, class M>
[[nodiscard]] Aggregate<T, detail::HeldBy<M>> min(M T::* member) noexcept {
    return {detail::Function::least, detail::offset_of(member)};
}
template <class T, class M>
[[nodiscard]] Aggregate<T, detail::HeldBy<M>> max(M T::* member) noexcept {
    return {detail::Function::greatest, detail::offset_of(member)};
}

/// A name of a selected value: a literal.
class Name {
public:
    template <std::size_t N>
    consteval Name(const char (&literal)[N]) : text_(literal, N - 1) {}

    [[nodiscard]] constexpr std::string_view text() const noexcept { return text_; }

private:
    std::string_view text_;
};

/// What is selected for the member of that name: `as("items", count())`.
template <class E>
struct Named {
    Name name;
    E expression;
};
template <class E>
[[nodiscard]] constexpr Named<E> as(Name name, E expression) noexcept {
    return {name, expression};
}

/// Largest first: `order_by(descending(&User::created_at))`.
template <class E>
struct Descending {
    E expression;
};
template <class E>
[[nodiscard]] constexpr Descending<E> descending(E expression) noexcept {
    return {expression};
}

}  // namespace portico::db
