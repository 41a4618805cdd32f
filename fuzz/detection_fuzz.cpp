// Any bytes as any part of a request: the scan stays within its steps, and says the same twice. The
// same bytes as rules and as a pattern: they are read, or refused in words.

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "guard/detection/automaton.hpp"
#include "portico/guard/detection.hpp"

namespace {

using namespace portico::guard;

void require(bool holds) {
    if (!holds) std::abort();
}

const Detector& detector() {
    static const Detector made = Detector::create({.max_steps = 100'000}).value();
    return made;
}

constexpr std::array<std::string_view, 6> kTypes{"application/json",
                                                 "application/x-www-form-urlencoded",
                                                 "multipart/form-data; boundary=x",
                                                 "application/xml",
                                                 "text/plain",
                                                 ""};

int score(std::uint8_t kind, std::string_view text) {
    Scan scan(detector());
    switch (kind % 10) {
        case 0:
            scan.path(text);
            break;
        case 1:
            scan.query(text);
            break;
        case 2:
            scan.header("X-Any", text);
            break;
        case 3:
            scan.header("Cookie", text);
            break;
        default:
            scan.body(kTypes[kind % 10U - 4], text);
    }
    require(scan.steps() <= 100'000);
    require(scan.hits().size() <= 16);
    require(scan.is_attack() == (scan.score() >= 5));
    return scan.score();
}

void compile(std::string_view text) {
    if (const auto rules = parse_rules(text, "fuzz"); !rules) require(!rules.error().empty());
    if (text.size() > 64) return;
    detail::Nfa nfa;
    std::vector<detail::PatternStart> starts;
    const auto added = detail::add_pattern(nfa, text, 0, starts);
    if (!added) return require(!added.error().empty());
    if (nfa.nodes.size() > 300) return;
    const auto automaton = detail::Automaton::build(nfa, starts);
    if (!automaton) require(!automaton.error().empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    if (data[0] % 11 == 10) {
        compile(text);
    } else {
        require(score(data[0], text) == score(data[0], text));
    }
    return 0;
}
