#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "portico/http/name_value.hpp"

namespace portico::http {

/// Which requests of other sites carry the cookie (RFC 6265bis §5.6.7).
enum class SameSite : std::uint8_t {
    lax,     ///< Only top-level navigations with a safe method.
    strict,  ///< None.
    none,    ///< All; browsers take it with `secure` alone.
};

/// A cookie to set (RFC 6265bis §4.1). Scripts can't read it unless `http_only` is false.
///
///     response.set_cookie({.name = "__Host-session", .value = id, .max_age = 14 * 24h, .secure =
///     true});
struct Cookie {
    std::string name;         ///< A token. "__Host-" and "__Secure-" bind.
    std::string value = {};   ///< Printable ASCII without space " , ; \.
    std::string path = "/";   ///< Starts with "/".
    std::string domain = {};  ///< Empty: the host alone, not its subdomains.
    std::optional<std::chrono::seconds> max_age =
        {};  ///< Wins over `expires`; zero or less: forget it.
    std::optional<std::chrono::system_clock::time_point> expires =
        {};                 ///< Neither: ends with the browser.
    bool secure = false;    ///< Over HTTPS only.
    bool http_only = true;  ///< Hidden from scripts.
    SameSite same_site = SameSite::lax;
    bool partitioned = false;  ///< One jar for each top-level site (CHIPS); needs `secure`.

    /// The value of a `Set-Cookie` field. Throws `std::invalid_argument`, which names the member,
    /// for what a browser would drop or read otherwise: a bad name, value, path or domain; name and
    /// value of more than 4096 bytes together; "__Secure-" or "__Host-" without `secure`;
    /// "__Host-" with a domain or another path than "/"; `none` or `partitioned` without `secure`.
    [[nodiscard]] std::string to_string() const;
};

/// The cookie that makes a client forget `cookie`: no value, expired.
[[nodiscard]] Cookie expired(Cookie cookie);

/// How many cookies of a request are read; later ones are passed over.
inline constexpr std::size_t kMaxCookies = 1000;

/// Appends the pairs of a `Cookie` field (RFC 6265 §4.2.1) to `out`, at most `kMaxCookies` in all.
/// Lenient, as servers must be: spaces around a pair and quotes around a value are dropped, a piece
/// without "=" or without a name is passed over. Nothing is decoded. Views are of `field`.
void parse_cookies(std::string_view field, std::vector<NameValue>& out);

}  // namespace portico::http
