#include "tests/conformance/apps/apps.hpp"

#include <portico/middleware/compression.hpp>
#include <portico/middleware/cors.hpp>
#include <portico/middleware/trusted_host.hpp>

#include <string>

namespace portico::conformance {

AppPointer make_middleware() {
    auto made = std::make_unique<App>(AppOptions{.title = "middleware"});
    App& app = *made;
    app.add_middleware<middleware::TrustedHostMiddleware>(
        middleware::TrustedHostOptions{.allowed_hosts = {"testserver", "*.example.com"}});
    app.add_middleware<middleware::CORSMiddleware>(middleware::CORSOptions{
        .allow_origins = {"https://shop.example"},
        .allow_methods = {"GET", "PUT"},
        .allow_headers = {"X-Token"},
        .allow_credentials = true,
        .expose_headers = {"X-Served-By"},
    });
    app.middleware([](Request& request, CallNext call_next) -> Task<Response> {
        Response response = co_await call_next(request);
        response.headers.set("X-Served-By", "conformance");
        co_return response;
    });
    app.get("/x", []() -> std::int64_t { return 1; });
    app.put("/x", []() -> std::int64_t { return 2; });
    app.get("/n", [](Query<std::int64_t, "n"> n) -> std::int64_t { return *n; });
    app.get("/refused", []() -> std::int64_t { throw HTTPException(403, "No"); });
    return made;
}

}  // namespace portico::conformance
