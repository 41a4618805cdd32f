#include "portico/middleware/request_id.hpp"

namespace portico::middleware {

void RequestIdMiddleware::on_response(http::Exchange& exchange) {
    const auto id = exchange.request.id();
    if (!id.empty()) exchange.response.headers.set("X-Request-ID", id);
}

}  // namespace portico::middleware
