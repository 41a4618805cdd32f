#include "portico/crypto/base64.hpp"

#include <array>
#include <cstdint>

namespace portico::crypto {

namespace {

constexpr std::string_view kStandard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::uint8_t kInvalid = 0xff;
using Values = std::array<std::uint8_t, 256>;

constexpr Values values_of(std::string_view alphabet) {
    Values values{};
    values.fill(kInvalid);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}

constexpr Values kStandardValues = values_of(kStandard);
constexpr Values kUrlValues = values_of(kUrl);

std::string encode(std::string_view bytes, std::string_view alphabet) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    const auto byte = [&](std::size_t i) {
        return std::uint32_t{static_cast<std::uint8_t>(bytes[i])};
    };
    std::size_t at = 0;
    for (; at + 3 <= bytes.size(); at += 3) {
        const std::uint32_t group = byte(at) << 16 | byte(at + 1) << 8 | byte(at + 2);
        for (int shift = 18; shift >= 0; shift -= 6) out += alphabet[group >> shift & 63];
    }
    if (bytes.size() - at == 1) {
        out += alphabet[byte(at) >> 2];
        out += alphabet[byte(at) << 4 & 63];
    } else if (bytes.size() - at == 2) {
        const std::uint32_t group = byte(at) << 8 | byte(at + 1);
        out += alphabet[group >> 10];
        out += alphabet[group >> 4 & 63];
        out += alphabet[group << 2 & 63];
    }
    return out;
}

std::optional<std::size_t> decode(std::string_view text, std::span<char> out,
                                  const Values& values) noexcept {
    const std::size_t rest = text.size() % 4;
    if (rest == 1) return {};
    const std::size_t size = text.size() / 4 * 3 + (rest == 0 ? 0 : rest - 1);
    if (out.size() < size) return {};

    // Plain pointers, by value: what is written through a char may be anything, and would have all
    // else read again.
    const char* from = text.data();
    char* to = out.data();
    const std::uint8_t* const table = values.data();
    const auto value = [table](char c) {
        return std::uint32_t{table[static_cast<unsigned char>(c)]};
    };
    std::uint32_t seen = 0;  // the top bits tell of a character that is none of the alphabet
    for (const char* const end = from + (text.size() - rest); from != end; from += 4, to += 3) {
        const std::uint32_t a = value(from[0]), b = value(from[1]);
        const std::uint32_t c = value(from[2]), d = value(from[3]);
        seen |= a | b | c | d;
        to[0] = static_cast<char>(a << 2 | b >> 4);
        to[1] = static_cast<char>(b << 4 | c >> 2);
        to[2] = static_cast<char>(c << 6 | d);
    }
    if (rest != 0) {
        const std::uint32_t a = value(from[0]), b = value(from[1]);
        const std::uint32_t c = rest == 3 ? value(from[2]) : 0;
        seen |= a | b | c;
        to[0] = static_cast<char>(a << 2 | b >> 4);
        if (rest == 3) to[1] = static_cast<char>(b << 4 | c >> 2);
        // RFC 4648 §3.5: "decoders MAY choose to reject an encoding if the pad bits have not been
        // set to zero". A signed text must have one spelling.
        if (((rest == 2 ? b << 4 : c << 6) & 0xff) != 0) return {};
    }
    if (seen >= 64) return {};
    return size;
}

std::optional<std::string> decode(std::string_view text, const Values& values) {
    std::string out(base64_decoded_size(text.size()), '\0');
    const auto size = decode(text, out, values);
    if (!size) return {};
    out.resize(*size);
    return out;
}

}  // namespace

std::string base64url_encode(std::string_view bytes) {
    return encode(bytes, kUrl);
}

std::optional<std::string> base64url_decode(std::string_view text) {
    return decode(text, kUrlValues);
}

std::optional<std::size_t> base64url_decode(std::string_view text, std::span<char> out) noexcept {
    return decode(text, out, kUrlValues);
}

std::string base64_encode(std::string_view bytes) {
    std::string out = encode(bytes, kStandard);
    while (out.size() % 4 != 0) out += '=';
    return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
    if (text.size() % 4 != 0) return {};
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
    return decode(text, kStandardValues);
}

std::string base64_encode_unpadded(std::string_view bytes) {
    return encode(bytes, kStandard);
}

std::optional<std::string> base64_decode_unpadded(std::string_view text) {
    return decode(text, kStandardValues);
}

}  // namespace portico::crypto
