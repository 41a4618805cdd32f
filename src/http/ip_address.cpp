#include "portico/http/ip_address.hpp"

#include <sys/random.h>

#include <bit>
#include <cstring>

#include "http/bytes.hpp"

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

/// Digits of at most three places, no leading zero, at most 255.
std::optional<std::array<std::uint8_t, 4>> parse_v4(std::string_view text) noexcept {
    std::array<std::uint8_t, 4> bytes{};
    std::size_t at = 0;
    for (std::size_t part = 0; part < 4; ++part) {
        if (part > 0) {
            if (at == text.size() || text[at] != '.') return {};
            ++at;
        }
        const std::size_t first = at;
        unsigned value = 0;
        while (at < text.size() && is_digit(text[at]) && at - first < 3) {
            value = value * 10 + static_cast<unsigned>(text[at++] - '0');
        }
        if (at == first || value > 255) return {};
        if (text[first] == '0' && at - first > 1) return {};
        bytes[part] = static_cast<std::uint8_t>(value);
    }
    if (at != text.size()) return {};
    return bytes;
}

std::optional<IpAddress::Bytes> parse_v6(std::string_view text) noexcept {
    IpAddress::Bytes bytes{};
    std::size_t used = 0;
    std::optional<std::size_t> gap;  // where the "::" stands
    std::size_t at = 0;
    if (text.starts_with("::")) {
        gap = 0;
        at = 2;
    } else if (text.starts_with(':')) {
        return {};
    }
    while (at < text.size()) {
        if (used == 16) return {};
        const std::size_t end = std::min(text.find(':', at), text.size());
        const std::string_view group = text.substr(at, end - at);
        if (end == text.size() && group.find('.') != std::string_view::npos) {
            const auto tail = parse_v4(group);
            if (!tail || used > 12) return {};
            std::ranges::copy(*tail, bytes.begin() + static_cast<std::ptrdiff_t>(used));
            used += 4;
            break;
        }
        if (group.empty() || group.size() > 4) return {};
        unsigned value = 0;
        for (const char c : group) {
            const int digit = hex_digit(c);
            if (digit < 0) return {};
            value = value << 4 | static_cast<unsigned>(digit);
        }
        bytes[used++] = static_cast<std::uint8_t>(value >> 8);
        bytes[used++] = static_cast<std::uint8_t>(value);
        if (end == text.size()) break;
        at = end + 1;
        if (at == text.size()) return {};  // a single colon at the end
        if (text[at] == ':') {
            if (gap) return {};
            gap = used;
            ++at;
        }
    }
    if (!gap) return used == 16 ? std::optional{bytes} : std::nullopt;
    // RFC 4291 §2.2: "::" stands for one or more groups of zeros.
    if (used > 14) return {};
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(*gap);
    const auto end = bytes.begin() + static_cast<std::ptrdiff_t>(used);
    std::copy_backward(begin, end, bytes.end());
    std::fill(begin, begin + static_cast<std::ptrdiff_t>(16 - used), std::uint8_t{0});
    return bytes;
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

char* put_decimal(char* to, unsigned value) noexcept {
    if (value >= 100) *to++ = static_cast<char>('0' + value / 100);
    if (value >= 10) *to++ = static_cast<char>('0' + value / 10 % 10);
    *to++ = static_cast<char>('0' + value % 10);
    return to;
}

char* put_hex(char* to, unsigned value) noexcept {
    constexpr std::string_view kDigits = "0123456789abcdef";
    bool started = false;
    for (int shift = 12; shift >= 0; shift -= 4) {
        const unsigned digit = value >> shift & 0xf;
        started = started || digit != 0 || shift == 0;
        if (started) *to++ = kDigits[digit];
    }
    return to;
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
    if (text.size() > 45) return {};  // eight groups, the last two as IPv4
    if (text.find(':') == std::string_view::npos) {
        const auto bytes = parse_v4(text);
        return bytes ? std::optional{v4(*bytes)} : std::nullopt;
    }
    const auto bytes = parse_v6(text);
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
    char* to = buffer.data();
    if (is_v4()) {
        for (std::size_t i = 12; i < 16; ++i) {
            if (i > 12) *to++ = '.';
            to = put_decimal(to, bytes_[i]);
        }
        return {buffer.data(), to};
    }
    std::array<unsigned, 8> groups{};
    for (std::size_t i = 0; i < 8; ++i) {
        groups[i] = static_cast<unsigned>(bytes_[2 * i] << 8 | bytes_[2 * i + 1]);
    }
    // RFC 5952 §4.2: the longest run of at least two groups, the first of equal ones.
    std::size_t gap = 8;
    std::size_t gap_length = 1;
    for (std::size_t i = 0; i < 8;) {
        std::size_t length = 0;
        while (i + length < 8 && groups[i + length] == 0) ++length;
        if (length > gap_length) {
            gap = i;
            gap_length = length;
        }
        i += length + 1;
    }
    for (std::size_t i = 0; i < 8; ++i) {
        if (i == gap) {
            *to++ = ':';
            *to++ = ':';
            i += gap_length - 1;
            continue;
        }
        if (i > 0 && to[-1] != ':') *to++ = ':';
        to = put_hex(to, groups[i]);
    }
    return {buffer.data(), to};
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
