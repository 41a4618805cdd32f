#pragma once

#include "portico/http/middleware.hpp"

namespace portico::middleware {

/// Tells the client the id of its request, `X-Request-ID`, on every response: what a user quotes
/// when something went wrong, and what each log line of the request carries. The engine takes a
/// client's own id when it is 1–128 characters of `[A-Za-z0-9._-]`, and makes a UUID otherwise.
class RequestIdMiddleware final : public http::Middleware {
public:
    void on_response(http::Exchange& exchange) override;
};

}  // namespace portico::middleware
