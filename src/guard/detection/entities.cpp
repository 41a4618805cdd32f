#include "guard/detection/entities.hpp"

#include <algorithm>
#include <array>

#include "guard/detection/bytes.hpp"

namespace portico::guard::detail {
namespace {

struct Name {
    std::string_view name;
    char code;
    bool bare = false;  ///< Also without a semicolon.
};

constexpr auto kNames = std::to_array<Name>({
    {"amp", '&', true},  {"apos", '\''},      {"ast", '*'},      {"bsol", '\\'},
    {"colon", ':'},      {"comma", ','},      {"commat", '@'},   {"dollar", '$'},
    {"equals", '='},     {"excl", '!'},       {"grave", '`'},    {"gt", '>', true},
    {"hat", '^'},        {"hyphen", '-'},     {"lbrace", '{'},   {"lbrack", '['},
    {"lcub", '{'},       {"lowbar", '_'},     {"lpar", '('},     {"lsqb", '['},
    {"lt", '<', true},   {"nbsp", ' ', true}, {"newline", '\n'}, {"num", '#'},
    {"percnt", '%'},     {"period", '.'},     {"plus", '+'},     {"quest", '?'},
    {"quot", '"', true}, {"rbrace", '}'},     {"rbrack", ']'},   {"rcub", '}'},
    {"rpar", ')'},       {"rsqb", ']'},       {"semi", ';'},     {"sol", '/'},
    {"tab", '\t'},       {"verbar", '|'},     {"vert", '|'},
});

Entity read_number(std::string_view text) {
    std::size_t at = 2;
    const bool hex = at < text.size() && lower(text[at]) == 'x';
    if (hex) ++at;
    const std::size_t digits = at;
    char32_t code = 0;
    for (; at < text.size(); ++at) {
        const int digit = hex ? hex_value(text[at]) : is_digit(text[at]) ? text[at] - '0' : -1;
        if (digit < 0) break;
        // Leading zeros may be many; what is beyond Unicode stays beyond it.
        code = std::min<char32_t>(code * (hex ? 16 : 10) + static_cast<char32_t>(digit), 0x110000);
    }
    if (at == digits || code == 0x110000) return {};
    if (at < text.size() && text[at] == ';') ++at;
    return {code, at};
}

}  // namespace

Entity read_entity(std::string_view text) noexcept {
    if (text.size() > 2 && text[1] == '#') return read_number(text);
    std::size_t end = 1;
    while (end < text.size() && end < 8 && is_letter(text[end])) ++end;
    const bool closed = end < text.size() && text[end] == ';';
    for (const Name& known : kNames) {
        const std::size_t size = known.name.size();
        if (end - 1 < size || !equal_folded(text.substr(1, size), known.name)) continue;
        if (closed && end == size + 1) return {static_cast<char32_t>(known.code), size + 2};
        if (known.bare) return {static_cast<char32_t>(known.code), size + 1};
    }
    return {};
}

}  // namespace portico::guard::detail
