#include "portico/guard/guard_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "guard/explain.hpp"
#include "guard/log_report.hpp"
#include "guard/read_file.hpp"
#include "portico/guard/detection_rule.hpp"
#include "portico/http/headers.hpp"

namespace portico::guard {
namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongUse = 2;

constexpr std::string_view kHelp =
    R"(usage: {0} guard test [OPTIONS] REQUEST | report [FILE] | rules [ID]

  test REQUEST     says what the guard would do with a request, and why; exit status 1 when
                   it would be refused: {0} guard test 'GET /items?q=1 OR 1=1'
    --header 'NAME: VALUE'   a field of it, as often as you like
    --body TEXT              its body; @FILE: what a file holds
    --from ADDRESS           whose it is (192.0.2.1)

  report FILE      sums up a security log by check, rule, route and address, and names fields
                   that are refused to many; -: standard input; without FILE: the settings'
  rules            lists what detection looks for
  rules ID         explains one of them, with examples

The configuration is that of the program's settings.
)";

int fail(int status, std::string_view sentence) {
    fmt::print(stderr, "guard: {}\n", sentence);
    return status;
}

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

/// "GET /x?q=1", or the target alone.
void read_request_line(std::string_view line, bool has_body, ImaginedRequest& request) {
    line = trimmed(line);
    request.method = has_body ? "POST" : "GET";
    if (const auto space = line.find(' '); !line.starts_with('/') && space != line.npos) {
        request.method = line.substr(0, space);
        line = trimmed(line.substr(space));
    }
    if (const auto version = line.rfind(" HTTP/1."); version != line.npos) {
        line = line.substr(0, version);
    }
    request.target = line;
}

std::string guess_type(std::string_view body) {
    return body.starts_with('{') || body.starts_with('[') ? "application/json"
                                                          : "application/x-www-form-urlencoded";
}

std::expected<ImaginedRequest, std::string> read_test(std::span<char* const> words) {
    ImaginedRequest request{.client = *http::IpAddress::parse("192.0.2.1")};
    std::optional<std::string_view> line;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view word = words[i];
        if (!word.starts_with("--")) {
            if (line) return std::unexpected("one request at a time: put it in quotes");
            line = word;
            continue;
        }
        if (i + 1 == words.size()) return std::unexpected(fmt::format("{} needs a value", word));
        const std::string_view value = words[++i];
        if (word == "--header") {
            const auto colon = value.find(':');
            if (colon == value.npos || colon == 0) {
                return std::unexpected("--header: expected 'Name: value'");
            }
            request.headers.emplace_back(value.substr(0, colon), trimmed(value.substr(colon + 1)));
        } else if (word == "--body") {
            request.body = value;
            if (value.starts_with('@')) {
                auto text = read_file(std::string(value.substr(1)));
                if (!text) return std::unexpected(std::move(text.error()));
                request.body = *std::move(text);
            }
        } else if (word == "--from") {
            const auto address = http::IpAddress::parse(value);
            if (!address) return std::unexpected("--from: expected an IPv4 or IPv6 address");
            request.client = *address;
        } else {
            return std::unexpected(fmt::format("unknown option {}", word));
        }
    }
    if (!line) return std::unexpected("expected a request: guard test 'GET /items?q=1'");
    read_request_line(*line, !request.body.empty(), request);
    const auto given = [&](std::string_view name) {
        return std::ranges::any_of(request.headers, [&](const auto& field) {
            return http::equal_names(field.first, name);
        });
    };
    if (!request.body.empty() && !given("Content-Type")) {
        request.headers.emplace_back("Content-Type", guess_type(request.body));
    }
    return request;
}

int test(const GuardCommandOptions& options, std::span<char* const> words) {
    auto request = read_test(words);
    if (!request) return fail(kWrongUse, request.error());
    const auto config = options.config();
    if (!config) return fail(kWrongUse, config.error());
    try {
        const auto explanation = explain(*config, options.routes, *std::move(request));
        if (!explanation) return fail(kWrongUse, explanation.error());
        fmt::print("{}", explanation->text);
        return explanation->refused ? kFailed : kDone;
    } catch (const std::invalid_argument& nonsense) {  // a file that can't be opened
        fmt::print(stderr, "{}\n", nonsense.what());
        return kWrongUse;
    }
}

int report(const GuardCommandOptions& options, std::span<char* const> words) {
    if (words.size() > 1) return fail(kWrongUse, "report: expected one file");
    std::string name;
    if (words.empty()) {
        const auto config = options.config();
        if (!config) return fail(kWrongUse, config.error());
        name = config->log_file;
        if (name.empty()) return fail(kWrongUse, "report: the settings name no log_file");
    } else {
        name = words[0];
    }
    LogReport report;
    std::ifstream file;
    if (name != "-") {
        file.open(name);
        if (!file) return fail(kFailed, fmt::format("{}: {}", name, std::strerror(errno)));
    }
    std::istream& from = name == "-" ? std::cin : file;
    for (std::string line; std::getline(from, line);) report.add(line);
    fmt::print("{}", report.text());
    return kDone;
}

int show_rules(std::span<char* const> words) {
    if (words.size() > 1) return fail(kWrongUse, "rules: expected one id");
    const auto rules = built_in_rules();
    if (words.empty()) {
        for (const Rule& rule : rules) {
            fmt::print("{:<32} {:<20} {:<8} {}  {}\n", rule.id, name_of(rule.category),
                       name_of(rule.severity), rule.score, rule.about);
        }
        return kDone;
    }
    const auto rule = std::ranges::find(rules, std::string_view(words[0]), &Rule::id);
    if (rule == rules.end()) {
        return fail(kFailed, fmt::format("there is no rule \"{}\"", words[0]));
    }
    fmt::print("{}\n  {}\n  {}, {}, score {} of 5\n", rule->id, rule->about,
               name_of(rule->category), name_of(rule->severity), rule->score);
    for (const std::string& text : rule->attack) fmt::print("  finds       {}\n", text);
    for (const std::string& text : rule->clean) fmt::print("  lets pass   {}\n", text);
    return kDone;
}

}  // namespace

int guard_command(const GuardCommandOptions& options, int argc, char** argv) {
    const std::span<char* const> words(argv + 1, static_cast<std::size_t>(std::max(argc - 1, 0)));
    if (!words.empty()) {
        const std::string_view command = words[0];
        if (command == "test") return test(options, words.subspan(1));
        if (command == "report") return report(options, words.subspan(1));
        if (command == "rules") return show_rules(words.subspan(1));
        if (command == "--help" || command == "-h") {
            fmt::print(fmt::runtime(kHelp), options.program);
            return kDone;
        }
        fail(kWrongUse, fmt::format("unknown command \"{}\"", command));
    }
    fmt::print(stderr, fmt::runtime(kHelp), options.program);
    return kWrongUse;
}

}  // namespace portico::guard
