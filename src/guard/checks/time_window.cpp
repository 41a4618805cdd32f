#include <algorithm>

#include "guard/checks/checks.hpp"

namespace portico::guard::checks {

std::optional<Block> time_window(GuardParts&, Visit& visit) {
    const auto now = visit.request.clock().now();
    const bool open = std::ranges::all_of(visit.rules(), [&](const auto& rules) {
        return !rules->time_window || rules->time_window->contains(now);
    });
    if (open) return {};
    return Block{403, "Access not allowed at this time"};
}

}  // namespace portico::guard::checks
