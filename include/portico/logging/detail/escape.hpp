#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace portico::logging::detail {

enum class Escaping : std::uint8_t {
    message,  ///< Free text to the end of what precedes the fields: `\n`, `\x1b`, `\u202e`.
    quoted,   ///< Between double quotes: those and backslashes too.
    json,     ///< Inside a JSON string (RFC 8259 §7): `\u001b`; bad UTF-8 is U+FFFD.
};

/// Appends `text` so that it can neither end the line, nor drive a terminal, nor turn the direction
/// of writing, nor be invalid UTF-8.
void append_escaped(std::string_view text, Escaping escaping, std::string& out);

}  // namespace portico::logging::detail
