#include "portico/guard/rate_limiter.hpp"

#include <stdexcept>
#include <utility>

#include "guard/limits.hpp"
#include "guard/shared_limits.hpp"
#include "portico/http/refused.hpp"

namespace portico::guard {
namespace {

LimitGroup alone(const http::RateLimit& limit, std::size_t capacity, std::string id = {}) {
    LimitGroup group;
    group.push_back(std::make_unique<CountedLimit>(limit, capacity, std::move(id)));
    return group;
}

void answer(const LimitStatus& status, http::Response& response) {
    if (status.answer.allowed) return put_limit_fields(status, response.headers);
    http::Headers headers;
    put_limit_fields(status, headers);
    throw http::Refused(429, "Too many requests", std::move(headers));
}

}  // namespace

struct RateLimiter::State {
    LimitGroup group;
};

RateLimiter::RateLimiter(const http::RateLimit& limit, std::size_t capacity)
    : state_(std::make_shared<State>(alone(limit, capacity))) {}

void RateLimiter::operator()(const http::Request& request, http::Response& response) const {
    answer(acquire(state_->group, request, client_of(request.client())), response);
}

struct SharedRateLimiter::State {
    State(LimitGroup its_group, redis::Client& client, const std::string& prefix)
        : group(std::move(its_group)), shared(client, prefix) {}

    LimitGroup group;
    SharedLimits shared;
};

SharedRateLimiter::SharedRateLimiter(redis::Client& client, const http::RateLimit& limit,
                                     const std::string& prefix, std::size_t capacity) {
    if (limit.name.empty()) {
        throw std::invalid_argument("a shared rate limit needs a name, to be known by in Redis");
    }
    state_ = std::make_shared<State>(
        alone(limit, capacity, "by:" + limit.name + (limit.burst == 0 ? "" : ":burst")), client,
        prefix);
}

core::Task<void> SharedRateLimiter::operator()(const http::Request& request,
                                               http::Response& response) const {
    const auto state = state_;
    answer(co_await state->shared.acquire(state->group, request, client_of(request.client())),
           response);
}

}  // namespace portico::guard
