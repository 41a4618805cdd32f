#include <algorithm>
#include <array>

#include "guard/checks/checks.hpp"
#include "guard/detection/bytes.hpp"

namespace portico::guard::checks {
namespace {

/// A longer field is looked at no further: no client of people's has one.
constexpr std::size_t kLongest = 512;

/// In the shape of the configuration's texts.
std::string_view lowered(std::string_view text, std::array<char, kLongest>& buffer) noexcept {
    text = text.substr(0, kLongest);
    std::ranges::transform(text, buffer.begin(), detail::lower);
    return {buffer.data(), text.size()};
}

bool holds(std::string_view agent, std::string_view part) {
    return !std::ranges::search(agent, part, {}, {}, detail::lower).empty();
}

}  // namespace

std::optional<Block> user_agent(GuardParts&, Visit& visit) {
    std::array<char, kLongest> buffer;
    const auto agent = lowered(visit.request.header("User-Agent"), buffer);
    bool blocked = std::ranges::any_of(
        visit.policy.user_agents, [&](const auto& part) { return agent.find(part) != agent.npos; });
    for (const auto& rules : visit.rules()) {
        blocked = blocked || std::ranges::any_of(rules->blocked_user_agents, [&](const auto& part) {
                      return holds(agent, part);
                  });
    }
    if (!blocked) return {};
    return Block{403, "User-Agent not allowed"};
}

}  // namespace portico::guard::checks
