#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "guard/detection/built_in_rules.hpp"
#include "guard/detection/compile.hpp"
#include "guard/detection/tables.hpp"

namespace portico::guard {
namespace {

constexpr std::size_t kMaxRules = 1024;

}  // namespace

std::expected<Detector, std::string> Detector::create(DetectionOptions options) {
    if (options.threshold < 1 || options.threshold > 100) {
        return std::unexpected(
            fmt::format("threshold: expected a number in 1–100, got {}", options.threshold));
    }
    Tables tables{.rules = built_in_rules()};
    const std::size_t built_in = tables.rules.size();
    tables.rules.insert(tables.rules.end(), std::make_move_iterator(options.rules.begin()),
                        std::make_move_iterator(options.rules.end()));
    if (tables.rules.size() > kMaxRules) return std::unexpected("there are more than 1024 rules");
    tables.threshold = options.threshold;
    tables.max_steps = options.max_steps;

    std::set<std::string_view> unknown(options.disabled_rules.begin(),
                                       options.disabled_rules.end());
    const auto disabled = unknown;
    std::set<std::string_view> ids;
    for (const Rule& rule : tables.rules) {
        const auto fault = [&](std::string_view what) {
            return std::unexpected(fmt::format("rule [{}]: {}", rule.id, what));
        };
        if (!ids.insert(rule.id).second) return fault("there are two of that id");
        if (rule.score < 1 || rule.score > 5) return fault("a score is a number in 1–5");
        unknown.erase(rule.id);
        Tables::Entry& entry = tables.entries.emplace_back();
        entry.where = rule.where;
        if (disabled.contains(rule.id) ||
            std::ranges::find(options.disabled_categories, rule.category) !=
                options.disabled_categories.end()) {
            entry.where = 0;
        }
        if (!rule.confirm.empty()) {
            const auto confirmation = detail::confirmation_of(rule.confirm);
            if (!confirmation) return fault(fmt::format("\"{}\" confirms nothing", rule.confirm));
            entry.confirmation = *confirmation;
        }
    }
    if (!unknown.empty()) {
        return std::unexpected(
            fmt::format("disabled_rules: there is no rule \"{}\"", *unknown.begin()));
    }
    auto automata = detail::built_in_automata();
    auto own = detail::compile_rules(std::span(tables.rules).subspan(built_in), built_in);
    if (!own) return std::unexpected(own.error());
    automata.insert(automata.end(), own->begin(), own->end());
    if (automata.size() > detail::Matcher::kMaxAutomata) {
        return std::unexpected("the rules are too many and too large together");
    }
    tables.matcher = detail::Matcher(std::move(automata));
    for (std::size_t i = 0; i < tables.matcher.automata().size(); ++i) {
        PlaceSet where = 0;
        for (const std::uint32_t id : tables.matcher.automata()[i].ids()) {
            where |= tables.entries[id].where;
        }
        for (std::size_t place = 0; place < kPlaces; ++place) {
            if (((where >> place) & 1U) != 0) tables.automata[place] |= std::uint64_t{1} << i;
        }
    }
    return Detector(std::make_shared<const Tables>(std::move(tables)));
}

std::span<const Rule> Detector::rules() const noexcept {
    return tables_->rules;
}

int Detector::threshold() const noexcept {
    return tables_->threshold;
}

std::size_t Detector::memory() const noexcept {
    return tables_->matcher.memory();
}

}  // namespace portico::guard
