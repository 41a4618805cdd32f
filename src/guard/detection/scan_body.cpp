#include <algorithm>
#include <array>

#include "guard/detection/bytes.hpp"
#include "portico/guard/detection.hpp"
#include "portico/http/media_type.hpp"

namespace portico::guard {
namespace {

constexpr auto kBinaryTypes = std::to_array<std::string_view>({
    "image/*",
    "audio/*",
    "video/*",
    "font/*",
    "application/octet-stream",
    "application/pdf",
    "application/zip",
    "application/gzip",
    "application/x-gzip",
    "application/zstd",
    "application/x-tar",
    "application/x-7z-compressed",
    "application/wasm",
    "application/cbor",
    "application/msgpack",
    "application/x-protobuf",
    "application/protobuf",
    "application/grpc",
    "application/x-sqlite3",
    "application/java-archive",
});

constexpr auto kTextFiles = std::to_array<std::string_view>({
    "text/*",
    "application/json",
    "application/xml",
    "application/javascript",
    "application/x-httpd-php",
    "application/x-sh",
    "application/sql",
});

using detail::is_space;

bool is_xml(const http::MediaType& type) {
    return type.matches("application/xml") || type.matches("text/xml") ||
           (type.subtype().ends_with("+xml") && !type.matches("image/*"));
}

bool one_of(const http::MediaType& type, std::span<const std::string_view> ranges) {
    return std::ranges::any_of(ranges, [&](auto range) { return type.matches(range); });
}

char first_sign(std::string_view text) {
    const auto at = std::ranges::find_if_not(
        text, [](char c) { return is_space(static_cast<unsigned char>(c)); });
    return at == text.end() ? '\0' : *at;
}

/// name="value" or name=value in the head of a part; the quotes are not in the view.
std::string_view parameter(std::string_view line, std::string_view name_and_equals) {
    for (std::size_t at = 0; at + name_and_equals.size() <= line.size(); ++at) {
        const bool begins = at == 0 || !detail::is_word(static_cast<unsigned char>(line[at - 1]));
        if (!begins ||
            !detail::equal_folded(line.substr(at, name_and_equals.size()), name_and_equals)) {
            continue;
        }
        std::string_view value = line.substr(at + name_and_equals.size());
        if (!value.starts_with('"')) return value.substr(0, value.find(';'));
        value.remove_prefix(1);
        std::size_t end = 0;
        while (end < value.size() && value[end] != '"') end += value[end] == '\\' ? 2 : 1;
        return value.substr(0, end);
    }
    return {};
}

/// Up to the end of the line, which is taken from `text` too.
std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

}  // namespace

void Scan::body(std::string_view content_type, std::string_view bytes) {
    if (bytes.empty() || is_attack()) return;
    const auto type = http::MediaType::parse(content_type);
    if (type) {
        if (type->is_json()) return json(bytes);
        if (type->matches("application/x-www-form-urlencoded")) {
            return pairs(bytes, Place::body_name, Place::form_value);
        }
        if (type->matches("multipart/*")) return multipart(content_type, bytes);
        if (is_xml(*type)) return xml(bytes);
        if (one_of(*type, kBinaryTypes)) return not_scanned(NotScanned::binary_body);
    }
    switch (first_sign(bytes)) {
        case '{':
        case '[':
            return json(bytes);
        case '<':
            xml(bytes);
            break;
        default:
            break;
    }
    const std::size_t sign = bytes.find_first_of("= \n");
    if (!type && sign != std::string_view::npos && bytes[sign] == '=') {
        return pairs(bytes, Place::body_name, Place::form_value);
    }
    value(Place::body_value, {}, bytes);
}

void Scan::multipart(std::string_view content_type, std::string_view bytes) {
    const auto type = http::MediaType::parse(content_type);
    const auto boundary = type ? type->parameter("boundary") : std::nullopt;
    if (!boundary || boundary->empty()) return value(Place::body_value, {}, bytes);
    const std::string delimiter = "--" + *boundary;
    std::size_t begin = bytes.find(delimiter);
    if (begin == std::string_view::npos) return value(Place::body_value, {}, bytes);
    value(Place::body_value, {}, bytes.substr(0, begin));
    while (begin != std::string_view::npos && !is_attack()) {
        begin += delimiter.size();
        const std::size_t end = bytes.find(delimiter, begin);
        std::string_view rest =
            bytes.substr(begin, end == std::string_view::npos ? end : end - begin);
        begin = end;
        take_line(rest);
        std::string_view data = rest;
        while (!data.empty() && !take_line(data).empty()) {
        }
        part(rest.substr(0, rest.size() - data.size()), data);
    }
}

/// A part's fields and its data. One that is a file of no text is known by its name alone.
void Scan::part(std::string_view head, std::string_view data) {
    std::string_view name;
    bool is_file = false;
    bool is_text = false;
    bool is_json = false;
    while (!head.empty()) {
        const std::string_view line = take_line(head);
        const std::size_t colon = std::min(line.find(':'), line.size());
        const std::string_view field = line.substr(0, colon);
        std::string_view content = line.substr(std::min(colon + 1, line.size()));
        if (detail::equal_folded(field, "content-disposition")) {
            name = parameter(content, "name=");
            value(Place::body_name, {}, name);
            for (const auto key : {"filename=", "filename*="}) {
                const std::string_view file = parameter(content, key);
                is_file |= file.data() != nullptr;
                value(Place::file_name, name, file);
            }
        } else if (detail::equal_folded(field, "content-type")) {
            while (content.starts_with(' ')) content.remove_prefix(1);
            const auto type = http::MediaType::parse(content);
            is_text = type && (one_of(*type, kTextFiles) || is_xml(*type));
            is_json = type && type->is_json();
            value(Place::known_header, field, content);
        } else {
            value(Place::header, field, content);
        }
    }
    if (is_unscanned(name)) return;
    if (is_file && !is_text) return not_scanned(NotScanned::binary_body);
    if (is_json) return json(data);
    while (data.ends_with('\n') || data.ends_with('\r')) data.remove_suffix(1);
    value(is_file ? Place::body_value : Place::form_value, name, data);
}

/// Texts, tags and the values of attributes, one by one; and the document for what it declares.
void Scan::xml(std::string_view text) {
    value(Place::document, {}, text);
    std::string_view name;
    while (!text.empty() && !is_attack()) {
        const std::size_t begin = std::min(text.find('<'), text.size());
        value(Place::body_value, name, text.substr(0, begin));
        text.remove_prefix(begin);
        if (text.empty()) break;
        const bool data = text.starts_with("<![CDATA[");
        const bool comment = text.starts_with("<!--");
        const std::string_view close = data ? "]]>" : comment ? "-->" : ">";
        const std::size_t end = text.find(close);
        if (end == std::string_view::npos) return value(Place::body_value, name, text);
        if (data) {
            if (!is_unscanned(name))
                value(Place::body_value, name, text.substr(9, end - std::min<std::size_t>(end, 9)));
        } else if (comment) {
            value(Place::body_value, name, text.substr(4, end - std::min<std::size_t>(end, 4)));
        } else {
            const std::string_view inner = text.substr(1, end - 1);
            name = inner.substr(0, inner.find_first_of(" \t\r\n/"));
            tag(text.substr(0, end + 1));
        }
        text.remove_prefix(end + close.size());
    }
}

void Scan::tag(std::string_view text) {
    value(Place::body_value, {}, text);
    for (std::size_t at = 0; (at = text.find('=', at)) != std::string_view::npos;) {
        ++at;
        const char quote = at < text.size() ? text[at] : '\0';
        if (quote != '"' && quote != '\'') continue;
        const std::size_t end = std::min(text.find(quote, at + 1), text.size());
        value(Place::form_value, {}, text.substr(at + 1, end - at - 1));
        at = end;
    }
}

}  // namespace portico::guard
