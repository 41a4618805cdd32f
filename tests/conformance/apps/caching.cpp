#include "tests/conformance/apps/apps.hpp"

#include <chrono>
#include <cstdint>
#include <string>

#include "portico/cache/response_cache.hpp"

/// Routes that answer how often they were asked, behind a response cache. FastAPI has none.
namespace portico::conformance {
namespace {

using namespace std::chrono_literals;

struct Counter {
    static constexpr bool thread_safe = true;  // its fixture has one loop
    std::int64_t value = 0;
};

std::int64_t next(State<Counter> counter) {
    return ++counter->value;
}
std::int64_t counted(Response& response, std::string_view name, std::string_view value,
                     State<Counter> counter) {
    response.headers.set(name, value);
    return ++counter->value;
}

}  // namespace

AppPointer make_caching() {
    auto made = std::make_unique<App>(AppOptions{.title = "caching"});
    App& app = *made;
    app.state(Counter());
    app.add_middleware<cache::ResponseCache>(
        cache::ResponseCacheOptions{.ttl = 3600s, .max_body = 1000});
    app.get("/kept", next);
    app.post("/kept", next);
    app.get("/query", [](Query<std::string, "q">, State<Counter> counter) -> std::int64_t {
        return ++counter->value;
    });
    app.get("/vary", [](Response& response, State<Counter> counter) -> std::int64_t {
        return counted(response, "Vary", "Accept-Language", counter);
    });
    app.get("/vary-all", [](Response& response, State<Counter> counter) -> std::int64_t {
        return counted(response, "Vary", "*", counter);
    });
    app.get("/no-store", [](Response& response, State<Counter> counter) -> std::int64_t {
        return counted(response, "Cache-Control", "no-store", counter);
    });
    app.get("/private", [](Response& response, State<Counter> counter) -> std::int64_t {
        return counted(response, "Cache-Control", "private, max-age=60", counter);
    });
    app.get("/max-age-0", [](Response& response, State<Counter> counter) -> std::int64_t {
        return counted(response, "Cache-Control", "max-age=0", counter);
    });
    app.get("/etag", [](Response& response, State<Counter> counter) -> std::int64_t {
        return counted(response, "ETag", "\"one\"", counter);
    });
    app.get("/cookie", [](Response& response, State<Counter> counter) -> std::int64_t {
        response.set_cookie({.name = "a", .value = "b"});
        return ++counter->value;
    });
    app.get("/not-found", [](State<Counter> counter) -> std::int64_t {
        throw HTTPException(404, std::to_string(++counter->value));
    });
    app.get("/long", [](State<Counter> counter) -> std::string {
        return std::to_string(++counter->value) + std::string(1000, '.');
    });
    return made;
}

}  // namespace portico::conformance
