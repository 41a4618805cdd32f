#pragma once

#include <expected>
#include <string_view>
#include <vector>

#include "db/sqlite/connection.hpp"
#include "portico/db/driver.hpp"

namespace portico::db::sqlite {

[[nodiscard]] std::expected<std::vector<AppliedMigration>, Error> applied_migrations(
    Connection& connection);

/// In a transaction of its own, with its record. Foreign keys are checked at its end, not at each
/// statement, so that a table can be rebuilt.
[[nodiscard]] std::expected<void, Error> apply_migration(Connection& connection,
                                                         const Migration& migration,
                                                         std::string_view checksum);

[[nodiscard]] std::expected<std::vector<LiveColumn>, Error> live_columns(Connection& connection,
                                                                         std::string_view table);

[[nodiscard]] std::expected<bool, Error> has_no_tables(Connection& connection);

}  // namespace portico::db::sqlite
