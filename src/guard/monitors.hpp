#pragma once

#include <memory>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include "portico/core/sliding_window.hpp"
#include "portico/guard/config.hpp"
#include "portico/http/access_rules.hpp"
#include "portico/http/ip_address.hpp"
#include "portico/http/request.hpp"

namespace portico::guard {

/// A monitor and its count.
struct CountedMonitor {
    CountedMonitor(const http::Monitor& its_monitor, std::size_t capacity);

    http::Monitor monitor;
    core::SlidingWindow window;
};

/// The monitors of the configuration and of routes.
class Monitors {
public:
    explicit Monitors(const Config& config);

    /// Counts an answer; those monitors that it is too much for.
    [[nodiscard]] std::vector<http::Monitor> record(const http::Request& request, int status,
                                                    const http::IpAddress& client);
    /// Whether there is anything to count.
    [[nodiscard]] bool watches(const http::Request& request) const noexcept;

private:
    using Group = std::vector<std::unique_ptr<CountedMonitor>>;
    struct OfRules {
        std::shared_ptr<const http::AccessRules> rules;  // kept, so that their address is theirs
        Group group;
    };

    Group& group_of(const std::shared_ptr<const http::AccessRules>& rules);

    std::size_t capacity_;
    Group own_;
    std::shared_mutex mutex_;
    std::unordered_map<const http::AccessRules*, OfRules> of_routes_;
};

}  // namespace portico::guard
