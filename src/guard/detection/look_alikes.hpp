#pragma once

#include <optional>

namespace portico::guard::detail {

/// The ASCII character that readers make of another one: by compatibility (UAX #15), by best fit to
/// an 8-bit code page, or by dropping what has no width (then NUL). Nothing: it is itself.
[[nodiscard]] constexpr std::optional<char> look_alike(char32_t code) noexcept {
    if (code < 0x80) return std::nullopt;
    if (code >= 0xff01 && code <= 0xff5e) return static_cast<char>(code - 0xfee0);
    if (code >= 0x2000 && code <= 0x200a) return ' ';
    if ((code >= 0x200b && code <= 0x200f) || (code >= 0x2060 && code <= 0x2064)) return '\0';
    if (code >= 0x24b6 && code <= 0x24cf) return static_cast<char>('A' + (code - 0x24b6));
    if (code >= 0x24d0 && code <= 0x24e9) return static_cast<char>('a' + (code - 0x24d0));
    if (code >= 0x1d400 && code < 0x1d6a4) {
        const char32_t letter = (code - 0x1d400) % 52;
        return static_cast<char>(letter < 26 ? 'A' + letter : 'a' + letter - 26);
    }
    switch (code) {
        case 0x00a0:
        case 0x1680:
        case 0x202f:
        case 0x205f:
        case 0x3000:
            return ' ';
        case 0x0085:
        case 0x2028:
        case 0x2029:
            return '\n';
        case 0x00ad:
        case 0x180e:
        case 0xfeff:
            return '\0';
        case 0x02b9:
        case 0x02bc:
            return '\'';
        case 0x02ba:
            return '"';
        case 0x2329:
        case 0x3008:
        case 0xfe64:
            return '<';
        case 0x232a:
        case 0x3009:
        case 0xfe65:
            return '>';
        case 0x2044:
        case 0x2215:
        case 0x29f8:
            return '/';
        case 0x2216:
        case 0x29f5:
        case 0xfe68:
            return '\\';
        case 0x2024:
        case 0xfe52:
            return '.';
        case 0xfe54:
            return ';';
        case 0xfe55:
            return ':';
        case 0xfe59:
            return '(';
        case 0xfe5a:
            return ')';
        case 0xfe66:
            return '=';
        case 0x017f:
            return 's';
        case 0x0131:
            return 'i';
        case 0x212a:
            return 'k';
        default:
            return std::nullopt;
    }
}

}  // namespace portico::guard::detail
