#include "portico/http/request.hpp"

#include <algorithm>
#include <cstring>

#include "http/bytes.hpp"
#include "http/urlencoded.hpp"
#include "portico/http/cookie.hpp"

namespace portico::http {

namespace {

std::optional<std::string_view> first_of(std::span<const NameValue> pairs, std::string_view name) {
    for (const NameValue& pair : pairs) {
        if (pair.name == name) return pair.value;
    }
    return {};
}

/// Nothing: an escape is broken, or stands for NUL.
std::optional<std::string_view> decode_path(std::string_view path, core::Arena& arena) {
    auto* const first = static_cast<char*>(arena.allocate(path.size(), 1));
    char* to = first;
    for (std::size_t at = 0; at < path.size(); ++at) {
        if (path[at] != '%') {
            *to++ = path[at];
            continue;
        }
        if (path.size() - at < 3) return {};
        const int high = hex_digit(path[at + 1]);
        const int low = hex_digit(path[at + 2]);
        if (high < 0 || low < 0) return {};
        const auto byte = static_cast<char>(high << 4 | low);
        if (byte == '\0') return {};
        if (byte == '/') {
            to = std::ranges::copy(std::string_view("%2F"), to).out;
        } else {
            *to++ = byte;
        }
        at += 2;
    }
    return std::string_view(first, to);
}

}  // namespace

std::span<const NameValue> Request::query_params() const {
    if (!query_parsed_) {
        query_parsed_ = true;
        query_truncated_ = !parse_urlencoded(raw_query_, kMaxQueryPairs, *arena_, query_);
    }
    return query_;
}

bool Request::query_truncated() const {
    static_cast<void>(query_params());
    return query_truncated_;
}

std::optional<std::string_view> Request::query_param(std::string_view name) const {
    return first_of(query_params(), name);
}

std::span<const NameValue> Request::cookies() const {
    if (!cookies_parsed_) {
        cookies_parsed_ = true;
        // RFC 9113 §8.2.3: HTTP/2 may split the cookies over several fields.
        for (const auto field : headers_) {
            if (equal_names(field.name, "cookie")) parse_cookies(field.value, cookies_);
        }
    }
    return cookies_;
}

std::optional<std::string_view> Request::cookie(std::string_view name) const {
    return first_of(cookies(), name);
}

std::optional<std::string_view> Request::path_param(std::string_view name) const noexcept {
    return first_of(path_params_, name);
}

core::Task<std::string_view> Request::body() {
    if (!body_) co_return std::string_view{};
    const std::size_t limit = route_ ? route_->max_body : kDefaultMaxBody;
    auto result = body_->buffered(limit);
    if (!result) result = co_await body_->read_all(limit);
    if (!*result) throw BodyFailed(result->error());
    co_return **result;
}

core::Task<std::string_view> Request::read_some() {
    if (!body_) co_return std::string_view{};
    const auto piece = co_await body_->read_some(route_ ? route_->max_body : kDefaultMaxBody);
    if (!piece) throw BodyFailed(piece.error());
    co_return *piece;
}

bool Request::set_target(std::string_view target) {
    target_ = target;
    const std::size_t mark = std::min(target.find('?'), target.size());
    raw_path_ = target.substr(0, mark);
    raw_query_ = target.substr(std::min(mark + 1, target.size()));
    query_.clear();
    query_parsed_ = false;
    query_truncated_ = false;
    path_ = raw_path_;
    if (raw_path_.find('\0') != std::string_view::npos) return false;
    if (raw_path_.find('%') == std::string_view::npos) return true;
    const auto decoded = decode_path(raw_path_, *arena_);
    if (decoded) path_ = *decoded;
    return decoded.has_value();
}

void Request::reset() noexcept {
    method_ = Method::get;
    version_ = 1;
    https_ = false;
    asks_upgrade_ = false;
    query_parsed_ = false;
    query_truncated_ = false;
    cookies_parsed_ = false;
    peer_port_ = 0;
    method_name_ = {};
    target_ = {};
    path_ = {};
    raw_path_ = {};
    raw_query_ = {};
    host_ = {};
    id_ = {};
    headers_.clear();
    peer_ = {};
    client_ = {};
    route_ = nullptr;
    body_ = nullptr;
    path_params_ = {};
    query_.clear();
    cookies_.clear();
    state_.clear();
}

}  // namespace portico::http
