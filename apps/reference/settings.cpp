#include "settings.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <portico/http/cidr.hpp>
#include <portico/middleware/cors.hpp>
#include <portico/middleware/trusted_host.hpp>
#include <portico/redis/client.hpp>

#include "services/authenticator.hpp"

namespace reference {

namespace {

constexpr std::size_t kLeastSecret = 32;

/// Those that examples and tutorials show, or that are one word over and over.
bool is_placeholder(std::string_view secret) {
    std::string lower(secret);
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    });
    for (const std::string_view word :
         {"changeme", "changethis", "change-me", "change_me", "your-secret", "your_secret",
          "secret-key-here", "secretsecret", "supersecret", "super-secret", "placeholder",
          "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7"}) {
        if (lower.find(word) != std::string::npos) return true;
    }
    return std::ranges::all_of(lower, [&](char c) { return c == lower.front(); });
}

void check_secret(std::string_view field, const SecretString& secret, Environment environment,
                  settings::Problems& problems) {
    if (secret.reveal().size() < kLeastSecret) {
        problems.add(field, "expected at least 32 bytes: `openssl rand -hex 32` makes one");
    } else if (environment != Environment::development && is_placeholder(secret.reveal())) {
        problems.add(field, "is a well-known placeholder: `openssl rand -hex 32` makes one");
    }
}

void check_secrets(const Settings& settings, settings::Problems& problems) {
    check_secret("secret_key", settings.secret_key, settings.environment, problems);
    // Whoever knows it can sign tokens too.
    if (settings.secret_key_previous) {
        check_secret("secret_key_previous", *settings.secret_key_previous, settings.environment,
                     problems);
    }
    if (problems.has("algorithm") || problems.has("secret_key")) return;
    if (const auto authenticator = Authenticator::from(settings); !authenticator) {
        const std::string& sentence = authenticator.error();
        const std::size_t colon = sentence.find(": ");
        problems.add(sentence.substr(0, colon), sentence.substr(colon + 2));
    }
}

template <class Make>
void check_made(std::string_view field, settings::Problems& problems, Make make) {
    try {
        make();
    } catch (const std::invalid_argument& error) {
        std::string_view sentence = error.what();
        // A problem begins with its field as it is.
        if (sentence.starts_with(field) && sentence.substr(field.size()).starts_with(": ")) {
            sentence.remove_prefix(field.size() + 2);
        }
        problems.add(field, std::string(sentence));
    }
}

void check_addresses(std::string_view field, const std::vector<std::string>& list,
                     settings::Problems& problems) {
    if (const auto parsed = http::CidrSet::parse(list); !parsed) {
        problems.add(field, "\"" + list[parsed.error().index] +
                                "\": " + std::string(http::describe(parsed.error().error)));
    }
}

void check_first_admin(const Settings& settings, settings::Problems& problems) {
    const std::pair<std::string_view, bool> fields[]{
        {"first_admin_username", settings.first_admin_username.has_value()},
        {"first_admin_email", settings.first_admin_email.has_value()},
        {"first_admin_password", settings.first_admin_password.has_value()}};
    const auto is_there = [&](const auto& field) {
        return field.second || problems.has(field.first);
    };
    if (std::ranges::none_of(fields, is_there)) return;
    for (const auto& field : fields) {
        if (is_there(field)) continue;
        problems.add(field.first,
                     "is missing: the first admin needs a username, an email and a password");
    }
}

}  // namespace

void check_database_url(const SecretString& database_url, settings::Problems& problems) {
    // The value is not shown: it may hold a password.
    std::string_view url = database_url.reveal();
    if (url.starts_with("postgresql://") || url.starts_with("postgres://")) return;
    constexpr std::string_view kSqlite = "sqlite:///";
    const bool is_sqlite = url.starts_with(kSqlite);
    if (is_sqlite) url.remove_prefix(kSqlite.size());
    if (!is_sqlite || url.empty() || url.find_first_of(std::string_view("?#\0", 3)) != url.npos) {
        problems.add("database_url",
                     "expected sqlite:/// and the path of a file, as in sqlite:///./app.db, "
                     "sqlite:///:memory:, or postgresql://user:password@host/name");
    }
}

logging::Level level_of(LogLevel level) noexcept {
    switch (level) {
        case LogLevel::DEBUG:
            return logging::Level::debug;
        case LogLevel::INFO:
            return logging::Level::info;
        case LogLevel::WARNING:
            return logging::Level::warning;
        case LogLevel::ERROR:
            return logging::Level::error;
        case LogLevel::CRITICAL:
            return logging::Level::critical;
    }
    return logging::Level::info;
}

void check_settings(const Settings& settings, settings::Problems& problems) {
    check_secrets(settings, problems);

    check_database_url(settings.database_url, problems);
    if (settings.redis_url) {
        const auto client = redis::Client::open({.url = std::string(settings.redis_url->reveal())});
        if (!client) problems.add("redis_url", client.error());
    }
    if (settings.is_production() && settings.debug) {
        problems.add("debug", "is refused in production");
    }
    if (settings.is_production() && settings.trusted_proxies.empty() && !settings.enforce_https) {
        problems.add("enforce_https",
                     "production needs trusted_proxies (of a proxy that ends TLS) or an explicit "
                     "enforce_https=false; to try it on your machine, set environment=development");
    }
    if (std::ranges::find(settings.cors_origins, "*") != settings.cors_origins.end()) {
        problems.add("cors_origins", "\"*\" is refused: credentials are allowed");
    } else {
        check_made("cors_origins", problems,
                   [&] { middleware::CORSMiddleware({.allow_origins = settings.cors_origins}); });
    }
    check_made("allowed_hosts", problems, [&] {
        middleware::TrustedHostMiddleware({.allowed_hosts = settings.allowed_hosts});
    });
    check_addresses("trusted_proxies", settings.trusted_proxies, problems);
    check_addresses("proxy_protocol_from", settings.proxy_protocol_from, problems);
    for (const auto& [field, message] : guard::check(settings.guard)) {
        problems.add("guard." + field, message);
    }

    check_first_admin(settings, problems);
}

}  // namespace reference
