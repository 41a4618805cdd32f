#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "portico/model/write.hpp"
#include "portico/openapi/document.hpp"

namespace portico::openapi {
namespace {

using model::Json;

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Whether a text means itself without quotes, to readers of YAML 1.1 too, for whom "no" is false.
/// Only what surely does: a letter, "_" or "/" first, and nothing that could be an indicator.
bool is_plain(std::string_view text) {
    static constexpr std::array<std::string_view, 8> kWords{"true", "false", "null", "yes",
                                                            "no",   "on",    "off",  "y"};
    if (text.empty() || text.size() > 80) return false;
    if (!is_letter(text.front()) && text.front() != '_' && text.front() != '/') return false;
    if (text.back() == ' ') return false;
    for (const char c : text) {
        const bool digit = c >= '0' && c <= '9';
        if (!is_letter(c) && !digit && std::string_view("_-./+ ").find(c) == std::string_view::npos)
            return false;
    }
    std::string lower(text);
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    return lower != "n" && std::ranges::find(kWords, lower) == kWords.end();
}

void write_text(std::string_view text, std::string& out) {
    if (is_plain(text)) {
        out += text;
    } else {
        model::write_json_string(text, out);  // YAML 1.2 §1.3: JSON is a subset
    }
}

class Writer {
public:
    explicit Writer(std::string& out) : out_(out) {}

    /// A block's first line goes on where the output stands; further ones are indented.
    void block(const Json& value, std::size_t indent) {
        bool first = true;
        const auto begin_line = [&] {
            if (!first) out_.append(indent, ' ');
            first = false;
        };
        for (const auto& [key, member] : value.members()) {
            begin_line();
            write_text(key, out_);
            out_ += ':';
            if (is_block(member)) {
                out_ += '\n';
                out_.append(indent + 2, ' ');
                block(member, indent + 2);
            } else {
                out_ += ' ';
                scalar(member);
            }
        }
        for (const Json& item : value.items()) {
            begin_line();
            out_ += "- ";
            if (is_block(item)) {
                block(item, indent + 2);
            } else {
                scalar(item);
            }
        }
    }

    static bool is_block(const Json& value) { return !value.empty(); }

    void scalar(const Json& value) {
        if (value.is_string()) {
            write_text(value.as_string(), out_);
        } else {
            value.dump_to(out_);  // "[]" and "{}" too
        }
        out_ += '\n';
    }

private:
    std::string& out_;
};

}  // namespace

std::string to_yaml(const Json& value) {
    std::string out;
    Writer writer(out);
    if (Writer::is_block(value)) {
        writer.block(value, 0);
    } else {
        writer.scalar(value);
    }
    return out;
}

}  // namespace portico::openapi
