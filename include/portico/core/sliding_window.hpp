#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "portico/core/keyed_hash.hpp"

namespace portico::core {

/// Counts events by key, and refuses those past a limit: never more than `limit` in any window of
/// that length, wherever the window begins. All threads count together.
///
/// Exact up to a limit of 64. Above that a place becomes free up to a 64th of the window late,
/// never early.
///
/// Memory is bounded whatever is sent: `capacity` keys of at most 1 KiB. When all places are taken,
/// keys whose events have passed go first, then those far from their limit: flooding the table with
/// keys that were seen once pushes out others that were seen once, never the counter that holds
/// somebody back. When nothing can go, new keys share a few counters.
///
///     SlidingWindow window{{.limit = 100, .window = 60s}};
///     const auto answer = window.acquire(client_key, clock.steady_now());
///     if (!answer.allowed) …  // Retry-After: answer.retry_after, rounded up
///
/// `now` must not go back by more than threads race. Thread-safe.
class SlidingWindow {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    struct Options {
        std::uint32_t limit = 100;                                  ///< 1 to 2³¹−1.
        std::chrono::nanoseconds window = std::chrono::minutes(1);  ///< 1 ms to 30 days.
        std::size_t capacity = 65'536;  ///< Keys; rounded up to a multiple of 16.
    };

    struct Answer {
        bool allowed = false;
        /// Refused only because of reservations that may yet be given back: ask again soon.
        bool busy = false;
        std::uint32_t counted = 0;  ///< Events in the window, reservations too, this one included.
        std::uint32_t remaining = 0;  ///< How many more would be allowed now.
        /// Until the oldest event leaves the window; zero without one.
        std::chrono::nanoseconds reset{0};
        /// Until it is worth to try again; zero where allowed.
        std::chrono::nanoseconds retry_after{0};
    };

    class Reservation;

    /// Throws `std::invalid_argument` for options outside their ranges.
    explicit SlidingWindow(Options options);
    SlidingWindow(const SlidingWindow&) = delete;
    SlidingWindow& operator=(const SlidingWindow&) = delete;
    ~SlidingWindow();

    /// Counts an event, or `cost` of them at once (1 to `limit`), where all are allowed.
    Answer acquire(std::string_view key, TimePoint now, std::uint32_t cost = 1);

    /// Keeps a place for an event of which it is not known yet whether it counts: a log-in, which
    /// counts when it fails. However many begin at once, no more than the limit fail.
    [[nodiscard]] Reservation reserve(std::string_view key, TimePoint now);

    /// Counts an event in any case; at the limit the oldest is forgotten for it.
    Answer record(std::string_view key, TimePoint now);

    /// What `acquire` would answer, counting nothing.
    [[nodiscard]] Answer peek(std::string_view key, TimePoint now) const;

    [[nodiscard]] const Options& options() const noexcept { return options_; }
    /// Events within it leave the window together.
    [[nodiscard]] std::chrono::nanoseconds tick() const noexcept { return tick_; }
    /// The keys that are held now.
    [[nodiscard]] std::size_t size() const;

private:
    struct Record;
    struct Records;

    Options options_;
    std::chrono::nanoseconds tick_;  ///< Events in one tick are one entry.
    KeyedHash hash_;
    std::unique_ptr<Records> records_;
};

/// A place that is kept. Given back when it is destroyed without `count`. The window must outlive
/// it.
class [[nodiscard]] SlidingWindow::Reservation {
public:
    Reservation(Reservation&& other) noexcept;
    Reservation& operator=(Reservation&& other) noexcept;
    ~Reservation();

    /// Whether there was a place to keep. Without one, the rest does nothing.
    [[nodiscard]] const Answer& answer() const noexcept { return answer_; }
    [[nodiscard]] explicit operator bool() const noexcept { return window_ != nullptr; }

    /// The event counts, from `now` on.
    void count(TimePoint now);
    void give_back() noexcept;

private:
    friend class SlidingWindow;
    Reservation() = default;

    void settle(bool counts, TimePoint now);

    SlidingWindow* window_ = nullptr;
    Fingerprint key_;
    bool shared_ = false;  ///< It is in a counter that several keys share.
    Answer answer_;
};

}  // namespace portico::core
