#include "portico/http/access_rules.hpp"

namespace portico::http {

bool TimeWindow::contains(std::chrono::system_clock::time_point at) const noexcept {
    const auto of_day = at - std::chrono::floor<std::chrono::days>(at);
    if (begin <= end) return of_day >= begin && of_day < end;
    return of_day >= begin || of_day < end;
}

bool AccessRules::empty() const noexcept {
    return allow_ips.empty() && block_ips.empty() && allow_countries.empty() &&
           block_countries.empty() && blocked_user_agents.empty() && require_headers.empty() &&
           require_referrer.empty() && !time_window && rate_limits.empty() &&
           honeypot_fields.empty() && unscanned_fields.empty() && monitors.empty();
}

}  // namespace portico::http
