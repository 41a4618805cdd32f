#include "guard/detection/canonical.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "guard/detection/bytes.hpp"
#include "guard/detection/entities.hpp"
#include "guard/detection/look_alikes.hpp"

namespace portico::guard::detail {
namespace {

constexpr auto kTraits = [] {
    std::array<std::uint8_t, 256> table{};
    for (int c = 0; c < 256; ++c) {
        std::uint8_t bits = Traits::kOther;
        if (is_word(c) || c == ',' || c == '-') bits = 0;
        if (c == '.' || c == '@') bits = Traits::kDot;
        if (c == ' ') bits = Traits::kSpace;
        if (c == '%' || c == '\\' || c == '&') bits = Traits::kEscape | Traits::kOther;
        if (c >= 0x80) bits = Traits::kHigh;
        if (c == '+' || c == '/' || c == '=') bits = Traits::kBase64;
        if (c == '$' || c == '{') bits = Traits::kDollar | Traits::kOther;
        table[static_cast<std::size_t>(c)] = bits;
    }
    return table;
}();

/// The value of `count` hex digits at `at`, or -1.
int hex_at(std::string_view text, std::size_t at, std::size_t count) {
    if (at + count > text.size()) return -1;
    int value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        const int digit = hex_value(text[i]);
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

void append_code_point(char32_t code, std::string& out) {
    if (const auto folded = look_alike(code)) {
        if (*folded != '\0') out += *folded;
    } else {
        append_utf8(code, out);
    }
}

class Decoder {
public:
    Decoder(std::string_view text, std::string& out) : text_(text), out_(out) {}

    bool decode() {
        out_.clear();
        std::size_t copied = 0;
        while (at_ < text_.size()) {
            const auto c = static_cast<unsigned char>(text_[at_]);
            if ((kTraits[c] & (Traits::kEscape | Traits::kHigh)) == 0) {
                ++at_;
                continue;
            }
            const std::size_t size = out_.size();
            out_.append(text_, copied, at_ - copied);
            const std::size_t taken = c == '%'    ? percent()
                                      : c == '\\' ? backslash()
                                      : c == '&'  ? entity()
                                                  : high();
            if (taken == 0) {
                out_.resize(size);
                // A character that stays is passed over whole.
                ++at_;
                while (c >= 0xc0 && at_ < text_.size() && is_continuation(text_[at_])) ++at_;
                continue;
            }
            changed_ = true;
            at_ += taken;
            copied = at_;
        }
        if (!changed_) return false;
        out_.append(text_, copied);
        // A form within: one that was escaped itself is a plus.
        if (percent_ && !plus_ && text_.find(' ') == std::string_view::npos) {
            std::ranges::replace(out_, '+', ' ');
        }
        return true;
    }

private:
    static bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

    // Each appends what it decodes at `at_` and says how many bytes it took: none, if it could not.
    std::size_t percent() {
        if (at_ + 1 < text_.size() && lower(text_[at_ + 1]) == 'u') {
            const int code = hex_at(text_, at_ + 2, 4);
            if (code < 0) return 0;
            append_code_point(static_cast<char32_t>(code), out_);
            return 6;
        }
        const int byte = hex_at(text_, at_ + 1, 2);
        if (byte < 0) return 0;
        out_ += static_cast<char>(byte);
        percent_ = true;
        plus_ = plus_ || byte == '+';
        return 3;
    }

    std::size_t backslash() {
        if (at_ + 1 >= text_.size()) return 0;
        const char kind = text_[at_ + 1];
        if (kind == 'x') {
            const int byte = hex_at(text_, at_ + 2, 2);
            if (byte < 0) return 0;
            out_ += static_cast<char>(byte);
            return 4;
        }
        if (kind == 'u') {
            if (at_ + 2 < text_.size() && text_[at_ + 2] == '{') {
                std::size_t end = at_ + 3;
                while (end < text_.size() && end < at_ + 9 && hex_value(text_[end]) >= 0) ++end;
                if (end == at_ + 3 || end >= text_.size() || text_[end] != '}') return 0;
                append_code_point(static_cast<char32_t>(hex_at(text_, at_ + 3, end - at_ - 3)),
                                  out_);
                return end + 1 - at_;
            }
            const int code = hex_at(text_, at_ + 2, 4);
            if (code < 0) return 0;
            append_code_point(static_cast<char32_t>(code), out_);
            return 6;
        }
        if (kind >= '0' && kind <= '3' && at_ + 3 < text_.size()) {
            int byte = 0;
            for (std::size_t i = at_ + 1; i < at_ + 4; ++i) {
                if (text_[i] < '0' || text_[i] > '7') return 0;
                byte = byte * 8 + (text_[i] - '0');
            }
            out_ += static_cast<char>(byte);
            return 4;
        }
        return 0;
    }

    std::size_t entity() {
        const Entity found = read_entity(text_.substr(at_));
        if (found.size == 0) return 0;
        append_code_point(found.code, out_);
        return found.size;
    }

    /// UTF-8, in as many bytes as the first one claims: more than are needed are decoded too.
    std::size_t high() {
        const auto first = static_cast<unsigned char>(text_[at_]);
        if (first == 0xa0) {  // a space of Latin-1; of UTF-8 it can't be the first byte
            out_ += ' ';
            return 1;
        }
        const std::size_t size = first >= 0xfc   ? 6
                                 : first >= 0xf8 ? 5
                                 : first >= 0xf0 ? 4
                                 : first >= 0xe0 ? 3
                                 : first >= 0xc0 ? 2
                                                 : 0;
        if (size == 0 || at_ + size > text_.size()) return 0;
        char32_t code = first & (0x7fU >> size);
        for (std::size_t i = 1; i < size; ++i) {
            const char c = text_[at_ + i];
            if (!is_continuation(c)) return 0;
            code = (code << 6) | (static_cast<unsigned char>(c) & 0x3f);
        }
        if (code < 0x80) {
            out_ += static_cast<char>(code);
            return size;
        }
        const auto folded = look_alike(code);
        if (!folded) return 0;
        if (*folded != '\0') out_ += *folded;
        return size;
    }

    std::string_view text_;
    std::string& out_;
    std::size_t at_ = 0;
    bool changed_ = false;
    bool percent_ = false;
    bool plus_ = false;
};

constexpr std::size_t kMinBase64 = 16;

int base64_value(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (is_digit(c)) return c - '0' + 52;
    if (c == '+' || c == '-') return 62;
    if (c == '/' || c == '_') return 63;
    return -1;
}

}  // namespace

void append_utf8(char32_t code, std::string& out) {
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xc0 | (code >> 6));
        out += static_cast<char>(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        out += static_cast<char>(0xe0 | (code >> 12));
        out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
        out += static_cast<char>(0x80 | (code & 0x3f));
    } else if (code < 0x110000) {
        out += static_cast<char>(0xf0 | (code >> 18));
        out += static_cast<char>(0x80 | ((code >> 12) & 0x3f));
        out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
        out += static_cast<char>(0x80 | (code & 0x3f));
    }
}

Traits traits(std::string_view text) noexcept {
    std::uint8_t bits = 0;
    for (const char c : text) bits |= kTraits[static_cast<unsigned char>(c)];
    return {bits};
}

bool decode_layer(std::string_view text, std::string& out) {
    return Decoder(text, out).decode();
}

bool decode_base64_text(std::string_view text, std::string& out) {
    while (text.ends_with('=')) text.remove_suffix(1);
    if (text.size() < kMinBase64 || text.size() % 4 == 1) return false;
    out.clear();
    unsigned pending = 0;
    int bits = 0;
    for (const char c : text) {
        const int value = base64_value(c);
        if (value < 0) return false;
        pending = (pending << 6) | static_cast<unsigned>(value);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        const auto byte = static_cast<unsigned char>(pending >> bits);
        if (byte >= 0x7f || (byte < ' ' && !is_space(byte))) return false;
        out += static_cast<char>(byte);
    }
    return true;
}

}  // namespace portico::guard::detail
