#include "guard/checks/checks.hpp"

namespace portico::guard::checks {

std::optional<Block> headers(GuardParts&, Visit& visit) {
    for (const auto& rules : visit.rules()) {
        for (const auto& [name, value] : rules->require_headers) {
            const auto sent = visit.request.headers().get(name);
            if (!sent || (!value.empty() && *sent != value)) {
                return Block{400, "A required header is missing"};
            }
        }
    }
    return {};
}

}  // namespace portico::guard::checks
