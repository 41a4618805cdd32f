#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace portico::http {

/// A set of bytes, for one look-up each.
class ByteSet {
public:
    constexpr ByteSet() = default;
    constexpr explicit ByteSet(std::string_view bytes) {
        for (const char byte : bytes) in_[static_cast<unsigned char>(byte)] = true;
    }
    [[nodiscard]] constexpr ByteSet with(std::string_view bytes) const {
        ByteSet all = *this;
        for (const char byte : bytes) all.in_[static_cast<unsigned char>(byte)] = true;
        return all;
    }
    /// Both ends belong to it.
    [[nodiscard]] constexpr ByteSet with_range(unsigned first, unsigned last) const {
        ByteSet all = *this;
        for (unsigned byte = first; byte <= last; ++byte) all.in_[byte] = true;
        return all;
    }
    [[nodiscard]] constexpr ByteSet without(std::string_view bytes) const {
        ByteSet all = *this;
        for (const char byte : bytes) all.in_[static_cast<unsigned char>(byte)] = false;
        return all;
    }

    [[nodiscard]] constexpr bool has(char byte) const noexcept {
        return in_[static_cast<unsigned char>(byte)];
    }
    [[nodiscard]] constexpr bool has_all(std::string_view text) const noexcept {
        for (const char byte : text) {
            if (!has(byte)) return false;
        }
        return true;
    }

private:
    std::array<bool, 256> in_{};
};

inline constexpr ByteSet kAlphanumeric =
    ByteSet().with_range('0', '9').with_range('A', 'Z').with_range('a', 'z');
/// RFC 9110 §5.6.2.
inline constexpr ByteSet kTokenBytes = kAlphanumeric.with("!#$%&'*+-.^_`|~");
/// RFC 3986 §2.3.
inline constexpr ByteSet kUnreserved = kAlphanumeric.with("-._~");

[[nodiscard]] constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// -1 for what is no hexadecimal digit.
[[nodiscard]] constexpr int hex_digit(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// Without spaces and tabs at both ends (OWS, RFC 9110 §5.6.3).
[[nodiscard]] constexpr std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

}  // namespace portico::http
