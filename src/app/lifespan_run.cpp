#include "app/lifespan_run.hpp"

#include <utility>

namespace portico::app {

/// Suspends until `changed` resumes it.
class LifespanRun::Wait {
public:
    explicit Wait(LifespanRun& run, bool ready) : run_(run), ready_(ready) {}
    [[nodiscard]] bool await_ready() const noexcept { return ready_; }
    void await_suspend(std::coroutine_handle<> self) const noexcept { run_.waiter_ = self; }
    void await_resume() const noexcept {}

private:
    LifespanRun& run_;
    bool ready_;
};

LifespanRun::LifespanRun(core::Reactor& reactor, LifespanFunction& function, App& app)
    : context_(reactor), task_(function(app, serving_)) {
    serving_.user_ = this;
    serving_.reached_ = [](void* user) {
        auto& run = *static_cast<LifespanRun*>(user);
        run.reached_ = true;
        run.changed();
    };
}

void LifespanRun::changed() {
    // Posted: the waiter may destroy what is running now.
    if (auto waiter = std::exchange(waiter_, nullptr)) {
        context_.reactor().post([waiter] { waiter.resume(); });
    }
}

core::Task<void> LifespanRun::start() {
    core::spawn(
        context_, std::move(task_),
        [](void* user, std::exception_ptr error) {
            auto& run = *static_cast<LifespanRun*>(user);
            run.ended_ = true;
            run.error_ = std::move(error);
            run.changed();
        },
        this);
    co_await Wait(*this, reached_ || ended_);
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

core::Task<void> LifespanRun::stop() {
    serving_.ended_ = true;
    if (auto waiting = std::exchange(serving_.waiting_, nullptr)) waiting.resume();
    co_await Wait(*this, ended_);
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

void PeriodicJob::start(core::Reactor& reactor, App& app, Report report) {
    reactor_ = &reactor;
    app_ = &app;
    report_ = std::move(report);
    stopped_ = false;
    arm();
}

void PeriodicJob::arm() {
    timer_ = reactor_->start_timer(reactor_->now() + period_, [this] { run(); });
}

void PeriodicJob::run() {
    timer_ = 0;
    running_ = true;
    context_ = std::make_unique<core::Context>(*reactor_);
    core::spawn(
        *context_,
        [](PeriodicJob& self) -> core::Task<void> { co_await self.job_(*self.app_); }(*this),
        [](void* user, std::exception_ptr error) {
            static_cast<PeriodicJob*>(user)->ended(std::move(error));
        },
        this);
}

void PeriodicJob::ended(std::exception_ptr error) {
    running_ = false;
    if (error) report_(error);
    if (!stopped_) {
        arm();
    } else if (auto waiter = std::exchange(waiter_, nullptr)) {
        reactor_->post([waiter] { waiter.resume(); });
    }
}

core::Task<void> PeriodicJob::stop() {
    stopped_ = true;
    if (reactor_ == nullptr) co_return;
    if (timer_ != 0) reactor_->cancel_timer(std::exchange(timer_, 0));
    struct Awaiter {
        PeriodicJob& job;
        [[nodiscard]] bool await_ready() const noexcept { return !job.running_; }
        void await_suspend(std::coroutine_handle<> self) const noexcept { job.waiter_ = self; }
        void await_resume() const noexcept {}
    };
    co_await Awaiter{*this};
}

core::Task<void> Lifespan::start(App& app) {
    core::Context* context = co_await core::this_context();
    std::exception_ptr error;
    try {
        for (auto& hook : startup_) co_await hook(app);
        for (auto& function : functions_) {
            running_.push_back(std::make_unique<LifespanRun>(context->reactor(), function, app));
            co_await running_.back()->start();
        }
        co_return;
    } catch (...) {
        error = std::current_exception();
    }
    co_await stop_functions([](std::exception_ptr) {});  // the first failure is told
    std::rethrow_exception(error);
}

core::Task<void> Lifespan::stop_functions(PeriodicJob::Report note) {
    while (!running_.empty()) {
        const auto run = std::move(running_.back());
        running_.pop_back();
        try {
            co_await run->stop();
        } catch (...) {
            note(std::current_exception());
        }
    }
}

void Lifespan::start_jobs(core::Reactor& reactor, App& app, const PeriodicJob::Report& report) {
    for (auto& job : jobs_) job.start(reactor, app, report);
}

core::Task<void> Lifespan::stop_jobs() {
    for (auto& job : jobs_) co_await job.stop();
}

core::Task<void> Lifespan::stop(App& app, const PeriodicJob::Report& report) {
    std::exception_ptr first;
    const auto note = [&](std::exception_ptr error) {
        if (first) {
            report(error);
        } else {
            first = std::move(error);
        }
    };
    co_await stop_functions(note);
    for (auto hook = shutdown_.rbegin(); hook != shutdown_.rend(); ++hook) {
        try {
            co_await (*hook)(app);
        } catch (...) {
            note(std::current_exception());
        }
    }
    if (first) std::rethrow_exception(first);
}

}  // namespace portico::app
