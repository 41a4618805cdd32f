#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace portico::metrics {

/// Names and values that tell the samples of one metric apart. Values may be any bytes; keep their
/// number bounded: a route's template, never a path.
using Labels = std::vector<std::pair<std::string, std::string>>;

/// How many observations were at most so large, and how large all were together.
struct HistogramValue {
    std::span<const double> bounds;          ///< Ascending; the last bucket is without one.
    std::span<const std::uint64_t> buckets;  ///< One more than `bounds`; each counted for itself.
    double sum = 0;
};

/// What a scrape has gathered so far.
///
/// Each call is one sample. Samples of one name become one metric, with the help of the first and
/// its kind: those of another kind are dropped, as are names and labels that Prometheus does not
/// take (`[a-zA-Z_][a-zA-Z0-9_]*`).
class Samples {
public:
    /// By convention the name ends in "_total".
    void counter(std::string_view name, std::string_view help, double value, Labels labels = {});
    void gauge(std::string_view name, std::string_view help, double value, Labels labels = {});
    void histogram(std::string_view name, std::string_view help, const HistogramValue& value,
                   Labels labels = {});

    /// In the text format of Prometheus, version 0.0.4: metrics by name.
    [[nodiscard]] std::string text() const;

private:
    enum class Kind : std::uint8_t { counter, gauge, histogram };
    struct Sample {
        Labels labels;
        double value = 0;
        std::vector<double> bounds;
        std::vector<std::uint64_t> buckets;
    };
    struct Metric {
        Kind kind;
        std::string help;
        std::vector<Sample> samples;
    };

    void add(std::string_view name, std::string_view help, Kind kind, Sample sample);

    std::map<std::string, Metric, std::less<>> metrics_;
};

/// The media type of `Samples::text`.
inline constexpr std::string_view kTextType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace portico::metrics
