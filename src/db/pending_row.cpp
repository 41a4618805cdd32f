#include "portico/db/detail/pending_row.hpp"

#include <algorithm>
#include <string>

namespace portico::db::detail {

ColumnList columns_but_key(const TableInfo& table) {
    ColumnList columns;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (i != table.key) columns.push_back(i);
    }
    return columns;
}

void require_unordered(const Selection& selection) {
    if (selection.order.empty() && selection.limit < 0 && selection.offset == 0) return;
    throw Error(Error::Kind::statement,
                "update() and remove() change every row of a query: it can have no order_by, limit "
                "or offset");
}

void select_by_key(const TableInfo& table, PendingStatement& pending) {
    pending.operation().statement.write = &write_statement;
    begin_key(pending.key(), table, Verb::select);
    const char where[]{'W', '=', static_cast<char>(table.key), ';'};
    pending.key().append(where, sizeof where);
}

void make_insert(const TableInfo& table, void* row, void (*on_row)(void* row, const Row& assigned),
                 PendingStatement& pending) {
    Operation& operation = pending.operation();
    operation.writes = true;
    operation.statement.write = &write_statement;
    operation.on_row = on_row;
    operation.target = row;
    insert_statement(table, row, pending.key(), pending.parameters());
}

void make_update(const TableInfo& table, const void* row, const ColumnList& columns,
                 PendingStatement& pending) {
    Operation& operation = pending.operation();
    operation.writes = true;
    operation.statement.write = &write_statement;
    update_statement(table, row, {columns.data(), columns.size()}, Verb::update, pending.key(),
                     pending.parameters());
}

void update_returning(const TableInfo& table, const void* row,
                      std::span<const std::string_view> names, PendingStatement& pending) {
    ColumnList columns;
    for (const std::string_view name : names) {
        const ColumnInfo* column = table.find(name);
        if (!column) {
            throw Error(Error::Kind::schema, "table \"" + table.name + "\" has no column \"" +
                                                 std::string(name) + "\" to update");
        }
        columns.push_back(static_cast<std::size_t>(column - table.columns.data()));
    }
    Operation& operation = pending.operation();
    operation.writes = true;
    operation.statement.write = &write_statement;
    update_statement(table, row, {columns.data(), columns.size()}, Verb::update_returning,
                     pending.key(), pending.parameters());
}

void require_key_type(const Coding& coding, const model::Type* type) {
    if (coding.type == type) return;
    throw Error(Error::Kind::statement, "the primary key \"" + std::string(coding.name) +
                                            "\" is no " + std::string(type->name));
}

}  // namespace portico::db::detail
