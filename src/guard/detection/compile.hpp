#pragma once

#include <expected>
#include <span>
#include <string>
#include <vector>

#include "guard/detection/automaton.hpp"
#include "portico/guard/detection_rule.hpp"

namespace portico::guard::detail {

/// The automata of `rules`, a few for each category. A pattern's id is its rule's index and
/// `first`. An error names the rule.
[[nodiscard]] std::expected<std::vector<Automaton>, std::string> compile_rules(
    std::span<const Rule> rules, std::size_t first);

}  // namespace portico::guard::detail
