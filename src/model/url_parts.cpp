#include "model/url_parts.hpp"

#include <algorithm>

#include "model/idna.hpp"
#include "portico/model/ip.hpp"

namespace portico::model {
namespace {

bool is_encoded(unsigned char c, UrlSet set) {
    if (c < 0x20 || c > 0x7E) return true;
    switch (set) {
        case UrlSet::opaque:
            return c == ' ';
        case UrlSet::fragment:
            return std::string_view(" \"<>`").find(static_cast<char>(c)) != std::string_view::npos;
        case UrlSet::query:
            return std::string_view(" \"#<>").find(static_cast<char>(c)) != std::string_view::npos;
        case UrlSet::special_query:
            return std::string_view(" \"#<>'").find(static_cast<char>(c)) != std::string_view::npos;
        case UrlSet::path:
            // "\" too: some read it as "/".
            return std::string_view(" \"#<>?`{}\\").find(static_cast<char>(c)) !=
                   std::string_view::npos;
        case UrlSet::user_info:
            return std::string_view(" \"#<>?`{}/:;=@[\\]^|").find(static_cast<char>(c)) !=
                   std::string_view::npos;
    }
    return true;
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

/// How many dots a segment is, "." also spelled "%2e"; 0: it is something else.
int dots(std::string_view segment) {
    int count = 0;
    while (!segment.empty()) {
        if (segment.starts_with('.')) {
            segment.remove_prefix(1);
        } else if (segment.starts_with("%2e") || segment.starts_with("%2E")) {
            segment.remove_prefix(3);
        } else {
            return 0;
        }
        if (++count > 2) return 0;
    }
    return count;
}

/// §3.6: such a host is an IPv4 address or wrong, never a name.
bool ends_in_number(std::string_view host) {
    if (host.ends_with('.')) host.remove_suffix(1);
    const auto point = host.rfind('.');
    const std::string_view last = point == host.npos ? host : host.substr(point + 1);
    if (last.empty()) return false;
    constexpr std::string_view kDigits = "0123456789";
    if (last.find_first_not_of(kDigits) == last.npos) return true;
    return (last.starts_with("0x") || last.starts_with("0X")) &&
           last.substr(2).find_first_not_of("0123456789abcdefABCDEF") == last.npos;
}

}  // namespace

void append_encoded(std::string_view text, UrlSet set, std::string& out) {
    constexpr char kHex[] = "0123456789ABCDEF";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (!is_encoded(byte, set)) {
            out += c;
            continue;
        }
        out += '%';
        out += kHex[byte >> 4];
        out += kHex[byte & 15];
    }
}

void append_path(std::string_view path, std::string& out) {
    const std::size_t begin = out.size();
    while (!path.empty()) {
        path.remove_prefix(1);  // "/"
        const std::string_view segment = path.substr(0, path.find('/'));
        path.remove_prefix(segment.size());
        const int count = dots(segment);
        if (count == 2) {
            const auto slash = out.rfind('/');
            if (slash != out.npos && slash >= begin) out.resize(slash);
        }
        if (count == 0) {
            out += '/';
            append_encoded(segment, UrlSet::path, out);
        } else if (path.empty()) {
            out += '/';
        }
    }
}

std::optional<SpecialScheme> special_scheme(std::string_view scheme) noexcept {
    constexpr SpecialScheme kSpecial[] = {{"http", 80}, {"https", 443}, {"ws", 80},
                                          {"wss", 443}, {"ftp", 21},    {"file", 0}};
    const auto* found = std::ranges::find(kSpecial, scheme, &SpecialScheme::name);
    if (found == std::end(kSpecial)) return {};
    return *found;
}

std::expected<std::string, const char*> url_host(std::string_view host, bool special) {
    if (host.starts_with('[')) {
        std::optional<IPv6Address> address;
        if (host.ends_with(']')) address = IPv6Address::parse(host.substr(1, host.size() - 2));
        if (!address) return std::unexpected("invalid IPv6 address");
        return "[" + address->to_string() + "]";
    }
    std::string ascii;
    const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    if (special && !std::ranges::all_of(host, is_ascii)) {
        // First, so that all that follows looks at what will be asked for.
        auto converted = ascii_host(host);
        if (!converted) return std::unexpected("invalid international domain name");
        host = ascii = *std::move(converted);
    }
    constexpr std::string_view kForbidden = " #/:<>?@[\\]^|";
    for (const char c : host) {
        const auto byte = static_cast<unsigned char>(c);
        const bool bad = byte < 0x20 || byte == 0x7F || kForbidden.find(c) != kForbidden.npos ||
                         (special && (c == '%' || byte > 0x7F));
        if (bad) {
            return std::unexpected(special ? "invalid international domain name"
                                           : "invalid domain character");
        }
    }
    std::string out;
    if (!special) {
        append_encoded(host, UrlSet::opaque, out);
        return out;
    }
    if (ends_in_number(host) && !IPv4Address::parse(host)) {
        return std::unexpected("invalid IPv4 address");
    }
    for (const char c : host) out += lower(c);
    return out;
}

}  // namespace portico::model
