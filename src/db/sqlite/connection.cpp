#include "db/sqlite/connection.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "db/sqlite/fault.hpp"

namespace portico::db::sqlite {
namespace {

// So often is a running statement's time looked at: about every 50 µs.
constexpr int kProgressOps = 4096;
// A reader that meets a lock stands on a loop's thread.
constexpr std::chrono::milliseconds kReaderPatience{100};

class StatementRow final : public Row {
public:
    explicit StatementRow(sqlite3_stmt* statement) noexcept : statement_(statement) {}

    std::size_t size() const noexcept override {
        return static_cast<std::size_t>(sqlite3_column_count(statement_));
    }
    std::string_view name(std::size_t column) const noexcept override {
        const char* name = sqlite3_column_name(statement_, static_cast<int>(column));
        return name ? name : "";
    }
    Value operator[](std::size_t index) const noexcept override {
        const int column = static_cast<int>(index);
        switch (sqlite3_column_type(statement_, column)) {
            case SQLITE_INTEGER:
                return Value{std::int64_t{sqlite3_column_int64(statement_, column)}};
            case SQLITE_FLOAT:
                return Value{sqlite3_column_double(statement_, column)};
            case SQLITE_NULL:
                return {};
            default: {
                const bool is_text = sqlite3_column_type(statement_, column) == SQLITE_TEXT;
                const void* text = sqlite3_column_blob(statement_, column);
                const int size = sqlite3_column_bytes(statement_, column);
                const std::string_view view{static_cast<const char*>(text),
                                            static_cast<std::size_t>(size)};
                return is_text ? Value{view} : Value::of_bytes(view);
            }
        }
    }

private:
    sqlite3_stmt* statement_;
};

int bind(sqlite3_stmt* statement, int at, const Value& value) {
    switch (value.kind) {
        case Value::Kind::null:
            return sqlite3_bind_null(statement, at);
        case Value::Kind::integer:
            return sqlite3_bind_int64(statement, at, value.integer);
        case Value::Kind::real:
            return sqlite3_bind_double(statement, at, value.real);
        case Value::Kind::text:
        case Value::Kind::decimal:
            // A null pointer would be NULL, and an empty text is not.
            return sqlite3_bind_text64(statement, at, value.text.data() ? value.text.data() : "",
                                       value.text.size(), SQLITE_STATIC, SQLITE_UTF8);
        case Value::Kind::bytes:
            return sqlite3_bind_blob64(statement, at, value.text.data() ? value.text.data() : "",
                                       value.text.size(), SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
}

std::exception_ptr error(Error::Kind kind, std::string message, std::string_view statement) {
    return std::make_exception_ptr(Error(kind, std::move(message), statement));
}

}  // namespace

Connection::Connection(sqlite3* handle, const DatabaseOptions& options)
    : handle_(handle), options_(options), cache_(options.statement_cache) {}

Connection::~Connection() {
    cache_.clear();
    for (sqlite3_stmt* statement : controls_) sqlite3_finalize(statement);
    sqlite3_close_v2(handle_);
}

std::expected<std::unique_ptr<Connection>, Error> Connection::open(const std::string& path,
                                                                   Access access,
                                                                   const DatabaseOptions& options) {
    if (access == Access::write && path != ":memory:") {
        // SQLite would make it readable for everyone, and it holds password hashes.
        const int file = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
        if (file >= 0) ::close(file);
    }
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    flags |=
        access == Access::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
    std::unique_ptr<Connection> connection{new Connection(handle, options)};
    std::exception_ptr failure;
    if (code != SQLITE_OK) {
        failure = fault(handle, code, {});
    } else {
        failure = connection->configure(access);
    }
    if (!failure) return connection;
    try {
        std::rethrow_exception(failure);
    } catch (const Error& cause) {
        const std::string_view advice =
            (code & 0xff) == SQLITE_CANTOPEN ? "; its folder must exist, and be writable" : "";
        return std::unexpected(
            Error(cause.kind(), path + ": " + cause.what() + std::string(advice)));
    } catch (const std::exception& cause) {
        return std::unexpected(Error(Error::Kind::unavailable, path + ": " + cause.what()));
    }
}

std::exception_ptr Connection::configure(Access access) {
    const auto patience = access == Access::write
                              ? options_.busy_timeout
                              : std::min(kReaderPatience, options_.busy_timeout);
    sqlite3_busy_timeout(handle_, static_cast<int>(patience.count()));
    sqlite3_progress_handler(handle_, kProgressOps, &Connection::on_progress, this);
    sqlite3_set_authorizer(handle_, &Connection::authorize, this);

    // A schema may not call functions with side effects, text in double quotes is a name and never
    // a string, and nothing may be attached or loaded: what SQLite recommends for files that
    // others may have written.
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
    sqlite3_limit(handle_, SQLITE_LIMIT_ATTACHED, 0);

    if (access == Access::read) return execute("PRAGMA query_only=ON");
    if (auto failure = execute("PRAGMA journal_mode=WAL")) return failure;
    // What an acknowledged write costs: one fsync of the log at each commit.
    if (auto failure = execute("PRAGMA synchronous=FULL")) return failure;
    return execute("PRAGMA journal_size_limit=67108864");
}

int Connection::on_progress(void* self) noexcept {
    auto& connection = *static_cast<Connection*>(self);
    if (connection.trusted_) return 0;
    const auto now = std::chrono::steady_clock::now();
    if (!connection.watched_) {
        connection.watched_ = true;
        connection.started_ = now;
        return 0;
    }
    return now - connection.started_ > connection.options_.statement_limit;
}

// A program's COMMIT would end the transactions of all sessions that share it, and its PRAGMA
// could switch off what we promise.
int Connection::authorize(void* self, int action, const char*, const char*, const char*,
                          const char*) noexcept {
    if (static_cast<Connection*>(self)->trusted_) return SQLITE_OK;
    switch (action) {
        case SQLITE_TRANSACTION:
        case SQLITE_SAVEPOINT:
        case SQLITE_PRAGMA:
        case SQLITE_ATTACH:
        case SQLITE_DETACH:
            return SQLITE_DENY;
        default:
            return SQLITE_OK;
    }
}

std::exception_ptr Connection::execute(const char* sql) noexcept {
    watched_ = false;
    trusted_ = true;
    const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
    trusted_ = false;
    return code == SQLITE_OK ? nullptr : fault(handle_, code, sql);
}

std::exception_ptr Connection::control(Control which) noexcept {
    static constexpr std::array<const char*, static_cast<std::size_t>(Control::kCount)> kTexts{
        "BEGIN",
        "BEGIN IMMEDIATE",
        "COMMIT",
        "ROLLBACK",
        "SAVEPOINT portico_session",
        "RELEASE portico_session",
        "ROLLBACK TO portico_session",
        "SAVEPOINT portico_inner",
        "RELEASE portico_inner",
        "ROLLBACK TO portico_inner",
    };
    const auto index = static_cast<std::size_t>(which);
    sqlite3_stmt*& statement = controls_[index];
    watched_ = false;
    trusted_ = true;
    int code = SQLITE_OK;
    if (!statement) {
        code = sqlite3_prepare_v3(handle_, kTexts[index], -1, SQLITE_PREPARE_PERSISTENT, &statement,
                                  nullptr);
    }
    std::exception_ptr failure;
    if (code == SQLITE_OK) code = sqlite3_step(statement);
    if (code != SQLITE_DONE) failure = fault(handle_, code, kTexts[index]);
    trusted_ = false;
    sqlite3_reset(statement);
    return failure;
}

bool Connection::foreign_keys_pending() const noexcept {
    int pending = 0;
    int most = 0;
    sqlite3_db_status(handle_, SQLITE_DBSTATUS_DEFERRED_FKS, &pending, &most, 0);
    return pending != 0;
}

CachedStatement* Connection::prepare(Operation& operation) {
    const Statement& statement = operation.statement;
    if (CachedStatement* cached = cache_.find(statement.key)) return cached;
    std::string text;
    statement.write(statement.key, statement.source, Dialect::sqlite, text);
    CachedStatement made{.key = std::string(statement.key)};
    const char* rest = nullptr;
    const int code = sqlite3_prepare_v3(handle_, text.data(), static_cast<int>(text.size()),
                                        SQLITE_PREPARE_PERSISTENT, &made.handle, &rest);
    if (code != SQLITE_OK) {
        operation.error = fault(handle_, code, text);
        return nullptr;
    }
    const std::string_view left{rest, text.data() + text.size()};
    if (!made.handle || left.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
        sqlite3_finalize(made.handle);
        operation.error = error(Error::Kind::statement, "expected exactly one SQL statement", text);
        return nullptr;
    }
    made.parameters = sqlite3_bind_parameter_count(made.handle);
    made.writes = !sqlite3_stmt_readonly(made.handle);
    return cache_.add(std::move(made));
}

bool Connection::writes(Operation& operation) noexcept {
    try {
        const CachedStatement* statement = prepare(operation);
        return statement && statement->writes;
    } catch (...) {
        operation.error = std::current_exception();
        return false;
    }
}

void Connection::run(Operation& operation) noexcept {
    try {
        CachedStatement* statement = prepare(operation);
        if (!statement) return;
        if (static_cast<std::size_t>(statement->parameters) != operation.parameters.size()) {
            operation.error =
                error(Error::Kind::statement,
                      "the statement has " + std::to_string(statement->parameters) +
                          " parameters, " + std::to_string(operation.parameters.size()) + " given",
                      sqlite3_sql(statement->handle));
            return;
        }
        int at = 0;
        for (const Value& value : operation.parameters) {
            if (const int code = bind(statement->handle, ++at, value); code != SQLITE_OK) {
                operation.error = fault(handle_, code, sqlite3_sql(statement->handle));
                return;
            }
        }
        if (!options_.on_slow_statement) return step_through(statement->handle, operation);

        const auto before = std::chrono::steady_clock::now();
        step_through(statement->handle, operation);
        const auto took = std::chrono::steady_clock::now() - before;
        if (took >= options_.slow_statement) {
            options_.on_slow_statement({.text = sqlite3_sql(statement->handle),
                                        .took = took,
                                        .request_id = operation.context
                                                          ? operation.context->request_id()
                                                          : std::string_view{}});
        }
    } catch (...) {
        operation.error = std::current_exception();
    }
}

void Connection::run_trusted(Operation& operation) noexcept {
    trusted_ = true;
    run(operation);
    trusted_ = false;
}

void Connection::step_through(sqlite3_stmt* statement, Operation& operation) {
    watched_ = false;
    const StatementRow row{statement};
    int code = SQLITE_OK;
    try {
        while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
            if (operation.on_row) operation.on_row(operation.target, row);
        }
    } catch (...) {
        operation.error = std::current_exception();
    }
    if (code == SQLITE_DONE) {
        operation.changed = sqlite3_stmt_readonly(statement) ? 0 : sqlite3_changes64(handle_);
    } else if (code != SQLITE_ROW) {
        operation.error = fault(handle_, code, sqlite3_sql(statement));
    }
    sqlite3_reset(statement);
}

}  // namespace portico::db::sqlite
