#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "portico/db/database.hpp"
#include "portico/db/driver.hpp"

namespace portico::db::detail {

/// A column of a table as the database has it.
struct LiveColumn {
    std::string name;
    std::string type;  ///< As the database spells it, in capitals.
    bool nullable = false;
    bool primary_key = false;
    bool has_default = false;
    bool autoincrement = false;  ///< The database gives the keys, and none twice.
    std::string collation;       ///< NOCASE: an index compares it without regard to case.
    std::string default_sql;
};

struct LiveIndex {
    std::string name;
    bool unique = false;
    bool primary_key = false;
    bool partial = false;
    bool nocase = false;               ///< Compares its first column without regard to case.
    std::vector<std::string> columns;  ///< "" for an expression.
};

struct LiveForeignKey {
    std::string name;  ///< Of its constraint; "" on SQLite, where it has none.
    std::string column;
    std::string references;  ///< As `references_sql` says it.
};

struct LiveTable {
    std::string name;
    std::string sql;                  ///< The CREATE TABLE that SQLite keeps; empty elsewhere.
    std::vector<LiveColumn> columns;  ///< Empty: there is no such table.
    std::vector<LiveIndex> indexes;
    std::vector<LiveForeignKey> foreign_keys;  ///< Of one column; those of several are left out.

    [[nodiscard]] const LiveColumn* column(std::string_view name) const noexcept;
    [[nodiscard]] const LiveForeignKey* foreign_key(std::string_view column) const noexcept;
};

[[nodiscard]] std::expected<LiveTable, Error> read_table(SchemaConnection& connection,
                                                         Dialect dialect, std::string_view name);

/// The columns alone, on a connection of its own.
[[nodiscard]] std::expected<std::vector<LiveColumn>, Error> live_columns(const Database& database,
                                                                         std::string_view table);

/// Without our own `portico_migrations`.
[[nodiscard]] std::expected<std::vector<std::string>, Error> table_names(
    SchemaConnection& connection, Dialect dialect);

}  // namespace portico::db::detail
