#include "portico/run/run.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "portico/logging/capture.hpp"
#include "portico/logging/logging.hpp"
#include "portico/openapi/document.hpp"

namespace portico {
namespace {

using namespace std::chrono_literals;

RunOptions any_port() {
    RunOptions options;
    options.port = 0;
    options.workers = 2;
    return options;
}

TEST(Run, serves_between_the_hooks_until_a_signal_and_gives_0) {
    std::vector<std::string> events;
    app::App app;
    app.lifespan([&](app::App&, app::Serving& serving) -> core::Task<void> {
        events.push_back("up");
        co_await serving;
        events.push_back("down");
    });
    app.every(1ms, [&] {
        if (events.size() == 1) events.push_back("job");
        std::raise(SIGTERM);
    });
    EXPECT_EQ(run(app, any_port()), 0);
    const std::vector<std::string> expected{"up", "job", "down"};
    EXPECT_EQ(events, expected);
}

TEST(Run, says_where_it_serves_on_stderr_while_there_is_no_logging) {
    app::App app;
    app.every(1ms, [] { std::raise(SIGTERM); });
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(run(app, any_port()), 0);
    const std::string said = ::testing::internal::GetCapturedStderr();
    EXPECT_TRUE(said.starts_with("serving on http://127.0.0.1:")) << said;
}

TEST(Run, leaves_stderr_alone_where_there_is_logging) {
    const auto logging = logging::setup({.level = logging::Level::error, .to_stdout = false});
    const logging::DefaultLogging default_logging(**logging);
    app::App app;
    app.every(1ms, [] { std::raise(SIGTERM); });
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(run(app, any_port()), 0);
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST(Run, a_start_that_fails_gives_1) {
    app::App app;
    app.on_startup([] { throw std::runtime_error("no database"); });
    EXPECT_EQ(run(app, any_port()), 1);
}

TEST(Run, says_that_it_serves_once_the_hooks_have_run) {
    const auto lines = std::make_shared<logging::CaptureSink>();
    const auto logging = logging::setup({.to_stdout = false, .sinks = {lines}}).value();
    const logging::DefaultLogging default_logging(*logging);
    {
        app::App app;
        app.on_startup([] { throw std::runtime_error("no database"); });
        EXPECT_EQ(run(app, any_port()), 1);
        EXPECT_TRUE(lines->contains("no database"));
        EXPECT_FALSE(lines->contains("serving on"));
    }
    app::App app;
    app.every(1ms, [] { std::raise(SIGTERM); });
    EXPECT_EQ(run(app, any_port()), 0);
    EXPECT_TRUE(lines->contains("INFO - serving on http://127.0.0.1:"));
    EXPECT_FALSE(lines->contains("127.0.0.1:0"));
}

TEST(Run, a_mistake_in_the_routes_gives_1) {
    app::App app;
    app.get(std::string("/x"), [](app::Path<int, "id"> id) { return *id; });
    EXPECT_EQ(run(app, any_port()), 1);
}

TEST(Run, a_server_of_a_larger_program_runs_the_hooks) {
    std::vector<std::string> events;
    app::App app;
    app.on_startup([&] { events.push_back("up"); });
    app.on_shutdown([&] { events.push_back("down"); });
    net::ServerOptions options;
    options.port = 0;
    options.workers = 1;
    options.on_start = [&]() -> core::Task<void> {
        events.push_back("first");
        co_return;
    };
    net::Server server(app, with_lifespan(app, options));
    app.on_startup([&] { server.stop(); });
    ASSERT_TRUE(server.run());
    const std::vector<std::string> expected{"first", "up", "down"};
    EXPECT_EQ(events, expected);
}

int run_with(std::vector<std::string> arguments) {
    app::App app;
    app.every(1ms, [] { std::raise(SIGTERM); });
    arguments.insert(arguments.begin(), "program");
    std::vector<char*> argv;
    for (auto& argument : arguments) argv.push_back(argument.data());
    return run(app, static_cast<int>(argv.size()), argv.data());
}

/// What `program openapi …` prints, and its status.
std::pair<int, std::string> printed(std::vector<std::string> arguments) {
    app::App app({.title = "Shop"});
    app.get("/items", [](app::Query<std::optional<int>, "n"> n) { return *n; });
    app.on_startup([] { ADD_FAILURE() << "nothing is started"; });
    arguments.insert(arguments.begin(), {"program", "openapi"});
    std::vector<char*> argv;
    for (auto& argument : arguments) argv.push_back(argument.data());
    ::testing::internal::CaptureStdout();
    const int status = run(app, static_cast<int>(argv.size()), argv.data());
    return {status, ::testing::internal::GetCapturedStdout()};
}

TEST(Run, prints_the_document_instead_of_serving) {
    app::App same({.title = "Shop"});
    same.get("/items", [](app::Query<std::optional<int>, "n"> n) { return *n; });
    const model::Json document = openapi::document(same);
    EXPECT_EQ(printed({}), std::pair(0, document.dump(2) + "\n"));
    EXPECT_EQ(printed({"--format=yaml"}), std::pair(0, openapi::to_yaml(document)));
    EXPECT_EQ(printed({"--format", "json", "--version", "3.0"}),
              std::pair(0, openapi::as_openapi_3_0(document).dump(2) + "\n"));
}

TEST(Run, refuses_what_a_document_can_not_be_printed_as) {
    EXPECT_EQ(printed({"--format", "xml"}), std::pair(2, std::string()));
    EXPECT_EQ(printed({"--version=2.0"}), std::pair(2, std::string()));
    EXPECT_EQ(printed({"--port", "80"}), std::pair(2, std::string()));
    EXPECT_EQ(printed({"--format"}), std::pair(2, std::string()));
}

TEST(Run, takes_host_port_and_workers_from_the_command_line) {
    EXPECT_EQ(run_with({"--port", "0", "--workers=1", "--host", "127.0.0.1"}), 0);
    EXPECT_EQ(run_with({"--help"}), 0);
    EXPECT_EQ(run_with({"--port", "65536"}), 2);
    EXPECT_EQ(run_with({"--port"}), 2);
    EXPECT_EQ(run_with({"--colour", "red"}), 2);
    EXPECT_EQ(run_with({"--port", "0", "--host", "no.such.host.invalid"}), 1);
}

}  // namespace
}  // namespace portico
