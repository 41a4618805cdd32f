#include "db/postgres/array_text.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "db/postgres/type_oid.hpp"
#include "portico/model/date_time.hpp"

namespace portico::db::postgres {
namespace {

constexpr std::array<std::pair<unsigned, unsigned>, 15> kElements{{
    {kBoolArray, kBool},
    {kInt2Array, kInt2},
    {kInt4Array, kInt4},
    {kInt8Array, kInt8},
    {kTextArray, kText},
    {kBpcharArray, kBpchar},
    {kVarcharArray, kVarchar},
    {kFloat4Array, kFloat4},
    {kFloat8Array, kFloat8},
    {kTimestampArray, kTimestamp},
    {kTimestamptzArray, kTimestamptz},
    {kDateArray, kDate},
    {kTimeArray, kTime},
    {kNumericArray, kNumeric},
    {kUuidArray, kUuid},
}};

void append_utf8(unsigned code, std::string& out) {
    const auto byte = [&](unsigned value) { out += static_cast<char>(value); };
    if (code < 0x80) return byte(code);
    if (code < 0x800) {
        byte(0xC0 | code >> 6);
    } else if (code < 0x10000) {
        byte(0xE0 | code >> 12);
        byte(0x80 | (code >> 6 & 63));
    } else {
        byte(0xF0 | code >> 18);
        byte(0x80 | (code >> 12 & 63));
        byte(0x80 | (code >> 6 & 63));
    }
    byte(0x80 | (code & 63));
}

/// Reads the array that `Filter::add_any_of` has written.
class Reader {
public:
    Reader(std::string_view json, unsigned element, std::string& out)
        : rest_(json), element_(element), out_(out) {}

    bool run() {
        if (!skip('[')) return false;
        out_ += '{';
        if (!skip(']')) {
            do {
                if (out_.back() != '{') out_ += ',';
                if (!value()) return false;
            } while (skip(','));
            if (!skip(']')) return false;
        }
        out_ += '}';
        return rest_.empty();
    }

private:
    bool skip(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    bool value() {
        if (skip('"')) return text();
        const auto end = rest_.find_first_of(",]");
        if (end == std::string_view::npos || end == 0) return false;
        const std::string_view token = rest_.substr(0, end);
        rest_.remove_prefix(end);
        if (token == "null") {
            out_ += "NULL";
            return true;
        }
        if (element_ == kTimestamptz || element_ == kTimestamp) return time(token);
        out_.append("\"").append(token).append("\"");
        return token.find_first_of("\"\\") == std::string_view::npos;
    }

    bool time(std::string_view token) {
        std::int64_t microseconds = 0;
        const char* const end = token.data() + token.size();
        const auto [rest, failed] = std::from_chars(token.data(), end, microseconds);
        if (failed != std::errc{} || rest != end) return false;
        const auto at = model::DateTime::from_unix_microseconds(microseconds);
        out_.append("\"").append(at.to_string()).append("\"");
        return true;
    }

    void put(char c) {
        if (c == '"' || c == '\\') out_ += '\\';
        out_ += c;
    }

    bool text() {
        out_ += '"';
        while (!rest_.empty()) {
            const char c = rest_.front();
            rest_.remove_prefix(1);
            if (c == '"') {
                out_ += '"';
                return true;
            }
            if (c != '\\') {
                put(c);
            } else if (!escaped()) {
                return false;
            }
        }
        return false;
    }

    bool escaped() {
        if (rest_.empty()) return false;
        const char c = rest_.front();
        rest_.remove_prefix(1);
        switch (c) {
            case 'b':
                put('\b');
                return true;
            case 'f':
                put('\f');
                return true;
            case 'n':
                put('\n');
                return true;
            case 'r':
                put('\r');
                return true;
            case 't':
                put('\t');
                return true;
            case 'u': {
                unsigned code = 0;
                if (!unit(code)) return false;
                if (code >= 0xD800 && code < 0xDC00) {
                    unsigned low = 0;
                    if (!skip('\\') || !skip('u') || !unit(low) || low < 0xDC00 || low > 0xDFFF) {
                        return false;
                    }
                    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                }
                if (code == 0) return false;
                append_utf8(code, out_);
                return true;
            }
            default:
                put(c);
                return true;
        }
    }

    bool unit(unsigned& code) {
        if (rest_.size() < 4) return false;
        const auto [end, failed] = std::from_chars(rest_.data(), rest_.data() + 4, code, 16);
        if (failed != std::errc{} || end != rest_.data() + 4) return false;
        rest_.remove_prefix(4);
        return true;
    }

    std::string_view rest_;
    unsigned element_;
    std::string& out_;
};

}  // namespace

unsigned element_of(unsigned array) noexcept {
    for (const auto& [type, element] : kElements) {
        if (type == array) return element;
    }
    return 0;
}

bool write_array(std::string_view json, unsigned element, std::string& out) {
    return Reader(json, element, out).run();
}

}  // namespace portico::db::postgres
