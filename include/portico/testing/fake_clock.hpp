#pragma once

#include <chrono>

#include "portico/core/clock.hpp"

namespace portico::testing {

/// A clock that stands still until a test moves it. Starts at 2026-01-01 00:00:00 UTC. Not
/// thread-safe: move it while no other thread reads it.
///
///     clock.advance(15min);   // a TestClient's timers that are due run at its next request
class FakeClock final : public core::Clock {
public:
    [[nodiscard]] SystemTime now() const noexcept override { return now_; }
    [[nodiscard]] SteadyTime steady_now() const noexcept override { return steady_; }

    void advance(std::chrono::nanoseconds by) noexcept {
        now_ += std::chrono::duration_cast<SystemTime::duration>(by);
        steady_ += by;
    }
    /// Sets the time of day alone, as when the machine's clock is corrected.
    void set(SystemTime now) noexcept { now_ = now; }

private:
    SystemTime now_ = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);
    SteadyTime steady_{std::chrono::hours(1)};
};

}  // namespace portico::testing
