#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace portico::crypto {

/// Base64 with the alphabet that is safe in URLs and file names, without padding
/// (RFC 4648 §5, as RFC 7515 §2 uses it): tokens, cursors, keys.
[[nodiscard]] std::string base64url_encode(std::string_view bytes);

/// The only way back: padding, line breaks, characters of the other alphabet, a length of 1 modulo
/// 4, and unused bits that are not zero are refused, so that no two texts give the same bytes and a
/// signed text can't be changed without changing what it says. Empty on refusal.
[[nodiscard]] std::optional<std::string> base64url_decode(std::string_view text);

/// As above, into `out`: the number of bytes written. Nothing when `out` is too small, too;
/// `base64_decoded_size(text.size())` is enough. Never allocates.
[[nodiscard]] std::optional<std::size_t> base64url_decode(std::string_view text,
                                                          std::span<char> out) noexcept;

/// Standard Base64 with padding (RFC 4648 §4): `Authorization: Basic`, PEM, data URLs.
[[nodiscard]] std::string base64_encode(std::string_view bytes);

/// As strict as `base64url_decode`; the padding must be there, and be right.
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

/// Standard alphabet, no padding: what the PHC string format calls B64.
[[nodiscard]] std::string base64_encode_unpadded(std::string_view bytes);
[[nodiscard]] std::optional<std::string> base64_decode_unpadded(std::string_view text);

/// An upper bound of the bytes that `characters` of either alphabet stand for.
[[nodiscard]] constexpr std::size_t base64_decoded_size(std::size_t characters) noexcept {
    return characters / 4 * 3 + 2;
}

}  // namespace portico::crypto
