#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "portico/core/task.hpp"
#include "portico/http/rate_limit.hpp"
#include "portico/http/request.hpp"
#include "portico/http/response.hpp"

namespace portico::redis {
class Client;
}

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

/// The same for all instances of a program on one Redis together, as the guard's limits are: while
/// Redis is away each goes on with what it has counted itself. The client must outlive it.
///
///     const SharedRateLimiter uploads{client, {.requests = 100, .window = 1h, .name = "uploads"}};
///     .dependencies = {depends(uploads)}
class SharedRateLimiter {
public:
    /// `limit.name` is what it is known by in Redis, behind the prefix; those of one name count
    /// together and must say the same. Throws `std::invalid_argument` without one, and for a limit
    /// outside its ranges.
    SharedRateLimiter(redis::Client& client, const http::RateLimit& limit,
                      const std::string& prefix = "myapp:guard:", std::size_t capacity = 65'536);

    [[nodiscard]] core::Task<void> operator()(const http::Request& request,
                                              http::Response& response) const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace portico::guard
