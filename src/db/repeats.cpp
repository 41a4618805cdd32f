#include "portico/db/detail/repeats.hpp"

#include <algorithm>
#include <string>

namespace portico::db::detail {
namespace {

// A session with more has other troubles.
constexpr std::size_t kMostStatements = 64;

}  // namespace

void Repeats::add(const Statement& statement, const RepeatWatch& watch) {
    const std::size_t hash = std::hash<std::string_view>{}(statement.key);
    auto found = std::ranges::find(counts_, hash, &Count::statement);
    if (found == counts_.end()) {
        if (counts_.size() == kMostStatements) return;
        found = counts_.insert(counts_.end(), {hash, 0});
    }
    if (++found->times != watch.most + 1) return;
    std::string text;
    statement.write(statement.key, statement.source, watch.dialect, text);
    watch.tell({.text = text, .times = found->times});
}

}  // namespace portico::db::detail
