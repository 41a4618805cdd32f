#pragma once

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "portico/core/context.hpp"
#include "portico/db/error.hpp"
#include "portico/db/value.hpp"

// What a back end implements. Programs use `Database`, `Session` and `Repository` instead.

namespace portico::db {

/// How a back end spells SQL.
enum class Dialect : std::uint8_t { sqlite, postgresql };

/// "sqlite", "postgresql": also the folder of its migrations.
[[nodiscard]] constexpr std::string_view name_of(Dialect dialect) noexcept {
    return dialect == Dialect::sqlite ? "sqlite" : "postgresql";
}

/// A statement before it is text: a key that is unique for its text, and how to write the text
/// when a connection has not prepared it yet.
struct Statement {
    std::string_view key;
    void (*write)(std::string_view key, const void* source, Dialect dialect, std::string& out);
    const void* source = nullptr;
};

/// One thing that a session asks for. It lives in the coroutine that awaits it.
struct Operation {
    enum class Kind : std::uint8_t {
        run,
        savepoint,
        release,
        undo,
        commit,
        rollback,
        copy_in,    ///< Begins to bring rows in.
        copy_data,  ///< The first parameter is a piece of them.
        copy_end,   ///< `changed` rows there were.
        copy_out,   ///< Begins to bring rows out.
        copy_next,  ///< A piece is handed over as a row; none when `changed` is 0.
    };

    [[nodiscard]] bool copies() const noexcept { return kind >= Kind::copy_in; }

    Kind kind = Kind::run;
    bool writes = false;        ///< Must not run on a connection that only reads.
    bool decide_alone = false;  ///< Raw SQL: the back end finds out whether it writes.
    Statement statement;
    std::span<const Value> parameters;
    void (*on_row)(void* target, const Row& row) = nullptr;  ///< May throw. Any thread.
    void* target = nullptr;

    std::int64_t changed = 0;  ///< Rows that were inserted, updated or deleted.
    std::exception_ptr error;

    /// Null: the operation is asked to run only if that is possible at once.
    core::Context* context = nullptr;
    std::coroutine_handle<> waiter;
};

/// What a transaction sees of those beside it, as PostgreSQL does it. SQLite's are serializable.
enum class Isolation : std::uint8_t {
    read_committed,   ///< Each statement sees what was committed before it.
    repeatable_read,  ///< All see what was committed before the first.
    serializable,     ///< As if one ran after the other; some fail, and are tried again.
};

/// What a session asks for at its begin.
struct SessionOptions {
    Isolation isolation = Isolation::read_committed;
    /// It refuses to write, and may be served by `DatabaseOptions::replica_url`.
    bool read_only = false;
    /// Its reads before its first write are part of the transaction. So they are for any isolation
    /// but `read_committed`.
    bool begin_at_once = false;
};

/// What a back end keeps for a session. `transaction` is null until it needs one.
struct SessionState {
    void* transaction = nullptr;
    SessionOptions options = {};

    [[nodiscard]] bool begins_at_once() const noexcept {
        return options.begin_at_once || options.isolation != Isolation::read_committed;
    }
};

/// One SQL file of a project's migrations.
struct Migration {
    int number = 0;                       ///< From 1.
    std::string_view name;                ///< "create_users"
    std::string_view sql;                 ///< What is below a line `-- down` undoes what is above.
    std::optional<Dialect> dialect = {};  ///< Nothing: for every back end.
};

/// A connection that one caller has to itself: for migrations, and for what they look at. Blocks.
class SchemaConnection {
public:
    using TextRow = std::vector<std::string>;

    /// Runs any number of statements. They have no parameters, and their rows are dropped.
    [[nodiscard]] virtual std::expected<void, Error> execute(const std::string& sql) = 0;
    /// The rows of one statement, as text; what is NULL is empty. Its parameters are $1, $2, … in
    /// the order of their first use.
    [[nodiscard]] virtual std::expected<std::vector<TextRow>, Error> fetch(
        std::string_view sql, std::span<const Value> parameters) = 0;
    [[nodiscard]] virtual bool in_transaction() const noexcept = 0;

protected:
    ~SchemaConnection() = default;
};

/// Figures since the start, for metrics and tests.
struct DatabaseStatistics {
    std::uint64_t reads = 0;           ///< Statements by themselves.
    std::uint64_t write_sessions = 0;  ///< Sessions that got their turn to write.
    std::uint64_t committed_sessions = 0;
    std::uint64_t commits = 0;  ///< Fewer than `committed_sessions` when they share.
    std::uint64_t refused = 0;  ///< Sessions that failed with `Busy`.
    std::size_t waiting = 0;    ///< Sessions that wait for their turn now.
    std::size_t connections = 0;
};

struct ListenerOptions;

/// What hears notifications for as long as it lives.
class Listening {
public:
    virtual ~Listening() = default;
};

/// A back end. Thread-safe; a session's calls come one at a time, from one thread.
class Driver {
public:
    virtual ~Driver() = default;

    [[nodiscard]] virtual Dialect dialect() const noexcept = 0;

    /// True: the operation is complete, at once. False: with a context, its waiter is resumed on
    /// the context's loop later; without one, nothing was done.
    [[nodiscard]] virtual bool start(SessionState& session, Operation& operation) = 0;
    /// Undoes what the session has not committed. Never waits.
    virtual void abandon(SessionState& session) noexcept = 0;

    /// Null: the back end has no notifications.
    [[nodiscard]] virtual std::unique_ptr<Listening> listen(core::Reactor& reactor,
                                                            ListenerOptions options);

    using SchemaWork = std::function<std::expected<void, Error>(SchemaConnection&)>;
    /// Runs `work`, and gives what it returns. What it leaves uncommitted or locked is undone. For
    /// the start of a program and for tools: it blocks.
    [[nodiscard]] virtual std::expected<void, Error> with_schema(const SchemaWork& work) = 0;

    [[nodiscard]] virtual DatabaseStatistics statistics() const = 0;
};

}  // namespace portico::db
