// Settings from the command line, the environment and .env, all faults at once; a log of the own.
#include <iostream>

#include <portico/logging/logging.hpp>
#include <portico/portico.hpp>
#include <portico/settings/settings.hpp>
using namespace portico;

struct Settings {
    Annotated<std::string, description("Title of the docs")> app_name = "Shop";
    Annotated<std::uint16_t, description("Port to listen on, 0 for any")> port = 8000;
    Annotated<SecretString, min_length(32), description("Signs tokens")> secret_key;
    Annotated<std::vector<std::string>> cors_origins =
        empty;  // CORS_ORIGINS='["https://a.example"]'
};

struct Info {
    std::string app_name;
    std::vector<std::string> cors_origins;
};

int main(int argc, char** argv) {
    const auto settings = settings::load<Settings>(argc, argv, {.description = "A shop."});
    if (!settings) {
        (settings.error().status == 0 ? std::cout : std::cerr) << settings.error().text;
        return settings.error().status;
    }
    const auto logging = logging::setup({.level = logging::Level::info});
    if (!logging) {
        std::cerr << logging.error() << "\n";
        return 2;
    }
    const logging::DefaultLogging default_logging(**logging);  // what `run` and your code log to

    App app{{.title = settings->app_name}};
    app.state(*settings);
    app.get("/info", [](State<Settings> settings) -> Info {
        logging::get_logger("shop").info("info was asked", {{"app", settings->app_name}});
        return {settings->app_name, settings->cors_origins};
    });

    RunOptions options;
    options.port = settings->port;
    return run(app, options);
}
