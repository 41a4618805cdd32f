#include "portico/db/database.hpp"

#include <string>
#include <utility>

#include "db/sqlite/sqlite_driver.hpp"

namespace portico::db {
namespace {

std::unexpected<Error> refuse(std::string message) {
    return std::unexpected(Error(Error::Kind::unavailable, std::move(message)));
}

}  // namespace

std::expected<Database, Error> Database::open(DatabaseOptions options) {
    const std::string_view url = options.url;
    if (url.starts_with("postgresql://") || url.starts_with("postgres://")) {
        return refuse("database_url: this build has no PostgreSQL driver; it speaks sqlite:///");
    }
    constexpr std::string_view kScheme = "sqlite:///";
    // The rest of an unknown URL may hold a password.
    if (!url.starts_with(kScheme)) {
        return refuse(
            "database_url: expected sqlite:///<relative path>, sqlite:////<absolute path> or "
            "sqlite:///:memory:");
    }
    const std::string path{url.substr(kScheme.size())};
    if (path.empty() || path.find_first_of("?#") != std::string::npos ||
        path.find('\0') != std::string::npos) {
        return refuse("database_url: expected a plain path after sqlite:///, got \"" + path + "\"");
    }
    if (options.write_queue == 0 || options.write_group == 0 || options.statement_cache == 0) {
        return refuse("write_queue, write_group and statement_cache must be at least 1");
    }
    auto driver = sqlite::open_driver(path, std::move(options));
    if (!driver) return std::unexpected(std::move(driver.error()));
    return Database{*std::move(driver)};
}

}  // namespace portico::db
