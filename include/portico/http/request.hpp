#pragma once

#include <any>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <typeindex>
#include <utility>
#include <vector>

#include "portico/core/arena.hpp"
#include "portico/core/clock.hpp"
#include "portico/http/body.hpp"
#include "portico/http/headers.hpp"
#include "portico/http/ip_address.hpp"
#include "portico/http/method.hpp"
#include "portico/http/name_value.hpp"
#include "portico/http/route_policy.hpp"

namespace portico::http {

/// Values that middleware and dependencies leave for those after them, one for each type.
///
///     request.state().set(Tenant{"acme"});
///     const Tenant* tenant = request.state().get<Tenant>();   // null when nobody set one
class State {
public:
    template <class T>
    T& set(T value) {
        for (auto& [type, held] : values_) {
            if (type == std::type_index(typeid(T))) {
                held = std::move(value);
                return *std::any_cast<T>(&held);
            }
        }
        return *std::any_cast<T>(&values_.emplace_back(typeid(T), std::move(value)).second);
    }
    template <class T>
    [[nodiscard]] T* get() noexcept {
        for (auto& [type, held] : values_) {
            if (type == std::type_index(typeid(T))) return std::any_cast<T>(&held);
        }
        return nullptr;
    }
    void clear() noexcept { values_.clear(); }

private:
    std::vector<std::pair<std::type_index, std::any>> values_;
};

/// How many pairs of a query are decoded.
inline constexpr std::size_t kMaxQueryPairs = 1000;

/// One request, as the parser accepted it. Views are valid as long as the request.
///
/// A connection owns one and reuses it; handlers take it as `Request&`. Not thread-safe.
class Request {
public:
    explicit Request(core::Arena& arena) noexcept : arena_(&arena) {}
    Request(const Request&) = delete;
    Request& operator=(const Request&) = delete;

    [[nodiscard]] Method method() const noexcept { return method_; }
    /// As sent, also for methods that `Method` does not name.
    [[nodiscard]] std::string_view method_name() const noexcept { return method_name_; }

    /// The request target as sent: path and query, percent-encoded.
    [[nodiscard]] std::string_view target() const noexcept { return target_; }
    /// The path, percent-decoded once; what routes match. A "%2F" stays encoded, so that it
    /// separates no segments.
    [[nodiscard]] std::string_view path() const noexcept { return path_; }
    /// The path as sent.
    [[nodiscard]] std::string_view raw_path() const noexcept { return raw_path_; }
    /// After the "?", as sent; empty without one.
    [[nodiscard]] std::string_view raw_query() const noexcept { return raw_query_; }

    [[nodiscard]] const HeaderView& headers() const noexcept { return headers_; }
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept {
        return headers_.value_or_empty(name);
    }

    /// The query's pairs, decoded (plus is a space), in order; decoded at the first call. An
    /// invalid escape ("%zz") stays as it is. Bytes may be any: whoever needs UTF-8 must check it.
    [[nodiscard]] std::span<const NameValue> query_params() const;
    /// True when the query has more than `kMaxQueryPairs` pairs: the rest is not in
    /// `query_params()`, so the request should be refused rather than read in part.
    [[nodiscard]] bool query_truncated() const;
    /// The first value of that name.
    [[nodiscard]] std::optional<std::string_view> query_param(std::string_view name) const;
    /// The cookies of every `Cookie` field, in order (RFC 6265 §4.2.1); parsed at the first call.
    [[nodiscard]] std::span<const NameValue> cookies() const;
    /// The first of that name: the one with the longest path.
    [[nodiscard]] std::optional<std::string_view> cookie(std::string_view name) const;
    /// The values of the route's `{name}` parts, decoded.
    [[nodiscard]] std::span<const NameValue> path_params() const noexcept { return path_params_; }
    [[nodiscard]] std::optional<std::string_view> path_param(std::string_view name) const noexcept;

    /// Minor version of HTTP/1: 0 or 1; 2 stands for HTTP/2.
    [[nodiscard]] int http_version() const noexcept { return version_; }
    /// The client would switch to another protocol: `Connection` has "upgrade" (RFC 9110 §7.8).
    [[nodiscard]] bool asks_upgrade() const noexcept { return asks_upgrade_; }

