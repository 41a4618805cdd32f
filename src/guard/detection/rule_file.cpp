#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "guard/detection/bytes.hpp"
#include "portico/guard/detection_rule.hpp"

namespace portico::guard {
namespace {

constexpr std::size_t kMaxRuleFile = std::size_t{1024} * 1024;

constexpr PlaceSet kAnywhere = (1U << kPlaces) - 1;
constexpr PlaceSet kNamePlaces = place_bit(Place::query_name) | place_bit(Place::body_name);
constexpr PlaceSet kParameterPlaces =
    place_bit(Place::query_value) | place_bit(Place::form_value) | place_bit(Place::cookie);
constexpr PlaceSet kValuePlaces = kParameterPlaces | place_bit(Place::body_value);

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && detail::is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && detail::is_space(text.back())) text.remove_suffix(1);
    return text;
}

std::optional<PlaceSet> places_of(std::string_view word) {
    if (word == "any") return kAnywhere & ~place_bit(Place::document);
    if (word == "names") return kNamePlaces;
    if (word == "values") return kValuePlaces;
    if (word == "parameters") return kParameterPlaces;
    for (int place = 0; place < kPlaces; ++place) {
        if (word == name_of(static_cast<Place>(place))) {
            return place_bit(static_cast<Place>(place));
        }
    }
    return std::nullopt;
}

class RuleFile {
public:
    explicit RuleFile(std::string_view source) : source_(source) {}

    void read(std::string_view text) {
        if (text.size() > kMaxRuleFile) return fault("is larger than 1 MiB");
        while (!text.empty()) {
            ++line_;
            const std::size_t end = std::min(text.find('\n'), text.size());
            read_line(trimmed(text.substr(0, end)));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        finish_rule();
    }

    std::expected<std::vector<Rule>, std::string> result() {
        if (!faults_.empty()) return std::unexpected(std::move(faults_));
        return std::move(rules_);
    }

private:
    void fault(std::string_view what) {
        if (!faults_.empty()) faults_ += '\n';
        faults_ += fmt::format("{}:{}: {}", source_, line_, what);
    }

    void read_line(std::string_view line) {
        if (line.empty() || line.front() == '#') return;
        if (line.front() == '[') return begin_rule(line);
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) return fault("expected \"name: value\" or \"[id]\"");
        const std::string_view key = line.substr(0, colon);
        const std::string_view value = trimmed(line.substr(colon + 1));
        if (value.empty()) return fault(fmt::format("\"{}\" has no value", key));
        if (key.starts_with("let ")) {
            words_[std::string(trimmed(key.substr(4)))] = expanded(value);
        } else if (rules_.empty()) {
            fault("a rule begins with its id: \"[my-rule]\"");
        } else {
            read_field(key, value);
        }
    }

    void begin_rule(std::string_view line) {
        finish_rule();
        Rule rule;
        rule.id = line.substr(1, line.find(']') - 1);
        const auto allowed = [](char c) {
            return (c >= 'a' && c <= 'z') || detail::is_digit(c) || c == '-';
        };
        if (!line.ends_with(']') || rule.id.empty() || rule.id.size() > 64 ||
            !std::ranges::all_of(rule.id, allowed)) {
            fault("an id is lower-case letters, digits and \"-\" in brackets: \"[my-rule]\"");
        }
        rules_.push_back(std::move(rule));
        began_ = line_;
        category_ = severity_ = score_ = false;
    }

    void finish_rule() {
        if (rules_.empty()) return;
        const Rule& rule = rules_.back();
        std::string missing;
        const auto need = [&](bool there, std::string_view name) {
            if (there) return;
            if (!missing.empty()) missing += ", ";
            missing += name;
        };
        need(category_, "category");
        need(severity_, "severity");
        need(score_, "score");
        need(rule.where != 0, "where");
        need(!rule.patterns.empty(), "pattern");
        need(!rule.about.empty(), "about");
        need(!rule.attack.empty(), "attack");
        need(!rule.clean.empty(), "clean");
        if (missing.empty()) return;
        std::swap(line_, began_);
        fault(fmt::format("[{}] lacks {}", rule.id, missing));
        std::swap(line_, began_);
    }

    void read_field(std::string_view key, std::string_view value) {
        Rule& rule = rules_.back();
        if (key == "category") {
            const auto category = category_of(value);
            if (!category) return fault(fmt::format("\"{}\" is no category", value));
            rule.category = *category;
            category_ = true;
        } else if (key == "severity") {
            for (const auto severity :
                 {Severity::low, Severity::medium, Severity::high, Severity::critical}) {
                if (value != name_of(severity)) continue;
                rule.severity = severity;
                severity_ = true;
            }
            if (!severity_) fault("a severity is low, medium, high or critical");
        } else if (key == "score") {
            score_ = value.size() == 1 && value[0] >= '1' && value[0] <= '5';
            if (!score_) return fault("a score is a number in 1–5");
            rule.score = value[0] - '0';
        } else if (key == "where") {
            read_places(value, rule);
        } else if (key == "pattern") {
            rule.patterns.push_back(expanded(value));
        } else if (key == "confirm") {
            rule.confirm = value;
        } else if (key == "about") {
            rule.about = value;
        } else if (key == "attack") {
            rule.attack.emplace_back(value);
        } else if (key == "clean") {
            rule.clean.emplace_back(value);
        } else {
            fault(fmt::format("a rule has no \"{}\"", key));
        }
    }

    void read_places(std::string_view value, Rule& rule) {
        while (!value.empty()) {
            const std::size_t end = std::min(value.find(' '), value.size());
            const auto places = places_of(value.substr(0, end));
            if (!places) fault(fmt::format("\"{}\" is no place", value.substr(0, end)));
            rule.where |= places.value_or(0);
            value = trimmed(value.substr(end));
        }
    }

    /// Puts in what "let name:" has defined, for each %name%.
    std::string expanded(std::string_view text) {
        std::string out;
        while (!text.empty()) {
            const std::size_t begin = text.find('%');
            out += text.substr(0, begin);
            if (begin == std::string_view::npos) break;
            const std::size_t end = text.find('%', begin + 1);
            const auto word = end == std::string_view::npos
                                  ? words_.end()
                                  : words_.find(text.substr(begin + 1, end - begin - 1));
            if (word == words_.end()) {
                out += '%';
                text.remove_prefix(begin + 1);
            } else {
                out += word->second;
                text.remove_prefix(end + 1);
            }
            if (out.size() > kMaxRuleFile) {
                fault("the definitions make a pattern larger than 1 MiB");
                break;
            }
        }
        return out;
    }

    std::string_view source_;
    std::size_t line_ = 0;
    std::size_t began_ = 0;
    bool category_ = false;
    bool severity_ = false;
    bool score_ = false;
    std::map<std::string, std::string, std::less<>> words_;
    std::vector<Rule> rules_;
    std::string faults_;
};

}  // namespace

std::expected<std::vector<Rule>, std::string> parse_rules(std::string_view text,
                                                          std::string_view source) {
    RuleFile file(source);
    file.read(text);
    return file.result();
}

}  // namespace portico::guard
