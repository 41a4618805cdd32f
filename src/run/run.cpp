#include "portico/run/run.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include "portico/logging/logging.hpp"

namespace portico {
namespace {

constexpr std::string_view kHelp =
    "  --host HOST        the address to listen on (127.0.0.1)\n"
    "  --port PORT        the port, 0 for any free one (8000)\n"
    "  --workers COUNT    event loops, 0 for one a core (0)\n"
    "  --help             this text\n"
    "\n"
    "  openapi [--format json|yaml] [--version 3.1|3.0]\n"
    "                     prints the OpenAPI document and serves nothing\n";

void complain(std::string_view message) {
    const auto log = logging::get_logger("portico.server");
    if (log.enabled(logging::Level::error)) {
        log.error(message);
    } else {
        fmt::print(stderr, "{}\n", message);
    }
}

/// On stderr while there is no logging at all, so that a first program says where it is.
void announce(std::string_view message) {
    const auto log = logging::get_logger("portico.server");
    if (log.enabled(logging::Level::critical)) {
        log.info(message);
    } else {
        fmt::print(stderr, "{}\n", message);
    }
}

template <class T>
std::expected<void, std::string> read_number(std::string_view name, std::string_view text, T& to) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), to);
    if (error == std::errc{} && end == text.data() + text.size()) return {};
    return std::unexpected(
        fmt::format("{}: expected a number in 0–{}, got \"{}\"", name, T(-1), text));
}

/// Both "--port 80" and "--port=80".
std::expected<bool, std::string> read_arguments(int argc, char** argv,
                                                net::ServerOptions& options) {
    for (int i = 1; i < argc; ++i) {
        std::string_view name = argv[i];
        if (name == "--help") return true;
        std::string_view value;
        if (const auto equals = name.find('='); equals != name.npos) {
            value = name.substr(equals + 1);
            name = name.substr(0, equals);
        } else if (i + 1 < argc) {
            value = argv[++i];
        } else {
            return std::unexpected(fmt::format("{}: expected a value; see --help", name));
        }
        std::expected<void, std::string> read;
        if (name == "--host") {
            options.host = value;
        } else if (name == "--port") {
            read = read_number(name, value, options.port);
        } else if (name == "--workers") {
            read = read_number(name, value, options.workers);
        } else {
            read = std::unexpected(fmt::format("unknown argument {}; see --help", name));
        }
        if (!read) return std::unexpected(read.error());
    }
    return false;
}

}  // namespace

net::ServerOptions with_lifespan(app::App& app, net::ServerOptions options) {
    options.on_start = [&app, before = std::move(options.on_start)]() -> core::Task<void> {
        if (before) co_await before();
        co_await app.startup();
    };
    options.on_stop = [&app, after = std::move(options.on_stop)]() -> core::Task<void> {
        co_await app.shutdown();
        if (after) co_await after();
    };
    return options;
}

int run(app::App& app, const net::ServerOptions& options) {
    try {
        app.prepare();  // a mistake in the routes is said before the port is taken
        std::string address;
        net::ServerOptions announced = with_lifespan(app, options);
        announced.on_start = [&, start = std::move(announced.on_start)]() -> core::Task<void> {
            co_await start();
            announce("serving on http://" + address);
        };
        net::Server server(app, std::move(announced));
        if (const auto started = server.start(); !started) {
            complain(started.error());
            return 1;
        }
        address = fmt::format("{}:{}",
                              options.host.contains(':') ? "[" + options.host + "]" : options.host,
                              server.port());
        if (const auto ended = server.run(); !ended) {
            complain(ended.error());
            return 1;
        }
        logging::get_logger("portico.server").info("stopped");
        return 0;
    } catch (const std::exception& error) {
        complain(error.what());
        return 1;
    }
}

int run(app::App& app, int argc, char** argv, net::ServerOptions options) {
    if (argc > 1 && std::string_view(argv[1]) == "openapi") {
        return print_openapi(app, argc - 1, argv + 1);
    }
    const auto read = read_arguments(argc, argv, options);
    if (!read) {
        fmt::print(stderr, "{}\n", read.error());
        return 2;
    }
    if (*read) {
        fmt::print("{}", kHelp);
        return 0;
    }
    return run(app, options);
}

}  // namespace portico
