#include "guard/checks/checks.hpp"

namespace portico::guard::checks {

std::optional<Block> emergency(GuardParts& parts, Visit& visit) {
    if (!parts.config.emergency_mode) return {};
    if (parts.emergency_whitelist.contains(visit.request.client())) return {};
    return Block{503, "Service temporarily unavailable"};
}

}  // namespace portico::guard::checks
