#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "portico/metrics/samples.hpp"

namespace portico::metrics {

/// A number that only grows. Lock-free; from any thread.
class Counter {
public:
    void add(std::uint64_t more = 1) noexcept { value_.fetch_add(more, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t value() const noexcept {
        return value_.load(std::memory_order_relaxed);
    }

private:
    std::atomic<std::uint64_t> value_{0};
};

/// The metrics of a program, and their text for Prometheus. Thread-safe.
///
///     metrics::Registry registry;
///     metrics::Counter& orders = registry.counter("shop_orders_total", "Orders that were taken");
///     registry.add_source([&](metrics::Samples& samples) {      // asked at each scrape
///         samples.gauge("shop_queue", "Orders that wait", queue.size());
///     });
///     app.get("/metrics", [&] { return Response(200, registry.text(), metrics::kTextType); });
class Registry {
public:
    using Source = std::function<void(Samples& samples)>;

    Registry();
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;
    ~Registry();

    /// Lives as long as the registry; the same name and labels give the same counter.
    Counter& counter(std::string name, std::string help, Labels labels = {});

    /// Called for every text, on the thread that asks for it. What it refers to must outlive the
    /// registry or be dropped with it.
    void add_source(Source source);

    [[nodiscard]] std::string text() const;

private:
    struct Named;

    mutable std::mutex mutex_;
    std::vector<std::unique_ptr<Named>> counters_;
    std::vector<Source> sources_;
};

/// `process_cpu_seconds_total`, `process_resident_memory_bytes`, `process_open_fds`,
/// `process_max_fds`, `process_threads`, `process_start_time_seconds`, as Prometheus' own libraries
/// name them.
///
///     registry.add_source(&metrics::process_samples);
void process_samples(Samples& samples);

}  // namespace portico::metrics
