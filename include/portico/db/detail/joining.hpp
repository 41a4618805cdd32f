#pragma once

#include <optional>
#include <span>

#include "portico/db/detail/statements.hpp"

namespace portico::db::detail {

/// How `added` joins the tables by a foreign key, theirs or its own: by the only one, or by the
/// `column` of `by`. Throws `Error` (schema) when there is none, or a choice.
[[nodiscard]] Join join_by_key(std::span<const TableInfo* const> tables, const TableInfo& added,
                               const TableInfo* by, std::size_t column);

/// Throws `Error` (schema) unless `column` of `from` is a foreign key that is the key of `to`.
void require_reference(const TableInfo& from, std::size_t column, const TableInfo& to);

}  // namespace portico::db::detail
