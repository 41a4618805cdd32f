#include "db/sqlite/fault.hpp"

#include <string>
#include <vector>

#include "portico/db/error.hpp"

namespace portico::db::sqlite {
namespace {

using Constraint = IntegrityError::Constraint;

// "UNIQUE constraint failed: users.email, users.tenant" names what we want; SQLite has no other
// interface for it. An index over an expression is "index 'name'", a check is its bare name.
std::exception_ptr integrity(Constraint constraint, std::string message,
                             std::string_view statement) {
    std::string table;
    std::vector<std::string> columns;
    if (const auto colon = message.find("failed: "); colon != std::string::npos) {
        std::string_view rest = std::string_view(message).substr(colon + 8);
        while (!rest.empty()) {
            const auto comma = rest.find(", ");
            const std::string_view name = rest.substr(0, comma);
            rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 2);
            const auto dot = name.find('.');
            if (constraint == Constraint::check || dot == std::string_view::npos) {
                columns.emplace_back(name);
            } else {
                table = name.substr(0, dot);
                columns.emplace_back(name.substr(dot + 1));
            }
        }
    }
    return std::make_exception_ptr(IntegrityError(constraint, std::move(table), std::move(columns),
                                                  std::move(message), statement));
}

Error::Kind kind_of(int code) {
    switch (code & 0xff) {
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
        case SQLITE_NOTADB:
            return Error::Kind::unavailable;
        case SQLITE_FULL:
        case SQLITE_NOMEM:
            return Error::Kind::disk_full;
        case SQLITE_READONLY:
            return Error::Kind::read_only;
        case SQLITE_CORRUPT:
            return Error::Kind::corrupt;
        case SQLITE_INTERRUPT:
            return Error::Kind::interrupted;
        case SQLITE_IOERR:
            return Error::Kind::io;
        case SQLITE_CONSTRAINT:
            return Error::Kind::constraint;
        case SQLITE_TOOBIG:
        case SQLITE_MISMATCH:
            return Error::Kind::value;
        default:
            return Error::Kind::statement;
    }
}

}  // namespace

std::exception_ptr fault(sqlite3* handle, int code, std::string_view statement) {
    std::string message = handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
    switch (code) {
        case SQLITE_CONSTRAINT_UNIQUE:
        case SQLITE_CONSTRAINT_PRIMARYKEY:
        case SQLITE_CONSTRAINT_ROWID:
            return integrity(Constraint::unique, std::move(message), statement);
        case SQLITE_CONSTRAINT_FOREIGNKEY:
            return integrity(Constraint::foreign_key, std::move(message), statement);
        case SQLITE_CONSTRAINT_NOTNULL:
            return integrity(Constraint::not_null, std::move(message), statement);
        case SQLITE_CONSTRAINT_CHECK:
            return integrity(Constraint::check, std::move(message), statement);
        default:
            break;
    }
    if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED) {
        return std::make_exception_ptr(
            Busy("the database is locked by another process: " + message));
    }
    // "no such table: items", "no such column: price", "table items has no column named price"
    const bool missing = (code & 0xff) == SQLITE_ERROR && (message.starts_with("no such ") ||
                                                           message.contains("has no column named"));
    return std::make_exception_ptr(
        Error(missing ? Error::Kind::schema : kind_of(code), std::move(message), statement));
}

}  // namespace portico::db::sqlite
