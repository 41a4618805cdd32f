#pragma once

#include <functional>

#include "portico/core/task.hpp"
#include "portico/http/request.hpp"
#include "portico/http/response.hpp"

namespace portico::app {

/// The rest of the application, as a middleware function sees it.
///
/// Gives the response of what lies further in: an exception has become a response by then. May be
/// called once; without calling it, the function's own response is the answer.
///
///     app.middleware([](Request& request, CallNext call_next) -> Task<Response> {
///         const auto start = std::chrono::steady_clock::now();
///         Response response = co_await call_next(request);
///         response.headers.set("X-Process-Time", seconds_since(start));
///         co_return response;
///     });
class CallNext {
public:
    [[nodiscard]] core::Task<http::Response> operator()(http::Request& request);

private:
    friend class FunctionLayer;
    explicit CallNext(class FunctionLayer& layer) noexcept : layer_(&layer) {}
    class FunctionLayer* layer_;
};

using MiddlewareFunction =
    std::move_only_function<core::Task<http::Response>(http::Request&, CallNext)>;

}  // namespace portico::app
