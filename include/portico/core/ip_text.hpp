#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

/// IP addresses as texts, for the rooms whose addresses they are. Nothing here throws or allocates.
namespace portico::core {

/// In network order.
using Ipv4Bytes = std::array<std::uint8_t, 4>;
using Ipv6Bytes = std::array<std::uint8_t, 16>;

/// Four decimal numbers without leading zeros (RFC 6943 §3.1.1: other forms are read differently by
/// different programs).
[[nodiscard]] std::optional<Ipv4Bytes> parse_ipv4(std::string_view text) noexcept;

/// RFC 4291 §2.2. Brackets, ports, zone ids ("%eth0") and spaces are refused.
[[nodiscard]] std::optional<Ipv6Bytes> parse_ipv6(std::string_view text) noexcept;

/// The longest text that is written.
inline constexpr std::size_t kMostIpText = 39;

/// The views are of `buffer`.
[[nodiscard]] std::string_view format_ipv4(std::span<const std::uint8_t, 4> bytes,
                                           std::span<char, kMostIpText> buffer) noexcept;
/// RFC 5952: lower case, no leading zeros, the longest run of zeros as "::", an IPv4-mapped address
/// as "::ffff:10.1.2.3".
[[nodiscard]] std::string_view format_ipv6(std::span<const std::uint8_t, 16> bytes,
                                           std::span<char, kMostIpText> buffer) noexcept;

}  // namespace portico::core
