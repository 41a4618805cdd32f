#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "portico/db/argument.hpp"
#include "portico/db/detail/filter.hpp"
#include "portico/db/detail/table_info.hpp"

namespace portico::db {

namespace detail {

/// What a value of type V is compared as, with a member that holds an H.
template <class V, class H>
concept ComparableWith =
    (std::is_arithmetic_v<H> && std::is_arithmetic_v<HeldBy<V>> &&
     std::same_as<H, bool> == std::same_as<HeldBy<V>, bool>) ||
    (std::same_as<H, std::string> && std::convertible_to<const V&, std::string_view>) ||
    std::convertible_to<const V&, H>;

/// Where a member is in its model, as the compiler keeps it in a pointer to it (Itanium C++ ABI
/// §2.3: a pointer to data member is the offset).
template <class T, class M>
[[nodiscard]] std::size_t offset_of(M T::* member) noexcept {
    static_assert(sizeof member == sizeof(std::ptrdiff_t));
    return static_cast<std::size_t>(std::bit_cast<std::ptrdiff_t>(member));
}

/// Adds a value as the column keeps it. The text of a string is copied.
template <class H, class V>
void add_value(const Coding& coding, const V& value, Parameters& out) {
    static_assert(ComparableWith<V, H>,
                  "portico: this column can't be compared with a value of this type");
    if constexpr (std::is_arithmetic_v<H>) {
        out.add(plain_value(value));
    } else if constexpr (std::same_as<H, std::string>) {
        out.add(Value{std::string_view(value)});
    } else if constexpr (std::derived_from<V, H>) {
        encode_present(coding, static_cast<const H*>(&value), Text::copied, out);
    } else {
        const H held = value;
        encode_present(coding, &held, Text::copied, out);
    }
}

}  // namespace detail

/// Marks the conditions on aggregates, which are for `having`.
struct OfGroups {};

/// What rows of T must be like: comparisons joined by `&&`, `||` and `!`. Of several tables when a
/// query joins them: `column<&Item::price> > 5 || column<&User::vip> == true`.
template <class... T>
class Condition {
public:
    explicit Condition(detail::Filter filter) : filter_(std::move(filter)) {}

    [[nodiscard]] friend Condition operator!(Condition a) {
        a.filter_.negate();
        return a;
    }

    [[nodiscard]] const detail::Filter& filter() const noexcept { return filter_; }

    /// With its columns named by their table, unless it names them all already.
    [[nodiscard]] detail::Filter filter_of_many() const {
        detail::Filter filter = filter_;
        if constexpr (!kMixed) (name_table<T>(filter), ...);
        return filter;
    }

private:
    template <class U>
    static void name_table(detail::Filter& filter) {
        if constexpr (!std::same_as<U, OfGroups>) filter.belong_to(detail::table_of<U>());
    }

    static constexpr bool kMixed = (std::size_t{!std::same_as<T, OfGroups>} + ... + 0) > 1;

    detail::Filter filter_;
};

namespace detail {
template <class... A, class... B>
[[nodiscard]] auto joined(const Condition<A...>& a, const Condition<B...>& b, bool all) {
    if constexpr (std::same_as<Condition<A...>, Condition<B...>>) {
        Filter filter = a.filter();
        filter.join(b.filter(), all);
        return Condition<A...>(std::move(filter));
    } else {
        Filter filter = a.filter_of_many();
        filter.join(b.filter_of_many(), all);
        return Condition<A..., B...>(std::move(filter));
    }
}
}  // namespace detail

template <class... A, class... B>
[[nodiscard]] auto operator&&(const Condition<A...>& a, const Condition<B...>& b) {
    return detail::joined(a, b, true);
}
template <class... A, class... B>
[[nodiscard]] auto operator||(const Condition<A...>& a, const Condition<B...>& b) {
    return detail::joined(a, b, false);
}

template <class T, class M>
class Column;

/// A member of a model as a column: `column<&User::email>`. What it is compared with is bound to
/// the statement, never part of its text.
///
///     column<&User::disabled> == false && column<&User::id> > last
///     column<&User::owner_id> == std::nullopt      // IS NULL, and so is an empty optional
///     column<&User::email>.starts_with("ann@")     // % and _ stand for themselves
template <class T, class M>
class Column {
public:
    using Held = detail::HeldBy<M>;

    constexpr explicit Column(M T::* member) noexcept : member_(member) {}

