#include "guard/detection/built_in_rules.hpp"

#include "guard_rules.hpp"

namespace portico::guard {

std::vector<Rule> built_in_rules() {
    // The build has refused what can't be read.
    return parse_rules(rules::built_in_rules(), "built-in").value();
}

std::vector<detail::Automaton> detail::built_in_automata() {
    std::vector<Automaton> out;
    for (std::string_view rest = rules::built_in_tables(); !rest.empty();) {
        out.push_back(Automaton::load(rest));
    }
    return out;
}

}  // namespace portico::guard
