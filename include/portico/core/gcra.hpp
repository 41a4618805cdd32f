#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "portico/core/keyed_hash.hpp"
#include "portico/core/sliding_window.hpp"

namespace portico::core {

/// A rate with bursts, by key: `burst` events at once, and then one whenever a `limit`-th of the
/// window has passed; the generic cell rate algorithm (ITU-T I.371, as a virtual schedule).
///
/// Exact, and a key is one number. Memory is bounded as that of `SlidingWindow` is: keys whose
/// burst is half used or more never make room for others.
///
///     Gcra rate{{.limit = 60, .window = 1min, .burst = 10}};  // one a second, ten at once
///     const auto answer = rate.acquire(client_key, clock.steady_now());
///
/// `now` must not go back by more than threads race. Thread-safe.
class Gcra {
public:
    using TimePoint = SlidingWindow::TimePoint;

    struct Options {
        std::uint32_t limit = 100;                                  ///< 1 to 2³¹−1.
        std::chrono::nanoseconds window = std::chrono::minutes(1);  ///< 1 ms to 30 days.
        std::uint32_t burst = 10;       ///< 1 to 2³¹−1; at most a year's events.
        std::size_t capacity = 65'536;  ///< Keys; rounded up to a multiple of 16.
    };

    /// `counted` and `remaining` are of the burst; `reset` is when all of it is there again.
    using Answer = SlidingWindow::Answer;

    /// Throws `std::invalid_argument` for options outside their ranges.
    explicit Gcra(Options options);
    Gcra(const Gcra&) = delete;
    Gcra& operator=(const Gcra&) = delete;
    ~Gcra();

    /// Counts an event, or `cost` of them at once (1 to `burst`), where all are allowed.
    Answer acquire(std::string_view key, TimePoint now, std::uint32_t cost = 1);

    /// What `acquire` would answer, counting nothing.
    [[nodiscard]] Answer peek(std::string_view key, TimePoint now) const;

    [[nodiscard]] const Options& options() const noexcept { return options_; }
    /// The keys that are held now.
    [[nodiscard]] std::size_t size() const;

private:
    struct Record;
    struct Records;

    /// `due`: when all of the burst is there again.
    [[nodiscard]] Answer answer(std::int64_t due, std::int64_t now,
                                std::uint32_t cost) const noexcept;

    Options options_;
    std::int64_t interval_;  ///< Between two events, in nanoseconds.
    KeyedHash hash_;
    std::unique_ptr<Records> records_;
};

}  // namespace portico::core
