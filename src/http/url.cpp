#include "portico/http/url.hpp"

#include <algorithm>
#include <charconv>

#include "http/bytes.hpp"
#include "portico/http/ip_address.hpp"

namespace portico::http {

namespace {

// RFC 3986 §3.3: pchar = unreserved / pct-encoded / sub-delims / ":" / "@".
constexpr ByteSet kPath = kUnreserved.with("/!$&'()*+,;=:@");
constexpr ByteSet kQuery = kPath.with("?");
constexpr ByteSet kReference = kQuery.with("#[]%");
constexpr ByteSet kSchemeBytes = kAlphanumeric.with("+-.");
// RFC 952 has no underscore, but host names of services in containers do.
constexpr ByteSet kHostBytes = kAlphanumeric.with("-._");

constexpr const ByteSet& allowed_in(UrlPart part) {
    switch (part) {
        case UrlPart::component:
            return kUnreserved;
        case UrlPart::path:
            return kPath;
        case UrlPart::query:
            return kQuery;
        case UrlPart::reference:
            return kReference;
    }
    return kUnreserved;
}

bool has_only(std::string_view text, const ByteSet& allowed) noexcept {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (allowed.has(text[at])) continue;
        if (text[at] != '%' || text.size() - at < 3) return false;
        if (hex_digit(text[at + 1]) < 0 || hex_digit(text[at + 2]) < 0) return false;
        at += 2;
    }
    return true;
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

std::optional<std::uint16_t> parse_port(std::string_view text) noexcept {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port == 0) return {};
    return port;
}

/// Where the host ends in "host:port".
std::size_t host_end(std::string_view authority) noexcept {
    if (authority.starts_with('[')) {
        const std::size_t close = authority.find(']');
        return close == std::string_view::npos ? authority.size() : close + 1;
    }
    return std::min(authority.find(':'), authority.size());
}

bool is_host(std::string_view host) noexcept {
    if (host.starts_with('[')) {
        if (!host.ends_with(']') || host.size() < 4) return false;
        const std::string_view address = host.substr(1, host.size() - 2);
        return address.find(':') != std::string_view::npos && IpAddress::parse(address);
    }
    // A last label of digits would be an IPv4 address, in one of its stranger forms, to some
    // programs (WHATWG URL §3.5): so it must be an address in the usual form.
    if (host.empty() || host.size() > 253 || !kHostBytes.has_all(host)) return false;
    if (host.starts_with('.') || host.find("..") != std::string_view::npos) return false;
    std::string_view last = host;
    if (last.ends_with('.')) last.remove_suffix(1);
    last.remove_prefix(last.rfind('.') + 1);
    const bool numeric =
        !last.empty() && is_digit(last.front()) &&
        (std::ranges::all_of(last, is_digit) || last.starts_with("0x") || last.starts_with("0X"));
    return !numeric || IpAddress::parse(host).has_value();
}

}  // namespace

std::string percent_encode(std::string_view text, UrlPart part) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    const ByteSet& allowed = allowed_in(part);
    std::string encoded;
    encoded.reserve(text.size());
    for (const char c : text) {
        if (allowed.has(c)) {
            encoded += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded += '%';
        encoded += kDigits[byte >> 4];
        encoded += kDigits[byte & 0xf];
    }
    return encoded;
}

std::optional<std::string> percent_decode(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            decoded += text[at];
            continue;
        }
        if (text.size() - at < 3) return {};
        const int high = hex_digit(text[at + 1]);
        const int low = hex_digit(text[at + 2]);
        if (high < 0 || low < 0) return {};
        decoded += static_cast<char>(high << 4 | low);
        at += 2;
    }
    return decoded;
}

std::string_view describe(UrlError error) noexcept {
    switch (error) {
        case UrlError::too_long:
            return "expected at most 8192 bytes";
        case UrlError::bad_scheme:
            return "expected \"scheme://host\", such as \"https://example.com\"";
        case UrlError::user_info:
            return "expected no user name and password before the host";
        case UrlError::bad_host:
            return "expected a host name, an IPv4 address or a bracketed IPv6 address";
        case UrlError::bad_port:
            return "expected a port in 1–65535";
        case UrlError::bad_character:
            return "expected other characters than those of RFC 3986 to be percent-encoded";
    }
    return {};
}

std::expected<Url, UrlError> Url::parse(std::string_view text) {
    if (text.size() > kMaxUrl) return std::unexpected(UrlError::too_long);
    const std::size_t colon = text.find("://");
    if (colon == std::string_view::npos || colon == 0) return std::unexpected(UrlError::bad_scheme);
    const std::string_view scheme = text.substr(0, colon);
    // RFC 3986 §3.1: scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ).
    if (!kSchemeBytes.has_all(scheme) || is_digit(scheme[0]) || !kAlphanumeric.has(scheme[0])) {
        return std::unexpected(UrlError::bad_scheme);
    }
    text.remove_prefix(colon + 3);

    const std::size_t end = std::min(text.find_first_of("/?#"), text.size());
    const std::string_view authority = text.substr(0, end);
    text.remove_prefix(end);
    if (authority.find('@') != std::string_view::npos) return std::unexpected(UrlError::user_info);
    const std::size_t split = host_end(authority);
    if (!is_host(authority.substr(0, split))) return std::unexpected(UrlError::bad_host);

    Url url;
    url.scheme = lower(scheme);
    url.host = lower(authority.substr(0, split));
    if (split < authority.size()) {
        if (authority[split] != ':') return std::unexpected(UrlError::bad_host);
        url.port = parse_port(authority.substr(split + 1));
        if (!url.port) return std::unexpected(UrlError::bad_port);
    }
    if (const std::size_t hash = text.find('#'); hash != std::string_view::npos) {
        url.fragment = text.substr(hash + 1);
        text = text.substr(0, hash);
    }
    if (const std::size_t mark = text.find('?'); mark != std::string_view::npos) {
        url.query = text.substr(mark + 1);
        text = text.substr(0, mark);
    }
    url.path = text.empty() ? "/" : text;
    if (!has_only(url.path, kPath) || !has_only(url.query, kQuery) ||
        !has_only(url.fragment, kQuery)) {
        return std::unexpected(UrlError::bad_character);
    }
    return url;
}

std::uint16_t Url::effective_port() const noexcept {
    if (port) return *port;
    if (scheme == "http" || scheme == "ws") return 80;
    return scheme == "https" || scheme == "wss" ? 443 : 0;
}

std::string Url::origin() const {
    std::string text = scheme + "://" + host;
    const Url without_port{.scheme = scheme};
    if (port && *port != without_port.effective_port()) text += ":" + std::to_string(*port);
    return text;
}

std::string Url::to_string() const {
    std::string text = scheme + "://" + host;
    if (port) text += ":" + std::to_string(*port);
    text += path;
    if (!query.empty()) text += "?" + query;
    if (!fragment.empty()) text += "#" + fragment;
    return text;
}

std::optional<HostPort> parse_host_port(std::string_view text) noexcept {
    const std::size_t split = host_end(text);
    HostPort result{.host = text.substr(0, split), .port = {}};
    if (!is_host(result.host)) return {};
    if (split == text.size()) return result;
    if (text[split] != ':') return {};
    result.port = parse_port(text.substr(split + 1));
    if (!result.port) return {};
    return result;
}

}  // namespace portico::http
