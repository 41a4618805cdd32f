#pragma once

#include "portico/db/detail/statements.hpp"
#include "portico/model/type.hpp"

namespace portico::db::detail {

/// Orders by the primary key at last, so that the order has no ties.
void order_by_key(const TableInfo& table, Selection& selection);

/// Only the rows that the order puts after a position: a model with a member for each column of the
/// order, or the value of the only one. Throws `Error` (statement) when it does not fit the order.
void add_after(const TableInfo& table, Selection& selection, model::Slot slot,
               const void* position);

}  // namespace portico::db::detail
