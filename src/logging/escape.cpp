#include "portico/logging/detail/escape.hpp"

#include <array>
#include <cstddef>
#include <optional>

namespace portico::logging::detail {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

// Bytes that need no look in any form: printable ASCII but the quote and the backslash.
constexpr auto kPlain = [] {
    std::array<bool, 256> plain{};
    for (std::size_t c = 0x20; c < 0x7f; ++c) plain[c] = c != '"' && c != '\\';
    return plain;
}();

struct CodePoint {
    char32_t value;
    std::size_t length;
};

// RFC 3629 §4: the well-formed sequences; no overlong forms, no surrogates, nothing past U+10FFFF.
std::optional<CodePoint> decode(std::string_view text) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned lead = byte(0);
    if (lead < 0x80) return CodePoint{lead, 1};
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return {};
    char32_t value = lead & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0U) != 0x80) return {};
        value = (value << 6) | (byte(i) & 0x3fU);
    }
    const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
    if (overlong || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) return {};
    return CodePoint{value, length};
}

// C1 controls (a terminal takes U+009B for ESC [), line and paragraph separators, and the marks
// that make a line read in another order than it is written.
bool is_dangerous(char32_t c) noexcept {
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || c == 0x200e ||
           c == 0x200f || c == 0x061c || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

void append_code(char32_t c, Escaping escaping, std::string& out) {
    switch (c) {
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            break;
    }
    if (escaping != Escaping::json && c < 0x80) {
        out += "\\x";
    } else {
        out += "\\u";
        out += kHex[(c >> 12) & 15];
        out += kHex[(c >> 8) & 15];
    }
    out += kHex[(c >> 4) & 15];
    out += kHex[c & 15];
}

}  // namespace

void append_escaped(std::string_view text, Escaping escaping, std::string& out) {
    while (!text.empty()) {
        std::size_t run = 0;
        while (run < text.size() && kPlain[static_cast<unsigned char>(text[run])]) ++run;
        out.append(text.data(), run);
        text.remove_prefix(run);
        if (text.empty()) return;

        const char first = text.front();
        if (first == '"' || first == '\\') {
            if (escaping != Escaping::message) out += '\\';
            out += first;
            text.remove_prefix(1);
            continue;
        }
        const auto decoded = decode(text);
        if (!decoded) {
            if (escaping == Escaping::json) {
                out += "\xef\xbf\xbd";
            } else {
                const auto byte = static_cast<unsigned char>(first);
                out += "\\x";
                out += kHex[byte >> 4];
                out += kHex[byte & 15];
            }
            text.remove_prefix(1);
            continue;
        }
        if (is_dangerous(decoded->value)) {
            append_code(decoded->value, escaping, out);
        } else {
            out.append(text.data(), decoded->length);
        }
        text.remove_prefix(decoded->length);
    }
}

}  // namespace portico::logging::detail
