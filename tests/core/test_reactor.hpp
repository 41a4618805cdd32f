#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "portico/core/reactor.hpp"

namespace portico::core {

/// A loop whose time stands still until a test moves it, and whose descriptors are ready when a
/// test says so. Only `post` may be called from other threads.
class TestReactor final : public Reactor {
public:
    void post(Callback callback) override {
        {
            const std::lock_guard lock(mutex_);
            posted_.push_back(std::move(callback));
        }
        wake_.notify_one();
    }

    void when_ready(int descriptor, Interest interest, Callback callback) override {
        waits_.insert_or_assign({descriptor, interest}, std::move(callback));
    }
    void forget(int descriptor) noexcept override {
        waits_.erase({descriptor, Interest::readable});
        waits_.erase({descriptor, Interest::writable});
    }

    TimerId start_timer(TimePoint at, Callback callback) override {
        const TimerId id = ++last_timer_;
        timers_.emplace(id, std::pair{at, std::move(callback)});
        return id;
    }
    void cancel_timer(TimerId timer) noexcept override { timers_.erase(timer); }
    TimePoint now() const noexcept override { return now_; }

    /// Runs what is posted, until nothing is.
    void run_posted() {
        for (auto work = take(); !work.empty(); work = take()) {
            for (auto& callback : work) callback();
        }
    }
    /// Waits for one batch of posted work and runs it.
    void wait_and_run() {
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return !posted_.empty(); });
        }
        run_posted();
    }
    /// Moves the time and runs the timers that end.
    void advance(std::chrono::nanoseconds by) {
        now_ += by;
        std::vector<Callback> due;
        for (auto it = timers_.begin(); it != timers_.end();) {
            if (it->second.first > now_) {
                ++it;
                continue;
            }
            due.push_back(std::move(it->second.second));
            it = timers_.erase(it);
        }
        for (auto& callback : due) callback();
    }
    void make_ready(int descriptor, Interest interest) {
        auto callback = std::move(waits_.at({descriptor, interest}));
        waits_.erase({descriptor, interest});
        callback();
    }
    std::size_t timers() const { return timers_.size(); }

private:
    std::vector<Callback> take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(posted_, {});
    }

    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<Callback> posted_;
    std::map<TimerId, std::pair<TimePoint, Callback>> timers_;
    std::map<std::pair<int, Interest>, Callback> waits_;
    TimerId last_timer_ = 0;
    TimePoint now_{std::chrono::hours(1)};
};

/// How a spawned task ended.
struct Ending {
    int calls = 0;
    std::exception_ptr exception;

    static void record(void* self, std::exception_ptr exception) {
        auto* ending = static_cast<Ending*>(self);
        ++ending->calls;
        ending->exception = std::move(exception);
    }
};

}  // namespace portico::core
