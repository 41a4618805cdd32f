#pragma once

#include <array>
#include <compare>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "portico/model/constraints.hpp"
#include "portico/model/details.hpp"
#include "portico/model/type_traits.hpp"

namespace portico::model {

/// An IPv4 or IPv6 address in a model. Read strictly: four decimal numbers without leading zeros,
/// or RFC 4291 §2.2; no zone, no port, no number in place of a text. Written as RFC 5952 asks. An
/// IPv4-mapped IPv6 address stays the IPv6 address that was sent. Trivially copyable.
class IPvAnyAddress {
public:
    /// 0.0.0.0
    constexpr IPvAnyAddress() noexcept = default;

    [[nodiscard]] static std::optional<IPvAnyAddress> parse(std::string_view text) noexcept;

    [[nodiscard]] constexpr bool is_v4() const noexcept { return !is_v6_; }
    [[nodiscard]] constexpr bool is_v6() const noexcept { return is_v6_; }
    /// 4 or 16, in network order.
    [[nodiscard]] std::span<const std::uint8_t> bytes() const noexcept {
        return std::span(bytes_).first(is_v6_ ? 16 : 4);
    }
    [[nodiscard]] std::string to_string() const;

    /// IPv4 before IPv6, then by value.
    [[nodiscard]] auto operator<=>(const IPvAnyAddress&) const noexcept = default;

protected:
    constexpr explicit IPvAnyAddress(bool is_v6) noexcept : is_v6_(is_v6) {}

private:
    friend class IPvAnyInterface;

    bool is_v6_ = false;
    std::array<std::uint8_t, 16> bytes_{};
};

/// An IPv4 address and nothing else.
class IPv4Address : public IPvAnyAddress {
public:
    constexpr IPv4Address() noexcept = default;
    [[nodiscard]] static std::optional<IPv4Address> parse(std::string_view text) noexcept;
    [[nodiscard]] auto operator<=>(const IPv4Address&) const noexcept = default;
};

/// An IPv6 address and nothing else.
class IPv6Address : public IPvAnyAddress {
public:
    /// ::
    constexpr IPv6Address() noexcept : IPvAnyAddress(true) {}
    [[nodiscard]] static std::optional<IPv6Address> parse(std::string_view text) noexcept;
    [[nodiscard]] auto operator<=>(const IPv6Address&) const noexcept = default;
};

/// A block of addresses, 10.0.0.0/8. A bare address is the block of itself; bits below the prefix
/// length are a fault, as 10.0.0.1/8 is more often a slip than a wish for sixteen million
/// addresses.
class IPvAnyNetwork {
public:
    /// 0.0.0.0/32
    constexpr IPvAnyNetwork() noexcept = default;

    [[nodiscard]] static std::optional<IPvAnyNetwork> parse(std::string_view text) noexcept;

    [[nodiscard]] constexpr const IPvAnyAddress& address() const noexcept { return address_; }
    [[nodiscard]] constexpr unsigned prefix_length() const noexcept { return prefix_length_; }
    [[nodiscard]] bool contains(const IPvAnyAddress& address) const noexcept;
    /// "10.0.0.0/8"
    [[nodiscard]] std::string to_string() const;

    [[nodiscard]] auto operator<=>(const IPvAnyNetwork&) const noexcept = default;

protected:
    constexpr IPvAnyNetwork(const IPvAnyAddress& address, std::uint8_t prefix_length) noexcept
        : address_(address), prefix_length_(prefix_length) {}

private:
    friend class IPvAnyInterface;

    IPvAnyAddress address_;
    std::uint8_t prefix_length_ = 32;
};

/// A block of IPv4 addresses.
class IPv4Network : public IPvAnyNetwork {
public:
    constexpr IPv4Network() noexcept = default;
    [[nodiscard]] static std::optional<IPv4Network> parse(std::string_view text) noexcept;
    [[nodiscard]] auto operator<=>(const IPv4Network&) const noexcept = default;
};

/// A block of IPv6 addresses.
class IPv6Network : public IPvAnyNetwork {
public:
    /// ::/128
    constexpr IPv6Network() noexcept : IPvAnyNetwork(IPv6Address(), 128) {}
    [[nodiscard]] static std::optional<IPv6Network> parse(std::string_view text) noexcept;
    [[nodiscard]] auto operator<=>(const IPv6Network&) const noexcept = default;
};

/// An address and the network that it is in, 10.1.2.3/8: bits below the prefix length are the
/// address's own. A bare address is in the network of itself.
class IPvAnyInterface {
public:
    /// 0.0.0.0/32
    constexpr IPvAnyInterface() noexcept = default;

    [[nodiscard]] static std::optional<IPvAnyInterface> parse(std::string_view text) noexcept;

    [[nodiscard]] constexpr const IPvAnyAddress& address() const noexcept { return address_; }
    [[nodiscard]] constexpr unsigned prefix_length() const noexcept { return prefix_length_; }
    /// 10.0.0.0/8
    [[nodiscard]] IPvAnyNetwork network() const noexcept;
    /// "10.1.2.3/8"
    [[nodiscard]] std::string to_string() const;

    [[nodiscard]] auto operator<=>(const IPvAnyInterface&) const noexcept = default;

protected:
    constexpr IPvAnyInterface(const IPvAnyAddress& address, std::uint8_t prefix_length) noexcept
        : address_(address), prefix_length_(prefix_length) {}

private:
    IPvAnyAddress address_;
    std::uint8_t prefix_length_ = 32;
};

/// An IPv4 address in its network.
class IPv4Interface : public IPvAnyInterface {
public:
    constexpr IPv4Interface() noexcept = default;
    [[nodiscard]] static std::optional<IPv4Interface> parse(std::string_view text) noexcept;
    [[nodiscard]] auto operator<=>(const IPv4Interface&) const noexcept = default;
};

/// An IPv6 address in its network.
class IPv6Interface : public IPvAnyInterface {
public:
    /// ::/128
    constexpr IPv6Interface() noexcept : IPvAnyInterface(IPv6Address(), 128) {}
    [[nodiscard]] static std::optional<IPv6Interface> parse(std::string_view text) noexcept;
    [[nodiscard]] auto operator<=>(const IPv6Interface&) const noexcept = default;
};

template <class T>
    requires(std::same_as<T, IPvAnyAddress> || std::same_as<T, IPv4Address> ||
             std::same_as<T, IPv6Address> || std::same_as<T, IPvAnyNetwork> ||
             std::same_as<T, IPv4Network> || std::same_as<T, IPv6Network> ||
             std::same_as<T, IPvAnyInterface> || std::same_as<T, IPv4Interface> ||
             std::same_as<T, IPv6Interface>)
struct TypeTraits<T> {
    static constexpr std::string_view kName = "ip";
    static constexpr Fits kFits = Fits::nothing;
    static const detail::TextDetails kText;
};
template <>
const detail::TextDetails TypeTraits<IPvAnyAddress>::kText;
template <>
const detail::TextDetails TypeTraits<IPv4Address>::kText;
template <>
const detail::TextDetails TypeTraits<IPv6Address>::kText;
template <>
const detail::TextDetails TypeTraits<IPvAnyNetwork>::kText;
template <>
const detail::TextDetails TypeTraits<IPv4Network>::kText;
template <>
const detail::TextDetails TypeTraits<IPv6Network>::kText;
template <>
const detail::TextDetails TypeTraits<IPvAnyInterface>::kText;
template <>
const detail::TextDetails TypeTraits<IPv4Interface>::kText;
template <>
const detail::TextDetails TypeTraits<IPv6Interface>::kText;

}  // namespace portico::model
