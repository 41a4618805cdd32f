#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "portico/core/executor.hpp"

namespace portico::db {

//  std::exception
//  ├── Error            the database refused or failed: answered with 500
//  │   ├── IntegrityError   a constraint decided: usually a 400, 404 or 409 of the application
//  │   └── StaleError       somebody else changed the row: usually a 409 of the application
//  └── core::Overloaded     answered with 503 and Retry-After
//      ├── Busy         no turn to write, or no connection, in time
//      └── Unavailable  the server does not answer

/// The database could not do what was asked.
///
/// The message names the statement by its text, whose values are always `?`: no value of a row or
/// a parameter is ever part of it, so it may be logged.
class Error : public std::exception {
public:
    enum class Kind : std::uint8_t {
        unavailable,  ///< Can't be opened, no permission, not a database, an unknown URL.
        constraint,   ///< An `IntegrityError`.
        disk_full,    ///< No room left, or a size limit reached. Nothing was written.
        read_only,    ///< The session is read-only, or the file or its folder can't be written.
        io,           ///< The disk failed.
        corrupt,      ///< The file is damaged.
        interrupted,  ///< The statement ran longer than the option `statement_limit`.
        schema,       ///< A table or column is missing, or is not what the model says.
        statement,    ///< The SQL is wrong, or its parameters do not fit.
        value,        ///< A stored value does not fit the member that it is read into.
        lost,         ///< Another failure undid the transaction that the session was part of, or it
                      ///< is not known whether its commit was done.
        serialization,  ///< Another session changed what this one had read: try it again.
        deadlock,       ///< It waited for a session that waited for it: try it again.
        not_one,        ///< `one()` found no row, or more than one.
        stale,          ///< A `StaleError`.
    };

    Error(Kind kind, std::string message, std::string_view statement = {});

    [[nodiscard]] Kind kind() const noexcept { return kind_; }
    /// The text of the statement, or of the step ("commit"); empty where there is none.
    [[nodiscard]] std::string_view statement() const noexcept { return statement_; }
    [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }

private:
    Kind kind_;
    std::string message_;
    std::string statement_;
};

/// A constraint of the schema refused a row. The statement changed nothing; the session goes on.
///
///     catch (const db::IntegrityError& error) {
///         if (error.violates("email")) throw HTTPException(400, "Email already registered");
///         throw;
///     }
class IntegrityError : public Error {
public:
    enum class Constraint : std::uint8_t { unique, foreign_key, not_null, check };

    IntegrityError(Constraint constraint, std::string table, std::vector<std::string> columns,
                   std::string message, std::string_view statement);

    [[nodiscard]] Constraint constraint() const noexcept { return constraint_; }
    [[nodiscard]] bool unique() const noexcept { return constraint_ == Constraint::unique; }
    /// Empty for a foreign key of SQLite, which does not say which.
    [[nodiscard]] std::string_view table() const noexcept { return table_; }
    /// The columns of the constraint; for a check its name.
    [[nodiscard]] const std::vector<std::string>& columns() const noexcept { return columns_; }
    /// Whether `column` is one of the columns.
    [[nodiscard]] bool violates(std::string_view column) const noexcept;

private:
    Constraint constraint_;
    std::string table_;
    std::vector<std::string> columns_;
};

/// The row was changed or deleted since the object that was to be written was read; nothing was
/// written. Only for models with a `row_version`.
class StaleError : public Error {
public:
    explicit StaleError(std::string_view table);
};

/// The session had no turn to write or no connection in time, held its turn for too long, or the
/// queue was full. Nothing of the session was written; trying again later is right.
class Busy : public core::Overloaded {
public:
    explicit Busy(std::string message);
    [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }

private:
    std::string message_;
};

/// The database server can't be reached, or went away. What the session had not committed is undone
/// there; trying again later is right.
class Unavailable : public core::Overloaded {
public:
    explicit Unavailable(std::string message);
    [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }

private:
    std::string message_;
};

}  // namespace portico::db
