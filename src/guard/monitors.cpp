#include "guard/monitors.hpp"

#include <algorithm>
#include <mutex>
#include <stdexcept>

namespace portico::guard {

CountedMonitor::CountedMonitor(const http::Monitor& its_monitor, std::size_t capacity)
    : monitor(its_monitor),
      // One more than is allowed, which tells that it is too much.
      window({.limit = its_monitor.most + 1, .window = its_monitor.window, .capacity = capacity}) {
    if (monitor.most < 1 ||
        (monitor.status != 0 && (monitor.status < 100 || monitor.status > 599))) {
        throw std::invalid_argument("monitor: expected a status in 100–599 or 0, and at least 1");
    }
}

Monitors::Monitors(const Config& config) : capacity_(config.rate_limit_capacity) {
    for (const MonitorConfig& monitor : config.monitors) {
        own_.push_back(std::make_unique<CountedMonitor>(
            http::Monitor{.most = monitor.most,
                          .window = std::chrono::seconds(monitor.window),
                          .status = monitor.status,
                          .action = monitor.action},
            capacity_));
    }
}

bool Monitors::watches(const http::Request& request) const noexcept {
    if (!own_.empty()) return true;
    return request.route() != nullptr &&
           std::ranges::any_of(request.route()->access,
                               [](const auto& rules) { return !rules->monitors.empty(); });
}

Monitors::Group& Monitors::group_of(const std::shared_ptr<const http::AccessRules>& rules) {
    {
        const std::shared_lock lock(mutex_);
        const auto found = of_routes_.find(rules.get());
        if (found != of_routes_.end()) return found->second.group;
    }
    const std::unique_lock lock(mutex_);
    OfRules& made = of_routes_[rules.get()];
    if (made.rules == nullptr) {
        made.rules = rules;
        for (const http::Monitor& monitor : rules->monitors) {
            made.group.push_back(std::make_unique<CountedMonitor>(monitor, capacity_));
        }
    }
    return made.group;
}

std::vector<http::Monitor> Monitors::record(const http::Request& request, int status,
                                            const http::IpAddress& client) {
    std::vector<http::Monitor> exceeded;
    const auto bytes = client.bytes();
    const std::string_view key{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    const auto now = request.clock().steady_now();
    const auto count = [&](const Group& group) {
        for (const auto& counted : group) {
            const http::Monitor& monitor = counted->monitor;
            if (monitor.status != 0 && monitor.status != status) continue;
            if (counted->window.record(key, now).counted > monitor.most)
                exceeded.push_back(monitor);
        }
    };
    count(own_);
    if (request.route() == nullptr) return exceeded;
    for (const auto& rules : request.route()->access) {
        if (!rules->monitors.empty()) count(group_of(rules));
    }
    return exceeded;
}

}  // namespace portico::guard
