#include "portico/model/url.hpp"

#include <algorithm>
#include <charconv>
#include <span>

#include "model/url_parts.hpp"

namespace portico::model {
namespace {

using Error = const char*;

constexpr std::size_t kMost = 65'536;
constexpr Error kRelative = "relative URL without a base";
constexpr Error kNoHost = "empty host";
constexpr Error kBadPort = "invalid port number";

constexpr std::string_view kHttp[] = {"http", "https"};
constexpr std::string_view kWebsocket[] = {"ws", "wss"};
constexpr std::string_view kFtp[] = {"ftp"};
constexpr std::string_view kFile[] = {"file"};
constexpr std::string_view kPostgres[] = {"postgres",
                                          "postgresql",
                                          "postgresql+asyncpg",
                                          "postgresql+pg8000",
                                          "postgresql+psycopg",
                                          "postgresql+psycopg2",
                                          "postgresql+psycopg2cffi",
                                          "postgresql+py-postgresql",
                                          "postgresql+pygresql"};
constexpr std::string_view kMySql[] = {"mysql",         "mysql+mysqlconnector", "mysql+aiomysql",
                                       "mysql+asyncmy", "mysql+mysqldb",        "mysql+pymysql",
                                       "mysql+cymysql", "mysql+pyodbc"};
constexpr std::string_view kRedis[] = {"redis", "rediss"};
constexpr std::string_view kAmqp[] = {"amqp", "amqps"};
constexpr std::string_view kMongo[] = {"mongodb", "mongodb+srv"};
constexpr std::string_view kKafka[] = {"kafka"};

struct Rules {
    std::span<const std::string_view> schemes = {};  ///< Empty: any.
    std::size_t max_length = kMost;
    bool host_required = false;
    bool several_hosts = false;
    std::string_view default_host = {};
    std::uint16_t default_port = 0;
    std::string_view default_path = {};
};

Rules rules_of(UrlKind kind) {
    constexpr std::size_t kMostHttp = 2083;
    switch (kind) {
        case UrlKind::any_http:
            return {.schemes = kHttp};
        case UrlKind::http:
            return {.schemes = kHttp, .max_length = kMostHttp};
        case UrlKind::websocket:
            return {.schemes = kWebsocket, .max_length = kMostHttp};
        case UrlKind::ftp:
            return {.schemes = kFtp};
        case UrlKind::file:
            return {.schemes = kFile};
        case UrlKind::postgres:
            return {.schemes = kPostgres, .host_required = true, .several_hosts = true};
        case UrlKind::mysql:
            return {.schemes = kMySql, .host_required = true, .default_port = 3306};
        case UrlKind::redis:
            return {.schemes = kRedis,
                    .host_required = true,
                    .default_host = "localhost",
                    .default_port = 6379,
                    .default_path = "/0"};
        case UrlKind::amqp:
            return {.schemes = kAmqp};
        case UrlKind::mongodb:
            return {.schemes = kMongo,
                    .host_required = true,
                    .several_hosts = true,
                    .default_port = 27017};
        case UrlKind::kafka:
            return {.schemes = kKafka, .default_host = "localhost", .default_port = 9092};
        case UrlKind::any:
            break;
    }
    return {};
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Spaces and control characters at both ends are no part of a URL (§4.4).
std::string_view trimmed(std::string_view text) {
    const auto is_space = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

/// Digits in the range of a port; nothing for an empty text.
Error read_port(std::string_view digits, std::optional<std::uint16_t>& out) {
    if (digits.empty()) return nullptr;
    std::uint16_t port = 0;
    const auto* const end = digits.data() + digits.size();
    const auto [at, error] = std::from_chars(digits.data(), end, port);
    if (error != std::errc() || at != end) return kBadPort;
    out = port;
    return nullptr;
}

}  // namespace

/// Reads a URL part by part and writes each as it is read.
class UrlParser {
public:
    UrlParser(const Rules& rules, UrlText& out) : rules_(rules), url_(out), to_(out.text_) {}

    /// The scheme and its ":", which are taken off the text.
    Error scheme(std::string_view& text) {
        std::size_t length = 0;
        while (length < text.size() &&
               (is_letter(text[length]) ||
                (length > 0 && (is_digit(text[length]) || text[length] == '+' ||
                                text[length] == '-' || text[length] == '.')))) {
            ++length;
        }
        if (length == 0 || length == text.size() || text[length] != ':') return kRelative;
        for (const char c : text.substr(0, length)) {
            to_ += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
        }
        url_.scheme_end_ = here();
        special_ = special_scheme(to_);
        to_ += ':';
        text.remove_prefix(length + 1);
        return nullptr;
    }

    Error rest(std::string_view text) {
        const auto hash = text.find('#');
        const std::string_view before_hash = text.substr(0, hash);
        const auto mark = before_hash.find('?');
        if (const Error error = hierarchy(before_hash.substr(0, mark))) return error;
        url_.path_end_ = here();
        if (mark != text.npos) {
            to_ += '?';
            append_encoded(before_hash.substr(mark + 1),
                           special_ ? UrlSet::special_query : UrlSet::query, to_);
        }
        url_.query_end_ = here();
        if (hash != text.npos) {
            to_ += '#';
            append_encoded(text.substr(hash + 1), UrlSet::fragment, to_);
        }
        return nullptr;
    }

private:
    [[nodiscard]] std::uint32_t here() const { return static_cast<std::uint32_t>(to_.size()); }

    /// What stands before the query: an authority and a path, or a path alone.
    Error hierarchy(std::string_view text) {
        url_.user_begin_ = url_.host_begin_ = url_.host_end_ = here();
        if (text.starts_with("//")) {
            text.remove_prefix(2);
            to_ += "//";
            const std::string_view all = text.substr(0, text.find('/'));
            text.remove_prefix(all.size());
            if (const Error error = authority(all)) return error;
            url_.path_begin_ = here();
            append_path(text, to_);
            const std::string_view path = std::string_view(to_).substr(url_.path_begin_);
            if (!rules_.default_path.empty() && path.size() < 2) {
                to_.resize(url_.path_begin_);
                to_ += rules_.default_path;
            } else if (path.empty() && special_) {
                to_ += '/';
            }
            return nullptr;
        }
        if (special_ || rules_.host_required || !rules_.default_host.empty()) return kNoHost;
        url_.path_begin_ = here();
        if (!text.starts_with('/')) {
            append_encoded(text, UrlSet::opaque, to_);
            return nullptr;
        }
        append_path(text, to_);
        // Without its dots it would be read as an authority.
        return to_.compare(url_.path_begin_, 2, "//") == 0 ? kNoHost : nullptr;
    }

    Error authority(std::string_view text) {
        url_.user_begin_ = here();
        // Some read it as "/", which ends the host before what others take for it.
        if (special_ && text.find('\\') != text.npos) return "invalid international domain name";
        const auto at = rules_.several_hosts ? text.find('@') : text.rfind('@');
        if (at != text.npos) {
            const std::string_view user = text.substr(0, at);
            text.remove_prefix(at + 1);
            const auto colon = user.find(':');
            append_encoded(user.substr(0, colon), UrlSet::user_info, to_);
            if (colon != user.npos && colon + 1 < user.size()) {
                to_ += ':';
                append_encoded(user.substr(colon + 1), UrlSet::user_info, to_);
            }
            if (here() != url_.user_begin_) to_ += '@';
        }
        url_.host_begin_ = here();
        if (!rules_.several_hosts || text.find(',') == text.npos) return host(text, at, true);
        while (true) {
            const std::string_view one = text.substr(0, text.find(','));
            text.remove_prefix(one.size());
            if (one.empty()) return kNoHost;
            if (const Error error = host(one, at, text.empty())) return error;
            url_.host_end_ = here();
            url_.has_port_ = false;
            if (text.empty()) return nullptr;
            text.remove_prefix(1);
            if (text.empty()) return kNoHost;
            to_ += ',';
        }
    }

    /// "host", "host:port", "[::1]:port"
    Error host(std::string_view text, std::size_t at, bool is_last) {
        const std::size_t bracket = text.starts_with('[') ? text.find(']') : 0;
        const auto colon = text.find(':', bracket == text.npos ? 0 : bracket);
        const bool port_written = colon != text.npos;
        const auto name = url_host(text.substr(0, colon), special_.has_value());
        if (!name) return name.error();
        std::optional<std::uint16_t> port;
        if (port_written) {
            if (const Error error = read_port(text.substr(colon + 1), port)) return error;
        }
        if (name->empty()) {
            const bool is_file = special_ && special_->name == "file";
            if (rules_.default_host.empty() &&
                (rules_.host_required || (special_ && !is_file) || port || at != text.npos)) {
                return kNoHost;
            }
            to_ += rules_.default_host;
        }
        to_ += *name;
        url_.host_end_ = here();
        if (special_ && special_->name == "file" && port_written) return kBadPort;
        if (!port && is_last && rules_.default_port != 0) port = rules_.default_port;
        const std::uint16_t usual = special_ ? special_->port : 0;
        if (port && (usual == 0 || *port != usual)) to_ += ":" + std::to_string(*port);
        url_.has_port_ = port || usual != 0;
        url_.port_ = port.value_or(usual);
        return nullptr;
    }

    const Rules& rules_;
    UrlText& url_;
    std::string& to_;
    std::optional<SpecialScheme> special_;
};

namespace {

bool too_long(std::size_t most, detail::TextFault& fault) {
    const std::string count = std::to_string(most);
    fault = {"url_too_long", "URL should have at most " + count + " characters",
             R"({"max_length":)" + count + "}"};
    return false;
}

bool wrong_scheme(std::span<const std::string_view> schemes, detail::TextFault& fault) {
    std::string expected;
    for (std::size_t i = 0; i < schemes.size(); ++i) {
        if (i > 0) expected += i + 1 == schemes.size() ? " or " : ", ";
        expected += "'" + std::string(schemes[i]) + "'";
    }
    fault = {"url_scheme", "URL scheme should be " + expected,
             R"({"expected_schemes":")" + expected + R"("})"};
    return false;
}

}  // namespace

bool detail::parse_url(UrlKind kind, std::string_view text, UrlText& out, TextFault& fault) {
    const auto wrong = [&](Error error) {
        fault = parse_fault("url_parsing", "Input should be a valid URL, ", error);
        return false;
    };
    const Rules rules = rules_of(kind);
    if (text.size() > rules.max_length) return too_long(rules.max_length, fault);
    text = trimmed(text);
    if (text.empty()) return wrong("input is empty");
    UrlText url;
    UrlParser parser(rules, url);
    if (const Error error = parser.scheme(text)) return wrong(error);
    if (!rules.schemes.empty() &&
        std::ranges::find(rules.schemes, url.scheme()) == rules.schemes.end()) {
        return wrong_scheme(rules.schemes, fault);
    }
    if (const Error error = parser.rest(text)) return wrong(error);
    // Encoding makes it longer.
    if (url.str().size() > rules.max_length) return too_long(rules.max_length, fault);
    out = std::move(url);
    return true;
}

std::string_view UrlText::username() const noexcept {
    const std::string_view user = part(user_begin_, host_begin_);
    return user.substr(0, std::min(user.find(':'), user.empty() ? 0 : user.size() - 1));
}

std::string_view UrlText::password() const noexcept {
    const std::string_view user = part(user_begin_, host_begin_);
    const auto colon = user.find(':');
    return colon == user.npos ? std::string_view()
                              : user.substr(colon + 1, user.size() - colon - 2);
}

std::optional<std::uint16_t> UrlText::port() const noexcept {
    return has_port_ ? std::optional(port_) : std::nullopt;
}

std::string_view UrlText::query() const noexcept {
    return query_end_ > path_end_ ? part(path_end_ + 1, query_end_) : std::string_view();
}

std::string_view UrlText::fragment() const noexcept {
    return query_end_ < text_.size() ? part(query_end_ + 1, text_.size()) : std::string_view();
}

}  // namespace portico::model
