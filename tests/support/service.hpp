#pragma once

#include <cstdio>
#include <string>

namespace portico::testing {

/// A PostgreSQL, Redis or Redis Sentinel of the test's own, see `services.py`. Starts in the
/// constructor, which throws with what the server has printed; gone after the destructor, or with
/// the process.
///
///     Service postgres{"postgres"};
///     auto database = Database::open({.url = postgres.url()}).value();
///     postgres.stop();
class Service {
public:
    /// `arguments` are the server's own: "--requirepass secret".
    explicit Service(const std::string& kind, const std::string& arguments = {});
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    /// Over TCP on the loopback, with a password where there is one.
    [[nodiscard]] const std::string& url() const noexcept { return url_; }
    /// Over its Unix socket.
    [[nodiscard]] const std::string& socket_url() const noexcept { return socket_; }
    [[nodiscard]] int port() const noexcept { return port_; }
    /// A file in its folder: "ca.pem" of a server that was started with `--tls`.
    [[nodiscard]] std::string file(const std::string& name) const { return folder_ + "/" + name; }

    /// At once, as in a crash: connections are cut.
    void stop() { command("stop"); }
    /// Again, on the same port.
    void start() { command("start"); }

private:
    void command(const char* what);
    std::string read_line();

    int process_ = -1;
    std::FILE* to_ = nullptr;
    std::FILE* from_ = nullptr;
    std::string url_;
    std::string socket_;
    std::string folder_;
    int port_ = 0;
};

}  // namespace portico::testing
