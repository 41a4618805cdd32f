#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace portico::http {

/// An IPv4 or IPv6 address.
///
/// An IPv4-mapped IPv6 address (::ffff:10.1.2.3, RFC 4291 §2.5.5.2) **is** its IPv4 address: a rule
/// can't be passed by by writing the same address another way. Trivially copyable; never
/// allocates but in `to_string`, never throws.
///
///     auto address = IpAddress::parse("2001:db8::1");
///     if (address && address->is_private()) …
class IpAddress {
public:
    using Bytes = std::array<std::uint8_t, 16>;

    /// 0.0.0.0.
    constexpr IpAddress() noexcept = default;

    /// From bytes in network order. A mapped IPv6 address becomes its IPv4 address.
    [[nodiscard]] static IpAddress v4(std::array<std::uint8_t, 4> bytes) noexcept;
    [[nodiscard]] static IpAddress v6(const Bytes& bytes) noexcept;

    /// IPv4 as four decimal numbers without leading zeros (RFC 6943 §3.1.1: other forms are read
    /// differently by different programs); IPv6 as in RFC 4291 §2.2. Brackets, ports, zone ids
    /// ("%eth0") and spaces are refused.
    [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text) noexcept;

    [[nodiscard]] constexpr bool is_v4() const noexcept { return family_ == Family::v4; }
    [[nodiscard]] constexpr bool is_v6() const noexcept { return family_ == Family::v6; }

    /// 4 or 16 bytes in network order.
    [[nodiscard]] std::span<const std::uint8_t> bytes() const noexcept {
        return is_v4() ? std::span<const std::uint8_t>{bytes_}.subspan(12) : std::span{bytes_};
    }
    /// 32 or 128.
    [[nodiscard]] constexpr int bits() const noexcept { return is_v4() ? 32 : 128; }

    /// 127.0.0.0/8 and ::1.
    [[nodiscard]] bool is_loopback() const noexcept;
    /// 0.0.0.0 and ::.
    [[nodiscard]] bool is_unspecified() const noexcept;
    /// Addresses that the internet does not route to one place: RFC 1918, RFC 6598 (100.64.0.0/10),
    /// RFC 4193 (fc00::/7), and link-local ones (169.254.0.0/16, fe80::/10). Not loopback.
    [[nodiscard]] bool is_private() const noexcept;

    /// The network: the address with all bits past the first `length` cleared. `length` is taken as
    /// 0 when negative and as `bits()` when larger.
    ///
    ///     limiter.key(client.is_v6() ? client.prefix(64) : client);
    [[nodiscard]] IpAddress prefix(int length) const noexcept;
    /// True when the first `length` bits of both are the same, and the family is.
    [[nodiscard]] bool same_prefix(const IpAddress& other, int length) const noexcept;

    /// The longest text that `format` writes.
    static constexpr std::size_t kMaxText = 39;
    /// RFC 5952: lower case, no leading zeros, the longest run of zeros as "::". The view is of
    /// `buffer`.
    [[nodiscard]] std::string_view format(std::span<char, kMaxText> buffer) const noexcept;
    [[nodiscard]] std::string to_string() const;

    /// For hash tables; keyed anew in each process, so that nobody can choose colliding addresses.
    [[nodiscard]] std::size_t hash() const noexcept;

    /// IPv4 before IPv6, then by value.
    [[nodiscard]] auto operator<=>(const IpAddress&) const noexcept = default;

private:
    enum class Family : std::uint8_t { v4, v6 };

    constexpr IpAddress(Family family, const Bytes& bytes) noexcept
        : family_(family), bytes_(bytes) {}

    Family family_ = Family::v4;
    Bytes bytes_{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0};  // IPv4 is kept as mapped
};

}  // namespace portico::http

template <>
struct std::hash<portico::http::IpAddress> {
    [[nodiscard]] std::size_t operator()(const portico::http::IpAddress& address) const noexcept {
        return address.hash();
    }
};
