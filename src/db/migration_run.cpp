#include "db/migration_run.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "db/schema_queries.hpp"

namespace portico::db::detail {
namespace {

constexpr std::string_view kRecords = "portico_migrations";

std::unexpected<Error> wrong(Error::Kind kind, std::string message) {
    return std::unexpected(Error(kind, std::move(message)));
}

}  // namespace

MigrationRun::MigrationRun(SchemaConnection& connection, Dialect dialect) noexcept
    : connection_(connection), queries_(schema_queries(dialect)) {}

std::expected<void, Error> MigrationRun::lock() {
    return connection_.execute(queries_.lock);
}

std::expected<void, Error> MigrationRun::unlock() {
    return connection_.execute(queries_.unlock);
}

std::expected<bool, Error> MigrationRun::has_record_table() {
    const Value name{kRecords};
    const auto rows = connection_.fetch(queries_.has_table, {&name, 1});
    if (!rows) return std::unexpected(rows.error());
    return !rows->empty();
}

std::expected<std::vector<AppliedMigration>, Error> MigrationRun::applied() {
    std::vector<AppliedMigration> applied;
    const auto exists = has_record_table();
    if (!exists) return std::unexpected(exists.error());
    if (!*exists) return applied;
    const auto rows = connection_.fetch(
        "SELECT number, name, checksum, applied_at FROM portico_migrations ORDER BY number", {});
    if (!rows) return std::unexpected(rows.error());
    for (const auto& row : *rows) {
        applied.push_back({.number = std::stoi(row[0]),
                           .name = row[1],
                           .checksum = row[2],
                           .applied_at = std::stoll(row[3])});
    }
    return applied;
}

std::expected<bool, Error> MigrationRun::empty() {
    const auto tables = connection_.fetch(queries_.tables, {});
    if (!tables) return std::unexpected(tables.error());
    return tables->empty();
}

std::expected<void, Error> MigrationRun::apply(int number, std::string_view name,
                                               std::string_view checksum, const std::string& sql) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const Value record[]{Value{std::int64_t{number}}, Value{name}, Value{checksum},
                         Value{std::int64_t{now.time_since_epoch().count()}}};
    return run(
        "INSERT INTO portico_migrations (number, name, checksum, applied_at) "
        "VALUES ($1, $2, $3, $4)",
        record, sql, fmt::format("migration {:04}_{}", number, name));
}

std::expected<void, Error> MigrationRun::revert(int number, std::string_view name,
                                                const std::string& sql) {
    const Value record{std::int64_t{number}};
    return run("DELETE FROM portico_migrations WHERE number = $1", {&record, 1}, sql,
               fmt::format("migration {:04}_{}, down", number, name));
}

std::expected<void, Error> MigrationRun::run(std::string_view record,
                                             std::span<const Value> parameters,
                                             const std::string& sql, std::string_view label) {
    auto done = connection_.execute(queries_.begin);
    if (done) done = run_in_transaction(record, parameters, sql);
    if (done) done = connection_.execute(queries_.commit);
    if (done) return {};
    if (connection_.in_transaction()) (void)connection_.execute(queries_.rollback);
    return wrong(done.error().kind(), fmt::format("{}: {}", label, done.error().what()));
}

std::expected<void, Error> MigrationRun::run_in_transaction(std::string_view record,
                                                            std::span<const Value> parameters,
                                                            const std::string& sql) {
    const auto exists = has_record_table();
    if (!exists) return std::unexpected(exists.error());
    if (!*exists) {
        auto made = connection_.execute(
            "CREATE TABLE portico_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, "
            "checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)");
        if (!made) return made;
    }
    if (auto done = connection_.execute(sql); !done) return done;
    if (!connection_.in_transaction()) {
        return wrong(Error::Kind::statement,
                     "it ends the transaction that it runs in: leave BEGIN, COMMIT and ROLLBACK "
                     "out");
    }
    if (!queries_.broken_keys.empty()) {
        const auto rows = connection_.fetch(queries_.broken_keys, {});
        if (!rows) return std::unexpected(rows.error());
        std::string tables;
        for (const auto& row : *rows) tables += (tables.empty() ? "" : ", ") + row[0];
        if (!tables.empty()) {
            return wrong(Error::Kind::constraint,
                         "it leaves rows whose foreign keys point nowhere in " + tables);
        }
    }
    const auto recorded = connection_.fetch(record, parameters);
    if (!recorded) return std::unexpected(recorded.error());
    return {};
}

}  // namespace portico::db::detail
