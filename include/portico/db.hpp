#pragma once

/// The database: `Database`, `Session`, `Repository`, queries and migrations, in `portico::db`, and
/// what a model says about its columns.
#include "portico/db/columns.hpp"
#include "portico/db/copy.hpp"
#include "portico/db/database.hpp"
#include "portico/db/listener.hpp"
#include "portico/db/load.hpp"
#include "portico/db/migrate_command.hpp"
#include "portico/db/migrations.hpp"
#include "portico/db/query.hpp"
#include "portico/db/repository.hpp"
#include "portico/db/wait.hpp"

// `db::default_value` stays where it is: a parameter has one of that name.
namespace portico {

using db::Database;
using db::Session;

using db::current_timestamp;
using db::foreign_key;
using db::indexed;
using db::nocase;
using db::on_delete;
using db::primary_key;
using db::row_version;
using db::server_default;
using db::soft_delete;
using db::unique;

}  // namespace portico
