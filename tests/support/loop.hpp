#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "portico/core/clock.hpp"
#include "portico/core/context.hpp"
#include "portico/core/reactor.hpp"
#include "portico/core/task.hpp"

namespace portico::tests {

/// A clock that stands still until it is told otherwise.
class StillClock final : public core::Clock {
public:
    explicit StillClock(
        std::chrono::seconds since_1970 = std::chrono::seconds(1'800'000'000)) noexcept
        : at_(since_1970) {}

    [[nodiscard]] SystemTime now() const noexcept override { return SystemTime{} + at_; }
    [[nodiscard]] SteadyTime steady_now() const noexcept override {
        return SteadyTime{} + std::chrono::duration_cast<SteadyTime::duration>(at_);
    }
    void advance(std::chrono::nanoseconds by) noexcept {
        at_ += std::chrono::duration_cast<std::chrono::system_clock::duration>(by);
    }

private:
    std::chrono::system_clock::duration at_;
};

/// A loop without sockets. While it runs a task and has nothing else to do it moves its clock to
/// the next timer, so that a sleep takes no time; without timers it waits for other threads.
class Loop final : public core::Reactor {
public:
    void post(Callback callback) override {
        // Notified under the lock: afterwards the loop may be gone.
        const std::lock_guard lock(mutex_);
        posted_.push_back(std::move(callback));
        wake_.notify_one();
    }
    void when_ready(int, Interest, Callback) override {}
    void forget(int) noexcept override {}
    [[nodiscard]] TimerId start_timer(TimePoint at, Callback callback) override {
        timers_.emplace(std::pair{at, ++last_timer_}, std::move(callback));
        return last_timer_;
    }
    void cancel_timer(TimerId timer) noexcept override {
        std::erase_if(timers_, [&](const auto& entry) { return entry.first.second == timer; });
    }
    [[nodiscard]] TimePoint now() const noexcept override { return clock.steady_now(); }

    /// Runs everything that can run without the clock moving or another thread's help.
    void settle() {
        while (auto callback = next_posted(false)) (*callback)();
    }

    /// Runs the task to its end and gives its result, or throws what left it.
    template <class T>
    T run(core::Task<T> task) {
        std::optional<T> result;
        run_to_end([](core::Task<T> inner, std::optional<T>& to) -> core::Task<void> {
            to.emplace(co_await inner);
        }(std::move(task), result));
        return *std::move(result);
    }

    core::Context context{*this};
    StillClock clock;

private:
    struct End {
        bool reached = false;
        std::exception_ptr exception;
    };

    void run_to_end(core::Task<void> task) {
        End end;
        core::spawn(
            context, std::move(task),
            [](void* user, std::exception_ptr exception) {
                *static_cast<End*>(user) = {true, std::move(exception)};
            },
            &end);
        while (!end.reached) {
            if (auto callback = next_posted(timers_.empty())) {
                (*callback)();
            } else {
                auto timer = timers_.extract(timers_.begin());
                if (timer.key().first > now()) clock.advance(timer.key().first - now());
                timer.mapped()();
            }
        }
        if (end.exception) std::rethrow_exception(end.exception);
    }

    std::optional<Callback> next_posted(bool wait) {
        std::unique_lock lock(mutex_);
        if (wait) wake_.wait(lock, [&] { return !posted_.empty(); });
        if (posted_.empty()) return {};
        Callback callback = std::move(posted_.front());
        posted_.pop_front();
        return callback;
    }

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Callback> posted_;
    std::map<std::pair<TimePoint, TimerId>, Callback> timers_;
    TimerId last_timer_ = 0;
};

}  // namespace portico::tests
