#include "portico/core/gcra.hpp"

#include <algorithm>
#include <stdexcept>

#include "core/keyed_records.hpp"

namespace portico::core {

namespace {

using std::chrono::nanoseconds;

std::int64_t ticks_of(Gcra::TimePoint at) noexcept {
    return std::chrono::duration_cast<nanoseconds>(at.time_since_epoch()).count();
}

}  // namespace

struct Gcra::Record {
    /// The theoretical arrival time: that of the next event, if they came evenly.
    std::int64_t due = 0;

    void forget_past(std::int64_t now) noexcept {
        if (due <= now) due = 0;
    }
    [[nodiscard]] bool is_empty() const noexcept { return due == 0; }
    [[nodiscard]] bool may_go() const noexcept { return true; }
    [[nodiscard]] std::int64_t weight(std::int64_t now) const noexcept {
        return due == 0 ? 0 : due - now;
    }
};

struct Gcra::Records : KeyedRecords<Record> {
    using KeyedRecords::KeyedRecords;
};

Gcra::Gcra(Options options) : options_(options) {
    if (options.limit < 1 || options.limit > 0x7fffffff) {
        throw std::invalid_argument("Gcra: the limit must be in 1–2147483647");
    }
    if (options.window < std::chrono::milliseconds(1) || options.window > std::chrono::days(30)) {
        throw std::invalid_argument("Gcra: the window must be of 1 ms to 30 days");
    }
    if (options.capacity < 1 || options.capacity > 1U << 28) {
        throw std::invalid_argument("Gcra: the capacity must be in 1–268435456");
    }
    // Rounded up: never faster than the limit.
    interval_ = (options.window.count() + options.limit - 1) / options.limit;
    const std::int64_t most = nanoseconds(std::chrono::days(365)).count() / interval_;
    if (options.burst < 1 || options.burst > std::min<std::int64_t>(most, 0x7fffffff)) {
        throw std::invalid_argument(
            "Gcra: the burst must be in 1–2147483647, and of a year's events at most");
    }
    records_ = std::make_unique<Records>(options.capacity, interval_ * options.burst / 2);
    options_.capacity = records_->capacity();
}

Gcra::~Gcra() = default;

Gcra::Answer Gcra::answer(std::int64_t due, std::int64_t now, std::uint32_t cost) const noexcept {
    const std::int64_t used = std::max<std::int64_t>(due - now, 0);
    const std::int64_t left = interval_ * options_.burst - used;
    Answer answer;
    answer.remaining = static_cast<std::uint32_t>(std::max<std::int64_t>(left, 0) / interval_);
    answer.counted = options_.burst - answer.remaining;
    answer.reset = nanoseconds(used);
    answer.allowed = cost <= answer.remaining;
    if (!answer.allowed) answer.retry_after = nanoseconds(interval_ * cost - left);
    return answer;
}

Gcra::Answer Gcra::acquire(std::string_view key, TimePoint at, std::uint32_t cost) {
    const std::int64_t now = ticks_of(at);
    const Fingerprint print = hash_(key);
    const auto lock = records_->lock(print);
    Record& record = records_->find_or_make(print, now).record;
    const Answer before = answer(record.due, now, cost);
    if (!before.allowed) return before;
    record.due = std::max(record.due, now) + interval_ * cost;
    Answer after = answer(record.due, now, 0);
    after.retry_after = nanoseconds(0);
    return after;
}

Gcra::Answer Gcra::peek(std::string_view key, TimePoint at) const {
    const std::int64_t now = ticks_of(at);
    const Fingerprint print = hash_(key);
    const auto lock = records_->lock(print);
    const Record* const record = records_->find(print);
    return answer(record == nullptr ? 0 : record->due, now, 1);
}

std::size_t Gcra::size() const {
    return records_->size();
}

}  // namespace portico::core
