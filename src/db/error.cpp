#include "portico/db/error.hpp"

#include <algorithm>

namespace portico::db {

Error::Error(Kind kind, std::string message, std::string_view statement)
    : kind_(kind), message_(std::move(message)), statement_(statement) {
    if (!statement_.empty()) message_.append(" (in: ").append(statement_).append(")");
}

IntegrityError::IntegrityError(Constraint constraint, std::string table,
                               std::vector<std::string> columns, std::string message,
                               std::string_view statement)
    : Error(Kind::constraint, std::move(message), statement),
      constraint_(constraint),
      table_(std::move(table)),
      columns_(std::move(columns)) {}

bool IntegrityError::violates(std::string_view column) const noexcept {
    return std::ranges::find(columns_, column) != columns_.end();
}

StaleError::StaleError(std::string_view table)
    : Error(Kind::stale, "the row of \"" + std::string(table) +
                             "\" was changed or deleted since it was read; read it again") {}

Busy::Busy(std::string message) : Overloaded("database writer"), message_(std::move(message)) {}

Unavailable::Unavailable(std::string message)
    : Overloaded("database server"), message_(std::move(message)) {}

}  // namespace portico::db
