#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace portico::http {

/// What `percent_encode` leaves as it is, besides letters, digits and "-._~".
enum class UrlPart : std::uint8_t {
    component,  ///< Nothing more: for values that are put into a URL. "/" becomes "%2F".
    path,       ///< A path with its slashes: also "/" and "!$&'()*+,;=:@".
    query,      ///< A query with its separators: as `path`, also "?".
    reference,  ///< A whole URL that may hold escapes already: also "?#[]%".
};

/// Percent-encodes every other byte, in upper-case hexadecimal (RFC 3986 §2.1).
[[nodiscard]] std::string percent_encode(std::string_view text, UrlPart part = UrlPart::component);

/// Decodes every "%xx". Nothing when one is cut short or has other digits.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

/// The longest URL that `Url::parse` reads.
inline constexpr std::size_t kMaxUrl = 8192;

/// Why a text is no absolute URL with an authority.
enum class UrlError : std::uint8_t {
    too_long,       ///< More than `kMaxUrl` bytes.
    bad_scheme,     ///< No "scheme://" of letters, digits, "+", "-" and "." at the start.
    user_info,      ///< "user:password@": refused, it serves phishing more than anything else.
    bad_host,       ///< Empty, or neither a name (RFC 952), an IPv4 nor a bracketed IPv6 address.
    bad_port,       ///< No number in 1–65535.
    bad_character,  ///< Path or query hold a byte that RFC 3986 does not allow, or a broken escape.
};

/// A sentence for a settings error: `expected "scheme://host", such as "https://example.com"`.
[[nodiscard]] std::string_view describe(UrlError error) noexcept;

/// An absolute URL of the form scheme://host[:port][/path][?query][#fragment], read strictly
/// (RFC 3986). Nothing is decoded; scheme and host are in lower case.
///
///     auto url = Url::parse("https://example.com:8443/items?x=1");
///     url->origin();   // "https://example.com:8443"
struct Url {
    std::string scheme;
    std::string host;                   ///< An IPv6 address keeps its brackets.
    std::optional<std::uint16_t> port;  ///< As written; nothing when it was not.
    std::string path;                   ///< "/" when it was not written.
    std::string query;                  ///< Without the "?".
    std::string fragment;               ///< Without the "#".

    [[nodiscard]] static std::expected<Url, UrlError> parse(std::string_view text);

    /// The port that counts: as written, or 80, 443 for http, https, ws, wss; 0 for other schemes.
    [[nodiscard]] std::uint16_t effective_port() const noexcept;
    /// The origin as browsers write it in `Origin` (RFC 6454 §6.2): no default port, no slash.
    [[nodiscard]] std::string origin() const;
    [[nodiscard]] std::string to_string() const;
};

/// What a `Host` field holds: a host and maybe a port (RFC 9110 §7.2).
struct HostPort {
    std::string_view host;  ///< As written; an IPv6 address keeps its brackets.
    std::optional<std::uint16_t> port;
};

/// Strict: a name of letters, digits, "-", "_" and ".", an IPv4 or a bracketed IPv6 address.
/// Nothing for everything else. Never allocates.
[[nodiscard]] std::optional<HostPort> parse_host_port(std::string_view text) noexcept;

}  // namespace portico::http
