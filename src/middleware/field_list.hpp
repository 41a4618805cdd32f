#pragma once

#include <string_view>

namespace portico::middleware::detail {

/// The text without spaces and tabs at its ends (OWS, RFC 9110 §5.6.3).
[[nodiscard]] constexpr std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

/// Takes the next member of a list off `rest`: up to `separator`, trimmed, maybe empty.
[[nodiscard]] constexpr std::string_view take_member(std::string_view& rest,
                                                     char separator = ',') noexcept {
    const auto end = rest.find(separator);
    const auto member = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    return trim(member);
}

}  // namespace portico::middleware::detail
