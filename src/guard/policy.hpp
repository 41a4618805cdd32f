#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "guard/limits.hpp"
#include "portico/guard/config.hpp"
#include "portico/guard/detection.hpp"
#include "portico/http/cidr.hpp"

namespace portico::guard {

/// A configuration, ready for use. Immutable: another one takes its place as a whole.
struct Policy {
    Config config;
    http::CidrSet emergency_whitelist;
    http::CidrSet whitelist;
    http::CidrSet blacklist;
    http::CidrSet metrics_allow;
    std::vector<std::string> user_agents;  ///< In lower case.
    std::shared_ptr<const LimitGroup> limits;
    Detector detector;

    /// What has not changed since `before` is kept, with its counts; `own_detector` takes the place
    /// of what the configuration says. The error names every fault.
    [[nodiscard]] static std::expected<std::unique_ptr<const Policy>, std::string> make(
        const Config& config, const Detector* own_detector, const Policy* before);

    [[nodiscard]] bool is_excluded(std::string_view path) const noexcept;
    /// The text of an answer, if the configuration has another.
    [[nodiscard]] std::string_view detail_of(const Block& block) const noexcept;
};

/// The configuration with what its `dynamic_rules_file` says instead: only members that can change
/// while the program runs. The error names every fault.
[[nodiscard]] std::expected<Config, std::string> with_dynamic_rules(const Config& config);

/// The same for an object of JSON from Redis, which may not name files.
[[nodiscard]] std::expected<Config, std::string> with_shared_rules(const Config& config,
                                                                   std::string_view json);

}  // namespace portico::guard
