#pragma once

#include <expected>
#include <memory>
#include <type_traits>
#include <utility>

#include "portico/db/driver.hpp"
#include "portico/db/error.hpp"
#include "portico/db/options.hpp"
#include "portico/db/session.hpp"
#include "portico/db/transaction.hpp"

namespace portico::db {

/// An open database: where sessions come from. Thread-safe; must outlive its sessions.
///
///     auto database = Database::open({.url = "sqlite:///./app.db"}).value();
///     Session session = database.session();
class Database {
public:
    /// Connects, and makes the file of an SQLite database when there is none. Blocks. The error
    /// says what is wrong with the URL, the path or the file.
    [[nodiscard]] static std::expected<Database, Error> open(DatabaseOptions options);

    /// Costs nothing until it is used. `session({.read_only = true})` refuses to write, and may be
    /// served by the replica.
    [[nodiscard]] Session session(SessionOptions options = {}) const {
        return Session{*driver_, options, watch_.get()};
    }

    /// Runs `work`, a function of a `Session&` that returns a task, in a transaction of its own,
    /// reads included, and commits it. What another one got in the way of (a serialization failure,
    /// a deadlock, a lock or connection not had in time) is undone and run again, after a pause, at
    /// most `attempts` times: `work` must do nothing that can't be done twice. Any other exception,
    /// and the last attempt's, is thrown.
    ///
    ///     co_await database.transaction({.isolation = Isolation::serializable},
    ///                                   [&](Session& session) -> Task<void> { … });
    template <class F>
    std::invoke_result_t<F&, Session&> transaction(TransactionOptions options, F work) const {
        return detail::run_transaction(*driver_, options, std::move(work));
    }

    [[nodiscard]] Dialect dialect() const noexcept { return driver_->dialect(); }
    [[nodiscard]] DatabaseStatistics statistics() const { return driver_->statistics(); }

    /// For migrations, schema checks and tests.
    [[nodiscard]] Driver& driver() const noexcept { return *driver_; }

private:
    Database(std::unique_ptr<Driver> driver, detail::RepeatWatch watch);

    std::unique_ptr<Driver> driver_;
    std::unique_ptr<const detail::RepeatWatch> watch_;
};

}  // namespace portico::db
