#include "app/pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace portico::app {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

[[noreturn]] void refuse(std::string_view path, std::string_view why) {
    throw std::invalid_argument(fmt::format("route \"{}\": {}", path, why));
}

Converter parse_converter(std::string_view path, std::string_view text) {
    if (text.empty() || text == "str") return Converter::text;
    if (text == "int") return Converter::integer;
    if (text == "float") return Converter::number;
    if (text == "uuid") return Converter::uuid;
    if (text == "path") return Converter::path;
    refuse(path,
           fmt::format("unknown converter \"{}\": expected str, int, float, uuid or path", text));
}

Segment parse_segment(std::string_view path, std::string_view text, bool last) {
    Segment segment;
    const auto open = text.find('{');
    if (open == text.npos) {
        if (text.find('}') != text.npos) refuse(path, "a \"}\" without a \"{\" before it");
        segment.prefix = text;
        return segment;
    }
    const auto close = text.find('}', open);
    if (close == text.npos) refuse(path, "a \"{\" without a \"}\" in the same segment");
    segment.prefix = text.substr(0, open);
    segment.suffix = text.substr(close + 1);
    if (segment.suffix.find('{') != std::string::npos) {
        refuse(path, "a segment can have one {part} only");
    }
    const auto inside = text.substr(open + 1, close - open - 1);
    const auto colon = inside.find(':');
    segment.name = inside.substr(0, colon);
    if (segment.name.empty()) refuse(path, "a {part} needs a name");
    if (colon != inside.npos) segment.converter = parse_converter(path, inside.substr(colon + 1));
    if (segment.converter == Converter::path &&
        (!last || !segment.prefix.empty() || !segment.suffix.empty())) {
        refuse(path, "a {part:path} takes the rest of the path: it must be the last segment");
    }
    return segment;
}

}  // namespace

bool converts(Converter converter, std::string_view value) noexcept {
    switch (converter) {
        case Converter::text:
            return !value.empty();
        case Converter::path:
            return true;
        case Converter::integer:
            return !value.empty() && std::ranges::all_of(value, is_digit);
        case Converter::number: {
            const auto dot = value.find('.');
            const auto whole = value.substr(0, dot);
            if (whole.empty() || !std::ranges::all_of(whole, is_digit)) return false;
            if (dot == value.npos) return true;
            const auto fraction = value.substr(dot + 1);
            return !fraction.empty() && std::ranges::all_of(fraction, is_digit);
        }
        case Converter::uuid:
            if (value.size() != 36) return false;
            for (std::size_t i = 0; i < value.size(); ++i) {
                const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
                if (hyphen ? value[i] != '-' : !is_hex(value[i])) return false;
            }
            return true;
    }
    return false;
}

bool Segment::takes(std::string_view text, std::string_view& value) const noexcept {
    if (text.size() < prefix.size() + suffix.size() || !text.starts_with(prefix) ||
        !text.ends_with(suffix)) {
        return false;
    }
    value = text.substr(prefix.size(), text.size() - prefix.size() - suffix.size());
    return converts(converter, value);
}

Pattern parse_pattern(std::string_view path) {
    if (!path.starts_with('/')) refuse(path, "a path begins with \"/\"");
    Pattern pattern;
    std::string_view rest = path.substr(1);
    for (bool last = false; !last;) {
        const auto slash = rest.find('/');
        last = slash == rest.npos;
        Segment segment = parse_segment(path, rest.substr(0, slash), last);
        pattern.shown += '/';
        pattern.shown += segment.prefix;
        if (!segment.name.empty()) {
            if (std::ranges::find(pattern.names, segment.name) != pattern.names.end()) {
                refuse(path, fmt::format("the part {{{}}} is there twice", segment.name));
            }
            pattern.names.push_back(segment.name);
            pattern.shown += '{' + segment.name + '}' + segment.suffix;
        }
        pattern.segments.push_back(std::move(segment));
        if (!last) rest = rest.substr(slash + 1);
    }
    if (pattern.names.size() > kMostParts) refuse(path, "a path can have 16 parts at most");
    return pattern;
}

}  // namespace portico::app
