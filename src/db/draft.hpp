#pragma once

#include <expected>
#include <string>

#include "portico/db/driver.hpp"
#include "portico/db/migrate_command.hpp"

namespace portico::db::detail {

/// A migration that makes the database what the models say, with its part `-- down`; empty when it
/// is so already.
[[nodiscard]] std::expected<std::string, Error> draft_migration(SchemaConnection& connection,
                                                                Dialect dialect,
                                                                const Models& models);

}  // namespace portico::db::detail
