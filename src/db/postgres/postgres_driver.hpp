#pragma once

#include <expected>
#include <memory>

#include "portico/db/driver.hpp"
#include "portico/db/options.hpp"

namespace portico::db::postgres {

/// Opens the back end for `options.url`. Blocks until the server has answered once.
[[nodiscard]] std::expected<std::unique_ptr<Driver>, Error> open_driver(DatabaseOptions options);

}  // namespace portico::db::postgres
