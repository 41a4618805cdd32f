#pragma once

#include <chrono>

#include "portico/http/middleware.hpp"

namespace portico::middleware {

/// Gives each request a deadline: the next `co_await` after it throws, and the answer is 503. Code
/// that does not await is not interrupted, nor is a commit.
class TimeoutMiddleware final : public http::Middleware {
public:
    /// From the moment the request's head was here. Throws `std::invalid_argument` unless positive.
    explicit TimeoutMiddleware(std::chrono::nanoseconds limit = std::chrono::seconds(30));

    http::Decision on_request(http::Exchange& exchange) override;

private:
    std::chrono::nanoseconds limit_;
};

}  // namespace portico::middleware
