#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "guard/limits.hpp"
#include "guard/shared_limits.hpp"
#include "guard/visit.hpp"
#include "portico/guard/ban_list.hpp"
#include "portico/guard/config.hpp"
#include "portico/guard/detection.hpp"
#include "portico/guard/geo_database.hpp"
#include "portico/guard/guard_middleware.hpp"
#include "portico/guard/shared_bans.hpp"
#include "portico/http/cidr.hpp"

namespace portico::guard {

/// What the checks work with: the configuration, ready for use, and the stores.
struct GuardParts {
    GuardParts(const Config& its_config, GuardServices its_services);

    Config config;
    GuardServices services;
    http::CidrSet emergency_whitelist;
    http::CidrSet whitelist;
    http::CidrSet blacklist;
    http::CidrSet metrics_allow;
    std::vector<std::string> user_agents;  ///< In lower case.
    std::optional<GeoDatabase> geo;
    std::optional<SharedBans> shared_bans;
    BanList bans;
    Limits limits;
    std::optional<SharedLimits> shared_limits;
    Detector detector;

    /// Counts a suspicious request against its client; whether it is banned now.
    [[nodiscard]] bool suspect(const Visit& visit);
    [[nodiscard]] bool may_be_banned(const http::IpAddress& address) const noexcept;

    [[nodiscard]] bool is_excluded(std::string_view path) const noexcept;
    /// The text of an answer, if the configuration has another.
    [[nodiscard]] std::string_view detail_of(const Block& block) const noexcept;
};

}  // namespace portico::guard
