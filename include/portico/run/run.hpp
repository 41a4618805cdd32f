#pragma once

#include "portico/app/app.hpp"
#include "portico/net/server.hpp"

namespace portico {

/// What `run` serves with: a server's options, whose signals are handled unless that is turned off.
struct RunOptions : net::ServerOptions {
    RunOptions() { handle_signals = true; }
};

/// The options of a server that is part of a larger program: the application's startup and shutdown
/// hooks run around those of `options`. The application must outlive the server.
///
///     net::Server server(app, with_lifespan(app, {.port = 0}));
///     std::jthread thread([&](std::stop_token stop) { server.run(stop).value(); });
[[nodiscard]] net::ServerOptions with_lifespan(app::App& app, net::ServerOptions options);

/// Serves the application until SIGTERM or SIGINT, and answers what is in flight then. Its startup
/// hooks run before the first connection is taken, its shutdown hooks after the last has ended.
///
/// Gives the exit status: 0 after a stop, 1 when it could not start or did not end in time. Where
/// it serves, and why it could not, is logged by `portico.server`, or written to stderr while there
/// is no logging.
[[nodiscard]] int run(app::App& app, const net::ServerOptions& options = RunOptions());

/// The same with `--host`, `--port` and `--workers` of a command line, over what `options` say.
/// `--help` explains them and gives 0; an argument that it does not know gives 2. The first
/// argument "openapi" is `print_openapi`, without serving.
///
///     int main(int argc, char** argv) { … return run(app, argc, argv); }
[[nodiscard]] int run(app::App& app, int argc, char** argv,
                      net::ServerOptions options = RunOptions());

/// Prints the OpenAPI document: no hook runs, no port or database is opened. `argv[0]` is not
/// looked at; of the rest, `--format json` or `yaml`, and `--version 3.1` or `3.0`. Gives the exit
/// status.
///
///     program openapi --format yaml > openapi.yaml
[[nodiscard]] int print_openapi(app::App& app, int argc, char** argv);

}  // namespace portico
