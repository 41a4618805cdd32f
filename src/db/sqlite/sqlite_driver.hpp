#pragma once

#include <expected>
#include <memory>
#include <string>

#include "portico/db/driver.hpp"
#include "portico/db/options.hpp"

namespace portico::db::sqlite {

/// Opens `path`, a file or ":memory:", and makes the file when there is none.
[[nodiscard]] std::expected<std::unique_ptr<Driver>, Error> open_driver(const std::string& path,
                                                                        DatabaseOptions options);

}  // namespace portico::db::sqlite