    template <class V>
    [[nodiscard]] Condition<T> compared(Compare how, const V& value) const {
        detail::Filter filter;
        if constexpr (std::same_as<V, std::nullopt_t>) {
            filter.add_null_test(index(), how == Compare::equal);
        } else if constexpr (detail::IsOptional<V>::value) {
            if (value) return compared(how, *value);
            return compared(how, std::nullopt);
        } else {
            const std::size_t at = index();
            filter.add_comparison(how, at);
            detail::add_value<Held>(table().columns[at].coding, value, filter.parameters);
        }
        return Condition<T>{std::move(filter)};
    }

    /// With another column, of this table or of one that is joined.
    template <class U, class M2>
    [[nodiscard]] auto compared(Compare how, const Column<U, M2>& other) const {
        static_assert(std::same_as<Held, typename Column<U, M2>::Held>,
                      "portico: these columns are of different types");
        detail::Filter filter;
        filter.add_comparison(how, index(), other.table(), other.index());
        if constexpr (std::same_as<T, U>) {
            return Condition<T>{std::move(filter)};
        } else {
            filter.belong_to(table());
            return Condition<T, U>{std::move(filter)};
        }
    }

    /// One of the values; of none, no row is.
    template <class Range>
    [[nodiscard]] Condition<T> in(const Range& values) const {
        const detail::TableInfo& table = detail::table_of<T>();
        const std::size_t index = table.at_offset(detail::offset_of(member_));
        detail::Parameters each;
        for (const auto& value : values) {
            detail::add_value<Held>(table.columns[index].coding, value, each);
        }
        detail::Filter filter;
        filter.add_any_of(index, each);
        return Condition<T>{std::move(filter)};
    }
    template <class V>
    [[nodiscard]] Condition<T> in(std::initializer_list<V> values) const {
        return in<std::initializer_list<V>>(values);
    }

    /// The case of the letters A–Z does not matter here.
    [[nodiscard]] Condition<T> starts_with(std::string_view text) const {
        return like(detail::escape_like(text) + "%");
    }
    [[nodiscard]] Condition<T> contains(std::string_view text) const {
        return like("%" + detail::escape_like(text) + "%");
    }

    [[nodiscard]] M T::* member() const noexcept { return member_; }
    [[nodiscard]] static const detail::TableInfo& table() { return detail::table_of<T>(); }
    [[nodiscard]] std::size_t index() const {
        return table().at_offset(detail::offset_of(member_));
    }

    template <class V>
    [[nodiscard]] friend auto operator==(Column column, const V& value) {
        return column.compared(Compare::equal, value);
    }
    template <class V>
    [[nodiscard]] friend auto operator!=(Column column, const V& value) {
        return column.compared(Compare::not_equal, value);
    }
    template <class V>
    [[nodiscard]] friend auto operator<(Column column, const V& value) {
        return column.compared(Compare::less, value);
    }
    template <class V>
    [[nodiscard]] friend auto operator>(Column column, const V& value) {
        return column.compared(Compare::greater, value);
    }
    template <class V>
    [[nodiscard]] friend auto operator<=(Column column, const V& value) {
        return column.compared(Compare::at_most, value);
    }
    template <class V>
    [[nodiscard]] friend auto operator>=(Column column, const V& value) {
        return column.compared(Compare::at_least, value);
    }

private:
    [[nodiscard]] Condition<T> like(const std::string& pattern) const {
        const detail::TableInfo& table = detail::table_of<T>();
        detail::Filter filter;
        filter.add_comparison(Compare::like, table.at_offset(detail::offset_of(member_)));
        filter.parameters.add(Value{std::string_view(pattern)});
        return Condition<T>{std::move(filter)};
    }

    M T::* member_;
};

template <auto Member>
inline constexpr Column column{Member};

/// A column and its new value, for `Query::update`: `set(&Token::revoked, true)`.
template <class T>
struct Assignment {
    std::size_t column;
    detail::Parameters value;
};
template <class T, class M, class V>
[[nodiscard]] Assignment<T> set(M T::* member, const V& value) {
    const detail::TableInfo& table = detail::table_of<T>();
    Assignment<T> assignment{.column = table.at_offset(detail::offset_of(member)), .value = {}};
    if constexpr (std::same_as<V, std::nullopt_t>) {
        assignment.value.add(Value{});
    } else if constexpr (detail::IsOptional<V>::value) {
        if (value) return set(member, *value);
        assignment.value.add(Value{});
    } else {
        detail::add_value<detail::HeldBy<M>>(table.columns[assignment.column].coding, value,
                                             assignment.value);
    }
    return assignment;
}

}  // namespace portico::db
