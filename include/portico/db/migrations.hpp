#pragma once

#include <array>
#include <chrono>
#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "portico/db/database.hpp"
#include "portico/db/driver.hpp"
#include "portico/db/error.hpp"

namespace portico::db {

namespace detail {
struct AppliedMigration;
}

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
    std::optional<std::chrono::sys_seconds> applied_at;  ///< Nothing while it is pending.

    /// "0002_add_names"
    [[nodiscard]] std::string label() const;
};

/// The ordered SQL files that made a database what it is: `0001_create_users.sql`, `0002_….sql`.
///
/// Each is applied once, in its number's order, in a transaction of its own, and recorded with a
/// checksum in the table `portico_migrations`. What stands below a line `-- down` undoes it, and is
/// not part of the checksum. Foreign keys of SQLite are checked at the end of each, so that one can
/// rebuild a table.
///
/// Any number of processes may migrate one database at once: one does, the others wait for it and
/// find it done (PostgreSQL: a session's advisory lock, so connect directly and not through a
/// pooler that shares sessions; SQLite: an exclusive transaction, at most a minute of waiting).
///
/// All functions block: they are for the start of a program and for tools. `MigrateOptions` makes
/// them commands.
///
///     auto migrations = Migrations::from_folder("migrations").value();
///     migrations.up(database).value();
class Migrations {
public:
    /// Is told of each migration before it runs.
    using OnStep = std::function<void(const MigrationState&)>;

    /// Those that are part of the program: see `portico_migrations()` in cmake/. The texts must
    /// outlive this object. In any order.
    explicit Migrations(std::span<const Migration> embedded);

    /// Every `<number>_<name>.sql` in the folders `sqlite` and `postgresql` of the folder, each for
    /// its back end; where there is neither, those in the folder itself, for any. Numbers begin at
    /// 1 and leave no gap; two files of one number, or any other `.sql` file, are an error.
    [[nodiscard]] static std::expected<Migrations, Error> from_folder(const std::string& folder);

    /// Every migration that the program or the database has, by number.
    [[nodiscard]] std::expected<std::vector<MigrationState>, Error> status(
        const Database& database) const;

    /// Applies what is pending; how many those were. An error when one was changed, when the
    /// database is newer than the program, or when one fails: those before it stay applied.
    [[nodiscard]] std::expected<int, Error> up(const Database& database,
                                               const OnStep& on_step = {}) const;

    /// Undoes the last `count` that are applied, the last one first; how many those were. An error,
    /// before anything is undone, when one of them has no part `-- down`, or is not known here;
    /// when one fails, those that were undone before it stay undone.
    [[nodiscard]] std::expected<int, Error> down(const Database& database, int count = 1,
                                                 const OnStep& on_step = {}) const;

    /// For the start of a server: migrates an empty database, and one that is behind only if
    /// `migrate`; otherwise being behind is an error that names what is pending.
    [[nodiscard]] std::expected<void, Error> prepare(const Database& database, bool migrate) const;

private:
    struct Entry {
        int number;
        std::string name;
        std::string up;
        std::optional<std::string> down;
        std::string checksum;
    };

    Migrations() = default;
    [[nodiscard]] const std::vector<Entry>& entries_for(const Database& database) const {
        return entries_[static_cast<std::size_t>(database.dialect())];
    }
    [[nodiscard]] static std::vector<MigrationState> compare(
        const std::vector<Entry>& entries, const std::vector<detail::AppliedMigration>& applied);
    enum class Behind { refused_unless_empty, migrated };
    [[nodiscard]] std::expected<int, Error> up(const Database& database, Behind behind,
                                               const OnStep& on_step) const;
    void add(const Migration& migration);
    [[nodiscard]] std::expected<void, Error> add_folder(const std::string& folder,
                                                        std::optional<Dialect> dialect);
    [[nodiscard]] std::expected<void, Error> check_order();

    std::array<std::vector<Entry>, 2> entries_;  // by dialect
    std::string wrong_;                          // what is wrong with the lists themselves
};

}  // namespace portico::db
