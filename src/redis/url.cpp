#include "portico/redis/url.hpp"

#include <charconv>
#include <optional>
#include <utility>

namespace portico::redis {
namespace {

constexpr std::size_t kMaxUrl = 4096;
constexpr std::size_t kMaxHosts = 32;
constexpr std::uint16_t kPort = 6379;
constexpr std::uint16_t kSentinelPort = 26379;

using Fault = std::unexpected<std::string>;

template <class T>
bool read(std::string_view text, T& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

/// RFC 3986 §2.1. Nothing when an escape is broken, or a NUL would come of it.
std::optional<std::string> decode(std::string_view text) {
    std::string decoded;
    while (!text.empty()) {
        unsigned char byte = static_cast<unsigned char>(text.front());
        std::size_t size = 1;
        if (byte == '%') {
            if (text.size() < 3) return std::nullopt;
            const auto [end, error] = std::from_chars(text.data() + 1, text.data() + 3, byte, 16);
            if (error != std::errc{} || end != text.data() + 3) return std::nullopt;
            size = 3;
        }
        if (byte == 0) return std::nullopt;
        decoded += static_cast<char>(byte);
        text.remove_prefix(size);
    }
    return decoded;
}

bool is_name(std::string_view text) {
    for (const char c : text) {
        const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
        if (!good) return false;
    }
    return !text.empty() && text.size() <= 253;
}

bool is_ipv6(std::string_view text) {
    return !text.empty() && text.size() <= 64 &&
           text.find_first_not_of("0123456789abcdefABCDEF:.%") == text.npos &&
           text.find(':') != text.npos;
}

std::expected<Url::Host, std::string> read_host(std::string_view text, std::uint16_t port) {
    Url::Host host{.name = {}, .port = port};
    std::string_view rest;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == text.npos || !is_ipv6(text.substr(1, end - 1))) {
            return Fault("expected an IPv6 address in brackets, such as [::1]");
        }
        host.name = text.substr(1, end - 1);
        rest = text.substr(end + 1);
    } else {
        const auto colon = text.find(':');
        host.name = text.substr(0, colon);
        if (!is_name(host.name)) return Fault("expected a host's name or address");
        if (colon != text.npos) rest = text.substr(colon);
    }
    if (rest.empty()) return host;
    if (rest.front() != ':' || !read(rest.substr(1), host.port) || host.port == 0) {
        return Fault("expected a port in 1–65535 after the host");
    }
    return host;
}

std::expected<void, std::string> read_user(std::string_view text, Url& url) {
    const auto colon = text.find(':');
    if (colon == text.npos) {
        return Fault("expected user:password@ or :password@ before the host");
    }
    auto user = decode(text.substr(0, colon));
    auto password = decode(text.substr(colon + 1));
    if (!user || !password) {
        return Fault("user and password: expected percent-encoded text (a % is written %25)");
    }
    if (password->empty()) return Fault("expected a password after the user and the colon");
    url.user = *std::move(user);
    url.password = *std::move(password);
    return {};
}

std::expected<void, std::string> read_database(std::string_view text, Url& url) {
    if (text.empty() || read(text, url.database)) return {};
    return Fault("expected the number of a database, such as /0");
}

}  // namespace

std::expected<Url, std::string> Url::parse(std::string_view text) {
    struct Scheme {
        std::string_view prefix;
        bool tls, socket, sentinel;
    };
    constexpr Scheme kSchemes[] = {{"redis://", false, false, false},
                                   {"rediss://", true, false, false},
                                   {"unix://", false, true, false},
                                   {"redis+sentinel://", false, false, true},
                                   {"rediss+sentinel://", true, false, true}};
    const Scheme* scheme = nullptr;
    for (const Scheme& candidate : kSchemes) {
        if (text.starts_with(candidate.prefix)) scheme = &candidate;
    }
    if (scheme == nullptr || text.size() > kMaxUrl) {
        return Fault(
            "expected redis://[user:password@]host[:port][/database], rediss:// for TLS, "
            "unix:///path or redis+sentinel://host,host/master-name");
    }
    text.remove_prefix(scheme->prefix.size());
    Url url{.tls = scheme->tls};

    // A password may hold a slash or a question mark only percent-encoded.
    std::string_view authority = text.substr(0, text.find_first_of("/?#"));
    std::string_view path = text.substr(authority.size());
    if (const auto at = authority.rfind('@'); at != authority.npos) {
        if (auto read = read_user(authority.substr(0, at), url); !read) {
            return Fault(std::move(read.error()));
        }
        authority.remove_prefix(at + 1);
    }
    if (path.find('#') != path.npos) return Fault("a # is written %23 in a URL");

    if (scheme->socket) {
        std::string_view query;
        if (const auto mark = path.find('?'); mark != path.npos) {
            query = path.substr(mark + 1);
            path = path.substr(0, mark);
            if (!query.starts_with("db=")) return Fault("expected ?db=<number> after the path");
        }
        auto socket = decode(path);
        // sockaddr_un has room for 107 bytes and a NUL.
        if (!authority.empty() || !socket || socket->size() < 2 || socket->size() > 107) {
            return Fault("expected unix:///path/of/the/socket, at most 107 bytes long");
        }
        url.socket = *std::move(socket);
        if (!query.empty()) query.remove_prefix(3);
        if (auto read = read_database(query, url); !read) return Fault(std::move(read.error()));
        return url;
    }

    if (path.find('?') != path.npos) return Fault("expected no ? after the database");
    while (true) {
        const auto comma = scheme->sentinel ? authority.find(',') : authority.npos;
        auto host = read_host(authority.substr(0, comma), scheme->sentinel ? kSentinelPort : kPort);
        if (!host) return Fault(std::move(host.error()));
        url.hosts.push_back(*std::move(host));
        if (comma == authority.npos) break;
        authority.remove_prefix(comma + 1);
        if (url.hosts.size() == kMaxHosts) return Fault("expected at most 32 Sentinels");
    }
    if (path.starts_with('/')) path.remove_prefix(1);
    if (scheme->sentinel) {
        const auto slash = path.find('/');
        auto master = decode(path.substr(0, slash));
        if (!master || master->empty()) {
            return Fault("expected the name of the master after the Sentinels: /mymaster");
        }
        url.master = *std::move(master);
        path = slash == path.npos ? std::string_view{} : path.substr(slash + 1);
    }
    if (auto read = read_database(path, url); !read) return Fault(std::move(read.error()));
    return url;
}

std::string Url::describe() const {
    if (!socket.empty()) return "unix://" + socket;
    std::string text = tls ? "rediss" : "redis";
    text += master.empty() ? "://" : "+sentinel://";
    for (const Host& host : hosts) {
        if (&host != hosts.data()) text += ',';
        const bool brackets = host.name.contains(':');
        text.append(brackets ? "[" : "").append(host.name).append(brackets ? "]:" : ":");
        text += std::to_string(host.port);
    }
    if (!master.empty()) text.append("/").append(master);
    return text;
}

}  // namespace portico::redis
