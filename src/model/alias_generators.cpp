#include <algorithm>

#include "portico/model/member_options.hpp"

/// As Pydantic's: each is made of the name in title case, without the underscores between words.
namespace portico::model {
namespace {

bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_word(char c) {
    return is_lower(c) || is_upper(c) || is_digit(c);
}

/// "userName" and "name" are camel case already; "page2of" is not: a letter after a digit is a
/// word.
bool is_camel(std::string_view name) {
    if (name.empty() || !is_lower(name.front()) || !std::ranges::all_of(name, is_word)) {
        return false;
    }
    return std::ranges::adjacent_find(
               name, [](char a, char b) { return is_digit(a) && is_lower(b); }) == name.end();
}

}  // namespace

std::string to_pascal(std::string_view name) {
    std::string title(name);
    bool start = true;
    for (char& c : title) {
        if (start && is_lower(c)) c = static_cast<char>(c - 'a' + 'A');
        if (!start && is_upper(c)) c = static_cast<char>(c - 'A' + 'a');
        start = !is_lower(c) && !is_upper(c);
    }
    std::string pascal;
    for (std::size_t i = 0; i < title.size(); ++i) {
        const bool between = title[i] == '_' && i > 0 && i + 1 < title.size() &&
                             is_word(title[i - 1]) &&
                             (is_upper(title[i + 1]) || is_digit(title[i + 1]));
        if (!between) pascal += title[i];
    }
    return pascal;
}

std::string to_camel(std::string_view name) {
    if (is_camel(name)) return std::string(name);
    std::string camel = to_pascal(name);
    const auto first = camel.find_first_not_of('_');
    if (first != camel.npos && is_upper(camel[first])) {
        camel[first] = static_cast<char>(camel[first] - 'A' + 'a');
    }
    return camel;
}

std::string to_kebab(std::string_view name) {
    std::string kebab(name);
    std::ranges::replace(kebab, '_', '-');
    return kebab;
}

}  // namespace portico::model
