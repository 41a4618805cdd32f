#pragma once

#include <expected>
#include <functional>
#include <string>

#include "portico/guard/config.hpp"

namespace portico::http {
class Handler;
}

namespace portico::guard {

struct GuardCommandOptions {
    /// The program's configuration. Called when a command needs it; the error is a sentence.
    std::function<std::expected<Config, std::string>()> config;
    /// Finds the route of a request, whose rules count: the application. None: rules of routes are
    /// not known.
    http::Handler* routes = nullptr;
    std::string program = "program";  ///< In the help.
};

/// The command line of the guard: `guard test`, which says what would happen to a request and why,
/// `guard report`, which sums up a security log and names likely false positives, `guard rules`.
/// Gives the exit status: 0; 1 when the request is refused or a file can't be read; 2 for wrong
/// use.
///
///     if (argc > 1 && argv[1] == "guard"sv) {
///         return guard::guard_command({.config = …, .routes = &app}, argc - 1, argv + 1);
///     }
[[nodiscard]] int guard_command(const GuardCommandOptions& options, int argc, char** argv);

}  // namespace portico::guard
