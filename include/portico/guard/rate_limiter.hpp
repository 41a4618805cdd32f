#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "portico/http/rate_limit.hpp"
#include "portico/http/request.hpp"
#include "portico/http/response.hpp"

namespace portico::guard {

/// A limit as a dependency of a route, a router or an application: counted after the credentials,
/// by the client's address or by what the limit's `key` says, for all routes that share the object.
/// Past it the answer is 429 `Too many requests` with `Retry-After`. Copies share their count.
///
///     .dependencies = {depends(RateLimiter{100, 60s})}
///     .dependencies = {depends(RateLimiter{{.requests = 5, .window = 1min, .key = &user_of}})}
class RateLimiter {
public:
    RateLimiter(std::uint32_t requests, std::chrono::seconds window)
        : RateLimiter(http::RateLimit{.requests = requests, .window = window}) {}
    /// Throws `std::invalid_argument` for a limit outside its ranges.
    explicit RateLimiter(const http::RateLimit& limit, std::size_t capacity = 65'536);

    void operator()(const http::Request& request, http::Response& response) const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace portico::guard
