#include "portico/db/wait.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "portico/core/reactor.hpp"

namespace portico::db::detail {
namespace {

/// A loop that lives as long as one task, over poll(2).
class PollReactor final : public core::Reactor {
public:
    PollReactor() : wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
    ~PollReactor() override { ::close(wake_); }

    void post(Callback callback) override {
        {
            const std::lock_guard lock(mutex_);
            posted_.push_back(std::move(callback));
        }
        const std::uint64_t one = 1;
        (void)!::write(wake_, &one, sizeof one);
    }

    void when_ready(int descriptor, Interest interest, Callback callback) override {
        waits_.push_back({descriptor, interest, std::move(callback)});
    }
    void forget(int descriptor) noexcept override {
        std::erase_if(waits_, [&](const Wait& wait) { return wait.descriptor == descriptor; });
    }

    TimerId start_timer(TimePoint at, Callback callback) override {
        timers_.emplace(std::pair{at, ++last_timer_}, std::move(callback));
        return last_timer_;
    }
    void cancel_timer(TimerId timer) noexcept override {
        std::erase_if(timers_, [&](const auto& entry) { return entry.first.second == timer; });
    }

    TimePoint now() const noexcept override { return std::chrono::steady_clock::now(); }

    void run_posted() {
        std::vector<Callback> ready;
        {
            const std::lock_guard lock(mutex_);
            ready.swap(posted_);
        }
        for (auto& callback : ready) callback();
    }

    void turn() {
        std::vector<pollfd> descriptors{{.fd = wake_, .events = POLLIN, .revents = 0}};
        for (const Wait& wait : waits_) {
            const short events = wait.interest == Interest::readable ? POLLIN : POLLOUT;
            descriptors.push_back({.fd = wait.descriptor, .events = events, .revents = 0});
        }
        ::poll(descriptors.data(), descriptors.size(), milliseconds_to_wait());
        std::uint64_t count = 0;
        (void)!::read(wake_, &count, sizeof count);

        // Each is taken out when its turn comes: one before it may have dropped it.
        for (std::size_t i = 1; i < descriptors.size(); ++i) {
            if (descriptors[i].revents != 0) run_wait(descriptors[i]);
        }
        const auto due = now();
        while (!timers_.empty() && timers_.begin()->first.first <= due) {
            auto timer = timers_.extract(timers_.begin());
            timer.mapped()();
        }
        run_posted();
    }

private:
    struct Wait {
        int descriptor;
        Interest interest;
        Callback callback;
    };

    void run_wait(const pollfd& ready) {
        const auto interest = ready.events == POLLIN ? Interest::readable : Interest::writable;
        const auto found = std::ranges::find_if(waits_, [&](const Wait& wait) {
            return wait.descriptor == ready.fd && wait.interest == interest;
        });
        if (found == waits_.end()) return;
        Callback callback = std::move(found->callback);
        waits_.erase(found);
        callback();
    }

    int milliseconds_to_wait() const {
        if (timers_.empty()) return -1;
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(timers_.begin()->first.first - now());
        return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
    }

    int wake_;
    std::mutex mutex_;
    std::vector<Callback> posted_;
    std::vector<Wait> waits_;
    std::map<std::pair<TimePoint, TimerId>, Callback> timers_;
    TimerId last_timer_ = 0;
};

struct End {
    bool reached = false;
    std::exception_ptr exception;
};

}  // namespace

void run_to_end(core::Task<void> task) {
    PollReactor reactor;
    core::Context context{reactor};
    End end;
    core::spawn(
        context, std::move(task),
        [](void* user, std::exception_ptr exception) {
            *static_cast<End*>(user) = {true, std::move(exception)};
        },
        &end);
    while (!end.reached) reactor.turn();
    // A read transaction is ended by the loop that it was begun on.
    reactor.run_posted();
    if (end.exception) std::rethrow_exception(end.exception);
}

}  // namespace portico::db::detail
