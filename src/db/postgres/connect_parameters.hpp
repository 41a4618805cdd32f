#pragma once

#include <chrono>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "db/postgres/handle.hpp"
#include "portico/db/error.hpp"
#include "portico/db/options.hpp"

namespace portico::db::postgres {

/// A host to connect to, and where it is when that is known.
struct Host {
    std::string name;     ///< Or the folder of a socket; empty: libpq's default.
    std::string address;  ///< Numeric; empty: a name that is looked up, or a socket.
    std::string port;

    [[nodiscard]] bool needs_lookup() const noexcept {
        return address.empty() && !name.empty() && name[0] != '/' && name[0] != '@';
    }
};

/// What a URL says, with our settings of a session.
class ConnectParameters {
public:
    /// The error says what is wrong, and never repeats the URL: it may hold a password.
    /// `option` is the name of the setting, for messages.
    [[nodiscard]] static std::expected<ConnectParameters, Error> parse(
        const std::string& url, std::string_view option, const DatabaseOptions& options);

    [[nodiscard]] const std::vector<Host>& hosts() const noexcept { return hosts_; }

    /// Begins to connect; null when there is no memory. Never looks a name up when each host has
    /// its address.
    [[nodiscard]] Handle start(const std::vector<Host>& hosts) const;
    /// Connects, and blocks until that is done.
    [[nodiscard]] Handle connect(std::chrono::milliseconds timeout) const;

private:
    std::vector<std::pair<std::string, std::string>> values_;  // but the hosts
    std::vector<Host> hosts_;
};

}  // namespace portico::db::postgres
