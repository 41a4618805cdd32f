#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "portico/db/driver.hpp"

namespace portico::db::detail {

/// A migration that the database has.
struct AppliedMigration {
    int number = 0;
    std::string name;
    std::string checksum;
    std::int64_t applied_at = 0;  ///< Seconds since 1970.
};

/// The steps of migrating one database. Blocks.
class MigrationRun {
public:
    MigrationRun(SchemaConnection& connection, Dialect dialect) noexcept;

    /// Waits until no other process migrates; what is read after it stays true until `unlock`, or
    /// the end of the connection.
    [[nodiscard]] std::expected<void, Error> lock();
    [[nodiscard]] std::expected<void, Error> unlock();

    /// By number.
    [[nodiscard]] std::expected<std::vector<AppliedMigration>, Error> applied();
    /// There is no table.
    [[nodiscard]] std::expected<bool, Error> empty();

    /// All of `sql` and the record of it, or nothing.
    [[nodiscard]] std::expected<void, Error> apply(int number, std::string_view name,
                                                   std::string_view checksum,
                                                   const std::string& sql);
    /// The same, and the record goes.
    [[nodiscard]] std::expected<void, Error> revert(int number, std::string_view name,
                                                    const std::string& sql);

private:
    std::expected<void, Error> run(std::string_view record, std::span<const Value> parameters,
                                   const std::string& sql, std::string_view label);
    std::expected<void, Error> run_in_transaction(std::string_view record,
                                                  std::span<const Value> parameters,
                                                  const std::string& sql);
    std::expected<bool, Error> has_record_table();

    SchemaConnection& connection_;
    const struct SchemaQueries& queries_;
};

}  // namespace portico::db::detail
