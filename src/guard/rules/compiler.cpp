// Part of the build: reads the rules, refuses what is wrong with them, and writes what the library
// embeds: their text, and the automata that they become.
//
//     portico_guard_rules TEXT TABLES FILE…

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "guard/detection/compile.hpp"

namespace {

using namespace portico::guard;

bool write(const char* path, const std::string& bytes) {
    std::ofstream out(path, std::ios::binary);
    out << bytes;
    return out.good();
}

int compile(int argc, char** argv) {
    std::string text;
    std::vector<Rule> rules;
    for (int i = 3; i < argc; ++i) {
        std::ifstream in(argv[i], std::ios::binary);
        const std::string file{std::istreambuf_iterator<char>(in), {}};
        auto read = parse_rules(file, argv[i]);
        if (!read) {
            fmt::print(stderr, "{}\n", read.error());
            return 1;
        }
        rules.insert(rules.end(), read->begin(), read->end());
        text += file;
    }
    const auto automata = detail::compile_rules(rules, 0);
    if (!automata) {
        fmt::print(stderr, "{}\n", automata.error());
        return 1;
    }
    std::string tables;
    for (const auto& automaton : *automata) automaton.save(tables);
    return write(argv[1], text) && write(argv[2], tables) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc > 3) return compile(argc, argv);
    fmt::print(stderr, "usage: portico_guard_rules TEXT TABLES FILE...\n");
    return 2;
}
