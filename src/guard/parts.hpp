#pragma once

#include <atomic>
#include <expected>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "guard/limits.hpp"
#include "guard/monitors.hpp"
#include "guard/policy.hpp"
#include "guard/shared_limits.hpp"
#include "guard/visit.hpp"
#include "portico/guard/ban_list.hpp"
#include "portico/guard/config.hpp"
#include "portico/guard/detection.hpp"
#include "portico/guard/geo_database.hpp"
#include "portico/guard/guard_middleware.hpp"
#include "portico/guard/shared_bans.hpp"
#include "portico/guard/shared_rules.hpp"
#include "portico/http/cidr.hpp"

namespace portico::guard {

/// What the checks work with: the policy that holds now, and the stores.
struct GuardParts {
    GuardParts(const Config& its_config, GuardServices its_services);

    const Config config;  ///< That of the start.
    GuardServices services;
    std::optional<GeoDatabase> geo;
    std::optional<SharedBans> shared_bans;
    std::optional<SharedRules> shared_rules;
    BanList bans;
    Limits limits;
    std::optional<SharedLimits> shared_limits;
    std::optional<Monitors> monitors;

    [[nodiscard]] const Policy& policy() const noexcept {
        return *current.load(std::memory_order_acquire);
    }
    /// Reads `dynamic_rules_file`, and what the policy is made of, anew.
    [[nodiscard]] std::expected<void, std::string> renew();
    /// Takes what `SharedRules` holds; the error names every fault, and nothing changes.
    [[nodiscard]] std::expected<void, std::string> take_rules(std::string_view json);

    /// Counts a suspicious request against its client; whether it is banned now.
    [[nodiscard]] bool suspect(const Visit& visit);
    [[nodiscard]] bool may_be_banned(const http::IpAddress& address) const noexcept;
    /// Counts an answer, and does what a monitor says about its client.
    void watch(const http::Request& request, int status);

private:
    [[nodiscard]] bool suspect(const http::IpAddress& client);
    [[nodiscard]] std::expected<void, std::string> renew_with(std::string_view json);

    std::mutex mutex;
    std::string rules = "{}";  ///< Of `shared_rules`.
    /// All there have been: a request may still go by an old one.
    std::vector<std::unique_ptr<const Policy>> policies;
    std::atomic<const Policy*> current{nullptr};
};

}  // namespace portico::guard
