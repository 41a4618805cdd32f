#include "portico/model/ip.hpp"

#include <algorithm>
#include <charconv>

#include "portico/core/ip_text.hpp"

namespace portico::model {
namespace {

/// One of the narrower types, when the value is of its family.
template <class T, class Any>
std::optional<T> narrowed(const std::optional<Any>& any, bool wants_v6) noexcept {
    if (!any) return {};
    bool is_v6 = false;
    if constexpr (requires { any->is_v6(); }) {
        is_v6 = any->is_v6();
    } else {
        is_v6 = any->address().is_v6();
    }
    if (is_v6 != wants_v6) return {};
    T out;
    static_cast<Any&>(out) = *any;
    return out;
}

/// Whether the first `length` bits of both are the same.
bool same_bits(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b,
               unsigned length) noexcept {
    for (std::size_t i = 0; i < a.size() && length > 0; ++i) {
        const unsigned here = length < 8 ? length : 8;
        if (((a[i] ^ b[i]) >> (8 - here)) != 0) return false;
        length -= here;
    }
    return true;
}

template <class T>
struct Words;
template <>
struct Words<IPvAnyAddress> {
    static constexpr std::string_view kType = "ip_any_address";
    static constexpr std::string_view kMsg = "value is not a valid IPv4 or IPv6 address";
    static constexpr std::string_view kSchema = R"({"type":"string","format":"ipvanyaddress"})";
};
template <>
struct Words<IPv4Address> {
    static constexpr std::string_view kType = "ip_v4_address";
    static constexpr std::string_view kMsg = "Input is not a valid IPv4 address";
    static constexpr std::string_view kSchema = R"({"type":"string","format":"ipv4"})";
};
template <>
struct Words<IPv6Address> {
    static constexpr std::string_view kType = "ip_v6_address";
    static constexpr std::string_view kMsg = "Input is not a valid IPv6 address";
    static constexpr std::string_view kSchema = R"({"type":"string","format":"ipv6"})";
};
template <>
struct Words<IPvAnyNetwork> {
    static constexpr std::string_view kType = "ip_any_network";
    static constexpr std::string_view kMsg = "value is not a valid IPv4 or IPv6 network";
    static constexpr std::string_view kSchema = R"({"type":"string","format":"ipvanynetwork"})";
};
template <>
struct Words<IPv4Network> {
    static constexpr std::string_view kType = "ip_v4_network";
    static constexpr std::string_view kMsg = "Input is not a valid IPv4 network";
    static constexpr std::string_view kSchema = R"({"type":"string","format":"ipv4network"})";
};
template <>
struct Words<IPv6Network> {
    static constexpr std::string_view kType = "ip_v6_network";
    static constexpr std::string_view kMsg = "Input is not a valid IPv6 network";
    static constexpr std::string_view kSchema = R"({"type":"string","format":"ipv6network"})";
};

template <>
struct Words<IPvAnyInterface> {
    static constexpr std::string_view kType = "ip_any_interface";
    static constexpr std::string_view kMsg = "value is not a valid IPv4 or IPv6 interface";
    static constexpr std::string_view kSchema = R"({"type":"string","format":"ipvanyinterface"})";
};
template <>
struct Words<IPv4Interface> {
    static constexpr std::string_view kType = "ip_v4_interface";
    static constexpr std::string_view kMsg = "Input is not a valid IPv4 interface";
    static constexpr std::string_view kSchema = R"({"type":"string","format":"ipv4interface"})";
};
template <>
struct Words<IPv6Interface> {
    static constexpr std::string_view kType = "ip_v6_interface";
    static constexpr std::string_view kMsg = "Input is not a valid IPv6 interface";
    static constexpr std::string_view kSchema = R"({"type":"string","format":"ipv6interface"})";
};

template <class T>
bool parse(std::string_view text, void* out, detail::TextFault& fault) {
    const std::optional<T> value = T::parse(text);
    if (value) {
        *static_cast<T*>(out) = *value;
        return true;
    }
    fault = {std::string(Words<T>::kType), std::string(Words<T>::kMsg)};
    return false;
}

template <class T>
void print(const void* value, std::string& out) {
    out += static_cast<const T*>(value)->to_string();
}

template <class T>
constexpr detail::TextDetails kDetails{.parse = &parse<T>,
                                       .print = &print<T>,
                                       .schema = Words<T>::kSchema,
                                       .wrong_type = Words<T>::kType,
                                       .wrong_type_msg = Words<T>::kMsg};

}  // namespace

std::optional<IPvAnyAddress> IPvAnyAddress::parse(std::string_view text) noexcept {
    IPvAnyAddress out(text.find(':') != text.npos);
    if (out.is_v6_) {
        const auto bytes = core::parse_ipv6(text);
        if (!bytes) return {};
        out.bytes_ = *bytes;
    } else {
        const auto bytes = core::parse_ipv4(text);
        if (!bytes) return {};
        std::ranges::copy(*bytes, out.bytes_.begin());
    }
    return out;
}

std::string IPvAnyAddress::to_string() const {
    std::array<char, core::kMostIpText> buffer;
    const std::span<const std::uint8_t, 16> all{bytes_};
    return std::string(is_v6_ ? core::format_ipv6(all, buffer)
                              : core::format_ipv4(all.first<4>(), buffer));
}

std::optional<IPv4Address> IPv4Address::parse(std::string_view text) noexcept {
    return narrowed<IPv4Address>(IPvAnyAddress::parse(text), false);
}

std::optional<IPv6Address> IPv6Address::parse(std::string_view text) noexcept {
    return narrowed<IPv6Address>(IPvAnyAddress::parse(text), true);
}

std::optional<IPvAnyNetwork> IPvAnyNetwork::parse(std::string_view text) noexcept {
    const auto block = IPvAnyInterface::parse(text);
    if (!block) return {};
    const IPvAnyNetwork network = block->network();
    // Bits below the prefix length are a fault.
    if (network.address() != block->address()) return {};
    return network;
}

bool IPvAnyNetwork::contains(const IPvAnyAddress& address) const noexcept {
    return address.is_v6() == address_.is_v6() &&
           same_bits(address.bytes(), address_.bytes(), prefix_length_);
}

std::string IPvAnyNetwork::to_string() const {
    return address_.to_string() + "/" + std::to_string(prefix_length_);
}

std::optional<IPv4Network> IPv4Network::parse(std::string_view text) noexcept {
    return narrowed<IPv4Network>(IPvAnyNetwork::parse(text), false);
}

std::optional<IPv6Network> IPv6Network::parse(std::string_view text) noexcept {
    return narrowed<IPv6Network>(IPvAnyNetwork::parse(text), true);
}

std::optional<IPvAnyInterface> IPvAnyInterface::parse(std::string_view text) noexcept {
    const auto slash = text.find('/');
    const auto address = IPvAnyAddress::parse(text.substr(0, slash));
    if (!address) return {};
    const unsigned bits = address->is_v6() ? 128 : 32;
    unsigned length = bits;
    if (slash != text.npos) {
        const std::string_view digits = text.substr(slash + 1);
        const auto* const end = digits.data() + digits.size();
        const auto [at, error] = std::from_chars(digits.data(), end, length);
        if (digits.empty() || digits.size() > 3 || error != std::errc() || at != end) return {};
        if (length > bits) return {};
    }
    return IPvAnyInterface(*address, static_cast<std::uint8_t>(length));
}

IPvAnyNetwork IPvAnyInterface::network() const noexcept {
    IPvAnyAddress masked = address_;
    for (std::size_t i = 0; i < masked.bytes_.size(); ++i) {
        const auto bits = static_cast<unsigned>(std::clamp<int>(prefix_length_ - int(i) * 8, 0, 8));
        masked.bytes_[i] &= static_cast<std::uint8_t>(0xff00U >> bits);
    }
    return IPvAnyNetwork(masked, prefix_length_);
}

std::string IPvAnyInterface::to_string() const {
    return address_.to_string() + "/" + std::to_string(prefix_length_);
}

std::optional<IPv4Interface> IPv4Interface::parse(std::string_view text) noexcept {
    return narrowed<IPv4Interface>(IPvAnyInterface::parse(text), false);
}

std::optional<IPv6Interface> IPv6Interface::parse(std::string_view text) noexcept {
    return narrowed<IPv6Interface>(IPvAnyInterface::parse(text), true);
}

template <>
constinit const detail::TextDetails TypeTraits<IPvAnyAddress>::kText = kDetails<IPvAnyAddress>;
template <>
constinit const detail::TextDetails TypeTraits<IPv4Address>::kText = kDetails<IPv4Address>;
template <>
constinit const detail::TextDetails TypeTraits<IPv6Address>::kText = kDetails<IPv6Address>;
template <>
constinit const detail::TextDetails TypeTraits<IPvAnyNetwork>::kText = kDetails<IPvAnyNetwork>;
template <>
constinit const detail::TextDetails TypeTraits<IPv4Network>::kText = kDetails<IPv4Network>;
template <>
constinit const detail::TextDetails TypeTraits<IPv6Network>::kText = kDetails<IPv6Network>;
template <>
constinit const detail::TextDetails TypeTraits<IPvAnyInterface>::kText = kDetails<IPvAnyInterface>;
template <>
constinit const detail::TextDetails TypeTraits<IPv4Interface>::kText = kDetails<IPv4Interface>;
template <>
constinit const detail::TextDetails TypeTraits<IPv6Interface>::kText = kDetails<IPv6Interface>;

}  // namespace portico::model
