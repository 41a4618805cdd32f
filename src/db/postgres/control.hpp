#pragma once

#include "portico/db/driver.hpp"

namespace portico::db::postgres {

// The statements that make transactions; programs can't run them themselves.

inline constexpr char kCommit[] = "COMMIT";
inline constexpr char kRollback[] = "ROLLBACK";

// Of the program. Those of one name hide each other, the innermost first.
inline constexpr char kSavepoint[] = "SAVEPOINT portico_inner";
inline constexpr char kRelease[] = "RELEASE portico_inner";
inline constexpr char kUndo[] = "ROLLBACK TO portico_inner";

// Around each statement of a transaction but its first: PostgreSQL would refuse everything after
// one that fails, and here "the session goes on".
inline constexpr char kGuard[] = "SAVEPOINT portico_guard";
inline constexpr char kReleaseGuard[] = "RELEASE portico_guard";
inline constexpr char kUndoGuard[] = "ROLLBACK TO portico_guard";

[[nodiscard]] constexpr const char* begin_text(const SessionOptions& options) noexcept {
    switch (options.isolation) {
        case Isolation::repeatable_read:
            return options.read_only ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
                                     : "BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE";
        case Isolation::serializable:
            return options.read_only ? "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY"
                                     : "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE";
        default:
            return options.read_only ? "BEGIN READ ONLY" : "BEGIN READ WRITE";
    }
}

}  // namespace portico::db::postgres
