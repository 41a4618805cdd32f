#include "app.hpp"

#include <chrono>

#include <portico/middleware/access_log.hpp>
#include <portico/middleware/compression.hpp>
#include <portico/middleware/cors.hpp>
#include <portico/middleware/https.hpp>
#include <portico/middleware/proxy_headers.hpp>
#include <portico/middleware/request_id.hpp>
#include <portico/middleware/security_headers.hpp>
#include <portico/middleware/trusted_host.hpp>

#include "dependencies.hpp"
#include "errors.hpp"
#include "first_admin.hpp"
#include "login_throttling.hpp"
#include "models/error.hpp"
#include "protection.hpp"
#include "reference_migrations.hpp"
#include "routers/routers.hpp"
#include "services/readiness.hpp"
#include "services/stats.hpp"
#include "version.hpp"

namespace reference {

using namespace std::chrono_literals;

namespace {

std::vector<std::string> cors_origins(const Settings& settings) {
    std::vector<std::string> origins = settings.cors_origins;
    if (settings.debug) {
        origins.emplace_back("http://localhost:3000");
        origins.emplace_back("http://localhost:5173");
    }
    return origins;
}

/// Outermost first: this is the order in which they decide.
void add_middleware(App& app, const Settings& settings, logging::Logging& logging,
                    Protection& protection) {
    protection.add_metrics_to(app);
    app.add_middleware<middleware::AccessLogMiddleware>(logging.logger("portico.access"));
    app.add_middleware<middleware::ProxyHeadersMiddleware>(middleware::ProxyHeadersOptions{
        .trusted_proxies = settings.trusted_proxies, .logger = logging.logger("portico.server")});
    app.add_middleware<middleware::TrustedHostMiddleware>(
        middleware::TrustedHostOptions{settings.allowed_hosts});
    protection.add_guard_to(app);
    app.add_middleware<middleware::HttpsMiddleware>(
        middleware::HttpsOptions{.everywhere = settings.https_enforced(),
                                 .exempt_paths = {"/health", "/health/ready", "/metrics"}});
    app.add_middleware<middleware::SecurityHeadersMiddleware>(
        middleware::SecurityHeadersOptions{.hsts = {.preload = settings.guard.hsts_preload}});
    app.add_middleware<middleware::CORSMiddleware>(middleware::CORSOptions{
        .allow_origins = cors_origins(settings),
        .allow_methods = {"GET", "POST", "PUT", "DELETE", "PATCH"},
        .allow_headers = {"Authorization", "Content-Type", "X-Request-ID", "If-Match",
                          "If-None-Match"},
        .allow_credentials = true,
        .expose_headers = {"X-Request-ID", "X-RateLimit-Limit", "X-RateLimit-Remaining",
                           "X-RateLimit-Reset", "ETag", "Location", "Retry-After",
                           "WWW-Authenticate"},
        .max_age = 600s});
    app.add_middleware<middleware::CompressionMiddleware>();
    app.add_middleware<middleware::RequestIdMiddleware>();
}

/// Nothing: there is none to tell. `check_settings` has opened it once.
std::optional<redis::Client> open_redis(const Settings& settings, logging::Logging& logging) {
    if (!settings.redis_url) return std::nullopt;
    const logging::Logger log = logging.logger("portico.redis");
    return redis::Client::open(
               {.url = std::string(settings.redis_url->reveal()),
                .on_lost =
                    [log](std::string_view why) {
                        log.warning(
                            "Redis is away: other instances notice changes within a second, "
                            "and each counts limits by itself",
                            {{"why", why}});
                    },
                .on_back = [log] { log.info("Redis is back"); }})
        .value();
}

void add_states(App& app, const Settings& settings, Database database) {
    const crypto::SecretKey secret{settings.secret_key.reveal()};
    std::optional<crypto::SecretKey> previous;
    if (settings.secret_key_previous) previous.emplace(settings.secret_key_previous->reveal());

    app.state(settings);
    app.state(std::move(database));
    app.state(Authenticator::from(settings).value());
    app.state(std::make_unique<PasswordHasher>());
    app.state(std::make_unique<auth::RevocationCache>());
    app.state(std::make_unique<UserCache>());
    app.state(std::make_unique<StatsService>());
    app.state(std::make_unique<Readiness>());
    app.state(std::make_unique<auth::LoginThrottle>(auth::LoginThrottleOptions{
        .rate_limit = settings.login_rate_limit, .failure_limit = settings.login_failure_limit}));
    app.state(Whitelist{http::CidrSet::parse(settings.guard.whitelist).value()});
    app.state(ItemCursors(secret, "GET /api/v1/items by id", previous));
    app.state(StartTime{std::chrono::steady_clock::now()});
}

void write_statistics(const db::DatabaseStatistics& figures, metrics::Samples& samples) {
    samples.gauge("db_connections", "Connections to the database",
                  static_cast<double>(figures.connections));
    samples.gauge("db_waiting", "Sessions that wait for their turn",
                  static_cast<double>(figures.waiting));
    samples.counter("db_commits_total", "Commits", static_cast<double>(figures.commits));
    samples.counter("db_refused_total", "Sessions that found no turn in time",
                    static_cast<double>(figures.refused));
}

/// Tokens that expired are of no use to anybody; without this the tables would grow for ever.
Task<void> remove_expired_tokens(app::App& app) {
    Session session = app.state<Database>()->session();
    const std::int64_t now = seconds_since_1970(core::system_clock());
    co_await RefreshTokenRepository(session).remove_expired(now);
    co_await RevokedTokenRepository(session).remove_expired(now);
    co_await session.commit();
}

/// What the guard and the server may answer whatever was asked for.
std::vector<app::ResponseDeclaration> common_responses() {
    return {app::response<400, ErrorResponse>("Looks like an attack, or is for another host"),
            app::response<403, ErrorResponse>("Not from this address"),
            app::response<414, ErrorResponse>(), app::response<429, ErrorResponse>(),
            app::response<431, ErrorResponse>()};
}

/// All that the document is made of.
std::unique_ptr<App> make_routes(const std::string& title) {
    auto app = std::make_unique<App>(
        AppOptions{.title = title,
                   .version = std::string(kVersion),
                   .tags = {{"authentication", "Log in, renew, log out"},
                            {"users", "One's own account"},
                            {"admin", "Everybody's accounts, and who is banned"},
                            {"items", "What it is about"},
                            {"operations", "For those who run it"}},
                   .responses = common_responses()});
    add_exception_handlers(*app);
    Router api{{.prefix = "/api/v1"}};
    api.include(auth_router());
    api.include(users_router());
    api.include(admin_router());
    api.include(bans_router());
    api.include(items_router());
    app->include(api);
    app->include(operations_router());
    return app;
}

std::string sentence_of(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& exception) {
        return exception.what();
    } catch (...) {
        return "an exception that is no std::exception";
    }
}

}  // namespace

