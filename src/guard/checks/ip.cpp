#include "guard/checks/checks.hpp"

namespace portico::guard::checks {

/// A whitelisted address passes the guard's blacklist; a route's own list holds for it too.
std::optional<Block> ip(GuardParts&, Visit& visit) {
    const auto& address = visit.request.client();
    if (!visit.whitelisted && visit.policy.blacklist.contains(address)) return Block{403};
    for (const auto& rules : visit.rules()) {
        if (!rules->allow_ips.empty() && !rules->allow_ips.contains(address)) return Block{403};
        if (rules->block_ips.contains(address)) return Block{403};
    }
    return {};
}

}  // namespace portico::guard::checks
