#include "portico/middleware/proxy_headers.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace portico::middleware {

ProxyHeadersMiddleware::ProxyHeadersMiddleware(ProxyHeadersOptions options)
    : fields_(options.fields), log_(options.logger) {
    auto trusted = http::CidrSet::parse(options.trusted_proxies);
    if (!trusted) {
        const auto& [index, error] = trusted.error();
        throw std::invalid_argument(fmt::format(
            "trusted_proxies: \"{}\": {}", options.trusted_proxies[index], http::describe(error)));
    }
    trusted_ = *std::move(trusted);
}

http::Decision ProxyHeadersMiddleware::on_request(http::Exchange& exchange) {
    http::Request& request = exchange.request;
    if (trusted_.contains(request.peer())) {
        http::apply_forwarded(request, trusted_, fields_);
    } else if (!warned_.load(std::memory_order_relaxed)) {
        warn_once(request);
    }
    return http::Decision::proceed();
}

void ProxyHeadersMiddleware::warn_once(const http::Request& request) {
    const auto& peer = request.peer();
    if (!peer.is_private() && !peer.is_loopback()) return;
    if (!http::has_forwarding_fields(request)) return;
    if (warned_.exchange(true, std::memory_order_relaxed)) return;
    log_.with(request.id())
        .warning(
            "forwarding fields of a peer that is not trusted are ignored; if it is a proxy of "
            "yours, name it in trusted_proxies",
            {{"peer", peer.to_string()}});
}

}  // namespace portico::middleware
