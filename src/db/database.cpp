#include "portico/db/database.hpp"

#include <string>
#include <utility>

#include "db/postgres/postgres_driver.hpp"
#include "db/sqlite/sqlite_driver.hpp"

namespace portico::db {
namespace {

std::unexpected<Error> refuse(std::string message) {
    return std::unexpected(Error(Error::Kind::unavailable, std::move(message)));
}

}  // namespace

Database::Database(std::unique_ptr<Driver> driver, detail::RepeatWatch watch)
    : driver_(std::move(driver)) {
    watch.dialect = driver_->dialect();
    if (watch.tell) watch_ = std::make_unique<const detail::RepeatWatch>(std::move(watch));
}

std::expected<Database, Error> Database::open(DatabaseOptions options) {
    const std::string_view url = options.url;
    if (options.write_queue == 0 || options.write_group == 0 || options.statement_cache == 0 ||
        options.pool_size == 0) {
        return refuse("write_queue, write_group, statement_cache and pool_size must be at least 1");
    }
    detail::RepeatWatch watch{
        .tell = options.on_repeated_statement, .most = options.repeated_statement, .dialect = {}};
    if (url.starts_with("postgresql://") || url.starts_with("postgres://")) {
        auto driver = postgres::open_driver(std::move(options));
        if (!driver) return std::unexpected(std::move(driver.error()));
        return Database{*std::move(driver), std::move(watch)};
    }
    constexpr std::string_view kScheme = "sqlite:///";
    // The rest of an unknown URL may hold a password.
    if (!url.starts_with(kScheme)) {
        return refuse(
            "database_url: expected sqlite:///<relative path>, sqlite:////<absolute path>, "
            "sqlite:///:memory: or postgresql://user:password@host:port/database");
    }
    const std::string path{url.substr(kScheme.size())};
    if (path.empty() || path.find_first_of("?#") != std::string::npos ||
        path.find('\0') != std::string::npos) {
        return refuse("database_url: expected a plain path after sqlite:///, got \"" + path + "\"");
    }
    auto driver = sqlite::open_driver(path, std::move(options));
    if (!driver) return std::unexpected(std::move(driver.error()));
    return Database{*std::move(driver), std::move(watch)};
}

}  // namespace portico::db
