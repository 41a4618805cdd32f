#include "auth/json_members.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>

namespace portico::auth {

namespace {

constexpr bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// ASCII that stands for itself in a string.
constexpr std::array<bool, 256> kPlain = [] {
    std::array<bool, 256> plain{};
    for (std::size_t c = 0x20; c < 0x80; ++c) plain[c] = c != '"' && c != '\\';
    return plain;
}();

/// The length of the UTF-8 sequence at the front of `text`; 0: it is none (RFC 3629 §4).
std::size_t utf8_length(std::string_view text) noexcept {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto tail = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first < 0xe0) return tail(1) ? 2 : 0;
    if ((first & 0xf0) == 0xe0) {
        if (first == 0xe0 && byte(1) < 0xa0) return 0;   // overlong
        if (first == 0xed && byte(1) >= 0xa0) return 0;  // a surrogate
        return tail(1) && tail(2) ? 3 : 0;
    }
    if (first >= 0xf0 && first < 0xf5) {
        if (first == 0xf0 && byte(1) < 0x90) return 0;
        if (first == 0xf4 && byte(1) >= 0x90) return 0;  // above U+10FFFF
        return tail(1) && tail(2) && tail(3) ? 4 : 0;
    }
    return 0;
}

void append_utf8(std::uint32_t point, std::string& out) {
    const auto tail = [&](int shift) { out += static_cast<char>(0x80 | (point >> shift & 0x3f)); };
    if (point < 0x80) {
        out += static_cast<char>(point);
    } else if (point < 0x800) {
        out += static_cast<char>(0xc0 | point >> 6);
        tail(0);
    } else if (point < 0x10000) {
        out += static_cast<char>(0xe0 | point >> 12);
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xf0 | point >> 18);
        tail(12);
        tail(6);
        tail(0);
    }
}

/// Four hexadecimal digits at the front of `text`.
std::optional<std::uint32_t> hex4(std::string_view text) noexcept {
    std::uint32_t value = 0;
    if (text.size() < 4) return {};
    const char* const end = text.data() + 4;
    if (std::from_chars(text.data(), end, value, 16).ptr != end) return {};
    return value;
}

/// The first eight bytes of a name as a number.
std::uint64_t start_of(std::string_view name) noexcept {
    std::uint64_t start = 0;
    std::memcpy(&start, name.data(), std::min(name.size(), sizeof start));
    return start;
}

/// The inside of a string that the scanner has passed, its escapes resolved. Nothing for half of a
/// surrogate pair, which stands for no character.
std::optional<std::string> unescape(std::string_view raw) {
    const std::size_t plain = std::min(raw.find('\\'), raw.size());
    std::string out;
    out.reserve(raw.size());
    out.append(raw.substr(0, plain));
    raw.remove_prefix(plain);
    while (!raw.empty()) {
        if (raw.front() != '\\') {
            out += raw.front();
            raw.remove_prefix(1);
            continue;
        }
        const char escape = raw[1];
        raw.remove_prefix(2);
        switch (escape) {
            case 'b':
                out += '\b';
                break;
            case 'f':
                out += '\f';
                break;
            case 'n':
                out += '\n';
                break;
            case 'r':
                out += '\r';
                break;
            case 't':
                out += '\t';
                break;
            case 'u': {
                std::uint32_t point = *hex4(raw);
                raw.remove_prefix(4);
                if (point >= 0xdc00 && point < 0xe000) return {};
                if (point >= 0xd800 && point < 0xdc00) {
                    if (!raw.starts_with("\\u")) return {};
                    const std::uint32_t low = *hex4(raw.substr(2));
                    if (low < 0xdc00 || low >= 0xe000) return {};
                    raw.remove_prefix(6);
                    point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
                }
                append_utf8(point, out);
                break;
            }
            default:
                out += escape;  // quote, backslash, slash
        }
    }
    return out;
}

}  // namespace

/// Walks one text by recursive descent; the depth is bounded before it descends.
class JsonMembers::Scanner {
public:
    Scanner(std::string_view text, JsonMembers& into) noexcept : text_(text), into_(into) {}

