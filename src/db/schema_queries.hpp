#pragma once

#include <string_view>

#include "portico/db/driver.hpp"

namespace portico::db::detail {

/// What migrations and looks at the live schema say to a back end.
struct SchemaQueries {
    // From `lock` to `unlock`, or to the end of the connection, nobody else migrates.
    const char* lock;
    const char* unlock;
    // Around each migration.
    const char* begin;
    const char* commit;
    const char* rollback;

    std::string_view has_table;    ///< $1: a row when there is a table of that name.
    std::string_view tables;       ///< The names of the program's tables.
    std::string_view broken_keys;  ///< Tables whose foreign keys point nowhere; empty: checked.
    /// $1, a table: name, type, may be NULL, primary key, default, keys are generated, NOCASE
    /// where an index ignores case. Yes is "1".
    std::string_view columns;
    /// $1, a table; a row for each column of an index, in order: the index, unique, primary key,
    /// with a condition, the column or "", ignores case.
    std::string_view indexes;
    /// $1, a table: the name of the constraint, the column, the table and the column it refers to,
    /// what happens ON DELETE.
    std::string_view foreign_keys;
};

[[nodiscard]] const SchemaQueries& schema_queries(Dialect dialect) noexcept;

}  // namespace portico::db::detail
