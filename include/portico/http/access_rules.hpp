#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "portico/http/cidr.hpp"
#include "portico/http/rate_limit.hpp"

namespace portico::http {

/// Hours of the day in which a route is served, in UTC: from `begin` on, up to and without `end`.
/// From 22:00 to 06:00 is the night.
struct TimeWindow {
    std::chrono::minutes begin{0};
    std::chrono::minutes end{24 * 60};

    [[nodiscard]] bool contains(std::chrono::system_clock::time_point at) const noexcept;
};

/// What becomes of a client that a monitor has found.
enum class MonitorAction : std::uint8_t {
    log,      ///< It is told.
    suspect,  ///< The request counts as suspicious, towards a ban.
    ban,      ///< The client is banned.
};

/// Watches what a client does, and refuses nothing by itself: who has more than `most` requests, or
/// answers with a status, in any window of that length. Who is refused many log-ins, or finds
/// nothing again and again, is guessing.
///
///     Monitor{.most = 20, .window = 1min, .status = 404}
struct Monitor {
    std::uint32_t most = 100;         ///< 1 to 2³¹−2.
    std::chrono::seconds window{60};  ///< 1 second to 30 days.
    int status = 0;                   ///< Of the answers that count; 0: every request.
    MonitorAction action = MonitorAction::ban;
};

/// Whom a route or a router serves, and how often. The guard holds requests to it; without a guard
/// it has no effect. Rules of routers around a route hold too, each for itself.
///
///     app.get("/report", …, {.access = {.allow_ips = {"10.0.0.0/8"},
///                                       .rate_limits = {{.requests = 10, .window = 1min}}}});
struct AccessRules {
    /// Only these addresses are served; empty: all. Others get 403.
    CidrSet allow_ips = {};
    CidrSet block_ips = {};
    /// ISO 3166-1 alpha-2, "DE"; needs the guard's `geoip_database`. An address whose country is
    /// not known is refused by `allow_countries` and served by `block_countries`.
    std::vector<std::string> allow_countries = {};
    std::vector<std::string> block_countries = {};
    /// Parts of a `User-Agent`, without regard to case, besides the guard's own. 403.
    std::vector<std::string> blocked_user_agents = {};
    /// Fields that a request must have (400), with that value where it is not empty.
    std::vector<std::pair<std::string, std::string>> require_headers = {};
    /// Hosts of which the `Referer` must name one: "shop.example", "*.shop.example". 403.
    std::vector<std::string> require_referrer = {};
    /// Outside of it: 403.
    std::optional<TimeWindow> time_window = {};
    /// Instead of the guard's own limit; all of them hold. Those nearest to the route count.
    std::vector<RateLimit> rate_limits = {};
    /// Fields of a form or a JSON object that people don't see and bots fill in: 403.
    std::vector<std::string> honeypot_fields = {};
    /// Names of parameters, header fields and body fields whose values detection leaves out: a
    /// password, a rich text. A JSON key at any depth. What is annotated `model::unscanned` is
    /// added.
    std::vector<std::string> unscanned_fields = {};
    std::vector<Monitor> monitors = {};
    /// What they are of, the same in every instance of a program; the application says it.
    std::string scope = {};

    [[nodiscard]] bool empty() const noexcept;
};

}  // namespace portico::http
