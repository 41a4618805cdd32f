#include "guard/checks/checks.hpp"

namespace portico::guard::checks {

std::optional<Block> emergency(GuardParts&, Visit& visit) {
    if (!visit.policy.config.emergency_mode) return {};
    if (visit.policy.emergency_whitelist.contains(visit.request.client())) return {};
    return Block{503, "Service temporarily unavailable"};
}

}  // namespace portico::guard::checks