    Fault run() {
        skip_blanks();
        if (peek() != '{') return Fault::malformed;
        if (const Fault fault = object(1); fault != Fault::none) return fault;
        skip_blanks();
        return at_ == text_.size() ? Fault::none : Fault::malformed;
    }

private:
    [[nodiscard]] char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }
    void skip_blanks() noexcept {
        while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    }
    bool take(char c) noexcept {
        if (peek() != c || at_ == text_.size()) return false;
        ++at_;
        return true;
    }

    Fault value(std::size_t depth) {
        switch (peek()) {
            case '{':
                return depth > kDepth ? Fault::too_large : object(depth);
            case '[':
                return depth > kDepth ? Fault::too_large : array(depth);
            case '"': {
                bool escaped = false;
                return string(escaped) ? Fault::none : Fault::malformed;
            }
            case 't':
                return word("true");
            case 'f':
                return word("false");
            case 'n':
                return word("null");
            default:
                return number() ? Fault::none : Fault::malformed;
        }
    }

    Fault object(std::size_t depth) {
        ++at_;
        const std::size_t first = into_.count_;
        skip_blanks();
        if (!take('}')) {
            do {
                if (const Fault fault = member(first, depth); fault != Fault::none) return fault;
            } while (take(','));
            if (!take('}')) return Fault::malformed;
        }
        if (depth > 1) into_.count_ = first;  // only the outermost object's are kept
        return Fault::none;
    }

    Fault member(std::size_t first, std::size_t depth) {
        skip_blanks();
        const std::size_t name_at = at_ + 1;
        bool escaped = false;
        if (peek() != '"' || !string(escaped)) return Fault::malformed;
        std::string_view name = text_.substr(name_at, at_ - 1 - name_at);
        if (escaped) {
            auto plain = unescape(name);
            if (!plain) return Fault::malformed;
            name = into_.unescaped_.emplace_front(*std::move(plain));
        }
        if (into_.find(first, name) != nullptr) return Fault::duplicate;
        if (into_.count_ == kMembers) return Fault::too_large;
        std::construct_at(&into_.starts_[into_.count_], start_of(name));
        Member& member = *std::construct_at(&into_.members_[into_.count_++], Member{name, {}});

        skip_blanks();
        if (!take(':')) return Fault::malformed;
        skip_blanks();
        const std::size_t value_at = at_;
        if (const Fault fault = value(depth + 1); fault != Fault::none) return fault;
        member.value = text_.substr(value_at, at_ - value_at);
        skip_blanks();
        return Fault::none;
    }

    Fault array(std::size_t depth) {
        ++at_;
        skip_blanks();
        if (take(']')) return Fault::none;
        do {
            skip_blanks();
            if (const Fault fault = value(depth + 1); fault != Fault::none) return fault;
            skip_blanks();
        } while (take(','));
        return take(']') ? Fault::none : Fault::malformed;
    }

    bool string(bool& escaped) noexcept {
        ++at_;
        while (at_ < text_.size()) {
            const auto c = static_cast<unsigned char>(text_[at_]);
            if (kPlain[c]) {
                ++at_;
                continue;
            }
            if (c == '"') {
                ++at_;
                return true;
            }
            if (c < 0x20) return false;
            if (c == '\\') {
                escaped = true;
                if (!escape()) return false;
            } else {
                const std::size_t length = utf8_length(text_.substr(at_));
                if (length == 0) return false;
                at_ += length;
            }
        }
        return false;
    }

    bool escape() noexcept {
        ++at_;
        if (at_ == text_.size()) return false;
        const char c = text_[at_++];
        if (c == 'u') {
            if (!hex4(text_.substr(at_))) return false;
            at_ += 4;
            return true;
        }
        return std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos;
    }

    Fault word(std::string_view expected) noexcept {
        if (!text_.substr(at_).starts_with(expected)) return Fault::malformed;
        at_ += expected.size();
        return Fault::none;
    }

    bool digits() noexcept {
        const std::size_t first = at_;
        while (is_digit(peek())) ++at_;
        return at_ > first;
    }

    // RFC 8259 §6: number = [ minus ] int [ frac ] [ exp ].
    bool number() noexcept {
        take('-');
        if (!take('0') && !digits()) return false;
        if (take('.') && !digits()) return false;
        if (take('e') || take('E')) {
            if (!take('+')) take('-');
            if (!digits()) return false;
        }
        return true;
    }

    std::string_view text_;
    JsonMembers& into_;
    std::size_t at_ = 0;
};

JsonMembers::Fault JsonMembers::scan(std::string_view text) {
    count_ = 0;
    unescaped_.clear();
    const Fault fault = Scanner(text, *this).run();
    if (fault != Fault::none) count_ = 0;
    return fault;
}

const JsonMembers::Member* JsonMembers::find(std::size_t first,
                                             std::string_view name) const noexcept {
    const std::uint64_t start = start_of(name);
    for (std::size_t i = first; i < count_; ++i) {
        if (starts_[i] == start && members_[i].name == name) return &members_[i];
    }
    return nullptr;
}

std::optional<std::string> json_text(std::string_view value) {
    if (!value.starts_with('"')) return {};
    return unescape(value.substr(1, value.size() - 2));
}

std::optional<std::vector<std::string>> json_texts(std::string_view value) {
    if (!value.starts_with('[')) return {};
    std::vector<std::string> texts;
    // The scan has passed: between strings stand only blanks, commas and what is no string.
    for (std::size_t at = 1; at + 1 < value.size();) {
        if (is_blank(value[at]) || value[at] == ',') {
            ++at;
            continue;
        }
        if (value[at] != '"') return {};
        std::size_t end = at + 1;
        while (value[end] != '"') end += value[end] == '\\' ? 2 : 1;
        auto text = unescape(value.substr(at + 1, end - at - 1));
        if (!text) return {};
        texts.push_back(*std::move(text));
        at = end + 1;
    }
    return texts;
}

}  // namespace portico::auth
