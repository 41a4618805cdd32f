#include "guard/checks/checks.hpp"

namespace portico::guard::checks {

std::optional<Block> ban(GuardParts& parts, Visit& visit) {
    if (!visit.policy.config.enable_ip_banning || visit.whitelisted) return {};
    if (!parts.bans.find(visit.client)) return {};
    return Block{403, "IP address banned"};
}

}  // namespace portico::guard::checks
