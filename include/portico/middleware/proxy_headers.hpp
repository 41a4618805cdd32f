#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "portico/http/cidr.hpp"
#include "portico/http/forwarded.hpp"
#include "portico/http/middleware.hpp"
#include "portico/logging/logger.hpp"

namespace portico::middleware {

struct ProxyHeadersOptions {
    /// The addresses or CIDR blocks of the proxies in front: `10.0.0.0/8`, `::1`. Nobody else may
    /// say for whom it asks.
    std::vector<std::string> trusted_proxies = {};
    /// Which fields the proxies set; they must remove the other kind.
    http::ForwardingFields fields = http::ForwardingFields::automatic;
    /// Told once when a private or loopback peer that is not trusted sends forwarding fields: most
    /// likely a proxy that was forgotten above.
    logging::Logger logger = {};
};

/// Takes the client's address, scheme and host from a trusted proxy's `X-Forwarded-*` or
/// `Forwarded` fields, see `http::apply_forwarded`. Add it first: what comes after judges by them.
///
/// The constructor throws `std::invalid_argument`, with the entry and what was expected.
class ProxyHeadersMiddleware final : public http::Middleware {
public:
    explicit ProxyHeadersMiddleware(ProxyHeadersOptions options);

    http::Decision on_request(http::Exchange& exchange) override;

private:
    void warn_once(const http::Request& request);

    http::CidrSet trusted_;
    http::ForwardingFields fields_;
    logging::Logger log_;
    std::atomic<bool> warned_{false};
};

}  // namespace portico::middleware
