#include "portico/db/detail/statements.hpp"

namespace portico::db::detail {
namespace {

template <std::size_t N>
void add_part(Key& key, char mark, const InlineVector<char, N>& tokens) {
    if (tokens.empty()) return;
    key.push_back(mark);
    key.append(tokens.data(), tokens.size());
    key.push_back(';');
}

}  // namespace

void begin_key(Key& key, const TableInfo& table, Verb verb) {
    add_address(key, table);
    key.push_back(static_cast<char>(verb));
}

void add_joins(Key& key, const Selection& selection) {
    for (const Join& join : selection.joins) {
        const bool hides = join.table->deleted_at && !selection.with_deleted;
        key.push_back(join.outer ? 'l' : 'i');
        key.push_back(hides ? 'z' : '-');
        add_address(key, *join.table);
        key.push_back(static_cast<char>(join.left_table));
        key.push_back(static_cast<char>(join.left_column));
        key.push_back(static_cast<char>(join.column));
    }
    key.push_back(';');
}

void add_columns(Key& key, std::span<const std::size_t> columns) {
    key.push_back(static_cast<char>(columns.size()));
    for (const std::size_t column : columns) key.push_back(static_cast<char>(column));
}

void add_selection(Key& key, const TableInfo& table, const Selection& selection,
                   Parameters& parameters) {
    if (table.deleted_at && !selection.with_deleted) key.push_back('Z');
    add_part(key, 'W', selection.filter.tokens);
    parameters.add(selection.filter.parameters);
    add_part(key, 'G', selection.groups);
    add_part(key, 'H', selection.having.tokens);
    parameters.add(selection.having.parameters);
    add_part(key, 'O', selection.order);
    // OFFSET needs a LIMIT before it in SQLite; a negative one is none.
    if (selection.limit >= 0 || selection.offset > 0) {
        key.push_back('L');
        parameters.add(Value{selection.limit >= 0 ? selection.limit : std::int64_t{-1}});
    }
    if (selection.offset > 0) {
        key.push_back('F');
        parameters.add(Value{selection.offset});
    }
    if (selection.for_update) key.push_back('X');
}

}  // namespace portico::db::detail
