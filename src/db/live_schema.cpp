#include "db/live_schema.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "db/schema_queries.hpp"
#include "portico/db/schema.hpp"

namespace portico::db::detail {
namespace {

bool yes(const std::string& text) {
    return text == "1";
}

}  // namespace

const LiveColumn* LiveTable::column(std::string_view wanted) const noexcept {
    const auto found = std::ranges::find(columns, wanted, &LiveColumn::name);
    return found == columns.end() ? nullptr : &*found;
}

const LiveForeignKey* LiveTable::foreign_key(std::string_view of) const noexcept {
    const auto found = std::ranges::find(foreign_keys, of, &LiveForeignKey::column);
    return found == foreign_keys.end() ? nullptr : &*found;
}

std::expected<LiveTable, Error> read_table(SchemaConnection& connection, Dialect dialect,
                                           std::string_view name) {
    const SchemaQueries& queries = schema_queries(dialect);
    const Value parameter{name};
    const auto columns = connection.fetch(queries.columns, {&parameter, 1});
    if (!columns) return std::unexpected(columns.error());
    const auto indexes = connection.fetch(queries.indexes, {&parameter, 1});
    if (!indexes) return std::unexpected(indexes.error());

    const auto keys = connection.fetch(queries.foreign_keys, {&parameter, 1});
    if (!keys) return std::unexpected(keys.error());

    LiveTable table{
        .name = std::string(name), .sql = {}, .columns = {}, .indexes = {}, .foreign_keys = {}};
    for (const auto& row : *columns) {
        table.columns.push_back({.name = row[0],
                                 .type = row[1],
                                 .nullable = yes(row[2]),
                                 .primary_key = yes(row[3]),
                                 .has_default = !row[4].empty(),
                                 .autoincrement = yes(row[5]),
                                 .collation = row[6],
                                 .default_sql = row[4]});
    }
    for (const auto& row : *indexes) {
        if (table.indexes.empty() || table.indexes.back().name != row[0]) {
            table.indexes.push_back({.name = row[0],
                                     .unique = yes(row[1]),
                                     .primary_key = yes(row[2]),
                                     .partial = yes(row[3]),
                                     .nocase = yes(row[5]),
                                     .columns = {}});
        }
        table.indexes.back().columns.push_back(row[4]);
    }
    for (const auto& row : *keys) {
        table.foreign_keys.push_back(
            {.name = row[0],
             .column = row[1],
             .references =
                 fmt::format("{} ({}) ON DELETE {}", name_sql(row[2]), name_sql(row[3]), row[4])});
    }
    if (dialect == Dialect::sqlite && !table.columns.empty()) {
        const auto sql = connection.fetch(
            "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = $1", {&parameter, 1});
        if (!sql) return std::unexpected(sql.error());
        table.sql = sql->at(0).at(0);
    }
    return table;
}

std::expected<std::vector<LiveColumn>, Error> live_columns(const Database& database,
                                                           std::string_view table) {
    std::vector<LiveColumn> columns;
    auto done = database.driver().with_schema(
        [&](SchemaConnection& connection) -> std::expected<void, Error> {
            auto read = read_table(connection, database.dialect(), table);
            if (!read) return std::unexpected(std::move(read.error()));
            columns = std::move(read->columns);
            return {};
        });
    if (!done) return std::unexpected(std::move(done.error()));
    return columns;
}

std::expected<std::vector<std::string>, Error> table_names(SchemaConnection& connection,
                                                           Dialect dialect) {
    const auto rows = connection.fetch(schema_queries(dialect).tables, {});
    if (!rows) return std::unexpected(rows.error());
    std::vector<std::string> names;
    for (const auto& row : *rows) {
        if (row[0] != "portico_migrations") names.push_back(row[0]);
    }
    return names;
}

}  // namespace portico::db::detail
