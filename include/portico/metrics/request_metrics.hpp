#pragma once

#include <memory>
#include <vector>

#include "portico/http/middleware.hpp"
#include "portico/metrics/registry.hpp"

namespace portico::metrics {

struct RequestMetricsOptions {
    /// Upper bounds of the buckets of latencies, in seconds, ascending.
    std::vector<double> buckets{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                0.25,  0.5,    1,     2.5,  5,     10};
};

/// Counts requests by method, route and status, how long they took, and how many are in flight:
///
///     http_requests_total{method="GET",route="/items/{item_id}",status="200"} 7
///     http_request_duration_seconds_bucket{method="GET",route="/items/{item_id}",le="0.005"} 7
///     http_requests_in_flight 1
///
/// A route is its template, never a path, and a method that no standard names is "OTHER": whatever
/// clients send, the number of samples is bounded. Requests without a route have an empty one. Time
/// ends at the response's head. Each loop counts for itself; a scrape adds up. Add it first, so
/// that it sees what other layers answer.
///
///     app.add_middleware<metrics::RequestMetrics>(registry);
class RequestMetrics final : public http::Middleware {
public:
    /// The registry must not be asked after this object is gone.
    explicit RequestMetrics(Registry& registry, RequestMetricsOptions options = {});
    ~RequestMetrics() override;

    http::Decision on_request(http::Exchange& exchange) override;
    void on_response(http::Exchange& exchange) override;

private:
    struct Shards;
    std::shared_ptr<Shards> shards_;
};

}  // namespace portico::metrics
