#include "portico/metrics/registry.hpp"

#include <algorithm>
#include <utility>

namespace portico::metrics {

struct Registry::Named {
    std::string name;
    std::string help;
    Labels labels;
    Counter counter;
};

Registry::Registry() = default;
Registry::~Registry() = default;

Counter& Registry::counter(std::string name, std::string help, Labels labels) {
    const std::scoped_lock lock(mutex_);
    const auto same = std::ranges::find_if(counters_, [&](const auto& other) {
        return other->name == name && other->labels == labels;
    });
    if (same != counters_.end()) return (*same)->counter;
    auto& made = counters_.emplace_back(std::make_unique<Named>());
    made->name = std::move(name);
    made->help = std::move(help);
    made->labels = std::move(labels);
    return made->counter;
}

void Registry::add_source(Source source) {
    const std::scoped_lock lock(mutex_);
    sources_.push_back(std::move(source));
}

std::string Registry::text() const {
    Samples samples;
    const std::scoped_lock lock(mutex_);
    for (const auto& named : counters_) {
        samples.counter(named->name, named->help, static_cast<double>(named->counter.value()),
                        named->labels);
    }
    for (const Source& source : sources_) source(samples);
    return samples.text();
}

}  // namespace portico::metrics
