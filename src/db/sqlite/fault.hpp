#pragma once

#include <sqlite3.h>

#include <exception>
#include <string_view>

namespace portico::db::sqlite {

/// The exception for what SQLite reports on `handle`: an `Error`, an `IntegrityError` or `Busy`.
/// Never null.
[[nodiscard]] std::exception_ptr fault(sqlite3* handle, int code, std::string_view statement);

}  // namespace portico::db::sqlite
