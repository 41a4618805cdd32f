#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

/// Randomness that nobody can guess, from OpenSSL's generator. Thread-safe. All of it throws
/// `std::runtime_error` when the machine has no entropy to give, and never returns weak bytes.
namespace portico::crypto {

void random_bytes(std::span<std::uint8_t> out);

/// `bytes` random bytes in base64url: 32 (256 bits, 43 characters) for a token that is guessed
/// offline or lives long, 16 for an id.
[[nodiscard]] std::string random_token(std::size_t bytes = 32);

/// A version 4 UUID (RFC 9562 §5.4) as bytes in network order.
[[nodiscard]] std::array<std::uint8_t, 16> random_uuid();

/// "9f0c2a4e-6b0d-4c8e-a1a7-3f2b5d7c9e10".
[[nodiscard]] std::string random_uuid_text();

}  // namespace portico::crypto
