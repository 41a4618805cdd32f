#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "portico/db/detail/filter.hpp"
#include "portico/db/detail/inline_vector.hpp"
#include "portico/db/detail/table_info.hpp"
#include "portico/db/driver.hpp"

namespace portico::db::detail {

/// The key of a table's statement: the table's address, a `Verb`, its joins and columns, then what
/// narrows the rows. `write_statement` makes the text from it.
using Key = InlineVector<char, 64>;

enum class Verb : char {
    select = 'S',
    project = 'P',
    count = 'C',
    exists = 'E',
    insert = 'I',
    update = 'U',
    update_returning = 'R',
    remove = 'D',
};

/// A column, or an aggregate of it, in a statement of one or more tables.
struct Reference {
    Function function = Function::column;
    std::uint8_t table = 0;  ///< 0: the query's own; then its joins.
    std::uint8_t column = 0;
};

/// Another table in a query: its `column` is the `left_column` of an earlier one.
struct Join {
    const TableInfo* table;
    bool outer;
    std::uint8_t left_table;
    std::uint8_t left_column;
    std::uint8_t column;
};

/// What narrows and orders the rows of a query.
struct Selection {
    Filter filter;
    InlineVector<char, 16> order;  ///< 'a' or 'd' and a `Reference`, again and again.
    InlineVector<Join, 1> joins;
    InlineVector<char, 8> groups;  ///< `Reference`s.
    Filter having;
    std::int64_t limit = -1;
    std::int64_t offset = 0;
    bool with_deleted = false;
    bool for_update = false;
};

template <std::size_t N>
void add_reference(InlineVector<char, N>& out, const Reference& reference) {
    const char bytes[]{static_cast<char>(reference.function), static_cast<char>(reference.table),
                       static_cast<char>(reference.column)};
    out.append(bytes, sizeof bytes);
}

/// What begins the key of a statement about the rows of a selection.
void begin_key(Key& key, const TableInfo& table, Verb verb);
/// The joins; before what comes next.
void add_joins(Key& key, const Selection& selection);
/// The columns that are inserted or updated.
void add_columns(Key& key, std::span<const std::size_t> columns);
/// Appends the filter, groups, order, limit and offset with their parameters.
void add_selection(Key& key, const TableInfo& table, const Selection& selection,
                   Parameters& parameters);

/// `Statement::write` of all these.
void write_statement(std::string_view key, const void* unused, Dialect dialect, std::string& out);

}  // namespace portico::db::detail
