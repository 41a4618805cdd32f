#pragma once

#include <expected>
#include <memory>
#include <string>

#include <portico/db.hpp>
#include <portico/logging/logging.hpp>
#include <portico/portico.hpp>

#include "settings.hpp"

namespace reference {

/// Opens the database of the settings and brings its schema up: an empty one is migrated, one that
/// is behind only with `settings.migrate`. The error is a sentence.
[[nodiscard]] std::expected<Database, std::string> open_database(const Settings& settings,
                                                                 logging::Logging& logging);

/// `portico-api migrate …`; gives the exit status. `argv[0]` is "migrate".
[[nodiscard]] int migrate(int argc, char** argv);

/// `portico-api guard …`; gives the exit status. `argv[0]` is "guard".
[[nodiscard]] int guard_command(int argc, char** argv);

/// The whole application on an open database: routes, middleware, error format, periodic jobs.
/// `logging` must outlive it. For `main`, and for tests in process.
[[nodiscard]] std::unique_ptr<App> make_app(const Settings& settings, Database database,
                                            logging::Logging& logging);

/// The same routes without anything behind them, for its document alone: needs no settings, secret
/// or database, and can't be served.
[[nodiscard]] std::unique_ptr<App> make_documented_app();

}  // namespace reference
