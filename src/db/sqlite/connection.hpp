#pragma once

#include <sqlite3.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "db/sqlite/statement_cache.hpp"
#include "portico/db/driver.hpp"
#include "portico/db/options.hpp"

namespace portico::db::sqlite {

/// The statements that make transactions; programs can't run them themselves.
enum class Control : std::uint8_t {
    begin,
    begin_immediate,
    commit,
    rollback,
    savepoint,  // of a session in its group
    release,
    undo,
    inner_savepoint,  // of the program in its session
    inner_release,
    inner_undo,
    kCount,
};

/// One sqlite3 handle with its prepared statements. One thread at a time.
class Connection {
public:
    enum class Access { read, write };

    /// `path` is a file or ":memory:".
    static std::expected<std::unique_ptr<Connection>, Error> open(const std::string& path,
                                                                  Access access,
                                                                  const DatabaseOptions& options);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Runs a `Kind::run` operation to its end. What goes wrong is put into `operation.error`.
    void run(Operation& operation) noexcept;

    /// The same for a statement of the back end's own: without a limit of time, PRAGMA allowed.
    void run_trusted(Operation& operation) noexcept;

    /// Whether a raw statement writes. Sets `operation.error` when it can't be prepared.
    [[nodiscard]] bool writes(Operation& operation) noexcept;

    /// Null when all went well.
    [[nodiscard]] std::exception_ptr control(Control which) noexcept;

    /// Runs SQL of the back end's own or a migration's; null when all went well.
    [[nodiscard]] std::exception_ptr execute(const char* sql) noexcept;

    [[nodiscard]] bool in_transaction() const noexcept {
        return sqlite3_get_autocommit(handle_) == 0;
    }
    /// Foreign keys declared as deferred are broken at this moment.
    [[nodiscard]] bool foreign_keys_pending() const noexcept;

    [[nodiscard]] sqlite3* handle() const noexcept { return handle_; }

private:
    Connection(sqlite3* handle, const DatabaseOptions& options);

    std::exception_ptr configure(Access access);
    CachedStatement* prepare(Operation& operation);
    void step_through(sqlite3_stmt* statement, Operation& operation);
    static int on_progress(void* self) noexcept;
    static int authorize(void* self, int action, const char*, const char*, const char*,
                         const char*) noexcept;

    sqlite3* handle_;
    const DatabaseOptions& options_;
    StatementCache cache_;
    std::array<sqlite3_stmt*, static_cast<std::size_t>(Control::kCount)> controls_{};
    std::chrono::steady_clock::time_point started_{};
    bool watched_ = false;  // `started_` belongs to the statement that runs
    bool trusted_ = false;  // what runs is a migration's or our own
};

}  // namespace portico::db::sqlite
