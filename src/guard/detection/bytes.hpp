#pragma once

#include <string_view>

namespace portico::guard::detail {

[[nodiscard]] constexpr bool is_digit(int c) noexcept {
    return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr bool is_letter(int c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
[[nodiscard]] constexpr bool is_word(int c) noexcept {
    return is_letter(c) || is_digit(c) || c == '_';
}
/// What SQL, HTML and shells take for white space.
[[nodiscard]] constexpr bool is_space(int c) noexcept {
    return c == ' ' || (c >= '\t' && c <= '\r');
}
/// Control characters that readers drop in the middle of a word.
[[nodiscard]] constexpr bool is_dropped(int c) noexcept {
    return (c >= 0 && c < ' ' && !is_space(c)) || c == 0x7f;
}
[[nodiscard]] constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
/// -1: no hex digit.
[[nodiscard]] constexpr int hex_value(char c) noexcept {
    if (is_digit(c)) return c - '0';
    const char l = lower(c);
    return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}
/// True for equal texts; `lower_case` has no capital letters.
[[nodiscard]] constexpr bool equal_folded(std::string_view text,
                                          std::string_view lower_case) noexcept {
    if (text.size() != lower_case.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (lower(text[i]) != lower_case[i]) return false;
    }
    return true;
}

}  // namespace portico::guard::detail
