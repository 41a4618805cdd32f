#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "portico/http/access_rules.hpp"
#include "portico/model/annotated.hpp"
#include "portico/model/annotations.hpp"
#include "portico/model/constraints.hpp"

namespace portico::guard {

/// An `http::Monitor`, as a setting.
struct MonitorConfig {
    template <class T, auto... C>
    using Annotated = model::Annotated<T, C...>;

    Annotated<std::uint16_t, model::le(599), model::description("Of answers; 0: every request")>
        status = 0;
    Annotated<std::uint32_t, model::ge(1), model::le(2147483646)> most;
    Annotated<std::uint32_t, model::ge(1), model::le(2592000), model::description("Seconds")>
        window = 60;
    http::MonitorAction action = http::MonitorAction::ban;
};

/// What the guard does, as settings: each member is one (`GUARD__RATE_LIMIT=100`), with a default
/// that is safe. Times are in seconds.
///
/// Addresses are IPv4 or IPv6, alone or as CIDR blocks: "10.0.0.0/8". Countries are ISO 3166-1
/// alpha-2 codes.
struct Config {
    template <class T, auto... C>
    using Annotated = model::Annotated<T, C...>;

    Annotated<bool, model::description("False: no check is run")> enabled = true;
    Annotated<bool, model::description("Log what would be refused, and refuse nothing")>
        passive_mode = false;
    Annotated<bool, model::description("Serve emergency_whitelist alone: 503 for all others")>
        emergency_mode = false;
    Annotated<std::vector<std::string>> emergency_whitelist = model::empty;

    Annotated<std::vector<std::string>,
              model::description("Skip limits, bans and detection; go before the blacklist")>
        whitelist = model::empty;
    Annotated<std::vector<std::string>> blacklist = model::empty;
    Annotated<std::vector<std::string>,
              model::description("Files with more of it, an address or block a line, such as the "
                                 "ranges of cloud providers; read at every reload")>
        blacklist_files = model::empty;

    Annotated<bool> enable_rate_limiting = true;
    Annotated<std::uint32_t, model::ge(1), model::le(2147483647),
              model::description("Requests of one client in any window")>
        rate_limit = 100;
    Annotated<std::uint32_t, model::ge(1), model::le(2592000)> rate_limit_window = 60;
    Annotated<std::uint32_t, model::le(2147483647),
              model::description("Not 0: so many at once, and then evenly; see http::RateLimit")>
        rate_limit_burst = 0;
    Annotated<std::uint32_t, model::ge(16), model::le(67108864),
              model::description("Clients that a limit keeps count of, at most 1 KiB each")>
        rate_limit_capacity = 65536;

    Annotated<bool> enable_ip_banning = true;
    Annotated<std::uint32_t, model::ge(1), model::le(1000000),
              model::description("Suspicious requests within auto_ban_duration before a ban")>
        auto_ban_threshold = 5;
    Annotated<std::uint32_t, model::ge(1), model::le(2592000)> auto_ban_duration = 3600;
    Annotated<std::uint32_t, model::ge(1), model::le(100),
              model::description("Each further ban of a client lasts so many times the one before")>
        auto_ban_growth = 1;
    Annotated<bool, model::description("Close connections of banned addresses before they ask; not "
                                       "for a server behind a proxy that it trusts")>
        drop_banned_connections = false;
    Annotated<std::uint32_t, model::ge(16), model::le(67108864),
              model::description("Bans that are kept, 64 bytes each")>
        ban_capacity = 262144;

    Annotated<bool> enable_penetration_detection = true;
    Annotated<std::uint32_t, model::ge(0), model::le(16777216),
              model::description("Bytes of a body that detection looks at")>
        max_scan_body = 65536;
    Annotated<std::uint32_t, model::ge(1), model::le(100),
              model::description("The score from which a request is an attack")>
        detection_threshold = 5;
    Annotated<std::vector<std::string>, model::description("Ids of rules that do not count")>
        disabled_rules = model::empty;
    Annotated<std::optional<std::string>, model::description("A file with rules of one's own")>
        detection_rules_file = model::empty;
    Annotated<bool, model::description("Refuse (400) what is too much to be scanned")>
        refuse_unscanned = false;

    Annotated<std::vector<MonitorConfig>,
              model::description("Who does something too often, on any route or none")>
        monitors = model::empty;

    Annotated<std::vector<std::string>, model::description("Parts of a User-Agent, in any case")>
        blocked_user_agents = {"sqlmap", "nikto", "nmap", "masscan"};

    Annotated<std::vector<std::string>> blocked_countries = model::empty;
    Annotated<std::vector<std::string>, model::description("Serve these countries alone")>
        whitelist_countries = model::empty;
    std::optional<std::string> geoip_database;

    Annotated<std::string, model::max_length(200),
              model::description("Before the names of what is kept in Redis")>
        redis_prefix = "myapp:guard:";

    Annotated<std::vector<std::string>,
              model::description("Paths without limits and detection, by whole segments")>
        exclude_paths = {"/health", "/metrics", "/docs", "/redoc", "/openapi.json"};

    Annotated<std::vector<std::string>,
              model::description("May read the metrics, besides loopback: see may_read_metrics")>
        metrics_allow = model::empty;
    Annotated<bool, model::description("Ask browsers to preload HSTS: for HstsOptions")>
        hsts_preload = false;

    Annotated<std::string, model::description("The security log; empty: none")> log_file =
        "logs/security.log";
    Annotated<std::optional<std::string>,
              model::description("The security log also to a syslog: /dev/log, udp://ADDRESS:PORT")>
        log_syslog = model::empty;
    Annotated<std::string, model::description("Level of the lines about requests that pass")>
        log_request_level = "INFO";
    Annotated<std::string, model::description("Level of the lines about requests that do not")>
        log_suspicious_level = "WARNING";

    Annotated<std::optional<std::string>,
              model::description("A file of JSON whose members hold instead, read at every reload")>
        dynamic_rules_file = model::empty;
    Annotated<bool, model::description("Members that hold instead from Redis too: SharedRules")>
        dynamic_rules_redis = false;

    Annotated<std::map<std::uint16_t, std::string>,
              model::description("Another text of an answer, by status: {\"403\": \"Go away\"}")>
        custom_error_responses = model::empty;
};

/// A member that makes no sense, and why.
struct ConfigFault {
    std::string field;  ///< "whitelist.0"
    std::string message;
};

/// Every fault of a configuration, so that a person can mend them at once. `GuardMiddleware`
/// refuses a configuration that has any.
[[nodiscard]] std::vector<ConfigFault> check(const Config& config);

}  // namespace portico::guard
