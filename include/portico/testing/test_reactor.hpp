#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "portico/core/reactor.hpp"
#include "portico/testing/fake_clock.hpp"

namespace portico::testing {

/// An event loop for tests: poll(2), and timers that go by a `FakeClock` when there is one.
///
/// Runs on the thread that calls `run_until` or `run`. `post` may be called from any thread.
///
///     TestReactor reactor;
///     User user = reactor.run(find_user(session, 7));
class TestReactor final : public core::Reactor {
public:
    /// Timers go by `clock` (which must outlive the reactor); null: by the machine's clock.
    explicit TestReactor(const core::Clock* clock = nullptr);
    ~TestReactor() override;

    void post(Callback callback) override;
    void when_ready(int descriptor, Interest interest, Callback callback) override;
    void forget(int descriptor) noexcept override;
    [[nodiscard]] TimerId start_timer(TimePoint at, Callback callback) override;
    void cancel_timer(TimerId timer) noexcept override;
    [[nodiscard]] TimePoint now() const noexcept override;

    /// Runs what is ready until `done()` is true. Throws `std::runtime_error` when nothing happens
    /// for 10 seconds of real time: what the test waits for does not come.
    template <class Done>
    void run_until(Done done) {
        while (!done()) step();
    }

    /// Runs everything that is ready now: posted work, due timers, ready descriptors.
    void run_ready();

    /// Runs a task to its end and gives its result.
    template <class T>
    T run(core::Task<T> task) {
        std::optional<std::conditional_t<std::is_void_v<T>, bool, T>> result;
        run_to_end([](core::Task<T> inner, auto& to) -> core::Task<void> {
            if constexpr (std::is_void_v<T>) {
                co_await std::move(inner);
                to.emplace(true);
            } else {
                to.emplace(co_await std::move(inner));
            }
        }(std::move(task), result));
        if constexpr (!std::is_void_v<T>) return *std::move(result);
    }

private:
    struct Wait {
        int descriptor;
        Interest interest;
        Callback callback;
    };

    void run_to_end(core::Task<void> task);
    /// Waits for something to be ready, and runs it.
    void step();
    bool run_posted();
    bool run_timers();
    bool run_descriptors(int timeout_ms);

    const core::Clock* clock_;
    std::mutex mutex_;
    std::vector<Callback> posted_;
    int wake_read_ = -1;
    int wake_write_ = -1;
    std::vector<Wait> waits_;
    std::map<std::pair<TimePoint, TimerId>, Callback> timers_;
    TimerId next_timer_ = 1;
};

}  // namespace portico::testing
