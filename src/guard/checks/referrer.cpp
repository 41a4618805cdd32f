#include <algorithm>

#include "guard/checks/checks.hpp"
#include "portico/http/url.hpp"

namespace portico::guard::checks {
namespace {

bool equal(std::string_view a, std::string_view b) {
    return http::equal_names(a, b);
}

/// The host of a URL, without user and port; empty when it has none.
std::string_view host_of(std::string_view url) noexcept {
    const auto scheme = url.find("://");
    if (scheme == url.npos) return {};
    url.remove_prefix(scheme + 3);
    url = url.substr(0, url.find_first_of("/?#\\"));
    if (const auto at = url.rfind('@'); at != url.npos) url.remove_prefix(at + 1);
    const auto bracket = url.rfind(']');
    return url.substr(0, url.find(':', bracket == url.npos ? 0 : bracket));
}

bool names(std::string_view pattern, std::string_view host) {
    if (!pattern.starts_with("*.")) return equal(pattern, host);
    pattern.remove_prefix(1);
    return host.size() > pattern.size() &&
           equal(host.substr(host.size() - pattern.size()), pattern);
}

}  // namespace

std::optional<Block> referrer(GuardParts&, Visit& visit) {
    for (const auto& rules : visit.rules()) {
        if (rules->require_referrer.empty()) continue;
        const auto sent = visit.request.header("Referer");
        if (sent.empty()) return Block{403, "Referrer required"};
        const auto host = host_of(sent);
        const bool allowed = std::ranges::any_of(
            rules->require_referrer, [&](const auto& pattern) { return names(pattern, host); });
        if (!allowed) return Block{403, "Invalid referrer"};
    }
    return {};
}

}  // namespace portico::guard::checks
