#include "guard/detection/compile.hpp"

#include <fmt/format.h>

#include <optional>

namespace portico::guard::detail {

namespace {

/// From here on rules of a category get another automaton: together patterns have more states than
/// one by one.
constexpr std::size_t kMaxShared = 4000;

// Texts of bodies are long and fields are many: both are spared the rules that are not about them.
constexpr int kKinds = 3;
int kind_of(const Rule& rule) {
    if ((rule.where & place_bit(Place::body_value)) != 0) return 0;
    return (rule.where & place_bit(Place::header)) != 0 ? 1 : 2;
}

struct Group {
    Nfa nfa = {};
    std::vector<PatternStart> starts = {};
};

std::expected<void, std::string> add(Group& group, const Rule& rule, std::size_t id) {
    for (const std::string& pattern : rule.patterns) {
        const auto added =
            add_pattern(group.nfa, pattern, static_cast<std::uint32_t>(id), group.starts);
        if (!added) return std::unexpected(fmt::format("rule [{}]: {}", rule.id, added.error()));
    }
    return {};
}

}  // namespace

std::expected<std::vector<Automaton>, std::string> compile_rules(std::span<const Rule> rules,
                                                                 std::size_t first) {
    std::vector<Automaton> out;
    for (int i = 0; i < kKinds * kCategories; ++i) {
        const auto category = static_cast<Category>(i / kKinds);
        const int kind = i % kKinds;
        Group group;
        std::optional<Automaton> shared;
        for (std::size_t index = 0; index < rules.size(); ++index) {
            const Rule& rule = rules[index];
            if (rule.category != category || kind_of(rule) != kind) continue;
            Group more = group;
            if (const auto added = add(more, rule, first + index); !added) {
                return std::unexpected(added.error());
            }
            auto automaton = Automaton::build(more.nfa, more.starts);
            if (shared && (!automaton || automaton->states() > kMaxShared)) {
                out.push_back(std::move(*shared));
                more = {};
                (void)add(more, rule, first + index);
                automaton = Automaton::build(more.nfa, more.starts);
            }
            if (!automaton) {
                return std::unexpected(fmt::format("rule [{}]: {}", rule.id, automaton.error()));
            }
            shared = std::move(*automaton);
            group = std::move(more);
        }
        if (shared) out.push_back(std::move(*shared));
    }
    return out;
}

}  // namespace portico::guard::detail
