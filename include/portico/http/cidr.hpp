#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "portico/http/ip_address.hpp"

namespace portico::http {

/// Why a text is not a CIDR block. `describe` gives the sentence that a settings error shows.
enum class CidrError : std::uint8_t {
    bad_address,    ///< The part before the slash is neither IPv4 nor IPv6.
    bad_length,     ///< The prefix length is not a number in 0–32 (IPv4) or 0–128 (IPv6).
    host_bits_set,  ///< Bits below the prefix length are not zero: 10.0.0.1/8. 10.0.0.0/8 is right.
};

[[nodiscard]] std::string_view describe(CidrError error) noexcept;

/// A block of addresses in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3).
///
/// An IPv4-mapped IPv6 block (::ffff:10.0.0.0/104) is the IPv4 block, so that a rule can't be
/// passed by by writing the same address another way. Trivially copyable; 18 bytes.
///
///     auto office = Cidr::parse("10.0.0.0/8").value();
///     office.contains(request.client());   // true for 10.1.2.3 and ::ffff:10.1.2.3
class Cidr {
public:
    /// The block of one address.
    explicit Cidr(const IpAddress& address) noexcept
        : network_(address), length_(static_cast<std::uint8_t>(address.bits())) {}

    /// A bare address is the block of that one address; zone ids are refused. Never throws, never
    /// allocates.
    [[nodiscard]] static std::expected<Cidr, CidrError> parse(std::string_view text) noexcept;

    /// An IPv6 block holds no IPv4 address, ::/0 neither.
    [[nodiscard]] bool contains(const IpAddress& address) const noexcept {
        return network_.same_prefix(address, length_);
    }
    /// True when every address of `other` is in this block.
    [[nodiscard]] bool contains(const Cidr& other) const noexcept {
        return length_ <= other.length_ && contains(other.network_);
    }

    [[nodiscard]] const IpAddress& network() const noexcept { return network_; }
    [[nodiscard]] int length() const noexcept { return length_; }
    /// "10.0.0.0/8", the length always written.
    [[nodiscard]] std::string to_string() const;

    /// By network, the larger block first.
    [[nodiscard]] auto operator<=>(const Cidr&) const noexcept = default;

private:
    Cidr(const IpAddress& network, std::uint8_t length) noexcept
        : network_(network), length_(length) {}

    IpAddress network_;
    std::uint8_t length_;
};

/// Blocks of addresses, asked as one: a list of trusted proxies, a blacklist.
///
/// A look-up is a binary search, so lists may be long. Immutable after it is built, so shared
/// between threads freely.
class CidrSet {
public:
    CidrSet() = default;
    explicit CidrSet(std::vector<Cidr> blocks);
    /// Blocks that the program itself names: `{"10.0.0.0/8", "::1"}`. Throws
    /// `std::invalid_argument` with the wrong one; what comes from outside goes through `parse`.
    CidrSet(std::initializer_list<std::string_view> texts);

    /// An entry of a list that is no block.
    struct Fault {
        std::size_t index;
        CidrError error;
    };
    /// The first wrong entry is the error.
    [[nodiscard]] static std::expected<CidrSet, Fault> parse(std::span<const std::string> texts);
    [[nodiscard]] static std::expected<CidrSet, Fault> parse(
        std::initializer_list<std::string_view> texts);

    [[nodiscard]] bool contains(const IpAddress& address) const noexcept;
    [[nodiscard]] bool empty() const noexcept { return blocks_.empty(); }
    /// How many blocks are left when those that others contain are dropped.
    [[nodiscard]] std::size_t size() const noexcept { return blocks_.size(); }
    [[nodiscard]] std::span<const Cidr> blocks() const noexcept { return blocks_; }

private:
    std::vector<Cidr> blocks_;  // sorted, none in another
    // Their first and last addresses as numbers, those of IPv6 by the upper and the lower half:
    // what a look-up touches, close together.
    std::vector<std::uint32_t> first_v4_;
    std::vector<std::uint32_t> last_v4_;
    using Halves = std::pair<std::uint64_t, std::uint64_t>;
    std::vector<Halves> first_v6_;
    std::vector<Halves> last_v6_;
};

}  // namespace portico::http
