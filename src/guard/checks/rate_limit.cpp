#include <new>

#include "guard/checks/checks.hpp"

namespace portico::guard::checks {

std::optional<Block> rate_limit(GuardParts& parts, Visit& visit) {
    if (!parts.config.enable_rate_limiting || visit.whitelisted || visit.excluded) return {};
    http::Exchange& exchange = visit.exchange;
    auto* status =
        ::new (exchange.arena.allocate(sizeof(LimitStatus), alignof(LimitStatus))) LimitStatus;
    *status = parts.limits.acquire(visit);
    exchange.request.state().set<const LimitStatus*>(status);
    if (status->answer.allowed) return {};
    return Block{429, "Too many requests"};
}

}  // namespace portico::guard::checks
