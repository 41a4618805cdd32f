#include "guard/checks/checks.hpp"

namespace portico::guard::checks {

std::span<const Check> all() noexcept {
    static constexpr Check kChecks[]{
        {"emergency", &emergency},
        {"ban", &ban},
        {"ip", &ip},
        {"country", &country},
        {"time_window", &time_window},
        {"user_agent", &user_agent},
        {"headers", &headers},
        {"referrer", &referrer},
        {"rate_limit", &rate_limit},
        {"", &detection},  // serves two checks: detection and honeypot
        {"custom", &custom},
    };
    return kChecks;
}

}  // namespace portico::guard::checks
