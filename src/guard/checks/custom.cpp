#include "guard/checks/checks.hpp"

namespace portico::guard::checks {

std::optional<Block> custom(GuardParts& parts, Visit& visit) {
    if (!parts.services.custom_check) return {};
    const int status = parts.services.custom_check(visit.request);
    if (status == 0) return {};
    return Block{status};
}

}  // namespace portico::guard::checks
