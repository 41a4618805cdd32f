#include <new>

#include "guard/checks/checks.hpp"

namespace portico::guard::checks {
namespace {

std::optional<Block> conclude(const Visit& visit, const LimitStatus& status) {
    http::Exchange& exchange = visit.exchange;
    const auto* kept = ::new (exchange.arena.allocate(sizeof(LimitStatus), alignof(LimitStatus)))
        LimitStatus(status);
    exchange.request.state().set<const LimitStatus*>(kept);
    if (status.answer.allowed) return {};
    return Block{429, "Too many requests"};
}

}  // namespace

bool is_rate_limited(const Visit& visit) noexcept {
    return visit.policy.config.enable_rate_limiting && !visit.whitelisted && !visit.excluded &&
           !visit.bypasses("rate_limit");
}

std::optional<Block> rate_limit(GuardParts& parts, Visit& visit) {
    if (!is_rate_limited(visit)) return {};
    return conclude(visit, acquire(parts.limits.group_of(visit), visit.request, visit.client));
}

core::Task<std::optional<Block>> shared_rate_limit(GuardParts& parts, Visit& visit) {
    co_return conclude(visit, co_await parts.shared_limits->acquire(parts.limits.group_of(visit),
                                                                    visit.request, visit.client));
}

}  // namespace portico::guard::checks
