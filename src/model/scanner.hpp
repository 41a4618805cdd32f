#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "portico/model/json.hpp"

namespace portico::model {

inline constexpr unsigned kMostDepth = 100;

/// Where an invalid sequence of UTF-8 starts (RFC 3629), or npos.
[[nodiscard]] std::size_t find_invalid_utf8(std::string_view text) noexcept;

/// The same as an error of JSON, whose texts are UTF-8 (RFC 8259 §8.1); nothing when it is valid.
[[nodiscard]] std::optional<JsonError> utf8_error(std::string_view text);

/// The length of the valid sequence of UTF-8 at the start of `text`, or 0.
[[nodiscard]] std::size_t utf8_length(std::string_view text) noexcept;

/// Code points of valid UTF-8.
[[nodiscard]] std::size_t count_code_points(std::string_view text) noexcept;

/// The first byte from `at` on that a JSON string can't hold as it is: `"`, `\`, a control.
[[nodiscard]] inline const char* find_special(const char* at, const char* end) noexcept {
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i last_control = _mm_set1_epi8(0x1F);
    while (end - at >= 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        const __m128i control = _mm_cmpeq_epi8(_mm_max_epu8(bytes, last_control), last_control);
        const __m128i hits = _mm_or_si128(
            control, _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)));
        const int mask = _mm_movemask_epi8(hits);
        if (mask != 0) return at + __builtin_ctz(static_cast<unsigned>(mask));
        at += 16;
    }
#endif
    while (at != end && *at != '"' && *at != '\\' && static_cast<unsigned char>(*at) >= 0x20) ++at;
    return at;
}

/// A cursor over one JSON text (RFC 8259) that must be valid UTF-8. Every byte of the text is
/// looked at, once; nothing is skipped unseen. A function that returns false has met an error of
/// syntax: its place and Python's words for it are kept.
class Scanner {
public:
    struct String {
        std::string_view text;  ///< In the source, or unescaped in the scanner's own buffer.
        bool escaped = false;   ///< Had escapes, so it may hold controls; else it has none.
        bool lone_surrogate = false;
    };
    struct Number {
        bool integral = false;  ///< Has neither fraction nor exponent.
        bool exact = false;     ///< The members below are all of it: no exponent, few digits.
        bool negative = false;
        unsigned decimals = 0;        ///< Digits behind the point.
        std::uint64_t magnitude = 0;  ///< The digits, without sign and point.
    };

    explicit Scanner(std::string_view text) noexcept
        : start_(text.data()), at_(text.data()), end_(text.data() + text.size()) {}

    void skip_space() noexcept {
        while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
    }
    /// The byte at the cursor, 0 at the end.
    [[nodiscard]] char peek() const noexcept { return at_ != end_ ? *at_ : '\0'; }
    [[nodiscard]] bool take(char expected) noexcept {
        if (at_ == end_ || *at_ != expected) return false;
        ++at_;
        return true;
    }
    [[nodiscard]] bool at_end() const noexcept { return at_ == end_; }
    [[nodiscard]] const char* at() const noexcept { return at_; }
    void go_to(const char* at) noexcept { at_ = at; }
    [[nodiscard]] std::string_view since(const char* from) const noexcept {
        return {from, static_cast<std::size_t>(at_ - from)};
    }

    /// At `"`. The result holds until the next string is read.
    [[nodiscard]] bool string(String& out) {
        const char* from = at_ + 1;
        const char* stop = find_special(from, end_);
        if (stop != end_ && *stop == '"') [[likely]] {
            out = {{from, static_cast<std::size_t>(stop - from)}};
            at_ = stop + 1;
            return true;
        }
        return unescape(stop, out);
    }
    /// At a digit or `-`.
    [[nodiscard]] bool number(Number& out);
    /// At `t`, `f` or `n`.
    [[nodiscard]] bool literal(std::string_view word);
    /// At any value, whose depth this is.
    [[nodiscard]] bool skip_value(unsigned depth);
    /// The text ends here, space aside.
    [[nodiscard]] bool finish();

    /// Steps over `{` or `[`.
    [[nodiscard]] bool open(unsigned depth) {
        if (depth >= kMostDepth) return fail("Nested deeper than 100 levels");
        ++at_;
        return true;
    }
    /// The same, once, at the start of a loop over members or items.
    [[nodiscard]] bool open_once(bool first) noexcept {
        if (first) ++at_;
        return true;
    }
    /// The next member's key; `done` at the closing brace. `first` before the first one.
    [[nodiscard]] bool next_key(bool first, bool& done, String& key);
    /// Steps over exactly this text, if it comes next: a key that is expected, with its colon.
    [[nodiscard]] bool take(std::string_view expected) noexcept {
        const std::size_t size = expected.size();
        if (static_cast<std::size_t>(end_ - at_) < size || !equal(at_, expected.data(), size)) {
            return false;
        }
        at_ += size;
        return true;
    }
    /// At the next item; `done` at the closing bracket.
    [[nodiscard]] bool next_item(bool first, bool& done);

    bool fail(const char* message) noexcept { return fail_at(at_, message); }
    bool fail_at(const char* at, const char* message) noexcept {
        if (message_ == nullptr) {
            message_ = message;
            failed_at_ = at;
        }
        return false;
    }
    [[nodiscard]] bool failed() const noexcept { return message_ != nullptr; }
    [[nodiscard]] JsonError error() const;

private:
    /// Keys are short: a call of memcmp takes longer than it compares.
    [[nodiscard]] static bool equal(const char* left, const char* right,
                                    std::size_t size) noexcept {
        const auto differ = [&](auto word, std::size_t at) {
            decltype(word) other;
            std::memcpy(&word, left + at, sizeof word);
            std::memcpy(&other, right + at, sizeof other);
            return word != other;
        };
        if (size < 4) return std::memcmp(left, right, size) == 0;
        if (size < 8) {
            return !differ(std::uint32_t{}, 0) && !differ(std::uint32_t{}, size - 4);
        }
        for (std::size_t at = 0; at + 8 < size; at += 8) {
            if (differ(std::uint64_t{}, at)) return false;
        }
        return !differ(std::uint64_t{}, size - 8);
    }
    bool unescape(const char* special, String& out);
    bool escape(const char* opening, String& out);
    bool code_unit(unsigned& unit) const noexcept;

    const char* start_;
    const char* at_;
    const char* end_;
    const char* failed_at_ = nullptr;
    const char* message_ = nullptr;
    std::string buffer_;
};

/// Appends a code point as UTF-8.
void append_utf8(char32_t code_point, std::string& out);

}  // namespace portico::model
