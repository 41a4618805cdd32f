#include "tests/support/service.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string_view>

namespace portico::testing {
namespace {

// The value of a member of a flat JSON object whose texts hold nothing that is escaped.
std::string member(std::string_view json, std::string_view name) {
    const std::string quoted = "\"" + std::string(name) + "\": ";
    const auto at = json.find(quoted);
    if (at == std::string_view::npos) throw std::runtime_error("no member " + quoted);
    std::string_view rest = json.substr(at + quoted.size());
    if (rest.starts_with('"')) return std::string(rest.substr(1, rest.find('"', 1) - 1));
    return std::string(rest.substr(0, rest.find_first_of(",}")));
}

}  // namespace

Service::Service(const std::string& kind, const std::string& arguments) {
    int in[2]{};
    int out[2]{};
    // Another child must not hold the pipe open: the service ends with its last writer.
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) {
        throw std::runtime_error("pipe2");
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    const std::string line =
        "exec " PORTICO_SERVICES " " + kind + (arguments.empty() ? "" : " " + arguments);
    const char* const words[]{"sh", "-c", line.c_str(), nullptr};
    const int failed =
        posix_spawnp(&process_, "sh", &actions, nullptr, const_cast<char* const*>(words), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    to_ = ::fdopen(in[1], "w");
    from_ = ::fdopen(out[0], "r");
    if (failed != 0) throw std::runtime_error("can't start " + line);

    const std::string described = read_line();
    url_ = member(described, "url");
    socket_ = member(described, "socket");
    folder_ = member(described, "folder");
    port_ = std::atoi(member(described, "port").c_str());
}

Service::~Service() {
    std::fclose(to_);
    std::fclose(from_);
    ::waitpid(process_, nullptr, 0);
}

void Service::command(const char* what) {
    std::fprintf(to_, "%s\n", what);
    std::fflush(to_);
    if (read_line() != "ok") throw std::runtime_error(std::string("the service did not ") + what);
}

std::string Service::read_line() {
    char buffer[4096];
    if (std::fgets(buffer, sizeof buffer, from_) == nullptr) {
        throw std::runtime_error("the service has ended: its output is above");
    }
    std::string line(buffer);
    line.pop_back();
    return line;
}

}  // namespace portico::testing
