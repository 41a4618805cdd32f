#pragma once

#include <chrono>

namespace portico::core {

/// Where the library reads the time, so that a test can set it. Thread-safe.
class Clock {
public:
    using SystemTime = std::chrono::system_clock::time_point;
    using SteadyTime = std::chrono::steady_clock::time_point;

    virtual ~Clock() = default;

    /// The time of day: for dates, tokens, log lines. It may jump.
    [[nodiscard]] virtual SystemTime now() const noexcept = 0;
    /// Monotonic: for intervals, limits, time-outs.
    [[nodiscard]] virtual SteadyTime steady_now() const noexcept = 0;
};

/// The machine's clock.
class SystemClock final : public Clock {
public:
    [[nodiscard]] SystemTime now() const noexcept override {
        return std::chrono::system_clock::now();
    }
    [[nodiscard]] SteadyTime steady_now() const noexcept override {
        return std::chrono::steady_clock::now();
    }
};

/// The clock of programs that set none.
[[nodiscard]] const Clock& system_clock() noexcept;

}  // namespace portico::core
