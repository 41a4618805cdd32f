#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "portico/db/database.hpp"
#include "portico/db/detail/table_info.hpp"

namespace portico::db {

namespace detail {
[[nodiscard]] std::string create_table_sql(const TableInfo& table, Dialect dialect);
/// What of it declares one column: `price numeric(19, 2) NOT NULL`.
[[nodiscard]] std::string column_sql(const TableInfo& table, std::size_t index, Dialect dialect);
/// A name as it stands in a statement: in quotes where it needs them.
[[nodiscard]] std::string name_sql(std::string_view name);
/// The value that the database gives: what stands after DEFAULT.
[[nodiscard]] std::string default_sql(const ColumnInfo& column, Dialect dialect);
/// What stands after REFERENCES.
[[nodiscard]] std::string references_sql(const ForeignKey& key);
/// The name that we give an index of a table.
[[nodiscard]] std::string index_name(const TableInfo& table, const TableIndex& index);
[[nodiscard]] std::string index_sql(const TableInfo& table, const TableIndex& index,
                                    Dialect dialect);
/// The CREATE INDEX statements of a table.
[[nodiscard]] std::vector<std::string> indexes_sql(const TableInfo& table, Dialect dialect);
[[nodiscard]] std::expected<std::vector<std::string>, Error> differences(const Database& database,
                                                                         const TableInfo& table);
}  // namespace detail

/// The CREATE TABLE and CREATE INDEX statements that a model asks for: what to begin a migration
/// with, and what tests make their tables by.
template <class T>
[[nodiscard]] std::string create_table_sql(Dialect dialect = Dialect::sqlite) {
    return detail::create_table_sql(detail::table_of<T>(), dialect);
}

/// How the live schema differs from the models, a sentence for each difference: a table or column
/// that is missing, another type, NULL allowed here and not there. Empty: it fits. Columns that no
/// model has are none of its business. For the start of a program; blocks.
///
///     const auto wrong = check_schema<User, Item>(database).value();
template <class... T>
[[nodiscard]] std::expected<std::vector<std::string>, Error> check_schema(
    const Database& database) {
    std::vector<std::string> all;
    for (const detail::TableInfo* table : {&detail::table_of<T>()...}) {
        auto found = detail::differences(database, *table);
        if (!found) return std::unexpected(std::move(found.error()));
        all.insert(all.end(), found->begin(), found->end());
    }
    return all;
}

/// Makes the tables of models in a database without migrations: for tests and small tools.
template <class... T>
[[nodiscard]] std::expected<void, Error> create_tables(const Database& database) {
    for (const detail::TableInfo* table : {&detail::table_of<T>()...}) {
        auto done = database.driver().with_schema([&](SchemaConnection& connection) {
            return connection.execute(detail::create_table_sql(*table, database.dialect()));
        });
        if (!done) return done;
    }
    return {};
}

}  // namespace portico::db
