#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "portico/http/middleware.hpp"

namespace portico::middleware {

struct TrustedHostOptions {
    /// `api.example.com`, `127.0.0.1`, `[::1]`; `*.example.com` is every name below example.com
    /// but not that one; `*` is any host. Without ports: the port of a request is not looked at.
    std::vector<std::string> allowed_hosts;
};

/// Refuses requests that ask for a host we are not (400 `Invalid host header`), so that a forged
/// `Host` can't get into links, redirects or caches.
///
/// Names compare without case; one dot at the end is the root's and is ignored. The constructor
/// throws `std::invalid_argument`, with the entry and what was expected, for one that can't match.
class TrustedHostMiddleware final : public http::Middleware {
public:
    explicit TrustedHostMiddleware(TrustedHostOptions options);

    http::Decision on_request(http::Exchange& exchange) override;

    /// `host` as in the `Host` field (RFC 9110 §7.2), with or without a port.
    [[nodiscard]] bool allows(std::string_view host) const noexcept;

private:
    std::vector<std::string> exact_;
    std::vector<std::string> suffixes_;  ///< ".example.com"
    bool any_ = false;
};

}  // namespace portico::middleware
