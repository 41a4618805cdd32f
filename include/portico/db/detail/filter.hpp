#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "portico/db/detail/inline_vector.hpp"
#include "portico/db/detail/parameters.hpp"
#include "portico/db/detail/table_info.hpp"

namespace portico::db {

/// How a column is compared: `where(&User::age, at_least, 18)`.
enum class Compare : char {
    equal = '=',
    not_equal = '!',
    less = '<',
    greater = '>',
    at_most = 'l',
    at_least = 'g',
    like = 'k',
};
inline constexpr Compare equals = Compare::equal;
inline constexpr Compare not_equals = Compare::not_equal;
inline constexpr Compare less_than = Compare::less;
inline constexpr Compare greater_than = Compare::greater;
inline constexpr Compare at_most = Compare::at_most;
inline constexpr Compare at_least = Compare::at_least;

namespace detail {

enum class Function : char {
    column = '.',
    count_rows = 'c',
    count = 'n',
    count_distinct = 'u',
    sum = 's',
    average = 'a',
    least = 'm',
    greatest = 'x',
};

/// A condition as a string of tokens, each one byte: `( ) & | ~`, or a comparison and the index of
/// its column. Together with the table it is the key of a prepared statement, so a query that was
/// asked before is not even written as text again.
struct Filter {
    InlineVector<char, 48> tokens;
    Parameters parameters;

    void add_null_test(std::size_t column, bool is_null);
    void add_comparison(Compare how, std::size_t column) {
        tokens.push_back(static_cast<char>(how));
        tokens.push_back(static_cast<char>(column));
    }
    /// Of an aggregate, for HAVING.
    void add_comparison(Compare how, Function function, std::size_t column) {
        tokens.push_back('f');
        tokens.push_back(static_cast<char>(function));
        tokens.push_back(static_cast<char>(column));
        tokens.push_back(static_cast<char>(how));
    }
    /// With another column, of any table.
    void add_comparison(Compare how, std::size_t column, const TableInfo& other,
                        std::size_t other_column);
    /// The column is one of the values, which are bound together as one JSON array.
    void add_any_of(std::size_t column, Parameters& values);
    /// `all` of both, or any.
    void join(const Filter& other, bool all);
    void negate();
    /// As a part of a condition of several tables: its columns are that table's.
    void belong_to(const TableInfo& table);
};

/// The text of LIKE that matches `text` itself, for `starts_with` and `contains`.
[[nodiscard]] std::string escape_like(std::string_view text);

}  // namespace detail
}  // namespace portico::db
