#include "portico/metrics/samples.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <limits>
#include <sstream>

namespace portico::metrics {
namespace {

bool is_name(std::string_view text) noexcept {
    const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    return !text.empty() && letter(text.front()) &&
           std::ranges::all_of(text, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

}  // namespace

void Samples::add(std::string_view name, std::string_view help, Kind kind, Sample sample) {
    const bool named =
        std::ranges::all_of(sample.labels, [](const auto& label) { return is_name(label.first); });
    if (!named || !is_name(name)) return;
    auto found = metrics_.find(name);
    if (found == metrics_.end()) {
        found = metrics_.emplace(std::string(name), Metric{kind, std::string(help), {}}).first;
    }
    if (found->second.kind == kind) found->second.samples.push_back(std::move(sample));
}

void Samples::counter(std::string_view name, std::string_view help, double value, Labels labels) {
    add(name, help, Kind::counter, {.labels = std::move(labels), .value = value});
}

void Samples::gauge(std::string_view name, std::string_view help, double value, Labels labels) {
    add(name, help, Kind::gauge, {.labels = std::move(labels), .value = value});
}

void Samples::histogram(std::string_view name, std::string_view help, const HistogramValue& value,
                        Labels labels) {
    add(name, help, Kind::histogram,
        {.labels = std::move(labels),
         .value = value.sum,
         .bounds = {value.bounds.begin(), value.bounds.end()},
         .buckets = {value.buckets.begin(), value.buckets.end()}});
}

std::string Samples::text() const {
    std::vector<prometheus::MetricFamily> families;
    for (const auto& [name, metric] : metrics_) {
        prometheus::MetricFamily family{name, metric.help, prometheus::MetricType::Gauge, {}};
        if (metric.kind == Kind::counter) family.type = prometheus::MetricType::Counter;
        if (metric.kind == Kind::histogram) family.type = prometheus::MetricType::Histogram;
        for (const Sample& sample : metric.samples) {
            prometheus::ClientMetric client;
            for (const auto& [label, value] : sample.labels) client.label.push_back({label, value});
            client.counter.value = sample.value;
            client.gauge.value = sample.value;
            client.histogram.sample_sum = sample.value;
            for (std::size_t i = 0; i < sample.buckets.size(); ++i) {
                client.histogram.sample_count += sample.buckets[i];
                const double bound = i < sample.bounds.size()
                                         ? sample.bounds[i]
                                         : std::numeric_limits<double>::infinity();
                client.histogram.bucket.push_back({client.histogram.sample_count, bound});
            }
            family.metric.push_back(std::move(client));
        }
        families.push_back(std::move(family));
    }
    std::ostringstream out;
    prometheus::TextSerializer().Serialize(out, families);
    return std::move(out).str();
}

}  // namespace portico::metrics
