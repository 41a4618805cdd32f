#include "portico/core/ip_text.hpp"

#include <algorithm>

namespace portico::core {
namespace {

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

int hex_digit(char c) noexcept {
    if (is_digit(c)) return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
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

char* put_ipv4(char* to, std::span<const std::uint8_t, 4> bytes) noexcept {
    for (std::size_t i = 0; i < 4; ++i) {
        if (i > 0) *to++ = '.';
        to = put_decimal(to, bytes[i]);
    }
    return to;
}

}  // namespace

std::optional<Ipv4Bytes> parse_ipv4(std::string_view text) noexcept {
    Ipv4Bytes bytes{};
    std::size_t at = 0;
    // Digits of at most three places, no leading zero, at most 255.
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

std::optional<Ipv6Bytes> parse_ipv6(std::string_view text) noexcept {
    Ipv6Bytes bytes{};
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
            const auto tail = parse_ipv4(group);
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

std::string_view format_ipv4(std::span<const std::uint8_t, 4> bytes,
                             std::span<char, kMostIpText> buffer) noexcept {
    return {buffer.data(), put_ipv4(buffer.data(), bytes)};
}

std::string_view format_ipv6(std::span<const std::uint8_t, 16> bytes,
                             std::span<char, kMostIpText> buffer) noexcept {
    constexpr std::string_view kMapped = "::ffff:";
    // RFC 5952 §5: such addresses are recognised by everyone in mixed notation.
    const bool mapped = std::ranges::all_of(bytes.first<10>(), [](auto b) { return b == 0; }) &&
                        bytes[10] == 0xff && bytes[11] == 0xff;
    if (mapped) {
        char* const end = put_ipv4(std::ranges::copy(kMapped, buffer.data()).out, bytes.last<4>());
        return {buffer.data(), end};
    }
    char* to = buffer.data();
    std::array<unsigned, 8> groups{};
    for (std::size_t i = 0; i < 8; ++i) {
        groups[i] = static_cast<unsigned>(bytes[2 * i] << 8 | bytes[2 * i + 1]);
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

}  // namespace portico::core
