#include <chrono>

#include "models/error.hpp"
#include "protection.hpp"
#include "routers/routers.hpp"
#include "services/readiness.hpp"
#include "version.hpp"

namespace reference {

namespace {

struct Health {
    std::string status;
    std::string version;
    double uptime_seconds;
};

struct Ready {
    std::string status;
};

/// Touches nothing but the clock: it tells that the process answers, and nothing else.
Health read_health(State<StartTime> started, const Request& request) {
    const std::chrono::duration<double> uptime = request.clock().steady_now() - started->at;
    return {"ok", std::string(kVersion), uptime.count()};
}

Task<Ready> read_readiness(State<Readiness> readiness, State<Database> database,
                           State<OtherInstances> others, const Request& request) {
    const std::string missing = co_await readiness->missing(*database, *others, request.clock());
    if (!missing.empty()) throw AppException(503, "Service Unavailable", missing);
    co_return Ready{"ok"};
}

/// For those who may not, there is nothing here.
Response read_metrics(State<Protection> protection, const Request& request) {
    if (!protection->guard().may_read_metrics(request)) throw HTTPException(404);
    return Response(200, protection->metrics().text(), metrics::kTextType);
}

}  // namespace

Router operations_router() {
    Router router{{.tags = {"operations"}}};
    router.get("/health", read_health, {.summary = "Is the process alive", .name = "read_health"});
    router.get(
        "/health/ready", read_readiness,
        {.summary = "Can it serve",
         .name = "read_readiness",
         .responses = {response<503, ErrorResponse>("`detail` names what does not answer")}});
    router.get(
        "/metrics", read_metrics,
        {.summary = "Figures for Prometheus", .name = "read_metrics", .include_in_schema = false});
    return router;
}

}  // namespace reference
