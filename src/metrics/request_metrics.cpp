#include "portico/metrics/request_metrics.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

#include "portico/core/reactor.hpp"

namespace portico::metrics {
namespace {

constexpr std::size_t kShards = 64;

struct Started {
    core::Clock::SteadyTime at;
};

/// What a request is counted under. A route is told by its policy, which lives as long as its
/// application serves.
struct Key {
    const http::RoutePolicy* route;
    http::Method method;
    std::uint16_t status;

    bool operator==(const Key&) const = default;
    struct Hash {
        std::size_t operator()(const Key& key) const noexcept {
            const auto bits = reinterpret_cast<std::uintptr_t>(key.route);
            return (bits >> 4) * 1'099'511'628'211U ^ static_cast<std::size_t>(key.method) << 16 ^
                   key.status;
        }
    };
};

struct Count {
    std::string route;
    std::uint64_t requests = 0;
    std::vector<std::uint64_t> buckets;
    double seconds = 0;
};

struct alignas(64) Shard {
    std::mutex mutex;  // a loop's own; taken by others for a scrape alone
    std::unordered_map<Key, Count, Key::Hash> counts;
    std::atomic<std::int64_t> in_flight{0};
};

std::string_view name_of(http::Method method) noexcept {
    return method == http::Method::other ? "OTHER" : http::to_string(method);
}

}  // namespace

struct RequestMetrics::Shards {
    std::vector<double> bounds;
    std::array<Shard, kShards> of_loops;

    Shard& of(const http::Exchange& exchange) noexcept {
        return of_loops[exchange.context.reactor().index() % kShards];
    }

    void write(Samples& samples) {
        using Latency = std::pair<std::string, http::Method>;
        std::map<std::tuple<std::string, http::Method, std::uint16_t>, std::uint64_t> requests;
        std::map<Latency, Count> latencies;
        std::int64_t in_flight = 0;
        for (Shard& shard : of_loops) {
            in_flight += shard.in_flight.load(std::memory_order_relaxed);
            const std::scoped_lock lock(shard.mutex);
            for (const auto& [key, count] : shard.counts) {
                requests[{count.route, key.method, key.status}] += count.requests;
                Count& sum = latencies[{count.route, key.method}];
                sum.buckets.resize(bounds.size() + 1);
                for (std::size_t i = 0; i < sum.buckets.size(); ++i) {
                    sum.buckets[i] += count.buckets[i];
                }
                sum.seconds += count.seconds;
            }
        }
        for (const auto& [key, count] : requests) {
            const auto& [route, method, status] = key;
            samples.counter("http_requests_total", "Requests that were answered",
                            static_cast<double>(count),
                            {{"method", std::string(name_of(method))},
                             {"route", route},
                             {"status", std::to_string(status)}});
        }
        for (const auto& [key, sum] : latencies) {
            samples.histogram("http_request_duration_seconds",
                              "From a request's head to its response's",
                              {.bounds = bounds, .buckets = sum.buckets, .sum = sum.seconds},
                              {{"method", std::string(name_of(key.second))}, {"route", key.first}});
        }
        samples.gauge("http_requests_in_flight", "Requests that are not answered yet",
                      static_cast<double>(in_flight));
    }
};

RequestMetrics::RequestMetrics(Registry& registry, RequestMetricsOptions options)
    : shards_(std::make_shared<Shards>()) {
    shards_->bounds = std::move(options.buckets);
    registry.add_source([shards = shards_](Samples& samples) { shards->write(samples); });
}

RequestMetrics::~RequestMetrics() = default;

http::Decision RequestMetrics::on_request(http::Exchange& exchange) {
    exchange.request.state().set(Started{exchange.request.clock().steady_now()});
    shards_->of(exchange).in_flight.fetch_add(1, std::memory_order_relaxed);
    return http::Decision::proceed();
}

void RequestMetrics::on_response(http::Exchange& exchange) {
    http::Request& request = exchange.request;
    Shard& shard = shards_->of(exchange);
    const http::RoutePolicy* const route = request.route();
    double seconds = 0;
    // What the parser refuses has not begun.
    if (const auto* started = request.state().get<Started>()) {
        shard.in_flight.fetch_sub(1, std::memory_order_relaxed);
        seconds = std::chrono::duration<double>(request.clock().steady_now() - started->at).count();
    }
    const auto bucket = static_cast<std::size_t>(
        std::ranges::lower_bound(shards_->bounds, seconds) - shards_->bounds.begin());
    const std::scoped_lock lock(shard.mutex);
    Count& count = shard.counts[{route, request.method(),
                                 static_cast<std::uint16_t>(exchange.response.status)}];
    if (count.buckets.empty()) {
        count.buckets.resize(shards_->bounds.size() + 1);
        if (route != nullptr) count.route = route->path_template;
    }
    ++count.requests;
    ++count.buckets[bucket];
    count.seconds += seconds;
}

}  // namespace portico::metrics
