#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "portico/http/middleware.hpp"

namespace portico::middleware {

struct HttpsOptions {
    /// For every route. When false, only routes whose policy says `require_https`.
    bool everywhere = true;
    /// Paths that are served over plain HTTP too, as a whole: what probes ask.
    std::vector<std::string> exempt_paths = {};
    /// Where HTTPS is served: the port of a redirect. 443 is left out.
    std::uint16_t port = 443;
};

/// Serves HTTPS alone.
///
/// A person who typed an address is redirected (307): a GET or HEAD whose `Accept` names
/// `text/html` and that carries neither `Authorization` nor `Cookie`. Everything else is refused
/// with 403: a client that sent its credentials in the clear must fail, not work by accident, and a
/// redirect would let it go on to (ASVS 4.1.2). Behind a proxy, `ProxyHeadersMiddleware` tells what
/// the client used.
class HttpsMiddleware final : public http::Middleware {
public:
    explicit HttpsMiddleware(HttpsOptions options = {});

    http::Decision on_request(http::Exchange& exchange) override;

private:
    [[nodiscard]] bool is_required(const http::Request& request) const noexcept;

    HttpsOptions options_;
};

}  // namespace portico::middleware