std::expected<Database, std::string> open_database(const Settings& settings,
                                                   logging::Logging& logging) {
    auto database = Database::open(
        {.url = std::string(settings.database_url.reveal()),
         .pool_size = settings.db_pool_size,
         .max_overflow = settings.db_max_overflow,
         .pool_pre_ping = settings.db_pool_pre_ping,
         .pool_recycle = std::chrono::seconds(settings.db_pool_recycle),
         .on_slow_statement =
             [log = logging.logger("portico.db")](const db::SlowStatement& slow) {
                 log.with(slow.request_id)
                     .warning("slow statement",
                              {{"ms", std::chrono::duration<double, std::milli>(slow.took).count()},
                               {"statement", slow.text}});
             },
         .on_repeated_statement =
             [log = logging.logger("portico.db")](const db::RepeatedStatement& repeated) {
                 log.debug("one session repeats a statement for one row",
                           {{"times", repeated.times}, {"statement", repeated.text}});
             }});
    if (!database) {
        return std::unexpected("can't open the database of database_url: " +
                               std::string(database.error().what()));
    }
    const auto prepared = db::Migrations(migrations()).prepare(*database, settings.migrate);
    if (!prepared) return std::unexpected(prepared.error().what());
    return *std::move(database);
}

std::unique_ptr<App> make_app(const Settings& settings, Database database,
                              logging::Logging& logging) {
    auto app = make_routes(settings.app_name);
    app->options().on_error = [log = logging.logger("portico.server")](
                                  const Request* request, const std::exception_ptr& error) {
        log.with(request != nullptr ? request->id() : std::string_view{})
            .error("unhandled exception", {{"what", sentence_of(error)}});
    };
    auto others =
        std::make_unique<OtherInstances>(open_redis(settings, logging), settings.app_name);
    auto protection = std::make_unique<Protection>(settings, logging, others->client());
    add_middleware(*app, settings, logging, *protection);
    app->state(std::move(others));
    app->state(std::move(protection));
    add_states(*app, settings, std::move(database));
    app->state<Protection>()->metrics().add_source(
        [database = app->state<Database>()](metrics::Samples& samples) {
            write_statistics(database->statistics(), samples);
        });

    app->lifespan(listen_to_other_instances);
    app->lifespan(follow_bans);
    app->lifespan(follow_rules);
    app->on_startup(create_first_admin);
    app->every(10min, remove_expired_tokens);
    return app;
}

std::unique_ptr<App> make_documented_app() {
    const Settings defaults;
    return make_routes(defaults.app_name);
}

}  // namespace reference
