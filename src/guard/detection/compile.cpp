#include "guard/detection/compile.hpp"

#include <fmt/format.h>

#include <array>

namespace portico::guard::detail {

std::expected<std::vector<Automaton>, std::string> compile_rules(std::span<const Rule> rules,
                                                                 std::size_t first) {
    struct Group {
        Nfa nfa = {};
        std::vector<PatternStart> starts = {};
    };
    std::array<Group, kCategories> groups;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const Rule& rule = rules[i];
        auto& [nfa, starts] = groups[static_cast<std::size_t>(rule.category)];
        for (const std::string& pattern : rule.patterns) {
            const auto added =
                add_pattern(nfa, pattern, static_cast<std::uint32_t>(first + i), starts);
            if (!added)
                return std::unexpected(fmt::format("rule [{}]: {}", rule.id, added.error()));
        }
    }
    std::vector<Automaton> out;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const auto& [nfa, starts] = groups[i];
        if (starts.empty()) continue;
        auto automaton = Automaton::build(nfa, starts);
        if (!automaton) {
            return std::unexpected(fmt::format(
                "the rules of {}: {}", name_of(static_cast<Category>(i)), automaton.error()));
        }
        out.push_back(std::move(*automaton));
    }
    return out;
}

}  // namespace portico::guard::detail
