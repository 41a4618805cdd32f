#pragma once

#include <string>
#include <string_view>

namespace portico::guard {

/// A stranger's text for a terminal: what could change it is a "?", and it is not too long.
[[nodiscard]] inline std::string printable(std::string_view text) {
    constexpr std::size_t kLongest = 200;
    std::string out(text.substr(0, kLongest));
    for (char& c : out) {
        if (c < 0x20 || c == 0x7f) c = '?';
    }
    return text.size() > kLongest ? out + "…" : out;
}

}  // namespace portico::guard
