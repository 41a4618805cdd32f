#pragma once

#include <string>
#include <string_view>

namespace portico::crypto {

/// The bytes that hexadecimal digits stand for; blanks are skipped.
inline std::string unhex(std::string_view digits) {
    std::string bytes;
    int high = -1;
    for (const char c : digits) {
        if (c == ' ') continue;
        const int value = c <= '9' ? c - '0' : c - 'a' + 10;
        if (high < 0) {
            high = value;
        } else {
            bytes.push_back(static_cast<char>(high << 4 | value));
            high = -1;
        }
    }
    return bytes;
}

}  // namespace portico::crypto
