#include "portico/settings/problems.hpp"

#include <algorithm>

namespace portico::settings {

std::string Problem::to_string() const {
    std::string text = field;
    if (!field.empty()) text += ": ";
    text += message;
    if (!source.empty()) text += " (" + source + ")";
    return text;
}

void Problems::add(std::string_view field, std::string message) {
    if (!field.empty() && has(field)) return;
    list_.push_back({std::string(field), std::move(message), {}});
}

bool Problems::has(std::string_view field) const noexcept {
    return std::ranges::any_of(list_, [&](const Problem& known) {
        return known.field == field ||
               (known.field.size() > field.size() && known.field.starts_with(field) &&
                known.field[field.size()] == '.');
    });
}

std::string_view Sources::of(std::string_view field) const noexcept {
    const auto found = std::ranges::find(list_, field, &Entry::field);
    return found != list_.end() ? std::string_view(found->source) : std::string_view();
}

void Sources::set(std::string_view field, std::string source) {
    const auto found = std::ranges::find(list_, field, &Entry::field);
    if (found != list_.end()) {
        found->source = std::move(source);
    } else {
        list_.push_back({std::string(field), std::move(source)});
    }
}

}  // namespace portico::settings
