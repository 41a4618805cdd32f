// Scans cases and prints what is found, by group: tests/guard/corpus/corpus.py feeds it.
//
// A case is a line: group, tab, label ("attack" or "clean"), tab, method, tab, URI, tab, header
// fields as "Name: value" joined by line breaks, tab, body. URI, fields and body are
// percent-encoded once more, so that any byte can be in them. A case whose method is "-" is a bare
// value, the URI.

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <string>

#include "portico/guard/detection.hpp"

namespace {

using namespace portico;

int hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0) {
            out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string_view take(std::string_view& text, char end) {
    const auto at = std::min(text.find(end), text.size());
    const auto out = text.substr(0, at);
    text.remove_prefix(std::min(at + 1, text.size()));
    return out;
}

void scan_request(guard::Scan& scan, std::string_view uri, std::string_view fields,
                  std::string_view body) {
    const auto path = uri.substr(0, uri.find('?'));
    scan.path(path);
    if (path.size() < uri.size()) scan.query(uri.substr(path.size() + 1));
    std::string_view type;
    while (!fields.empty()) {
        auto value = take(fields, '\n');
        const auto name = take(value, ':');
        if (value.starts_with(' ')) value.remove_prefix(1);
        if (http::equal_names(name, "Content-Type")) type = value;
        scan.header(name, value);
    }
    scan.body(type, body);
}

struct Count {
    int cases = 0;
    int found = 0;
    int not_scanned = 0;
};

}  // namespace

int main(int argc, char** argv) {
    const std::string_view show = argc > 1 ? argv[1] : "";
    const auto detector = guard::Detector::create();
    if (!detector) {
        fmt::print(stderr, "{}\n", detector.error());
        return 2;
    }
    std::map<std::string, Count> counts;
    std::map<std::string_view, int> by_rule;
    std::string line;
    while (std::getline(std::cin, line)) {
        std::string_view rest = line;
        const std::string group(take(rest, '\t'));
        const auto label = take(rest, '\t');
        const auto method = take(rest, '\t');
        const std::string uri = decoded(take(rest, '\t'));
        const std::string fields = decoded(take(rest, '\t'));
        const std::string body = decoded(take(rest, '\t'));
        guard::Scan scan{*detector};
        if (method == "-") {
            scan.value(guard::Place::query_value, "", uri);
        } else {
            scan_request(scan, uri, fields, body);
        }
        auto& count = counts[group + " " + std::string(label)];
        ++count.cases;
        count.found += scan.is_attack() ? 1 : 0;
        count.not_scanned += scan.was_all_scanned() ? 0 : 1;
        if (label == "clean" && scan.is_attack()) {
            for (const auto& hit : scan.hits()) ++by_rule[hit.rule];
        }
        const bool wrong = scan.is_attack() != (label == "attack");
        if (show == "all" || (show == label && wrong)) {
            fmt::print("{} {} {}", group, label, scan.score());
            for (const auto& hit : scan.hits())
                fmt::print(" {}@{}:{}", hit.rule, name_of(hit.place), hit.field);
            fmt::print("\n    {}\n", line.substr(0, 700));
        }
    }
    for (const auto& [name, count] : counts) {
        fmt::print("{:<48} {:>6} of {:>6} found ({:.2f} %)", name, count.found, count.cases,
                   100.0 * count.found / count.cases);
        if (count.not_scanned > 0) fmt::print(", {} not scanned", count.not_scanned);
        fmt::print("\n");
    }
    for (const auto& [rule, times] : by_rule) fmt::print("  {}: {} clean cases\n", rule, times);
}
