#include "portico/guard/guard_middleware.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "guard/checks/checks.hpp"

namespace portico::guard {
namespace {

std::string lower(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
    }
    return text;
}

Config checked(const Config& config) {
    std::string all;
    for (const auto& [field, message] : check(config)) {
        all += all.empty() ? "guard: " : "; ";
        all += field + ": " + message;
    }
    if (!all.empty()) throw std::invalid_argument(all);
    return config;
}

bool is_bypassed(const http::RoutePolicy* route, std::string_view check) {
    return route != nullptr && !route->bypass.empty() &&
           std::ranges::any_of(route->bypass,
                               [&](const auto& name) { return name == "all" || name == check; });
}

}  // namespace

GuardParts::GuardParts(const Config& its_config, GuardServices its_services)
    : config(checked(its_config)),
      services(std::move(its_services)),
      emergency_whitelist(http::CidrSet::parse(config.emergency_whitelist).value()),
      whitelist(http::CidrSet::parse(config.whitelist).value()),
      blacklist(http::CidrSet::parse(config.blacklist).value()),
      bans({.threshold = config.auto_ban_threshold,
            .duration = std::chrono::seconds(config.auto_ban_duration),
            .growth = config.auto_ban_growth,
            .capacity = config.ban_capacity},
           services.clock),
      limits(config) {
    for (const auto& part : config.blocked_user_agents) user_agents.push_back(lower(part));
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
        if (is_bypassed(request.route(), check.name)) continue;
        const auto block = check.run(parts, visit);
        if (!block) continue;
        const bool passive = parts.config.passive_mode;
        if (parts.services.on_event) {
            parts.services.on_event({.request = request,
                                     .check = check.name,
                                     .action = passive ? "logged" : "blocked",
                                     .status = block->status});
        }
        if (passive) continue;
        return http::Decision::refuse(exchange, block->status, parts.detail_of(*block));
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
