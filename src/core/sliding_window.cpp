#include "portico/core/sliding_window.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include "core/keyed_records.hpp"

namespace portico::core {

namespace {

using std::chrono::nanoseconds;

/// Above this limit events are counted by ticks of a 64th of the window.
constexpr std::uint32_t kExactLimit = 64;

/// The events of one tick, which is one instant where the limit is small.
struct Entry {
    std::int64_t leaves;  ///< When they are out of the window, in the steady clock's nanoseconds.
    std::uint32_t count;
};

std::int64_t ticks_of(SlidingWindow::TimePoint at) noexcept {
    return std::chrono::duration_cast<nanoseconds>(at.time_since_epoch()).count();
}

}  // namespace

struct SlidingWindow::Record {
    std::vector<Entry> entries;  ///< Oldest first.
    std::uint32_t events = 0;    ///< The sum of their counts.
    std::uint32_t reserved = 0;

    [[nodiscard]] bool is_empty() const noexcept { return events == 0; }
    [[nodiscard]] bool may_go() const noexcept { return reserved == 0; }
    [[nodiscard]] std::int64_t weight(std::int64_t) const noexcept { return events; }

    void forget_past(std::int64_t now) noexcept {
        const auto first_living =
            std::ranges::find_if(entries, [&](const Entry& entry) { return entry.leaves > now; });
        for (auto it = entries.begin(); it != first_living; ++it) events -= it->count;
        entries.erase(entries.begin(), first_living);
    }

    void add(std::int64_t leaves, std::uint32_t count = 1) {
        // Threads may come in another order than they read the clock.
        if (!entries.empty()) leaves = std::max(leaves, entries.back().leaves);
        if (!entries.empty() && entries.back().leaves == leaves) {
            entries.back().count += count;
        } else {
            entries.push_back({leaves, count});
        }
        events += count;
    }

    void forget_oldest() noexcept {
        --events;
        if (--entries.front().count == 0) entries.erase(entries.begin());
    }

    [[nodiscard]] Answer answer(const Options& options, std::int64_t now,
                                std::uint32_t cost = 1) const noexcept {
        const std::uint32_t used = events + reserved;
        Answer answer{.counted = used, .remaining = options.limit - std::min(options.limit, used)};
        if (!entries.empty()) answer.reset = nanoseconds(entries.front().leaves - now);
        answer.allowed = cost <= answer.remaining;
        if (!answer.allowed) {
            answer.busy = events + cost <= options.limit;
            if (!answer.busy) answer.retry_after = room_for(cost, options, now);
        }
        return answer;
    }

