#include "portico/guard/guard_middleware.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <utility>

#include "guard/checks/checks.hpp"
#include "guard/scan_visit.hpp"
#include "portico/http/forwarded.hpp"

namespace portico::guard {
namespace {

BanOptions ban_options_of(const Config& config) {
    return {.threshold = config.auto_ban_threshold,
            .duration = std::chrono::seconds(config.auto_ban_duration),
            .growth = config.auto_ban_growth,
            .capacity = config.ban_capacity};
}

/// What a block that a check has found comes to; nothing in passive mode.
std::optional<http::Decision> refuse(const GuardParts& parts, const Visit& visit,
                                     std::string_view check, const Block& block) {
    const bool passive = visit.policy.config.passive_mode;
    if (parts.services.on_event && !check.empty()) {
        parts.services.on_event({.request = visit.request,
                                 .check = check,
                                 .action = passive ? "logged" : "blocked",
                                 .status = block.status});
    }
    if (passive) return {};
    return http::Decision::refuse(visit.exchange, block.status, visit.policy.detail_of(block));
}

std::optional<http::Decision> run(GuardParts& parts, Visit& visit,
                                  std::span<const checks::Check> those) {
    for (const checks::Check& check : those) {
        if (visit.bypasses(check.name)) continue;
        const auto block = check.run(parts, visit);
        if (!block) continue;
        if (auto refused = refuse(parts, visit, check.name, *block)) return refused;
    }
    return {};
}

/// Nobody will read the body, and still it may be an attack that should count.
bool looks_at_body_itself(const Visit& visit) noexcept {
    return visit.body != nullptr && visit.request.route() == nullptr;
}

core::Task<http::Decision> proceed_after(ScannedBody& body) {
    co_await body.look_at_all();
    co_return http::Decision::proceed();
}

/// From the rate limit on, which all instances count together.
core::Task<http::Decision> go_on_with_others(GuardParts& parts, Visit visit,
                                             std::span<const checks::Check> those) {
    if (const auto block = co_await checks::shared_rate_limit(parts, visit)) {
        if (auto refused = refuse(parts, visit, those.front().name, *block)) {
            co_return *std::move(refused);
        }
    }
    if (auto refused = run(parts, visit, those.subspan(1))) co_return *std::move(refused);
    if (parts.services.on_request) parts.services.on_request(visit.request);
    if (looks_at_body_itself(visit)) co_await visit.body->look_at_all();
    co_return http::Decision::proceed();
}

}  // namespace

GuardParts::GuardParts(const Config& its_config, GuardServices its_services)
    : config(its_config),
      services(std::move(its_services)),
      bans(ban_options_of(config), services.clock,
           {.on_ban =
                [this](const Ban& ban) {
                    if (shared_bans) shared_bans->put(ban);
                },
            .on_lift =
                [this](const http::IpAddress& client) {
                    if (shared_bans) shared_bans->lift(client, services.clock.now());
                }}),
      limits(config.rate_limit_capacity) {
    if (const auto made = renew(); !made) throw std::invalid_argument("guard: " + made.error());
    monitors.emplace(config);
    if (services.redis != nullptr) {
        shared_bans.emplace(*services.redis, config.redis_prefix, ban_options_of(config));
        if (config.dynamic_rules_redis) shared_rules.emplace(*services.redis, config.redis_prefix);
        shared_limits.emplace(*services.redis, config.redis_prefix);
    }
    if (config.geoip_database) {
        auto opened = GeoDatabase::open(*config.geoip_database);
        if (!opened) throw std::invalid_argument("guard: geoip_database: " + opened.error());
        geo.emplace(*std::move(opened));
    }
}

std::expected<void, std::string> GuardParts::renew() {
    const std::lock_guard lock(mutex);
    return renew_with(rules);
}

std::expected<void, std::string> GuardParts::take_rules(std::string_view json) {
    const std::lock_guard lock(mutex);
    if (json == rules) return {};
    auto taken = renew_with(json);
    if (taken) rules = json;
    return taken;
}

std::expected<void, std::string> GuardParts::renew_with(std::string_view json) {
    const auto own = with_dynamic_rules(config);
    if (!own) return std::unexpected(own.error());
    const auto wanted = with_shared_rules(*own, json);
    if (!wanted) return std::unexpected(wanted.error());
    auto made = Policy::make(*wanted, services.detector ? &*services.detector : nullptr,
                             current.load(std::memory_order_relaxed));
    if (!made) return std::unexpected(std::move(made.error()));
    current.store(policies.emplace_back(*std::move(made)).get(), std::memory_order_release);
    return {};
}

bool GuardParts::suspect(const Visit& visit) {
    if (!visit.policy.config.enable_ip_banning || visit.whitelisted) return false;
    if (!may_be_banned(visit.request.client())) return false;
    return suspect(visit.client);
}

bool GuardParts::suspect(const http::IpAddress& client) {
    const bool banned = bans.suspect(client).has_value();
    // A ban of this instance is told; what is none yet may be one together with the others'.
    if (shared_bans && !banned) shared_bans->suspect(client);
    return banned;
}

bool GuardParts::may_be_banned(const http::IpAddress& address) const noexcept {
    // The network of ::1 is a client too.
    static const http::IpAddress loopback = client_of(http::IpAddress::parse("::1").value());
    return !address.is_loopback() && client_of(address) != loopback &&
           !services.never_banned.contains(address);
}

GuardMiddleware::GuardMiddleware(const Config& config, GuardServices services)
    : parts_(std::make_unique<GuardParts>(config, std::move(services))) {}

GuardMiddleware::~GuardMiddleware() = default;

BanList& GuardMiddleware::bans() noexcept {
    return parts_->bans;
}

bool GuardMiddleware::accepts(const http::IpAddress& peer) const {
    const Policy& policy = parts_->policy();
    if (!policy.config.enabled || policy.config.passive_mode || !policy.config.enable_ip_banning ||
        !policy.config.drop_banned_connections || policy.whitelist.contains(peer)) {
        return true;
    }
    return !parts_->bans.find(client_of(peer));
}

bool GuardMiddleware::may_be_banned(const http::IpAddress& client) const noexcept {
    return parts_->may_be_banned(client) && !parts_->policy().whitelist.contains(client);
}

core::Task<void> GuardMiddleware::follow_bans_until(core::Task<void> end) {
    if (!parts_->shared_bans) return end;
    return parts_->shared_bans->follow(
        parts_->bans,
        [&parts = *parts_](const http::IpAddress& client) { return parts.may_be_banned(client); },
        std::move(end));
}

core::Task<void> GuardMiddleware::follow_rules_until(core::Task<void> end) {
    if (!parts_->shared_rules) return end;
    return parts_->shared_rules->follow(
        [&parts = *parts_](std::string_view json) {
            const auto taken = parts.take_rules(json);
            if (!taken && parts.services.on_rules_fault) {
                parts.services.on_rules_fault(taken.error());
            }
        },
        std::move(end));
}

bool GuardMiddleware::may_read_metrics(const http::Request& request) const noexcept {
    // A proxy on this machine asks from loopback too, but for others.
    if (request.peer().is_loopback() && !http::has_forwarding_fields(request)) return true;
    return parts_->policy().metrics_allow.contains(request.client());
}

std::expected<void, std::string> GuardMiddleware::reload() {
    if (auto renewed = parts_->renew(); !renewed)
        return std::unexpected("guard: " + renewed.error());
    return parts_->geo ? parts_->geo->reload() : std::expected<void, std::string>();
}

http::Decision GuardMiddleware::on_request(http::Exchange& exchange) {
    GuardParts& parts = *parts_;
    const Policy& policy = parts.policy();
    if (!policy.config.enabled) return http::Decision::proceed();
    const http::Request& request = exchange.request;
    Visit visit{.exchange = exchange,
                .request = request,
                .policy = policy,
                .client = client_of(request.client()),
                .whitelisted = policy.whitelist.contains(request.client()),
                .excluded = policy.is_excluded(request.path())};
    const auto all = checks::all();
    if (parts.shared_limits && checks::is_rate_limited(visit)) {
        const auto at = std::ranges::find(all, "rate_limit", &checks::Check::name) - all.begin();
        const auto limit = static_cast<std::size_t>(at);
        if (auto refused = run(parts, visit, all.first(limit))) return *std::move(refused);
        return http::Decision::wait(go_on_with_others(parts, visit, all.subspan(limit)));
    }
    if (auto refused = run(parts, visit, all)) return *std::move(refused);
    if (parts.services.on_request) parts.services.on_request(request);
    if (looks_at_body_itself(visit)) return http::Decision::wait(proceed_after(*visit.body));
    return http::Decision::proceed();
}

void GuardParts::watch(const http::Request& request, int status) {
    const Policy& now = policy();
    const http::IpAddress client = client_of(request.client());
    if (!now.config.enabled || now.whitelist.contains(request.client()) ||
        bypasses(request.route(), "monitor")) {
        return;
    }
    for (const http::Monitor& monitor : monitors->record(request, status, client)) {
        bool banned = false;
        if (!now.config.passive_mode && now.config.enable_ip_banning &&
            may_be_banned(request.client()) && !bans.find(client)) {
            if (monitor.action == http::MonitorAction::ban) {
                banned = bans.add(client, {}, "monitor").has_value();
            } else if (monitor.action == http::MonitorAction::suspect) {
                banned = suspect(client);
            }
        }
        if (services.on_event) {
            services.on_event({.request = request,
                               .check = "monitor",
                               .action = banned ? "banned" : "logged",
                               .status = status});
        }
    }
}

void GuardMiddleware::on_response(http::Exchange& exchange) {
    if (parts_->monitors->watches(exchange.request)) {
        parts_->watch(exchange.request, exchange.response.status);
    }
    const auto* status = exchange.request.state().get<const LimitStatus*>();
    http::Headers& headers = exchange.response.headers;
    // A limiter that is a dependency knows better what this client has left.
    if (status == nullptr || headers.contains("X-RateLimit-Limit")) return;
    put_limit_fields(**status, headers);
}

}  // namespace portico::guard
