#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace portico::guard::detail {

/// What bytes a text holds, as far as it decides what must be done with it.
struct Traits {
    static constexpr std::uint8_t kSpace = 1;    ///< A space.
    static constexpr std::uint8_t kEscape = 2;   ///< % \ & : may begin an escape.
    static constexpr std::uint8_t kHigh = 4;     ///< A byte of 0x80 and above.
    static constexpr std::uint8_t kOther = 8;    ///< Another sign or control character.
    static constexpr std::uint8_t kBase64 = 16;  ///< + / = : as in base64, if there is no other.
    static constexpr std::uint8_t kDollar = 32;  ///< "$" and "{".
    static constexpr std::uint8_t kDot = 64;     ///< "." and "@".

    std::uint8_t bits = 0;

    /// Letters, digits and _ , - alone.
    [[nodiscard]] bool plain() const noexcept { return bits == 0; }
    [[nodiscard]] bool has(std::uint8_t mask) const noexcept { return (bits & mask) != 0; }
};

/// Nothing for a number that is no code point.
void append_utf8(char32_t code, std::string& out);

/// One pass over the bytes, without a branch in it.
[[nodiscard]] Traits traits(std::string_view text) noexcept;

/// Undoes one layer of encoding everywhere in `text`: %XX, %uXXXX, \xXX, \uXXXX, \u{X}, \NNN,
/// HTML entities, UTF-8 in too many bytes, full-width letters and other forms of ASCII characters,
/// characters without width. What is malformed stays as it is. `out` gets the result.
///
/// False: there was nothing to decode, and `out` is not to be used. A result is never longer than
/// the text. Where it decodes a %XX in a text without spaces, "+" is a space as well.
[[nodiscard]] bool decode_layer(std::string_view text, std::string& out);

/// The text in a base64 or base64url text, when it decodes to printable ASCII and is nothing but
/// base64. Data, tokens and words fail within their first bytes.
[[nodiscard]] bool decode_base64_text(std::string_view text, std::string& out);

}  // namespace portico::guard::detail