    /// Until so many events of those that are counted have left.
    [[nodiscard]] nanoseconds room_for(std::uint32_t cost, const Options& options,
                                       std::int64_t now) const noexcept {
        std::uint32_t left = events;
        for (const Entry& entry : entries) {
            left -= entry.count;
            if (left + cost <= options.limit) return nanoseconds(entry.leaves - now);
        }
        return nanoseconds(0);
    }
};

struct SlidingWindow::Records : KeyedRecords<Record> {
    using KeyedRecords::KeyedRecords;
};

SlidingWindow::SlidingWindow(Options options) : options_(options) {
    if (options.limit < 1 || options.limit > 0x7fffffff) {
        throw std::invalid_argument("SlidingWindow: the limit must be in 1–2147483647");
    }
    if (options.window < std::chrono::milliseconds(1) || options.window > std::chrono::days(30)) {
        throw std::invalid_argument("SlidingWindow: the window must be of 1 ms to 30 days");
    }
    if (options.capacity < 1 || options.capacity > 1U << 28) {
        throw std::invalid_argument("SlidingWindow: the capacity must be in 1–268435456");
    }
    tick_ = options.limit <= kExactLimit ? nanoseconds(1) : options.window / kExactLimit;
    // Whoever is held back, or soon is, stays.
    records_ = std::make_unique<Records>(options.capacity, options.limit / 2 + 1);
    options_.capacity = records_->capacity();
}

SlidingWindow::~SlidingWindow() = default;

namespace {

/// When an event of `now` has left every window that it was in: its tick counts to its end.
std::int64_t leaving(std::int64_t now, nanoseconds tick, nanoseconds window) noexcept {
    return now / tick.count() * tick.count() + (tick.count() - 1) + window.count();
}

}  // namespace

SlidingWindow::Answer SlidingWindow::acquire(std::string_view key, TimePoint at,
                                             std::uint32_t cost) {
    const std::int64_t now = ticks_of(at);
    const Fingerprint print = hash_(key);
    const auto lock = records_->lock(print);
    Record& record = records_->find_or_make(print, now).record;
    record.forget_past(now);
    Answer before = record.answer(options_, now, cost);
    if (!before.allowed) return before;
    record.add(leaving(now, tick_, options_.window), cost);
    Answer answer = record.answer(options_, now);
    answer.allowed = true;
    answer.busy = false;
    answer.retry_after = nanoseconds(0);
    return answer;
}

SlidingWindow::Answer SlidingWindow::record(std::string_view key, TimePoint at) {
    const std::int64_t now = ticks_of(at);
    const Fingerprint print = hash_(key);
    const auto lock = records_->lock(print);
    Record& record = records_->find_or_make(print, now).record;
    record.forget_past(now);
    if (record.events >= options_.limit) record.forget_oldest();
    record.add(leaving(now, tick_, options_.window));
    return record.answer(options_, now);
}

SlidingWindow::Answer SlidingWindow::peek(std::string_view key, TimePoint at) const {
    const std::int64_t now = ticks_of(at);
    const Fingerprint print = hash_(key);
    const auto lock = records_->lock(print);
    Record* const record = records_->find(print);
    if (record == nullptr) return Record{}.answer(options_, now);
    record->forget_past(now);
    return record->answer(options_, now);
}

SlidingWindow::Reservation SlidingWindow::reserve(std::string_view key, TimePoint at) {
    const std::int64_t now = ticks_of(at);
    Reservation reservation;
    reservation.key_ = hash_(key);
    const auto lock = records_->lock(reservation.key_);
    auto [record, shared] = records_->find_or_make(reservation.key_, now);
    record.forget_past(now);
    reservation.answer_ = record.answer(options_, now);
    if (!reservation.answer_.allowed) return reservation;
    ++record.reserved;
    ++reservation.answer_.counted;
    --reservation.answer_.remaining;
    reservation.shared_ = shared;
    reservation.window_ = this;
    return reservation;
}

std::size_t SlidingWindow::size() const {
    return records_->size();
}

SlidingWindow::Reservation::Reservation(Reservation&& other) noexcept
    : window_(std::exchange(other.window_, nullptr)),
      key_(other.key_),
      shared_(other.shared_),
      answer_(other.answer_) {}

SlidingWindow::Reservation& SlidingWindow::Reservation::operator=(Reservation&& other) noexcept {
    if (this == &other) return *this;
    give_back();
    window_ = std::exchange(other.window_, nullptr);
    key_ = other.key_;
    shared_ = other.shared_;
    answer_ = other.answer_;
    return *this;
}

SlidingWindow::Reservation::~Reservation() {
    give_back();
}

void SlidingWindow::Reservation::count(TimePoint now) {
    settle(true, now);
}

void SlidingWindow::Reservation::give_back() noexcept {
    settle(false, {});
}

void SlidingWindow::Reservation::settle(bool counts, TimePoint now) {
    SlidingWindow* const window = std::exchange(window_, nullptr);
    if (window == nullptr) return;
    const auto lock = window->records_->lock(key_);
    Record& record = window->records_->again(key_, shared_);
    --record.reserved;
    if (counts) record.add(leaving(ticks_of(now), window->tick_, window->options_.window));
}

}  // namespace portico::core
