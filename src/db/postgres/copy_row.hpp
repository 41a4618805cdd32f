#pragma once

#include <cstddef>
#include <string>

#include "portico/db/detail/table_info.hpp"

namespace portico::db::postgres {

/// Whether the column is part of a copy into its table: a key that the database assigns is not.
[[nodiscard]] bool is_copied(const detail::TableInfo& table, std::size_t column) noexcept;

/// Adds the object as a line of COPY's text format. Throws `Error` (value), and adds nothing, for a
/// value that can't be stored.
void write_copy_row(const detail::TableInfo& table, const void* object, std::string& out);

}  // namespace portico::db::postgres
