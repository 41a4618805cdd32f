#include <algorithm>

#include "guard/checks/checks.hpp"

namespace portico::guard::checks {
namespace {

bool names(const std::vector<std::string>& countries, const std::optional<Country>& country) {
    return country && std::ranges::find(countries, country->text()) != countries.end();
}

struct Lists {
    const std::vector<std::string>& allowed;
    const std::vector<std::string>& blocked;

    [[nodiscard]] bool empty() const { return allowed.empty() && blocked.empty(); }
    /// A country that is not known is none of those that are allowed, nor of those that are not.
    [[nodiscard]] bool refuse(const std::optional<Country>& country) const {
        return (!allowed.empty() && !names(allowed, country)) || names(blocked, country);
    }
};

}  // namespace

std::optional<Block> country(GuardParts& parts, Visit& visit) {
    if (!parts.geo) return {};
    const Config& config = visit.policy.config;
    const Lists own{config.whitelist_countries, config.blocked_countries};
    const auto rules = visit.rules();
    if (own.empty() && rules.empty()) return {};
    const auto where = parts.geo->country_of(visit.request.client());
    bool refused = !visit.whitelisted && own.refuse(where);
    for (const auto& each : rules) {
        refused = refused || Lists{each->allow_countries, each->block_countries}.refuse(where);
    }
    if (!refused) return {};
    return Block{403};
}

}  // namespace portico::guard::checks
