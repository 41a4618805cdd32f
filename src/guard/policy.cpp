#include "guard/policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "guard/detection/bytes.hpp"
#include "guard/read_file.hpp"
#include "portico/model/json.hpp"
#include "portico/model/partial.hpp"
#include "portico/model/read.hpp"

namespace portico::guard {
namespace {

// The rest is about stores and files that are made once. The first names files, which those who can
// write to Redis must not choose.
constexpr std::array<std::string_view, 22> kChangeable{"blacklist_files",
                                                       "enabled",
                                                       "passive_mode",
                                                       "emergency_mode",
                                                       "emergency_whitelist",
                                                       "whitelist",
                                                       "blacklist",
                                                       "enable_rate_limiting",
                                                       "rate_limit",
                                                       "rate_limit_window",
                                                       "rate_limit_burst",
                                                       "enable_ip_banning",
                                                       "enable_penetration_detection",
                                                       "max_scan_body",
                                                       "refuse_unscanned",
                                                       "detection_threshold",
                                                       "disabled_rules",
                                                       "blocked_user_agents",
                                                       "blocked_countries",
                                                       "whitelist_countries",
                                                       "exclude_paths",
                                                       "custom_error_responses"};

void add_fault(std::string& all, std::string_view field, std::string_view message) {
    if (!all.empty()) all += "; ";
    all += field;
    if (!field.empty()) all += ": ";
    all += message;
}

/// What is behind a "#" is for people.
std::string_view without_comment(std::string_view line) noexcept {
    line = line.substr(0, line.find('#'));
    while (!line.empty() && detail::is_space(static_cast<unsigned char>(line.back()))) {
        line.remove_suffix(1);
    }
    while (!line.empty() && detail::is_space(static_cast<unsigned char>(line.front()))) {
        line.remove_prefix(1);
    }
    return line;
}

std::expected<http::CidrSet, std::string> blacklist_of(const Config& config) {
    const http::CidrSet own = http::CidrSet::parse(config.blacklist).value();
    std::vector<http::Cidr> blocks(own.blocks().begin(), own.blocks().end());
    for (const std::string& name : config.blacklist_files) {
        const auto text = read_file(name);
        if (!text) return std::unexpected("blacklist_files: " + text.error());
        std::size_t number = 0;
        for (std::string_view rest = *text; !rest.empty();) {
            ++number;
            const std::size_t end = std::min(rest.find('\n'), rest.size());
            const std::string_view line = without_comment(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
            if (line.empty()) continue;
            const auto block = http::Cidr::parse(line);
            if (!block) {
                return std::unexpected(fmt::format("blacklist_files: {}:{}: {}", name, number,
                                                   http::describe(block.error())));
            }
            blocks.push_back(*block);
        }
    }
    return http::CidrSet(std::move(blocks));
}

std::expected<Detector, std::string> detector_of(const Config& config) {
    DetectionOptions options{.threshold = static_cast<int>(config.detection_threshold),
                             .disabled_rules = config.disabled_rules};
    if (config.detection_rules_file) {
        const auto text = read_file(*config.detection_rules_file);
        if (!text) return std::unexpected("detection_rules_file: " + text.error());
        auto rules = parse_rules(*text, *config.detection_rules_file);
        if (!rules) return std::unexpected("detection_rules_file: " + rules.error());
        options.rules = *std::move(rules);
    }
    return Detector::create(std::move(options));
}

bool same_number(std::uint32_t one, std::uint32_t other) {
    return one == other;
}

bool detects_alike(const Config& one, const Config& other) {
    // The file may have changed.
    return !one.detection_rules_file &&
           same_number(one.detection_threshold, other.detection_threshold) &&
           static_cast<const std::vector<std::string>&>(one.disabled_rules) ==
               static_cast<const std::vector<std::string>&>(other.disabled_rules);
}

bool limits_alike(const Config& one, const Config& other) {
    return same_number(one.rate_limit, other.rate_limit) &&
           same_number(one.rate_limit_window, other.rate_limit_window) &&
           same_number(one.rate_limit_burst, other.rate_limit_burst);
}

std::expected<Config, std::string> with_changes(const Config& config, std::string_view json,
                                                std::span<const std::string_view> changeable) {
    const auto parsed = model::Json::parse(json);
    if (!parsed || !parsed->is_object()) return std::unexpected("expected an object of JSON");
    std::string faults;
    for (const auto& [name, value] : parsed->members()) {
        if (std::ranges::find(changeable, name) == changeable.end()) {
            add_fault(faults, name, "can't be changed while the program runs, or does not exist");
        }
    }
    auto changes = model::read_json<model::Partial<Config>>(json);
    if (!changes) {
        for (auto fault : changes.error().list()) {
            fault.loc.erase(fault.loc.begin());  // "body"
            add_fault(faults, fault.joined_loc(), fault.msg);
        }
    }
    if (!faults.empty()) return std::unexpected(std::move(faults));
    Config changed = config;
    changes->apply_to(changed);
    return changed;
}

}  // namespace

std::expected<std::unique_ptr<const Policy>, std::string> Policy::make(const Config& config,
                                                                       const Detector* own_detector,
                                                                       const Policy* before) {
    std::string faults;
    for (const auto& [field, message] : check(config)) add_fault(faults, field, message);
    if (!faults.empty()) return std::unexpected(std::move(faults));

    const bool keeps_detector = before != nullptr && detects_alike(before->config, config);
    auto detector = own_detector != nullptr ? *own_detector
                    : keeps_detector        ? before->detector
                                            : detector_of(config);
    if (!detector) return std::unexpected(std::move(detector.error()));
    auto blacklist = blacklist_of(config);
    if (!blacklist) return std::unexpected(std::move(blacklist.error()));
    auto policy = std::make_unique<Policy>(
        Policy{.config = config,
               .emergency_whitelist = http::CidrSet::parse(config.emergency_whitelist).value(),
               .whitelist = http::CidrSet::parse(config.whitelist).value(),
               .blacklist = *std::move(blacklist),
               .metrics_allow = http::CidrSet::parse(config.metrics_allow).value(),
               .user_agents = {},
               .limits = before != nullptr && limits_alike(before->config, config)
                             ? before->limits
                             : Limits::own_of(config),
               .detector = *std::move(detector)});
    for (std::string part : config.blocked_user_agents) {
        std::ranges::transform(part, part.begin(), detail::lower);
        policy->user_agents.push_back(std::move(part));
    }
    return policy;
}

bool Policy::is_excluded(std::string_view path) const noexcept {
    return std::ranges::any_of(config.exclude_paths, [&](const std::string& excluded) {
        return path.starts_with(excluded) &&
               (path.size() == excluded.size() || path[excluded.size()] == '/');
    });
}

std::string_view Policy::detail_of(const Block& block) const noexcept {
    const auto other = config.custom_error_responses.find(static_cast<std::uint16_t>(block.status));
    return other != config.custom_error_responses.end() ? std::string_view(other->second)
                                                        : block.detail;
}

std::expected<Config, std::string> with_dynamic_rules(const Config& config) {
    if (!config.dynamic_rules_file) return config;
    const auto json = read_file(*config.dynamic_rules_file);
    if (!json) return std::unexpected("dynamic_rules_file: " + json.error());
    auto changed = with_changes(config, *json, kChangeable);
    if (!changed) return std::unexpected("dynamic_rules_file: " + changed.error());
    return changed;
}

std::expected<Config, std::string> with_shared_rules(const Config& config, std::string_view json) {
    return with_changes(config, json, std::span(kChangeable).subspan(1));
}

}  // namespace portico::guard
