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

/// The key of a table's statement: the table's address, a `Verb`, its columns, then what narrows
/// the rows. `write_statement` makes the text from it.
using Key = InlineVector<char, 64>;

enum class Verb : char {
    select = 'S',
    count = 'C',
    exists = 'E',
    insert = 'I',
    update = 'U',
    update_returning = 'R',
    remove = 'D',
};

/// What narrows and orders the rows of a query.
struct Selection {
    Filter filter;
    InlineVector<char, 16> order;  ///< 'a' or 'd' and a column, again and again.
    std::int64_t limit = -1;
    std::int64_t offset = 0;
};

void begin_key(Key& key, const TableInfo& table, Verb verb);
/// The columns that are inserted or updated.
void add_columns(Key& key, std::span<const std::size_t> columns);
/// Appends the filter, order, limit and offset with their parameters.
void add_selection(Key& key, const Selection& selection, Parameters& parameters);

/// `INSERT`, with the generated key returned when the object has none.
void insert_statement(const TableInfo& table, const void* object, Key& key, Parameters& parameters);

/// `UPDATE` of the columns to the object's values, where the key is the object's.
void update_statement(const TableInfo& table, const void* object,
                      std::span<const std::size_t> columns, Verb verb, Key& key,
                      Parameters& parameters);

/// `Statement::write` of all these.
void write_statement(std::string_view key, const void* unused, Dialect dialect, std::string& out);

}  // namespace portico::db::detail
