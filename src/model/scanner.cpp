#include "model/scanner.hpp"

namespace portico::model {
namespace {

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// That many never exceed 64 bits.
constexpr unsigned kMostDigits = 18;

}  // namespace

bool Scanner::number(Number& out) {
    // RFC 8259 §6: number = [ minus ] int [ frac ] [ exp ]. As in Python's scanner, a part that is
    // not complete ends the number before it, and what follows is the error.
    const char* from = at_;
    const char* at = at_;
    std::uint64_t magnitude = 0;
    const auto digits = [&] {
        const char* first = at;
        for (; at != end_ && is_digit(*at); ++at) {
            magnitude = magnitude * 10 + static_cast<std::uint64_t>(*at - '0');
        }
        return static_cast<unsigned>(at - first);
    };
    if (at != end_ && *at == '-') ++at;
    out = {.integral = true, .negative = at != from};
    if (at == end_ || !is_digit(*at)) return fail_at(from, "Expecting value");
    unsigned count = 1;
    if (*at == '0') {
        ++at;
    } else {
        count = digits();
    }
    if (at != end_ && *at == '.' && at + 1 != end_ && is_digit(at[1])) {
        out.integral = false;
        ++at;
        out.decimals = digits();
        count += out.decimals;
    }
    out.exact = count <= kMostDigits;
    out.magnitude = magnitude;
    if (at != end_ && (*at == 'e' || *at == 'E')) {
        const char* exponent = at + 1;
        if (exponent != end_ && (*exponent == '+' || *exponent == '-')) ++exponent;
        if (exponent != end_ && is_digit(*exponent)) {
            out.integral = false;
            out.exact = false;
            at = exponent;
            while (at != end_ && is_digit(*at)) ++at;
        }
    }
    at_ = at;
    return true;
}

bool Scanner::literal(std::string_view word) {
    if (static_cast<std::size_t>(end_ - at_) < word.size() ||
        std::memcmp(at_, word.data(), word.size()) != 0) {
        return fail("Expecting value");
    }
    at_ += word.size();
    return true;
}

bool Scanner::unescape(const char* special, String& out) {
    const char* opening = at_;
    const char* from = at_ + 1;
    buffer_.clear();
    out.escaped = true;
    out.lone_surrogate = false;
    for (;;) {
        buffer_.append(from, special);
        if (special == end_) return fail_at(opening, "Unterminated string starting at");
        at_ = special;
        if (*special == '"') {
            ++at_;
            out.text = buffer_;
            return true;
        }
        if (*special != '\\') return fail("Invalid control character at");
        if (!escape(opening, out)) return false;
        from = at_;
        special = find_special(from, end_);
    }
}

bool Scanner::code_unit(unsigned& unit) const noexcept {
    // At the "u" of an escape.
    if (end_ - at_ < 5) return false;
    unit = 0;
    for (int i = 1; i <= 4; ++i) {
        const char c = at_[i];
        const unsigned digit = is_digit(c)              ? static_cast<unsigned>(c - '0')
                               : (c >= 'a' && c <= 'f') ? static_cast<unsigned>(c - 'a' + 10)
                               : (c >= 'A' && c <= 'F') ? static_cast<unsigned>(c - 'A' + 10)
                                                        : 16U;
        if (digit == 16) return false;
        unit = unit * 16 + digit;
    }
    return true;
}

bool Scanner::escape(const char* opening, String& out) {
    const char* backslash = at_++;
    switch (peek()) {
        case '"':
        case '\\':
        case '/':
            buffer_.push_back(*at_);
            break;
        case 'b':
            buffer_.push_back('\b');
            break;
        case 'f':
            buffer_.push_back('\f');
            break;
        case 'n':
            buffer_.push_back('\n');
            break;
        case 'r':
            buffer_.push_back('\r');
            break;
        case 't':
            buffer_.push_back('\t');
            break;
        case 'u': {
            unsigned unit = 0;
            if (!code_unit(unit)) return fail("Invalid \\uXXXX escape");
            at_ += 5;
            if (unit < 0xD800 || unit > 0xDFFF) {
                append_utf8(unit, buffer_);
                return true;
            }
            // RFC 8259 §7: a character outside the BMP is a pair of surrogates; one alone is no
            // character at all.
            unsigned low = 0;
            if (unit <= 0xDBFF && end_ - at_ >= 6 && at_[0] == '\\' && at_[1] == 'u') {
                ++at_;
                const bool pair = code_unit(low) && low >= 0xDC00 && low <= 0xDFFF;
                --at_;
                if (pair) {
                    append_utf8(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00), buffer_);
                    at_ += 6;
                    return true;
                }
            }
            out.lone_surrogate = true;
            append_utf8(0xFFFD, buffer_);
            return true;
        }
        default:
            if (at_end()) return fail_at(opening, "Unterminated string starting at");
            return fail_at(backslash, "Invalid \\escape");
    }
    ++at_;
    return true;
}

bool Scanner::next_key(bool first, bool& done, String& key) {
    skip_space();
    if (take('}')) {
        if (!first) return fail_at(at_ - 1, "Expecting property name enclosed in double quotes");
        done = true;
        return true;
    }
    if (peek() != '"') return fail("Expecting property name enclosed in double quotes");
    if (!string(key)) return false;
    skip_space();
    if (!take(':')) return fail("Expecting ':' delimiter");
    skip_space();
    return true;
}

bool Scanner::next_item(bool first, bool& done) {
    skip_space();
    if (first && take(']')) done = true;
    return true;
}

bool Scanner::skip_value(unsigned depth) {
    switch (peek()) {
        case '"': {
            String ignored;
            return string(ignored);
        }
        case '{':
            if (!open(depth)) return false;
            for (bool first = true, done = false;; first = false) {
                String key;
                if (!next_key(first, done, key)) return false;
                if (done) return true;
                if (!skip_value(depth + 1)) return false;
                skip_space();
                if (take('}')) return true;
                if (!take(',')) return fail("Expecting ',' delimiter");
            }
        case '[':
            if (!open(depth)) return false;
            for (bool first = true, done = false;; first = false) {
                if (!next_item(first, done)) return false;
                if (done) return true;
                if (!skip_value(depth + 1)) return false;
                skip_space();
                if (take(']')) return true;
                if (!take(',')) return fail("Expecting ',' delimiter");
            }
        case 't':
            return literal("true");
        case 'f':
            return literal("false");
        case 'n':
            return literal("null");
        default: {
            Number ignored;
            return number(ignored);
        }
    }
}

bool Scanner::finish() {
    skip_space();
    return at_end() || fail("Extra data");
}

JsonError Scanner::error() const {
    const std::string_view before{start_, static_cast<std::size_t>(failed_at_ - start_)};
    return {count_code_points(before), message_};
}

}  // namespace portico::model
