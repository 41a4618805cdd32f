#pragma once

#include <string_view>

namespace portico::http {

/// The phrase of a registered status, as RFC 9110 §15 and the IANA registry have it: "Not Found",
/// "Unprocessable Content". Empty for others. Static lifetime.
[[nodiscard]] std::string_view status_phrase(int status) noexcept;

/// False for 1xx, 204 and 304, whose responses have no content (RFC 9110 §6.4.1).
[[nodiscard]] constexpr bool status_has_content(int status) noexcept {
    return status >= 200 && status != 204 && status != 304;
}

}  // namespace portico::http
