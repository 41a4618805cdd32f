#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "portico/model/constraints.hpp"
#include "portico/model/details.hpp"
#include "portico/model/type_traits.hpp"

namespace portico::model {

/// What a URL has to be: its schemes, its host, its length. The rules are in src/model/url.cpp.
enum class UrlKind : std::uint8_t {
    any,
    any_http,
    http,
    websocket,
    ftp,
    file,
    postgres,
    mysql,
    redis,
    amqp,
    mongodb,
    kafka,
};

/// An absolute URL as the WHATWG URL standard writes it, at most 2,083 or 65,536 bytes: the scheme
/// in lower case, no "." or ".." segments, everything percent-encoded that has to be; of http,
/// https, ws, wss and ftp the host in lower case and ASCII (münchen.de is xn--mnchen-3ya.de), no
/// default port, "/" for an empty path. Nothing
/// is decoded.
///
/// Stricter than the standard where readers differ, so that what is checked is what will be
/// asked: hosts are not percent-encoded, an IPv4 address is four
/// decimal numbers, "http:example.com" and "http:///example.com" have no host, "\" is no "/", and
/// no tabs or line breaks are passed over.
class UrlText {
public:
    UrlText() = default;

    [[nodiscard]] const std::string& str() const noexcept { return text_; }
    // NOLINTNEXTLINE(google-explicit-constructor): a URL is a text.
    [[nodiscard]] operator std::string_view() const noexcept { return text_; }

    [[nodiscard]] std::string_view scheme() const noexcept { return part(0, scheme_end_); }
    /// Percent-encoded, as are the other parts; empty: none.
    [[nodiscard]] std::string_view username() const noexcept;
    [[nodiscard]] std::string_view password() const noexcept;
    /// An IPv6 address keeps its brackets. Of several hosts all, with their ports: "a:1,b:2".
    [[nodiscard]] std::string_view host() const noexcept { return part(host_begin_, host_end_); }
    /// The scheme's default when it was left out; none: it has no such, or there are several hosts.
    [[nodiscard]] std::optional<std::uint16_t> port() const noexcept;
    [[nodiscard]] std::string_view path() const noexcept { return part(path_begin_, path_end_); }
    /// Without "?"; empty: none, or empty.
    [[nodiscard]] std::string_view query() const noexcept;
    /// Without "#"; empty: none, or empty.
    [[nodiscard]] std::string_view fragment() const noexcept;

    [[nodiscard]] friend bool operator==(const UrlText& a, const UrlText& b) noexcept {
        return a.text_ == b.text_;
    }
    [[nodiscard]] friend auto operator<=>(const UrlText& a, const UrlText& b) noexcept {
        return a.text_ <=> b.text_;
    }

protected:
    [[nodiscard]] std::string_view part(std::size_t begin, std::size_t end) const noexcept {
        return std::string_view(text_).substr(begin, end - begin);
    }
    friend class UrlParser;

    std::string text_;
    std::uint32_t scheme_end_ = 0;
    std::uint32_t user_begin_ = 0;  ///< Behind "//".
    std::uint32_t host_begin_ = 0;  ///< Behind "@".
    std::uint32_t host_end_ = 0;
    std::uint32_t path_begin_ = 0;
    std::uint32_t path_end_ = 0;
    std::uint32_t query_end_ = 0;
    std::uint16_t port_ = 0;
    bool has_port_ = false;
};

namespace detail {

[[nodiscard]] bool parse_url(UrlKind kind, std::string_view text, UrlText& out, TextFault& fault);

}  // namespace detail

/// A URL of one kind: `HttpUrl`, `PostgresDsn`.
template <UrlKind Kind>
class BasicUrl : public UrlText {
public:
    /// The error is the message of the fault: "URL scheme should be 'http' or 'https'".
    [[nodiscard]] static std::expected<BasicUrl, std::string> parse(std::string_view text) {
        BasicUrl url;
        detail::TextFault fault;
        if (!detail::parse_url(Kind, text, url, fault)) return std::unexpected(fault.msg);
        return url;
    }
};

using AnyUrl = BasicUrl<UrlKind::any>;
using AnyHttpUrl = BasicUrl<UrlKind::any_http>;
/// http or https, at most 2,083 characters.
using HttpUrl = BasicUrl<UrlKind::http>;
/// ws or wss, at most 2,083 characters.
using WebsocketUrl = BasicUrl<UrlKind::websocket>;
using FtpUrl = BasicUrl<UrlKind::ftp>;
using FileUrl = BasicUrl<UrlKind::file>;
/// May have several hosts: "postgresql://user:secret@a:5432,b/shop".
using PostgresDsn = BasicUrl<UrlKind::postgres>;
using MySQLDsn = BasicUrl<UrlKind::mysql>;
/// localhost, port 6379 and database 0 unless it says other.
using RedisDsn = BasicUrl<UrlKind::redis>;
using AmqpDsn = BasicUrl<UrlKind::amqp>;
/// May have several hosts.
using MongoDsn = BasicUrl<UrlKind::mongodb>;
using KafkaDsn = BasicUrl<UrlKind::kafka>;

template <UrlKind Kind>
struct TypeTraits<BasicUrl<Kind>> {
    static constexpr std::string_view kName = "url";
    static constexpr Fits kFits = Fits::texts;
    static bool parse_text(std::string_view text, void* out, detail::TextFault& fault) {
        return detail::parse_url(Kind, text, *static_cast<BasicUrl<Kind>*>(out), fault);
    }
    static void print_text(const void* value, std::string& out) {
        out += static_cast<const BasicUrl<Kind>*>(value)->str();
    }
    static constexpr detail::TextDetails kText{
        .parse = &parse_text,
        .print = &print_text,
        .schema = Kind == UrlKind::http || Kind == UrlKind::websocket
                      ? R"({"type":"string","format":"uri","minLength":1,"maxLength":2083})"
                  : Kind == UrlKind::postgres || Kind == UrlKind::mongodb
                      ? R"({"type":"string","format":"multi-host-uri","minLength":1})"
                      : R"({"type":"string","format":"uri","minLength":1})",
        .wrong_type = "url_type",
        .wrong_type_msg = "URL input should be a string or URL"};
};

}  // namespace portico::model
