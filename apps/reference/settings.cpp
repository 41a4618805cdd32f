#include "settings.hpp"

#include <algorithm>
#include <string_view>

#include <portico/http/cidr.hpp>
#include <portico/middleware/cors.hpp>
#include <portico/middleware/trusted_host.hpp>

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

void check_secret(const Settings& settings, settings::Problems& problems) {
    if (settings.secret_key.reveal().size() < kLeastSecret) {
        problems.add("secret_key", "expected at least 32 bytes: `openssl rand -hex 32` makes one");
    } else if (settings.environment != Environment::development &&
               is_placeholder(settings.secret_key.reveal())) {
        problems.add("secret_key", "is a well-known placeholder: `openssl rand -hex 32` makes one");
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
        problems.add(field, error.what());
    }
}

void check_addresses(std::string_view field, const std::vector<std::string>& list,
                     settings::Problems& problems) {
    if (const auto parsed = http::CidrSet::parse(list); !parsed) {
        problems.add(field, "\"" + list[parsed.error().index] +
                                "\": " + std::string(http::describe(parsed.error().error)));
    }
}

}  // namespace

void check_settings(const Settings& settings, settings::Problems& problems) {
    check_secret(settings, problems);

    const std::string_view url = settings.database_url.reveal();
    if (!url.starts_with("sqlite:///")) {
        problems.add("database_url",
                     "expected sqlite:///./app.db or sqlite:///:memory: (this build has SQLite)");
    }
    if (settings.redis_url) problems.add("redis_url", "this build has no Redis client");
    if (settings.is_production() && settings.debug) {
        problems.add("debug", "is refused in production");
    }
    if (settings.is_production() && settings.trusted_proxies.empty() && !settings.enforce_https) {
        problems.add("enforce_https",
                     "production needs trusted_proxies (of a proxy that ends TLS) or an explicit "
                     "enforce_https=false");
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
    check_addresses("guard.whitelist", settings.guard.whitelist, problems);

    const bool some = settings.first_admin_username || settings.first_admin_email ||
                      settings.first_admin_password;
    const bool all = settings.first_admin_username && settings.first_admin_email &&
                     settings.first_admin_password;
    if (some && !all) {
        problems.add(
            "first_admin_username",
            "first_admin_username, first_admin_email and first_admin_password go together");
    }
}

}  // namespace reference
