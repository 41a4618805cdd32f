#pragma once

#include <string>
#include <string_view>

#include "portico/logging/detail/escape.hpp"

namespace portico::guard {

/// A stranger's text for a terminal, which it can't drive, as the log writes it; not too long.
[[nodiscard]] inline std::string printable(std::string_view text) {
    constexpr std::size_t kLongest = 200;
    std::string out;
    logging::detail::append_escaped(text.substr(0, kLongest), logging::detail::Escaping::message,
                                    out);
    return text.size() > kLongest ? out + "…" : out;
}

}  // namespace portico::guard
