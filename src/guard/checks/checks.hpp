#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "guard/parts.hpp"

/// The checks, in the order in which they run. Each is a file of this folder.
namespace portico::guard::checks {

[[nodiscard]] std::optional<Block> emergency(GuardParts& parts, Visit& visit);
[[nodiscard]] std::optional<Block> ban(GuardParts& parts, Visit& visit);
[[nodiscard]] std::optional<Block> ip(GuardParts& parts, Visit& visit);
[[nodiscard]] std::optional<Block> country(GuardParts& parts, Visit& visit);
[[nodiscard]] std::optional<Block> time_window(GuardParts& parts, Visit& visit);
[[nodiscard]] std::optional<Block> user_agent(GuardParts& parts, Visit& visit);
[[nodiscard]] std::optional<Block> headers(GuardParts& parts, Visit& visit);
[[nodiscard]] std::optional<Block> referrer(GuardParts& parts, Visit& visit);
[[nodiscard]] std::optional<Block> rate_limit(GuardParts& parts, Visit& visit);
/// The same with what all instances have counted together.
[[nodiscard]] core::Task<std::optional<Block>> shared_rate_limit(GuardParts& parts, Visit& visit);
[[nodiscard]] bool is_rate_limited(const Visit& visit) noexcept;
[[nodiscard]] std::optional<Block> detection(GuardParts& parts, Visit& visit);
[[nodiscard]] std::optional<Block> custom(GuardParts& parts, Visit& visit);

struct Check {
    std::string_view name;  ///< Empty: it reports, and asks whether it is bypassed, itself.
    std::optional<Block> (*run)(GuardParts& parts, Visit& visit);
};
[[nodiscard]] std::span<const Check> all() noexcept;

}  // namespace portico::guard::checks
