#include "portico/db/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "db/live_schema.hpp"

namespace portico::db::detail {
namespace {

std::string_view action_of(on_delete action) {
    switch (action) {
        case on_delete::cascade:
            return "CASCADE";
        case on_delete::set_null:
            return "SET NULL";
        default:
            return "RESTRICT";
    }
}

std::string column_sql(const TableInfo& table, std::size_t index) {
    const ColumnInfo& column = table.columns[index];
    std::string sql = fmt::format("    {} {}", column.name, sql_type(column.coding));
    if (index == table.key) {
        sql += " PRIMARY KEY";
        // Without it SQLite gives the number of a deleted last row to the next.
        if (table.key_generated) sql += " AUTOINCREMENT";
    }
    if (!column.nullable) sql += " NOT NULL";
    if (column.nocase) sql += " COLLATE NOCASE";
    if (column.unique) sql += " UNIQUE";
    if (column.references) {
        sql += fmt::format(" REFERENCES {} ({}) ON DELETE {}", column.references->table,
                           column.references->column, action_of(column.references->action));
    }
    if (column.coding.form == Coding::Form::boolean) {
        sql += fmt::format(" CHECK ({} IN (0, 1))", column.name);
    }
    return sql;
}

std::string index_sql(const TableInfo& table, const TableIndex& index) {
    std::string names;
    std::string list;
    for (const std::string_view column : index.columns) {
        if (column.empty()) continue;
        names += fmt::format("_{}", column);
        list += fmt::format("{}{}", list.empty() ? "" : ", ", column);
    }
    return fmt::format("CREATE {}INDEX {}{} ON {} ({});\n", index.unique ? "UNIQUE " : "",
                       table.name, names, table.name, list);
}

}  // namespace

std::string create_table_sql(const TableInfo& table, Dialect) {
    std::string sql = fmt::format("CREATE TABLE {} (\n", table.name);
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        sql += column_sql(table, i);
        sql += i + 1 < table.columns.size() ? ",\n" : "\n";
    }
    // STRICT: a column's type is enforced, as in other databases.
    sql += ") STRICT;\n";
    for (const ColumnInfo& column : table.columns) {
        // A deleted row looks for the rows that refer to it.
        if (column.unique || (!column.indexed && !column.references)) continue;
        sql += index_sql(table, {.columns = {column.name}});
    }
    for (const TableIndex& index : table.indexes) sql += index_sql(table, index);
    return sql;
}

std::expected<std::vector<std::string>, Error> differences(const Database& database,
                                                           const TableInfo& table) {
    const auto live = live_columns(database, table.name);
    if (!live) return std::unexpected(live.error());
    std::vector<std::string> found;
    if (live->empty()) {
        found.push_back(fmt::format("there is no table \"{}\"", table.name));
        return found;
    }
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const ColumnInfo& column = table.columns[i];
        const auto at = std::ranges::find(*live, column.name, &LiveColumn::name);
        const std::string label = fmt::format("column \"{}.{}\"", table.name, column.name);
        if (at == live->end()) {
            found.push_back(label + " is missing");
            continue;
        }
        if (at->type != sql_type(column.coding)) {
            found.push_back(fmt::format("{}: expected {}, the table has {}", label,
                                        sql_type(column.coding),
                                        at->type.empty() ? "no type" : at->type));
        }
        if (at->nullable && !column.nullable && !at->primary_key) {
            found.push_back(label + " may be NULL, but the member is no optional");
        }
        if (!at->nullable && column.nullable) {
            found.push_back(label + " is NOT NULL, but the member is an optional");
        }
        if (at->primary_key != (i == table.key)) {
            found.push_back(label + (at->primary_key ? " is the primary key there, not here"
                                                     : " is the primary key here, not there"));
        }
        if (column.nocase && at->collation != "NOCASE") {
            found.push_back(label +
                            " tells upper from lower case, but is unique(nocase): "
                            "declare it COLLATE NOCASE");
        }
        if (i == table.key && table.key_generated && !at->autoincrement) {
            found.push_back(label +
                            " lacks AUTOINCREMENT: keys of deleted rows would be used again");
        }
    }
    for (const LiveColumn& column : *live) {
        if (table.find(column.name) || column.nullable || column.has_default) continue;
        found.push_back(
            fmt::format("column \"{}.{}\" is NOT NULL without a default, and no member "
                        "of the model: no row can be created",
                        table.name, column.name));
    }
    return found;
}

}  // namespace portico::db::detail
