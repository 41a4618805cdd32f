#pragma once

#include <libpq-fe.h>

#include <exception>
#include <string>
#include <string_view>

namespace portico::db::postgres {

/// What the program is told of a refused statement: an `IntegrityError`, `Error`, `Busy` or
/// `Unavailable`. `statement` is its text without values.
[[nodiscard]] std::exception_ptr fault(const PGresult* result, std::string_view statement);

/// The five characters of an SQLSTATE; empty where there is none.
[[nodiscard]] std::string_view sqlstate(const PGresult* result) noexcept;

/// The server has closed the connection with this, or will not have it.
[[nodiscard]] bool ends_connection(std::string_view state) noexcept;

/// The plan of a prepared statement no longer fits the schema, or the statement is gone: prepare it
/// again.
[[nodiscard]] bool is_stale(const PGresult* result) noexcept;

[[nodiscard]] std::exception_ptr unavailable(std::string message);

/// libpq's message without the end of the line.
[[nodiscard]] std::string last_message(const PGconn* connection);

}  // namespace portico::db::postgres
