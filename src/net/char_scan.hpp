#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace portico::net {

/// token (RFC 9110 §5.6.2): '!' '#' '$' '%' '&' ''' '*' '+' '-' '.' '^' '_' '`' '|' '~' digits,
/// letters.
inline constexpr auto kTokenChars = [] {
    std::array<bool, 256> table{};
    for (int c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = true;
    for (int c = 'a'; c <= 'z'; ++c) table[static_cast<std::size_t>(c)] = true;
    for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<std::size_t>(c)] = true;
    for (const char c :
         {'!', '#', '$', '%', '&', '\'', '*', '+', '-', '.', '^', '_', '`', '|', '~'}) {
        table[static_cast<std::size_t>(c)] = true;
    }
    return table;
}();

[[nodiscard]] constexpr bool is_token_char(char c) noexcept {
    return kTokenChars[static_cast<unsigned char>(c)];
}

/// field-vchar, SP or HTAB (RFC 9110 §5.5): no other control character.
[[nodiscard]] constexpr bool is_value_char(char c) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7f) || byte == '\t';
}

/// What may stand in a request target. RFC 3986 allows less, but browsers and curl send "|", "[",
/// "{", and quotes as they are; none of them can be taken for a delimiter of the request line. A
/// "#" starts a fragment, which is never sent.
[[nodiscard]] constexpr bool is_target_char(char c) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte < 0x7f && byte != '#';
}

/// The first byte that is no `is_value_char`, or `end`.
[[nodiscard]] inline const char* skip_value(const char* at, const char* end) noexcept {
#if defined(__SSE2__)
    const __m128i space = _mm_set1_epi8(0x20);
    const __m128i tab = _mm_set1_epi8('\t');
    const __m128i del = _mm_set1_epi8(0x7f);
    while (end - at >= 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        // Unsigned "below a space": the minimum with 0x1f is the byte itself.
        const __m128i low =
            _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_sub_epi8(space, _mm_set1_epi8(1))), bytes);
        const __m128i bad = _mm_or_si128(_mm_andnot_si128(_mm_cmpeq_epi8(bytes, tab), low),
                                         _mm_cmpeq_epi8(bytes, del));
        const auto mask = static_cast<unsigned>(_mm_movemask_epi8(bad));
        if (mask != 0) return at + __builtin_ctz(mask);
        at += 16;
    }
#endif
    while (at != end && is_value_char(*at)) ++at;
    return at;
}

/// The first byte that is no token character, or `end`.
[[nodiscard]] inline const char* skip_token(const char* at, const char* end) noexcept {
#if defined(__SSE2__)
    // Letters, digits and "-" are what names are made of; the others are left to the table.
    const auto at_most = [](__m128i bytes, char bound) {
        return _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(bound)), bytes);
    };
    while (end - at >= 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        const __m128i lower = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
        const __m128i letter = at_most(_mm_sub_epi8(lower, _mm_set1_epi8('a')), 25);
        const __m128i digit = at_most(_mm_sub_epi8(bytes, _mm_set1_epi8('0')), 9);
        const __m128i dash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-'));
        const auto good = static_cast<unsigned>(
            _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(letter, digit), dash)));
        if (good == 0xffffU) {
            at += 16;
            continue;
        }
        at += __builtin_ctz(~good);
        if (!is_token_char(*at)) return at;
        break;
    }
#endif
    while (at != end && is_token_char(*at)) ++at;
    return at;
}

/// The first byte that is no `is_target_char`, or `end`.
[[nodiscard]] inline const char* skip_target(const char* at, const char* end) noexcept {
#if defined(__SSE2__)
    const __m128i space = _mm_set1_epi8(0x20);
    const __m128i hash = _mm_set1_epi8('#');
    const __m128i del = _mm_set1_epi8(0x7f);
    while (end - at >= 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        // Signed: bytes from 0x80 are negative, so below a space too.
        const __m128i good =
            _mm_andnot_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, hash), _mm_cmpeq_epi8(bytes, del)),
                             _mm_cmpgt_epi8(bytes, space));
        const auto mask = static_cast<unsigned>(_mm_movemask_epi8(good)) ^ 0xffffU;
        if (mask != 0) return at + __builtin_ctz(mask);
        at += 16;
    }
#endif
    while (at != end && is_target_char(*at)) ++at;
    return at;
}

/// True when the first `N - 1` bytes of `text` are `name`, which is written in lower case, without
/// regard to case. For names of letters and "-" alone.
template <std::size_t N>
[[nodiscard]] inline bool is_name(const char* text, const char (&name)[N]) noexcept {
    for (std::size_t i = 0; i + 1 < N; ++i) {
        const char c = name[i];
        const char mask = c == '-' ? 0 : 0x20;
        if (static_cast<char>(text[i] | mask) != c) return false;
    }
    return true;
}

}  // namespace portico::net
