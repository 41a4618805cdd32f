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

/// A statement for one row that a session runs again and again: often what one query for many rows,
/// or `load`, would have given.
struct RepeatedStatement {
    std::string_view text;  ///< Without its values.
    std::size_t times;
};

/// How a database is opened. The defaults are for a server.
struct DatabaseOptions {
    /// `sqlite:///./app.db` (a path relative to the working directory), `sqlite:////var/app.db` (an
    /// absolute one), `sqlite:///:memory:` (gone when the `Database` is), or
    /// `postgresql://user:password@host:5432/name?sslmode=verify-full&sslrootcert=…`, whose
    /// parameters are libpq's.
    std::string url;
    /// PostgreSQL: where read-only sessions go, while it answers. Empty: to `url`.
    std::string replica_url = {};

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
    /// A statement that runs for longer is interrupted. SQLite's reads run on the loop's own
    /// thread.
    std::chrono::milliseconds statement_limit{5000};
    /// Prepared statements that a connection keeps; the least recently used goes. At least 1.
    std::size_t statement_cache = 256;

    // PostgreSQL: each worker has a pool of its own, so that no lock is shared; a server of n
    // workers has at most n × (pool_size + max_overflow) connections.

    /// Connections that a worker keeps open; made when they are needed. At least 1.
    std::size_t pool_size = 5;
    /// Connections beyond those, closed as soon as they are not needed.
    std::size_t max_overflow = 10;
    /// For how long a session may wait for a connection before it fails with `Busy`.
    std::chrono::milliseconds pool_timeout{30'000};
    /// Sessions of a worker that may wait for a connection; the next fails with `Busy` at once.
    std::size_t pool_queue = 1024;
    /// Look whether a connection is still open before it is used again.
    bool pool_pre_ping = true;
    /// A connection is not used again when it is older.
    std::chrono::seconds pool_recycle{3600};
    /// For how long making a connection may take, its name's look-up included.
    std::chrono::milliseconds connect_timeout{5000};

    /// Called on whichever thread ran the statement; must be thread-safe and must not throw.
    std::function<void(const SlowStatement&)> on_slow_statement = {};
    std::chrono::milliseconds slow_statement{200};
    /// Called when a session has run one statement for one row (`get`, `first`, `one`, `fetch_one`)
    /// more than `repeated_statement` times; once for each statement. On the session's thread; must
    /// be thread-safe and must not throw.
    std::function<void(const RepeatedStatement&)> on_repeated_statement = {};
    std::size_t repeated_statement = 10;
};

}  // namespace portico::db
