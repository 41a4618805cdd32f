#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "portico/db/database.hpp"
#include "portico/db/driver.hpp"
#include "portico/db/error.hpp"

namespace portico::db {

/// Where one migration stands in a database.
struct MigrationState {
    enum class Kind {
        applied,
        pending,  ///< The program has it, the database has not.
        changed,  ///< The text was edited after it was applied. Write a new migration instead.
        unknown,  ///< The database has it, the program has not: the program is older.
    };

    int number = 0;
    std::string name;
    Kind kind = Kind::pending;
};

/// The ordered SQL files that made a database what it is: `0001_create_users.sql`, `0002_….sql`.
///
/// Each is applied once, in its number's order, in a transaction of its own, and recorded with a
/// checksum in the table `portico_migrations`. Foreign keys are checked at the end of each, so that
/// one can rebuild a table. All functions block: they are for the start of a program and for tools.
///
///     auto migrations = Migrations::from_folder("migrations/sqlite").value();
///     migrations.up(database).value();
class Migrations {
public:
    /// Those that are part of the program: see `portico_migrations()` in cmake/. The texts must
    /// outlive this object. In any order.
    explicit Migrations(std::span<const Migration> embedded);

    /// Every `<number>_<name>.sql` in the folder. Numbers begin at 1 and leave no gap; two files of
    /// one number, or any other `.sql` file, are an error.
    [[nodiscard]] static std::expected<Migrations, Error> from_folder(const std::string& folder);

    /// Every migration that the program or the database has, by number.
    [[nodiscard]] std::expected<std::vector<MigrationState>, Error> status(
        const Database& database) const;

    /// Applies what is pending; how many those were. An error when one was changed, when the
    /// database is newer than the program, or when one fails: those before it stay applied.
    [[nodiscard]] std::expected<int, Error> up(const Database& database) const;

    /// For the start of a server: migrates an empty database, and one that is behind only if
    /// `migrate`; otherwise being behind is an error that names what is pending.
    [[nodiscard]] std::expected<void, Error> prepare(const Database& database, bool migrate) const;

private:
    struct Entry {
        int number;
        std::string name;
        std::string sql;
        std::string checksum;
    };

    Migrations() = default;
    void add(int number, std::string_view name, std::string_view sql);
    [[nodiscard]] std::expected<void, Error> check_order();

    std::vector<Entry> entries_;
    std::string wrong_;  // what is wrong with the list itself
};

}  // namespace portico::db
