#include "portico/guard/rate_limiter.hpp"

#include "guard/limits.hpp"
#include "portico/http/refused.hpp"

namespace portico::guard {

struct RateLimiter::State {
    State(const http::RateLimit& limit, std::size_t capacity) : counted(limit, capacity) {}

    CountedLimit counted;
};

RateLimiter::RateLimiter(const http::RateLimit& limit, std::size_t capacity)
    : state_(std::make_shared<State>(limit, capacity)) {}

void RateLimiter::operator()(const http::Request& request, http::Response& response) const {
    CountedLimit& counted = state_->counted;
    std::string buffer;
    const auto client = client_of(request.client());
    const auto answer = counted.window.acquire(key_of(counted.limit, request, client, buffer),
                                               request.clock().steady_now(), counted.limit.cost);
    const LimitStatus status{&counted, answer};
    if (answer.allowed) return put_limit_fields(status, response.headers);
    http::Headers headers;
    put_limit_fields(status, headers);
    throw http::Refused(429, "Too many requests", std::move(headers));
}

}  // namespace portico::guard
