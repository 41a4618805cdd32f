#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace portico::crypto {

/// A digest of FIPS 180-4.
enum class Sha : std::uint8_t { sha256, sha384, sha512 };

/// The length of its output in bytes.
[[nodiscard]] constexpr std::size_t digest_size(Sha sha) noexcept {
    return sha == Sha::sha256 ? 32 : sha == Sha::sha384 ? 48 : 64;
}

using Sha256 = std::array<std::uint8_t, 32>;

[[nodiscard]] Sha256 sha256(std::string_view bytes);

/// The digest as 64 lower-case hexadecimal digits: what a database column holds of a token.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

}  // namespace portico::crypto
