#include <portico/db/migrate_command.hpp>

#include "app.hpp"
#include "models/item.hpp"
#include "models/token.hpp"
#include "models/user.hpp"
#include "reference_migrations.hpp"

namespace reference {

namespace {

/// As the server finds it, but without what only the server needs, such as a secret.
std::expected<Database, std::string> open_for_migrations() {
    const char* const program = "portico-api";
    const auto settings = settings::load<MigrateSettings>(
        1, &program, {}, [](const MigrateSettings& loaded, settings::Problems& problems) {
            check_database_url(loaded.database_url, problems);
        });
    if (!settings) return std::unexpected(settings.error().text);
    auto database = Database::open({.url = std::string(settings->database_url.reveal())});
    if (!database) return std::unexpected(database.error().what());
    return *std::move(database);
}

}  // namespace

int migrate(int argc, char** argv) {
    return db::migrate_command({.open = open_for_migrations,
                                .migrations = db::Migrations(migrations()),
                                .folder = "apps/reference/migrations",
                                .models = db::models<User, Item, RefreshToken, RevokedToken>()},
                               argc, argv);
}

}  // namespace reference
