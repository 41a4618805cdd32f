#include "portico/guard/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "portico/http/cidr.hpp"
#include "portico/logging/level.hpp"

namespace portico::guard {
namespace {

class Checker {
public:
    std::vector<ConfigFault> faults;

    void addresses(std::string_view field, const std::vector<std::string>& texts) {
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const auto block = http::Cidr::parse(texts[i]);
            if (!block) {
                add(fmt::format("{}.{}", field, i),
                    fmt::format("{}, got \"{}\"", http::describe(block.error()), texts[i]));
            }
        }
    }

    void countries(std::string_view field, const std::vector<std::string>& codes,
                   const std::optional<std::string>& database) {
        for (std::size_t i = 0; i < codes.size(); ++i) {
            const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
            if (codes[i].size() != 2 || !std::ranges::all_of(codes[i], capital)) {
                add(fmt::format("{}.{}", field, i),
                    fmt::format("expected a country code of two capitals, such as DE, got \"{}\"",
                                codes[i]));
            }
        }
        if (!codes.empty() && !database) {
            add(std::string(field), "needs geoip_database, the path of a MaxMind DB file");
        }
    }

    void levels(std::string_view field, const std::string& level) {
        if (!logging::parse_level(level)) {
            add(std::string(field),
                fmt::format("expected DEBUG, INFO, WARNING, ERROR or CRITICAL, got \"{}\"", level));
        }
    }

    void add(std::string field, std::string message) {
        faults.push_back({std::move(field), std::move(message)});
    }
};

}  // namespace

std::vector<ConfigFault> check(const Config& config) {
    Checker checker;
    checker.addresses("emergency_whitelist", config.emergency_whitelist);
    checker.addresses("whitelist", config.whitelist);
    checker.addresses("blacklist", config.blacklist);
    checker.addresses("metrics_allow", config.metrics_allow);
    checker.levels("log_request_level", config.log_request_level);
    checker.levels("log_suspicious_level", config.log_suspicious_level);
    checker.countries("blocked_countries", config.blocked_countries, config.geoip_database);
    checker.countries("whitelist_countries", config.whitelist_countries, config.geoip_database);
    for (std::size_t i = 0; i < config.blocked_user_agents.size(); ++i) {
        // An empty text is a part of every field: it would lock everybody out.
        if (config.blocked_user_agents[i].empty()) {
            checker.add(fmt::format("blocked_user_agents.{}", i), "expected a text, got none");
        }
    }
    for (std::size_t i = 0; i < config.exclude_paths.size(); ++i) {
        const std::string& path = config.exclude_paths[i];
        if (!path.starts_with('/') || path.size() < 2 || path.ends_with('/')) {
            checker.add(fmt::format("exclude_paths.{}", i),
                        fmt::format("expected a path such as /health, got \"{}\"", path));
        }
    }
    constexpr double kYear = 31'536'000;
    if (static_cast<double>(config.rate_limit_burst) * config.rate_limit_window >
        kYear * config.rate_limit) {
        checker.add("rate_limit_burst", "expected at most what rate_limit allows in a year");
    }
    for (std::size_t i = 0; i < config.monitors.size(); ++i) {
        const std::uint16_t status = config.monitors[i].status;
        if (status != 0 && status < 100) {
            checker.add(fmt::format("monitors.{}.status", i), "expected 0, or a status in 100–599");
        }
    }
    for (const auto& [status, text] : config.custom_error_responses) {
        if (status < 400 || status > 599) {
            checker.add(fmt::format("custom_error_responses.{}", status),
                        "expected a status in 400–599");
        }
    }
    return std::move(checker.faults);
}

}  // namespace portico::guard
