#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "portico/guard/guard_middleware.hpp"
#include "portico/http/access_rules.hpp"
#include "portico/http/exchange.hpp"

namespace portico::guard {

struct Policy;

[[nodiscard]] inline bool bypasses(const http::RoutePolicy* route,
                                   std::string_view check) noexcept {
    return route != nullptr && !route->bypass.empty() &&
           std::ranges::any_of(route->bypass,
                               [&](const auto& name) { return name == "all" || name == check; });
}

/// One request on its way through the checks.
struct Visit {
    http::Exchange& exchange;
    const http::Request& request;
    /// What held when it came; lives as long as the guard.
    const Policy& policy;
    /// What it is counted by.
    http::IpAddress client;
    bool whitelisted = false;
    /// Its path is one of `exclude_paths`.
    bool excluded = false;
    /// What will look at the body.
    class ScannedBody* body = nullptr;

    /// Its route says that a check is not run.
    [[nodiscard]] bool bypasses(std::string_view check) const noexcept {
        return guard::bypasses(request.route(), check);
    }
    [[nodiscard]] std::span<const std::shared_ptr<const http::AccessRules>> rules() const noexcept {
        const auto* route = request.route();
        if (route == nullptr) return {};
        return route->access;
    }
};

/// Why a request is refused. `detail` has static lifetime.
struct Block {
    int status;
    std::string_view detail = {};
};

}  // namespace portico::guard
