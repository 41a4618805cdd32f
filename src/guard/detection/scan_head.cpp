#include <algorithm>
#include <array>

#include "guard/detection/bytes.hpp"
#include "guard/detection/tables.hpp"

namespace portico::guard {
namespace {

/// Fields whose values have a grammar of their own, so that a quote or a semicolon in them is no
/// sign of anything. Sorted.
constexpr auto kKnownHeaders = std::to_array<std::string_view>({
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "authorization",
    "cache-control",
    "connection",
    "content-disposition",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "dnt",
    "expect",
    "host",
    "idempotency-key",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "keep-alive",
    "origin",
    "pragma",
    "prefer",
    "priority",
    "proxy-authorization",
    "range",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "upgrade-insecure-requests",
    "via",
});
static_assert(std::ranges::is_sorted(kKnownHeaders));

bool is_known_header(std::string_view name) {
    std::array<char, 32> folded;
    if (name.size() > folded.size()) return false;
    std::ranges::transform(name, folded.begin(), detail::lower);
    const std::string_view key(folded.data(), name.size());
    return key.starts_with("sec-") || std::ranges::binary_search(kKnownHeaders, key);
}

/// X-Filename, X_File_Name and the like: an upload's name, for some servers.
bool names_file(std::string_view name) {
    constexpr std::string_view kName = "xfilename";
    std::size_t read = 0;
    for (const char c : name) {
        if (c == '-' || c == '_' || c == '.') continue;
        if (read == kName.size() || detail::lower(c) != kName[read]) return false;
        ++read;
    }
    return read == kName.size();
}

}  // namespace

void Scan::path(std::string_view raw_path) {
    value(Place::path, {}, raw_path);
}

void Scan::query(std::string_view raw_query) {
    pairs(raw_query, Place::query_name, Place::query_value);
}

/// name=value&name=value, percent-encoded, "+" for a space.
void Scan::pairs(std::string_view text, Place names, Place values) {
    while (!text.empty() && !is_attack()) {
        const std::size_t end = std::min(text.find('&'), text.size());
        const std::string_view pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::size_t equals = std::min(pair.find('='), pair.size());
        const std::string_view name = pair.substr(0, equals);
        decoded_pair(name, names, name);
        // Alone it may be what an application takes for the value.
        if (equals == pair.size()) decoded_pair(name, values, name);
        if (equals == pair.size() || is_unscanned(name)) continue;
        decoded_pair(pair.substr(equals + 1), values, name);
    }
}

void Scan::decoded_pair(std::string_view text, Place place, std::string_view name) {
    if (text.find('+') != std::string_view::npos) {
        unescaped_.assign(text);
        std::ranges::replace(unescaped_, '+', ' ');
        text = unescaped_;
    }
    value(place, name, text);
}

void Scan::header(std::string_view name, std::string_view value_text) {
    if (detail::equal_folded(name, "cookie")) return cookies(value_text);
    if (is_unscanned(name)) return;
    if (names_file(name)) return value(Place::file_name, name, value_text);
    value(is_known_header(name) ? Place::known_header : Place::header, name, value_text);
}

void Scan::headers(const http::HeaderView& fields) {
    for (const auto& [name, value_text] : fields) header(name, value_text);
}

void Scan::cookies(std::string_view field) {
    while (!field.empty() && !is_attack()) {
        const std::size_t end = std::min(field.find(';'), field.size());
        std::string_view pair = field.substr(0, end);
        field.remove_prefix(std::min(end + 1, field.size()));
        while (!pair.empty() && detail::is_space(static_cast<unsigned char>(pair.front()))) {
            pair.remove_prefix(1);
        }
        const std::size_t equals = std::min(pair.find('='), pair.size());
        const std::string_view name = pair.substr(0, equals);
        value(Place::cookie, name, name);
        if (equals == pair.size() || is_unscanned(name)) continue;
        value(Place::cookie, name, pair.substr(equals + 1));
    }
}

}  // namespace portico::guard
