// portico-api: the production API that a project starts from. See docs/reference.md.

#include <cstdio>
#include <string_view>

#include <fmt/format.h>

#include "app.hpp"
#include "protection.hpp"
#include "version.hpp"

namespace {

using namespace reference;

logging::Options logging_options(const Settings& settings) {
    logging::Options options{.level = level_of(settings.log_level),
                             .format = settings.log_format == LogFormat::json
                                           ? logging::Format::json
                                           : logging::Format::text,
                             .file = settings.log_file.value_or("")};
    for (const auto& [name, level] : settings.log_levels) options.levels[name] = level_of(level);
    return options;
}

int fail(int status, std::string_view sentence) {
    fmt::print(stderr, "{}\n", sentence);
    return status;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc > 1 && std::string_view(argv[1]) == "openapi") {
        return print_openapi(*make_documented_app(), argc - 1, argv + 1);
    }
    if (argc > 1 && std::string_view(argv[1]) == "migrate") return migrate(argc - 1, argv + 1);
    if (argc > 1 && std::string_view(argv[1]) == "guard") return guard_command(argc - 1, argv + 1);
    const auto settings =
        settings::load<Settings>(argc, argv,
                                 {.program = "portico-api",
                                  .description = "The Portico reference API: users, tokens, items. "
                                                 "`portico-api openapi` prints its document, "
                                                 "`portico-api migrate` changes its database, "
                                                 "`portico-api guard` explains what is refused.",
                                  .version = std::string(kVersion)},
                                 [](const Settings& loaded, settings::Problems& problems) {
                                     check_settings(loaded, problems);
                                 });
    if (!settings) {
        fmt::print(settings.error().status == 0 ? stdout : stderr, "{}", settings.error().text);
        return settings.error().status;
    }

    auto logging = logging::setup(logging_options(*settings));
    if (!logging) return fail(2, logging.error());
    const logging::DefaultLogging default_logging(**logging);

    auto database = open_database(*settings, **logging);
    if (!database) return fail(1, database.error());
    const auto app = make_app(*settings, *std::move(database), **logging);

    RunOptions options;
    options.host = settings->host;
    options.port = settings->port;
    options.workers = settings->workers;
    options.proxy_protocol_from = http::CidrSet::parse(settings->proxy_protocol_from).value();
    if (settings->guard.drop_banned_connections) {
        options.accepts = [&guard = app->state<Protection>()->guard()](const auto& peer) {
            return guard.accepts(peer);
        };
    }
    options.on_reload = [&] {
        for (const auto& reopened : {(*logging)->reopen(), app->state<Protection>()->reload()}) {
            if (!reopened) (*logging)->logger("portico.server").error(reopened.error());
        }
    };
    return run(*app, options);
}
