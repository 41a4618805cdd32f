#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace portico::db {

/// A statement that took longer than `DatabaseOptions::slow_statement`.
struct SlowStatement {
    std::string_view text;  ///< Without its values.
    std::chrono::nanoseconds took;
    std::string_view request_id;  ///< Empty outside a request.
};

/// How a database is opened. The defaults are for a server.
struct DatabaseOptions {
    /// `sqlite:///./app.db` (a path relative to the working directory), `sqlite:////var/app.db` (an
    /// absolute one), `sqlite:///:memory:` (gone when the `Database` is).
    std::string url;

    /// For how long a session may wait for its turn to write before it fails with `Busy`.
    std::chrono::milliseconds write_wait{5000};
    /// For how long a session may keep its turn, its own `co_await`s included. Then it is undone.
    std::chrono::milliseconds write_hold{5000};
    /// Sessions that may wait for their turn; the next fails with `Busy` at once. At least 1.
    std::size_t write_queue = 256;
    /// Sessions that may share one commit. 1 commits each alone.
    std::size_t write_group = 64;
    /// For how long another process may keep the file locked.
    std::chrono::milliseconds busy_timeout{5000};
    /// A statement that runs for longer is interrupted. Reads run on the loop's own thread.
    std::chrono::milliseconds statement_limit{5000};
    /// Prepared statements that a connection keeps; the least recently used goes. At least 1.
    std::size_t statement_cache = 256;

    /// Called on whichever thread ran the statement; must be thread-safe and must not throw.
    std::function<void(const SlowStatement&)> on_slow_statement = {};
    std::chrono::milliseconds slow_statement{200};
};

}  // namespace portico::db
