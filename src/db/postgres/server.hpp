#pragma once

#include "db/postgres/background.hpp"
#include "db/postgres/connect_parameters.hpp"
#include "portico/db/options.hpp"

namespace portico::db::postgres {

/// A server that is connected to, and how.
struct Server {
    ConnectParameters parameters;
    const DatabaseOptions& options;
    Background& background;
};

}  // namespace portico::db::postgres
