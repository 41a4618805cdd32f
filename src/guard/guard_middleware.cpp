#include "portico/guard/guard_middleware.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "guard/checks/checks.hpp"
#include "guard/detection/bytes.hpp"
#include "guard/scan_visit.hpp"
#include "portico/http/forwarded.hpp"

namespace portico::guard {
namespace {

Config checked(const Config& config) {
    std::string all;
    for (const auto& [field, message] : check(config)) {
        all += all.empty() ? "guard: " : "; ";
        all += field + ": " + message;
    }
    if (!all.empty()) throw std::invalid_argument(all);
    return config;
}

core::Task<http::Decision> proceed_after(ScannedBody& body) {
    co_await body.look_at_all();
    co_return http::Decision::proceed();
}

}  // namespace

GuardParts::GuardParts(const Config& its_config, GuardServices its_services)
    : config(checked(its_config)),
      services(std::move(its_services)),
      emergency_whitelist(http::CidrSet::parse(config.emergency_whitelist).value()),
      whitelist(http::CidrSet::parse(config.whitelist).value()),
      blacklist(http::CidrSet::parse(config.blacklist).value()),
      metrics_allow(http::CidrSet::parse(config.metrics_allow).value()),
      bans({.threshold = config.auto_ban_threshold,
            .duration = std::chrono::seconds(config.auto_ban_duration),
            .growth = config.auto_ban_growth,
            .capacity = config.ban_capacity},
           services.clock),
      limits(config),
      detector(services.detector ? *services.detector : Detector::create().value()) {
    if (config.geoip_database) {
        auto opened = GeoDatabase::open(*config.geoip_database);
        if (!opened) throw std::invalid_argument("guard: geoip_database: " + opened.error());
        geo.emplace(*std::move(opened));
    }
    for (std::string part : config.blocked_user_agents) {
        std::ranges::transform(part, part.begin(), detail::lower);
        user_agents.push_back(std::move(part));
    }
}

bool GuardParts::suspect(const Visit& visit) {
    if (!config.enable_ip_banning || visit.whitelisted) return false;
    const auto& address = visit.request.client();
    if (address.is_loopback() || services.never_banned.contains(address)) return false;
    return bans.suspect(visit.client).has_value();
}

bool GuardParts::is_excluded(std::string_view path) const noexcept {
    return std::ranges::any_of(config.exclude_paths, [&](const std::string& excluded) {
        return path.starts_with(excluded) &&
               (path.size() == excluded.size() || path[excluded.size()] == '/');
    });
}

std::string_view GuardParts::detail_of(const Block& block) const noexcept {
    const auto other = config.custom_error_responses.find(static_cast<std::uint16_t>(block.status));
    return other != config.custom_error_responses.end() ? std::string_view(other->second)
                                                        : block.detail;
}

GuardMiddleware::GuardMiddleware(const Config& config, GuardServices services)
    : parts_(std::make_unique<GuardParts>(config, std::move(services))) {}

GuardMiddleware::~GuardMiddleware() = default;

BanList& GuardMiddleware::bans() noexcept {
    return parts_->bans;
}

bool GuardMiddleware::may_read_metrics(const http::Request& request) const noexcept {
    // A proxy on this machine asks from loopback too, but for others.
    if (request.peer().is_loopback() && !http::has_forwarding_fields(request)) return true;
    return parts_->metrics_allow.contains(request.client());
}

std::expected<void, std::string> GuardMiddleware::reload() {
    return parts_->geo ? parts_->geo->reload() : std::expected<void, std::string>();
}

http::Decision GuardMiddleware::on_request(http::Exchange& exchange) {
    GuardParts& parts = *parts_;
    if (!parts.config.enabled) return http::Decision::proceed();
    const http::Request& request = exchange.request;
    Visit visit{.exchange = exchange,
                .request = request,
                .client = client_of(request.client()),
                .whitelisted = parts.whitelist.contains(request.client()),
                .excluded = parts.is_excluded(request.path())};
    for (const checks::Check& check : checks::all()) {
        if (visit.bypasses(check.name)) continue;
        const auto block = check.run(parts, visit);
        if (!block) continue;
        const bool passive = parts.config.passive_mode;
        if (parts.services.on_event && !check.name.empty()) {
            parts.services.on_event({.request = request,
                                     .check = check.name,
                                     .action = passive ? "logged" : "blocked",
                                     .status = block->status});
        }
        if (passive) continue;
        return http::Decision::refuse(exchange, block->status, parts.detail_of(*block));
    }
    if (parts.services.on_request) parts.services.on_request(request);
    // Nobody will read this body, and still it may be an attack that should count.
    if (visit.body != nullptr && request.route() == nullptr) {
        return http::Decision::wait(proceed_after(*visit.body));
    }
    return http::Decision::proceed();
}

void GuardMiddleware::on_response(http::Exchange& exchange) {
    const auto* status = exchange.request.state().get<const LimitStatus*>();
    http::Headers& headers = exchange.response.headers;
    // A limiter that is a dependency knows better what this client has left.
    if (status == nullptr || headers.contains("X-RateLimit-Limit")) return;
    put_limit_fields(**status, headers);
}

}  // namespace portico::guard
