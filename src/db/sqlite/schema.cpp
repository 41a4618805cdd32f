#include "db/sqlite/schema.hpp"

#include <algorithm>
#include <cctype>
#include <functional>
#include <string>

namespace portico::db::sqlite {
namespace {

using Texts = std::vector<std::string>;
using OnRow = std::function<void(const Texts&)>;

Error as_error(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const Error& error) {
        return error;
    } catch (const std::exception& exception) {
        return Error(Error::Kind::unavailable, exception.what());
    }
}

void write_key(std::string_view key, const void*, Dialect, std::string& out) {
    out = key;
}

void collect(void* target, const Row& row) {
    Texts texts;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const Value value = row[i];
        if (value.kind == Value::Kind::integer) {
            texts.push_back(std::to_string(value.integer));
        } else {
            texts.emplace_back(value.kind == Value::Kind::text ? value.text : std::string_view{});
        }
    }
    (*static_cast<const OnRow*>(target))(texts);
}

std::expected<void, Error> run(Connection& connection, std::string_view sql,
                               std::span<const Value> parameters = {}, OnRow on_row = {}) {
    Operation operation;
    operation.statement = {sql, &write_key};
    operation.parameters = parameters;
    if (on_row) {
        operation.on_row = &collect;
        operation.target = &on_row;
    }
    connection.run_trusted(operation);
    if (operation.error) return std::unexpected(as_error(operation.error));
    return {};
}

std::expected<void, Error> execute(Connection& connection, const char* sql) {
    if (const auto failure = connection.execute(sql)) return std::unexpected(as_error(failure));
    return {};
}

std::expected<bool, Error> has_table(Connection& connection, std::string_view name) {
    bool found = false;
    const Value parameter{name};
    auto done = run(connection, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?",
                    {&parameter, 1}, [&](const Texts&) { found = true; });
    if (!done) return std::unexpected(std::move(done.error()));
    return found;
}

std::string capitals(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char letter) {
        return static_cast<char>(std::toupper(letter));
    });
    return text;
}

std::string label(const Migration& migration) {
    std::string number = std::to_string(migration.number);
    number.insert(0, number.size() < 4 ? 4 - number.size() : 0, '0');
    return "migration " + number + "_" + std::string(migration.name);
}

std::expected<void, Error> run_in_transaction(Connection& connection, const Migration& migration,
                                              std::string_view checksum) {
    if (auto done = execute(connection, "BEGIN IMMEDIATE"); !done) return done;
    if (auto done = execute(connection,
                            "CREATE TABLE IF NOT EXISTS portico_migrations (number INTEGER PRIMARY "
                            "KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER "
                            "NOT NULL)");
        !done) {
        return done;
    }
    // Another process that starts at the same time may have been faster.
    bool applied = false;
    const Value number{std::int64_t{migration.number}};
    auto looked = run(connection, "SELECT 1 FROM portico_migrations WHERE number = ?", {&number, 1},
                      [&](const Texts&) { applied = true; });
    if (!looked || applied) return looked;
    if (auto done = execute(connection, std::string(migration.sql).c_str()); !done) return done;
    if (!connection.in_transaction()) {
        return std::unexpected(Error(Error::Kind::statement,
                                     "it ends the transaction that it runs in: leave BEGIN, "
                                     "COMMIT and ROLLBACK out"));
    }
    std::string broken;
    auto checked = run(connection, "SELECT DISTINCT \"table\" FROM pragma_foreign_key_check", {},
                       [&](const Texts& row) { broken += (broken.empty() ? "" : ", ") + row[0]; });
    if (!checked) return checked;
    if (!broken.empty()) {
        return std::unexpected(
            Error(Error::Kind::constraint,
                  "it leaves rows whose foreign keys point nowhere in " + broken));
    }
    const Value record[]{Value{std::int64_t{migration.number}}, Value{migration.name},
                         Value{checksum}};
    auto recorded = run(connection,
                        "INSERT INTO portico_migrations (number, name, checksum, applied_at) "
                        "VALUES (?, ?, ?, unixepoch())",
                        record);
    if (!recorded) return recorded;
    return execute(connection, "COMMIT");
}

}  // namespace

std::expected<std::vector<AppliedMigration>, Error> applied_migrations(Connection& connection) {
    std::vector<AppliedMigration> applied;
    const auto exists = has_table(connection, "portico_migrations");
    if (!exists) return std::unexpected(exists.error());
    if (!*exists) return applied;
    auto done =
        run(connection, "SELECT number, name, checksum FROM portico_migrations ORDER BY 1", {},
            [&](const Texts& row) { applied.push_back({std::stoi(row[0]), row[1], row[2]}); });
    if (!done) return std::unexpected(std::move(done.error()));
    return applied;
}

std::expected<void, Error> apply_migration(Connection& connection, const Migration& migration,
                                           std::string_view checksum) {
    // sqlite.org/lang_altertable.html §7: with foreign keys on, DROP TABLE deletes the rows that
    // refer to it; the switch does nothing inside a transaction.
    (void)connection.execute("PRAGMA foreign_keys=OFF");
    auto done = run_in_transaction(connection, migration, checksum);
    if (connection.in_transaction()) (void)connection.execute("ROLLBACK");
    (void)connection.execute("PRAGMA foreign_keys=ON");
    if (done) return {};
    return std::unexpected(
        Error(done.error().kind(), label(migration) + ": " + done.error().what()));
}

std::expected<std::vector<LiveColumn>, Error> live_columns(Connection& connection,
                                                           std::string_view table) {
    std::vector<LiveColumn> columns;
    const std::string name{table};
    const Value parameter{table};
    auto done = run(connection,
                    "SELECT name, type, \"notnull\", pk, dflt_value IS NOT NULL FROM "
                    "pragma_table_info(?)",
                    {&parameter, 1}, [&](const Texts& row) {
                        columns.push_back({.name = row[0],
                                           .type = capitals(row[1]),
                                           .nullable = row[2] == "0" && row[3] == "0",
                                           .primary_key = row[3] != "0",
                                           .has_default = row[4] != "0"});
                    });
    if (!done) return std::unexpected(std::move(done.error()));
    for (LiveColumn& column : columns) {
        const char* collation = nullptr;
        int autoincrement = 0;
        sqlite3_table_column_metadata(connection.handle(), "main", name.c_str(),
                                      column.name.c_str(), nullptr, &collation, nullptr, nullptr,
                                      &autoincrement);
        column.collation = capitals(collation ? collation : "");
        column.autoincrement = autoincrement != 0;
    }
    return columns;
}

std::expected<bool, Error> has_no_tables(Connection& connection) {
    bool found = false;
    auto done = run(connection,
                    "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE "
                    "'sqlite~_%' ESCAPE '~' LIMIT 1",
                    {}, [&](const Texts&) { found = true; });
    if (!done) return std::unexpected(std::move(done.error()));
    return !found;
}

}  // namespace portico::db::sqlite
