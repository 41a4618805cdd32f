#pragma once

#include "portico/http/middleware.hpp"
#include "portico/logging/logger.hpp"

namespace portico::middleware {

/// One line for each request, at `info`, when its response is ready:
///
///     … - portico.access - INFO - GET /items/7 status=200 bytes=512 ms=0.412
///     client=203.0.113.7 route=/items/{item_id} request_id=4b-7
///
/// The path as sent, but never the query: tokens and personal data travel there. `bytes` is the
/// length of the body, left out for a stream; `ms` is the time since the request's head was here.
/// The logger `portico.access` is at `warning` unless set; then a request costs one comparison.
class AccessLogMiddleware final : public http::Middleware {
public:
    explicit AccessLogMiddleware(logging::Logger logger) noexcept : log_(logger) {}

    http::Decision on_request(http::Exchange& exchange) override;
    void on_response(http::Exchange& exchange) override;

private:
    logging::Logger log_;
};

}  // namespace portico::middleware
