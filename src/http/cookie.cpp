#include "portico/http/cookie.hpp"

#include <algorithm>
#include <stdexcept>

#include "http/bytes.hpp"
#include "portico/http/date.hpp"
#include "portico/http/headers.hpp"

namespace portico::http {

namespace {

// RFC 6265bis §4.1.1, cookie-octet: "US-ASCII characters excluding CTLs, whitespace, DQUOTE, comma,
// semicolon, and backslash".
constexpr ByteSet kCookieOctets = ByteSet().with_range(0x21, 0x7e).without("\",;\\");
// av-octet: "any CHAR except CTLs or ';'".
constexpr ByteSet kAttributeOctets = ByteSet().with_range(0x20, 0x7e).without(";");

// §5.6: longer ones are dropped, attributes ignored.
constexpr std::size_t kMaxPair = 4096;
constexpr std::size_t kMaxAttribute = 1024;

[[noreturn]] void refuse(const Cookie& cookie, std::string_view why) {
    std::string message = "cookie";
    if (is_token(cookie.name)) message.append(" \"").append(cookie.name, 0, 64).append("\"");
    throw std::invalid_argument(message.append(": ").append(why));
}

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() && equal_names(text.substr(0, prefix.size()), prefix);
}

bool is_domain(std::string_view text) {
    constexpr ByteSet kDomainBytes = kAlphanumeric.with("-.");
    return kDomainBytes.has_all(text) && !text.starts_with('.') && !text.ends_with('.') &&
           text.find("..") == std::string_view::npos;
}

std::string_view domain_of(const Cookie& cookie) {
    std::string_view domain = cookie.domain;
    // §5.6.3: a first dot is ignored by browsers; it must not decide whether the cookie is right.
    if (domain.starts_with('.')) domain.remove_prefix(1);
    return domain;
}

void check(const Cookie& cookie) {
    if (!is_token(cookie.name)) {
        refuse(cookie, "name: expected letters, digits and !#$%&'*+-.^_`|~ (RFC 6265 §4.1.1)");
    }
    if (!kCookieOctets.has_all(cookie.value)) {
        refuse(cookie,
               "value: expected printable ASCII without space, quote, comma, semicolon and "
               "backslash; encode other values, for instance as base64url");
    }
    if (cookie.name.size() + cookie.value.size() > kMaxPair) {
        refuse(cookie, "name and value: expected at most 4096 bytes together");
    }
    if (!cookie.path.starts_with('/') || !kAttributeOctets.has_all(cookie.path) ||
        cookie.path.size() > kMaxAttribute) {
        refuse(cookie,
               "path: expected \"/\" or a longer path that starts with it, printable ASCII "
               "without semicolon, at most 1024 bytes");
    }
    if (!cookie.domain.empty() && (domain_of(cookie).empty() || !is_domain(domain_of(cookie)) ||
                                   cookie.domain.size() > kMaxAttribute)) {
        refuse(cookie, "domain: expected a host name such as \"example.com\"");
    }
    // §4.1.3: browsers compare the prefixes without case.
    const bool host_prefix = starts_with_ignoring_case(cookie.name, "__Host-");
    const bool secure_prefix = starts_with_ignoring_case(cookie.name, "__Secure-");
    if ((host_prefix || secure_prefix) && !cookie.secure) {
        refuse(cookie,
               "secure: expected true for a name that starts with \"__Host-\" or \"__Secure-\"");
    }
    if (host_prefix && (!cookie.domain.empty() || cookie.path != "/")) {
        refuse(cookie,
               "domain, path: expected none and \"/\" for a name that starts with \"__Host-\"");
    }
    if (cookie.same_site == SameSite::none && !cookie.secure) {
        refuse(cookie, "secure: expected true with same_site none; browsers drop it otherwise");
    }
    if (cookie.partitioned && !cookie.secure) {
        refuse(cookie, "secure: expected true with partitioned; browsers drop it otherwise");
    }
}

std::string_view name_of(SameSite value) {
    switch (value) {
        case SameSite::lax:
            return "Lax";
        case SameSite::strict:
            return "Strict";
        case SameSite::none:
            return "None";
    }
    return "Lax";
}

}  // namespace

std::string Cookie::to_string() const {
    check(*this);
    std::string text;
    text.reserve(name.size() + value.size() + path.size() + domain.size() + 128);
    text.append(name).append("=").append(value);
    text.append("; Path=").append(path);
    if (!domain.empty()) text.append("; Domain=").append(domain_of(*this));
    if (max_age) text.append("; Max-Age=").append(std::to_string(max_age->count()));
    if (expires) text.append("; Expires=").append(format_date(*expires));
    if (secure) text.append("; Secure");
    if (http_only) text.append("; HttpOnly");
    text.append("; SameSite=").append(name_of(same_site));
    if (partitioned) text.append("; Partitioned");
    return text;
}

Cookie expired(Cookie cookie) {
    cookie.value.clear();
    cookie.max_age = std::chrono::seconds(0);
    cookie.expires = std::chrono::system_clock::time_point{};
    return cookie;
}

void parse_cookies(std::string_view field, std::vector<NameValue>& out) {
    while (!field.empty() && out.size() < kMaxCookies) {
        const std::size_t end = std::min(field.find(';'), field.size());
        const std::string_view pair = field.substr(0, end);
        field.remove_prefix(std::min(end + 1, field.size()));
        const std::size_t equals = pair.find('=');
        if (equals == std::string_view::npos) continue;
        const std::string_view name = trim(pair.substr(0, equals));
        if (name.empty()) continue;
        std::string_view value = trim(pair.substr(equals + 1));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
            value = value.substr(1, value.size() - 2);
        }
        out.push_back({name, value});
    }
}

}  // namespace portico::http
