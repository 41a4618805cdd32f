#pragma once

#include <expected>
#include <functional>
#include <string>
#include <vector>

#include "portico/db/database.hpp"
#include "portico/db/detail/table_info.hpp"
#include "portico/db/migrations.hpp"

namespace portico::db {

/// The tables that a program's models ask for, for `MigrateOptions`.
using Models = std::vector<const detail::TableInfo*>;

template <class... T>
[[nodiscard]] Models models() {
    return {&detail::table_of<T>()...};
}

/// What `migrate_command` works on.
struct MigrateOptions {
    /// Opens the database, for the commands that need one. The error is a sentence.
    std::function<std::expected<Database, std::string>()> open;
    Migrations migrations;
    /// Where `new` writes, below the working directory; `--folder` says otherwise.
    std::string folder = "migrations";
    /// What `new --auto` compares with the database.
    Models models = {};
};

/// Gives a program the commands of migrations: `up`, `down [N]`, `status`, `new NAME`,
/// `new --auto NAME`; `--help` explains them. `argv[0]` is not looked at.
///
/// `new` writes the next numbered file, into each of the folders `sqlite` and `postgresql` where
/// there are such. With `--auto` it holds a draft, for the back end of the open database, of what
/// the models need and the database lacks: tables, columns, types, NULL or not, indexes. What the
/// database has and no model knows becomes a comment. Nothing is ever applied by it: read it, edit
/// it, build the program again.
///
/// Prints to stdout, and errors to stderr. Gives the exit status: 0; 1 when it failed, and for a
/// `status` that is anything but all applied; 2 for arguments that it does not know.
///
///     if (argc > 1 && std::string_view(argv[1]) == "migrate") {
///         return db::migrate_command({.open = open_database,
///                                     .migrations = db::Migrations(app::migrations()),
///                                     .models = db::models<User, Item>()},
///                                    argc - 1, argv + 1);
///     }
[[nodiscard]] int migrate_command(const MigrateOptions& options, int argc, char** argv);

}  // namespace portico::db
