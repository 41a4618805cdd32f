#include "portico/http/ip_address.hpp"

#include <sys/random.h>

#include <bit>
#include <cstring>

#include "portico/core/ip_text.hpp"

namespace portico::http {

namespace {

/// The two halves as numbers, so that prefixes are shifts.
struct Halves {
    std::uint64_t high;
    std::uint64_t low;
};

constexpr std::uint64_t load_big_endian(const std::uint8_t* from) noexcept {
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i) value = value << 8 | from[i];
    return value;
}

Halves halves(const IpAddress::Bytes& bytes) noexcept {
    return {load_big_endian(bytes.data()), load_big_endian(bytes.data() + 8)};
}

/// The first `length` of 128 bits.
constexpr Halves mask(int length) noexcept {
    const auto ones = [](int count) -> std::uint64_t {
        if (count <= 0) return 0;
        return count >= 64 ? ~std::uint64_t{0} : ~(~std::uint64_t{0} >> count);
    };
    return {ones(length), ones(length - 64)};
}

std::uint64_t process_key() noexcept {
    static const std::uint64_t key = [] {
        std::uint64_t random = 0;
        if (getrandom(&random, sizeof random, GRND_NONBLOCK) != sizeof random) {
            random = std::bit_cast<std::uintptr_t>(&random);
        }
        return random;
    }();
    return key;
}

constexpr std::uint64_t mix(std::uint64_t value) noexcept {
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31);
}

}  // namespace

IpAddress IpAddress::v4(std::array<std::uint8_t, 4> bytes) noexcept {
    IpAddress address;
    std::ranges::copy(bytes, address.bytes_.begin() + 12);
    return address;
}

IpAddress IpAddress::v6(const Bytes& bytes) noexcept {
    const Halves value = halves(bytes);
    const bool mapped = value.high == 0 && value.low >> 32 == 0xffff;
    return {mapped ? Family::v4 : Family::v6, bytes};
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) noexcept {
    if (text.find(':') == std::string_view::npos) {
        const auto bytes = core::parse_ipv4(text);
        return bytes ? std::optional{v4(*bytes)} : std::nullopt;
    }
    const auto bytes = core::parse_ipv6(text);
    return bytes ? std::optional{v6(*bytes)} : std::nullopt;
}

bool IpAddress::is_loopback() const noexcept {
    if (is_v4()) return bytes_[12] == 127;
    const Halves value = halves(bytes_);
    return value.high == 0 && value.low == 1;
}

bool IpAddress::is_unspecified() const noexcept {
    const Halves value = halves(bytes_);
    return value.high == 0 && (is_v4() ? static_cast<std::uint32_t>(value.low) : value.low) == 0;
}

bool IpAddress::is_private() const noexcept {
    if (is_v6()) {
        return (bytes_[0] & 0xfe) == 0xfc || (bytes_[0] == 0xfe && (bytes_[1] & 0xc0) == 0x80);
    }
    const unsigned a = bytes_[12];
    const unsigned b = bytes_[13];
    return a == 10 || (a == 172 && (b & 0xf0) == 16) || (a == 192 && b == 168) ||
           (a == 169 && b == 254) || (a == 100 && (b & 0xc0) == 64);
}

IpAddress IpAddress::prefix(int length) const noexcept {
    const Halves keep = mask(std::clamp(length, 0, bits()) + (128 - bits()));
    IpAddress network = *this;
    for (std::size_t i = 0; i < 8; ++i) {
        network.bytes_[i] &= static_cast<std::uint8_t>(keep.high >> (56 - 8 * i));
        network.bytes_[i + 8] &= static_cast<std::uint8_t>(keep.low >> (56 - 8 * i));
    }
    return network;
}

bool IpAddress::same_prefix(const IpAddress& other, int length) const noexcept {
    if (family_ != other.family_) return false;
    const Halves keep = mask(std::clamp(length, 0, bits()) + (128 - bits()));
    const Halves mine = halves(bytes_);
    const Halves theirs = halves(other.bytes_);
    return (((mine.high ^ theirs.high) & keep.high) | ((mine.low ^ theirs.low) & keep.low)) == 0;
}

std::string_view IpAddress::format(std::span<char, kMaxText> buffer) const noexcept {
    static_assert(kMaxText == core::kMostIpText);
    const std::span<const std::uint8_t, 16> bytes{bytes_};
    return is_v4() ? core::format_ipv4(bytes.last<4>(), buffer) : core::format_ipv6(bytes, buffer);
}

std::string IpAddress::to_string() const {
    std::array<char, kMaxText> buffer;
    return std::string(format(buffer));
}

std::size_t IpAddress::hash() const noexcept {
    const Halves value = halves(bytes_);
    return mix(mix(value.high ^ process_key()) + 0x9e3779b97f4a7c15U + value.low);
}

}  // namespace portico::http
