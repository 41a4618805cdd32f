#include "portico/guard/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "portico/http/cidr.hpp"

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
    for (const auto& [status, text] : config.custom_error_responses) {
        if (status < 400 || status > 599) {
            checker.add(fmt::format("custom_error_responses.{}", status),
                        "expected a status in 400–599");
        }
    }
    return std::move(checker.faults);
}

}  // namespace portico::guard
