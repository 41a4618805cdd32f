#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <portico/guard/config.hpp>
#include <portico/logging/level.hpp>
#include <portico/portico.hpp>
#include <portico/settings/settings.hpp>

#include "models/user.hpp"

namespace reference {

using namespace portico;

enum class Environment { development, test, production };
enum class LogFormat { text, json };
enum class LogLevel { DEBUG, INFO, WARNING, ERROR, CRITICAL };
[[nodiscard]] logging::Level level_of(LogLevel level) noexcept;

enum class Algorithm { HS256, HS384, HS512, RS256, PS256, ES256, EdDSA };

/// Everything that can be set from outside; docs/reference.md explains each.
struct Settings {
    Annotated<std::string, min_length(1), description("Title of the docs; iss and aud of tokens")>
        app_name = "MyAPI";
    Annotated<bool, description("Adds the development CORS origins; refused in production")> debug =
        false;
    Annotated<Environment> environment = Environment::production;

    Annotated<std::string, description("Address to listen on")> host = "127.0.0.1";
    Annotated<std::uint16_t, description("Port to listen on; 0 takes a free one")> port = 8000;
    Annotated<std::uint32_t, le(1024), description("Event loops; 0 is one a core")> workers = 0;

    Annotated<SecretString,
              description("Such as sqlite:///./app.db, or postgresql://user:password@host/name")>
        database_url;
    Annotated<std::uint32_t, ge(1), le(1000)> db_pool_size = 5;
    Annotated<std::uint32_t, le(1000)> db_max_overflow = 10;
    Annotated<bool> db_pool_pre_ping = true;
    Annotated<std::uint32_t, description("Seconds")> db_pool_recycle = 3600;

    Annotated<SecretString, description("At least 32 bytes; signs tokens: `openssl rand -hex 32`")>
        secret_key;
    std::optional<SecretString> secret_key_previous;
    std::optional<SecretString> jwt_private_key;
    Annotated<Algorithm> algorithm = Algorithm::HS256;
    Annotated<std::uint32_t, ge(1), le(525600)> access_token_expire_minutes = 30;
    Annotated<std::uint32_t, ge(1), le(3650)> refresh_token_expire_days = 7;
    Annotated<std::uint32_t, ge(1), le(2147483647)> login_rate_limit = 10;
    Annotated<std::uint32_t, ge(1), le(2147483647)> login_failure_limit = 5;

    Annotated<std::vector<std::string>> cors_origins = empty;
    Annotated<std::vector<std::string>> allowed_hosts = {"localhost", "127.0.0.1", "[::1]"};
    Annotated<std::vector<std::string>> trusted_proxies = empty;
    Annotated<std::vector<std::string>,
              description("Proxies that begin each connection with a PROXY protocol head")>
        proxy_protocol_from = empty;
    std::optional<bool> enforce_https;
    std::optional<SecretString> redis_url;

    Annotated<LogLevel> log_level = LogLevel::INFO;
    /// By logger: {"portico.access": "INFO"}
    Annotated<std::map<std::string, LogLevel>> log_levels = empty;
    Annotated<LogFormat> log_format = LogFormat::text;
    std::optional<std::string> log_file;

    std::optional<Username> first_admin_username;
    std::optional<Email> first_admin_email;
    std::optional<Password> first_admin_password;

    guard::Config guard = {};

    Annotated<bool, description("Migrate a database that is behind")> migrate = false;

    [[nodiscard]] bool is_production() const { return environment == Environment::production; }
    /// What was said, else: in production.
    [[nodiscard]] bool https_enforced() const { return enforce_https.value_or(is_production()); }
};

/// What `portico-api migrate` needs of them.
struct MigrateSettings {
    Annotated<SecretString> database_url;
};

/// What `portico-api guard` needs of them.
struct GuardSettings {
    std::optional<SecretString> redis_url;
    guard::Config guard = {};
};

void check_database_url(const SecretString& database_url, settings::Problems& problems);

/// What must be true of several settings together, or of what one of them means elsewhere.
void check_settings(const Settings& settings, settings::Problems& problems);

}  // namespace reference
