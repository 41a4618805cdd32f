#pragma once

#include <chrono>
#include <ctime>

namespace portico::db::postgres {

/// The monotonic clock, some milliseconds behind at most: a few times a statement it is asked, and
/// the exact one takes longer than all else that is done with the answer.
[[nodiscard]] inline std::chrono::steady_clock::time_point coarse_now() noexcept {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
    return std::chrono::steady_clock::time_point{std::chrono::seconds{time.tv_sec} +
                                                 std::chrono::nanoseconds{time.tv_nsec}};
}

}  // namespace portico::db::postgres
