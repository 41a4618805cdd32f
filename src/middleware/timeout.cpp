#include "portico/middleware/timeout.hpp"

#include <algorithm>
#include <stdexcept>

#include "portico/core/reactor.hpp"

namespace portico::middleware {

TimeoutMiddleware::TimeoutMiddleware(std::chrono::nanoseconds limit) : limit_(limit) {
    if (limit <= std::chrono::nanoseconds::zero()) {
        throw std::invalid_argument("a request's time limit must be longer than nothing");
    }
}

http::Decision TimeoutMiddleware::on_request(http::Exchange& exchange) {
    core::Context& context = exchange.context;
    const auto now = context.reactor().now();
    if (limit_ < core::Context::TimePoint::max() - now) {
        context.set_deadline(std::min(context.deadline(), now + limit_));
    }
    return http::Decision::proceed();
}

}  // namespace portico::middleware