    /// The other end of the socket.
    [[nodiscard]] const IpAddress& peer() const noexcept { return peer_; }
    /// Who asks: the peer, unless a trusted proxy says for whom it asks.
    [[nodiscard]] const IpAddress& client() const noexcept { return client_; }
    [[nodiscard]] std::uint16_t peer_port() const noexcept { return peer_port_; }
    /// "http" or "https", as the client used it; a trusted proxy's word counts.
    [[nodiscard]] std::string_view scheme() const noexcept { return https_ ? "https" : "http"; }
    [[nodiscard]] bool is_https() const noexcept { return https_; }
    /// The authority that the client asked: the `Host` field, or a trusted proxy's word.
    [[nodiscard]] std::string_view host() const noexcept { return host_; }

    /// The id of the request, for logs; set by the engine before any middleware runs.
    [[nodiscard]] std::string_view id() const noexcept { return id_; }

    /// The matched route's policy; null where no route matches.
    [[nodiscard]] const RoutePolicy* route() const noexcept { return route_; }

    [[nodiscard]] State& state() noexcept { return state_; }
    [[nodiscard]] core::Arena& arena() const noexcept { return *arena_; }
    [[nodiscard]] const core::Clock& clock() const noexcept { return *clock_; }

    /// The body; reading it is bounded by the route's `max_body`. Null: the request has none.
    [[nodiscard]] BodySource* body_source() const noexcept { return body_; }
    /// `co_await request.body()`: all of it. Throws `BodyFailed` (answered with its status).
    [[nodiscard]] core::Task<std::string_view> body();
    /// `co_await request.read_some()`: the next piece; empty at the end.
    [[nodiscard]] core::Task<std::string_view> read_some();

    // For engines: connections, the test client, the layer that believes proxies.
    void set_method(Method method, std::string_view name) noexcept {
        method_ = method;
        method_name_ = name;
    }
    /// Splits the target into path and query and decodes the path.
    /// False: the path has an invalid percent-encoding or decodes to a NUL byte (answer 400).
    [[nodiscard]] bool set_target(std::string_view target);
    [[nodiscard]] HeaderView& mutable_headers() noexcept { return headers_; }
    void set_version(int version) noexcept { version_ = version; }
    void set_asks_upgrade(bool asks) noexcept { asks_upgrade_ = asks; }
    void set_peer(const IpAddress& address, std::uint16_t port) noexcept {
        peer_ = address;
        client_ = address;
        peer_port_ = port;
    }
    void set_client(const IpAddress& address) noexcept { client_ = address; }
    void set_https(bool https) noexcept { https_ = https; }
    void set_host(std::string_view host) noexcept { host_ = host; }
    void set_id(std::string_view id) noexcept { id_ = id; }
    void set_route(const RoutePolicy* policy) noexcept { route_ = policy; }
    void set_path_params(std::span<const NameValue> params) noexcept { path_params_ = params; }
    void set_body_source(BodySource* source) noexcept { body_ = source; }
    void set_clock(const core::Clock& clock) noexcept { clock_ = &clock; }
    void reset() noexcept;

private:
    core::Arena* arena_;
    const core::Clock* clock_ = &core::system_clock();
    Method method_ = Method::get;
    int version_ = 1;
    bool https_ = false;
    bool asks_upgrade_ = false;
    mutable bool query_parsed_ = false;
    mutable bool query_truncated_ = false;
    mutable bool cookies_parsed_ = false;
    std::uint16_t peer_port_ = 0;
    std::string_view method_name_;
    std::string_view target_;
    std::string_view path_;
    std::string_view raw_path_;
    std::string_view raw_query_;
    std::string_view host_;
    std::string_view id_;
    HeaderView headers_;
    IpAddress peer_;
    IpAddress client_;
    const RoutePolicy* route_ = nullptr;
    BodySource* body_ = nullptr;
    std::span<const NameValue> path_params_;
    mutable std::vector<NameValue> query_;
    mutable std::vector<NameValue> cookies_;
    State state_;
};

/// Thrown by `Request::body` and `read_some`; becomes the answer that `status_of(error)` names.
class BodyFailed : public std::exception {
public:
    explicit BodyFailed(BodyError error) noexcept : error_(error) {}
    [[nodiscard]] BodyError error() const noexcept { return error_; }
    [[nodiscard]] const char* what() const noexcept override;

private:
    BodyError error_;
};

}  // namespace portico::http
