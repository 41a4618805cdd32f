#include "http/urlencoded.hpp"

#include <algorithm>

#include "http/bytes.hpp"

namespace portico::http {

namespace {

std::string_view decode(std::string_view text, core::Arena& arena) {
    if (text.find_first_of("+%") == std::string_view::npos) return text;
    auto* const first = static_cast<char*>(arena.allocate(text.size(), 1));
    char* to = first;
    for (std::size_t at = 0; at < text.size(); ++at) {
        char c = text[at];
        if (c == '+') c = ' ';
        if (c == '%' && text.size() - at >= 3) {
            const int high = hex_digit(text[at + 1]);
            const int low = hex_digit(text[at + 2]);
            if (high >= 0 && low >= 0) {
                c = static_cast<char>(high << 4 | low);
                at += 2;
            }
        }
        *to++ = c;
    }
    return {first, to};
}

}  // namespace

bool parse_urlencoded(std::string_view text, std::size_t most, core::Arena& arena,
                      std::vector<NameValue>& out) {
    std::size_t taken = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('&'), text.size());
        const std::string_view pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (pair.empty()) continue;
        if (taken++ == most) return false;
        const std::size_t equals = std::min(pair.find('='), pair.size());
        const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
        out.push_back({decode(pair.substr(0, equals), arena), decode(value, arena)});
    }
    return true;
}

}  // namespace portico::http
