#include "model/scanner.hpp"

namespace portico::model {
namespace {

unsigned char byte(std::string_view text, std::size_t at) noexcept {
    return static_cast<unsigned char>(text[at]);
}

bool continues(std::string_view text, std::size_t at) noexcept {
    return at < text.size() && (byte(text, at) & 0xC0) == 0x80;
}

}  // namespace

std::size_t utf8_length(std::string_view text) noexcept {
    if (text.empty()) return 0;
    const unsigned char lead = byte(text, 0);
    if (lead < 0x80) return 1;
    // RFC 3629 §4: no overlong forms, no surrogates, nothing above U+10FFFF.
    if (lead < 0xC2 || lead > 0xF4 || !continues(text, 1)) return 0;
    if (lead < 0xE0) return 2;
    const unsigned char second = byte(text, 1);
    if (!continues(text, 2)) return 0;
    if (lead < 0xF0) {
        if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)) return 0;
        return 3;
    }
    if (!continues(text, 3)) return 0;
    if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return 0;
    return 4;
}

std::size_t find_invalid_utf8(std::string_view text) noexcept {
    std::size_t at = 0;
    while (at < text.size()) {
#if defined(__SSE2__)
        while (text.size() - at >= 16 &&
               _mm_movemask_epi8(
                   _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at))) == 0) {
            at += 16;
        }
        if (at == text.size()) break;
#endif
        const std::size_t length = utf8_length(text.substr(at));
        if (length == 0) return at;
        at += length;
    }
    return std::string_view::npos;
}

std::optional<JsonError> utf8_error(std::string_view text) {
    const std::size_t at = find_invalid_utf8(text);
    if (at == text.npos) return {};
    return JsonError{count_code_points(text.substr(0, at)), "Invalid UTF-8"};
}

std::size_t count_code_points(std::string_view text) noexcept {
    std::size_t count = 0;
    for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    return count;
}

void append_utf8(char32_t code_point, std::string& out) {
    const auto put = [&](char32_t bits) { out.push_back(static_cast<char>(bits)); };
    if (code_point < 0x80) {
        put(code_point);
    } else if (code_point < 0x800) {
        put(0xC0 | (code_point >> 6));
        put(0x80 | (code_point & 0x3F));
    } else if (code_point < 0x10000) {
        put(0xE0 | (code_point >> 12));
        put(0x80 | ((code_point >> 6) & 0x3F));
        put(0x80 | (code_point & 0x3F));
    } else {
        put(0xF0 | (code_point >> 18));
        put(0x80 | ((code_point >> 12) & 0x3F));
        put(0x80 | ((code_point >> 6) & 0x3F));
        put(0x80 | (code_point & 0x3F));
    }
}

}  // namespace portico::model
