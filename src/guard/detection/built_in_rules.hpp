#pragma once

#include <vector>

#include "guard/detection/automaton.hpp"
#include "portico/guard/detection_rule.hpp"

namespace portico::guard::detail {

/// What the build has compiled `built_in_rules()` to.
[[nodiscard]] std::vector<Automaton> built_in_automata();

}  // namespace portico::guard::detail
