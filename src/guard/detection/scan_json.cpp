#include "guard/detection/bytes.hpp"
#include "guard/detection/canonical.hpp"
#include "portico/guard/detection.hpp"

namespace portico::guard {
namespace {

/// What stands between the strings of JSON: signs, numbers, true, false and null.
constexpr bool is_json_sign(char c) {
    return std::string_view("{}[]:, \t\r\n0123456789+-.Etrufalsen").find(c) !=
           std::string_view::npos;
}

constexpr auto kJsonSigns = [] {
    std::array<bool, 256> table{};
    for (int c = 0; c < 256; ++c) {
        table[static_cast<std::size_t>(c)] = is_json_sign(static_cast<char>(c));
    }
    return table;
}();

char32_t hex4(std::string_view text, std::size_t at) {
    char32_t code = 0;
    for (std::size_t i = at; i < at + 4; ++i) {
        const int digit = i < text.size() ? detail::hex_value(text[i]) : -1;
        if (digit < 0) return 0x110000;
        code = code * 16 + static_cast<char32_t>(digit);
    }
    return code;
}

/// The escape at `at`, a backslash (RFC 8259 §7): appends what it stands for and returns where it
/// ends. One that is none stands for the character behind the backslash.
std::size_t unescape(std::string_view text, std::size_t at, std::string& out) {
    if (at + 1 >= text.size()) return text.size();
    const char c = text[at + 1];
    switch (c) {
        case 'b':
            out += '\b';
            return at + 2;
        case 'f':
            out += '\f';
            return at + 2;
        case 'n':
            out += '\n';
            return at + 2;
        case 'r':
            out += '\r';
            return at + 2;
        case 't':
            out += '\t';
            return at + 2;
        case 'u':
            break;
        default:
            out += c;
            return at + 2;
    }
    char32_t code = hex4(text, at + 2);
    if (code >= 0x110000) {
        out += c;
        return at + 2;
    }
    if (code >= 0xd800 && code < 0xdc00 && text.substr(at + 6).starts_with("\\u")) {
        const char32_t low = hex4(text, at + 8);
        if (low >= 0xdc00 && low < 0xe000) {
            detail::append_utf8(0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00), out);
            return at + 12;
        }
    }
    detail::append_utf8(code, out);
    return at + 6;
}

/// Keys of a document in which nothing was found: its rows repeat them.
class CleanKeys {
public:
    [[nodiscard]] bool contains(std::string_view key) const noexcept {
        return !key.empty() && keys_[place_of(key)] == key;
    }
    void add(std::string_view key) noexcept {
        if (!key.empty()) keys_[place_of(key)] = key;
    }

private:
    [[nodiscard]] static std::size_t place_of(std::string_view key) noexcept {
        return (key.size() * 7 + static_cast<unsigned char>(key.front()) * 5U +
                static_cast<unsigned char>(key.back())) %
               32;
    }

    std::array<std::string_view, 32> keys_{};
};

}  // namespace

/// Every string, without a tree: one that a colon follows is a key, another is a value of the last
/// key. What is no JSON is a text.
void Scan::json(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    std::string_view key;
    std::string_view string;
    CleanKeys clean;
    for (std::size_t at = 0; at < text.size() && !is_attack();) {
        if (text[at] != '"') {
            if (!kJsonSigns[static_cast<unsigned char>(text[at])]) {
                return value(Place::body_value, key, text);
            }
            ++at;
            continue;
        }
        at = json_string(text, at + 1, unescaped_, string);
        std::size_t next = at;
        while (next < text.size() && detail::is_space(static_cast<unsigned char>(text[next]))) {
            ++next;
        }
        if (next < text.size() && text[next] == ':') {
            const bool escaped = string.data() == unescaped_.data();
            if (escaped) {
                key_ = string;
                string = key_;
            }
            if (!clean.contains(string)) {
                const std::size_t hits = hits_.size();
                const auto not_scanned = not_scanned_;
                value(Place::body_name, {}, string);
                const bool found = hits_.size() != hits || hits == kMaxHits;
                if (!escaped && !found && not_scanned_ == not_scanned) clean.add(string);
            }
            key = string;
        } else if (!is_unscanned(key)) {
            value(Place::body_value, key, string);
        }
        if (!take((next - at) + 1)) return;
    }
}

/// The string whose first byte is at `at`; returns where the text goes on behind it.
std::size_t Scan::json_string(std::string_view text, std::size_t at, std::string& unescaped,
                              std::string_view& value) {
    std::size_t end = at;
    while (end < text.size() && text[end] != '"' && text[end] != '\\') ++end;
    if (end >= text.size() || text[end] == '"') {
        value = text.substr(at, end - at);
        return end + 1;
    }
    unescaped.assign(text, at, end - at);
    while (end < text.size() && text[end] != '"') {
        if (text[end] == '\\') {
            end = unescape(text, end, unescaped);
        } else {
            unescaped += text[end++];
        }
    }
    value = unescaped;
    return end + 1;
}

}  // namespace portico::guard
