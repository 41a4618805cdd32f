#include "app/background_runs.hpp"

#include <memory>

namespace portico::app {

struct BackgroundRuns::Run {
    BackgroundRuns& owner;
    core::Context context;
    std::vector<BackgroundTasks::Work> work;
    Report report;
};

/// Somebody who waits on a loop for the last task; woken once, by its end or by the timer.
class BackgroundRuns::Idle : public std::enable_shared_from_this<Idle> {
public:
    explicit Idle(core::Reactor& reactor) : reactor_(reactor) {}

    void wake() {
        if (woken_.exchange(true)) return;
        reactor_.post([self = shared_from_this()] {
            self->reactor_.cancel_timer(self->timer_);
            self->waiting_.resume();
        });
    }

    void suspend(std::coroutine_handle<> self, std::chrono::nanoseconds timeout) {
        waiting_ = self;
        timer_ = reactor_.start_timer(reactor_.now() + timeout, [weak = weak_from_this()] {
            if (auto idle = weak.lock()) idle->wake();
        });
    }

private:
    core::Reactor& reactor_;
    std::coroutine_handle<> waiting_;
    core::Reactor::TimerId timer_ = 0;
    std::atomic<bool> woken_{false};
};

core::Task<void> BackgroundRuns::run_all(Run& run) {
    for (auto& work : run.work) {
        std::exception_ptr error;
        try {
            co_await work();
        } catch (...) {
            error = std::current_exception();
        }
        if (error) run.report(error);
    }
}

void BackgroundRuns::start(core::Reactor& reactor, std::vector<BackgroundTasks::Work> work,
                           Report report) {
    {
        const std::scoped_lock lock(mutex_);
        ++running_;
    }
    auto* run = new Run{*this, core::Context(reactor), std::move(work), std::move(report)};
    core::spawn(
        run->context, run_all(*run),
        [](void* user, std::exception_ptr) {
            const std::unique_ptr<Run> ended(static_cast<Run*>(user));
            auto& owner = ended->owner;
            ended->work.clear();
            owner.ended();
        },
        run);
}

void BackgroundRuns::ended() {
    const std::scoped_lock lock(mutex_);
    if (--running_ == 0 && idle_) std::exchange(idle_, nullptr)->wake();
}

core::Task<void> BackgroundRuns::wait(std::chrono::nanoseconds timeout) {
    core::Context* context = co_await core::this_context();
    struct Awaiter {
        BackgroundRuns& runs;
        core::Reactor& reactor;
        std::chrono::nanoseconds timeout;
        [[nodiscard]] bool await_ready() const noexcept { return false; }
        bool await_suspend(std::coroutine_handle<> self) {
            const std::scoped_lock lock(runs.mutex_);
            if (runs.running_ == 0) return false;
            runs.idle_ = std::make_shared<Idle>(reactor);
            runs.idle_->suspend(self, timeout);
            return true;
        }
        void await_resume() const noexcept {}
    };
    co_await Awaiter{*this, context->reactor(), timeout};
}

}  // namespace portico::app
