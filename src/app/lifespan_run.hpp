#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "portico/app/app.hpp"
#include "portico/core/reactor.hpp"

namespace portico::app {

/// One `lifespan` function while it runs.
class LifespanRun {
public:
    LifespanRun(core::Reactor& reactor, LifespanFunction& function, App& app);

    /// Ends when the function has reached `co_await serving`, or its end; throws what it throws.
    [[nodiscard]] core::Task<void> start();
    /// Lets it go on; ends at its end.
    [[nodiscard]] core::Task<void> stop();

private:
    class Wait;
    void changed();

    core::Context context_;
    Serving serving_;
    core::Task<void> task_;
    bool reached_ = false;
    bool ended_ = false;
    std::exception_ptr error_;
    std::coroutine_handle<> waiter_;
};

/// A job that runs every `period`.
class PeriodicJob {
public:
    using Report = std::function<void(std::exception_ptr)>;

    PeriodicJob(std::chrono::nanoseconds period, LifespanHook job)
        : period_(period), job_(std::move(job)) {}

    void start(core::Reactor& reactor, App& app, Report report);
    /// No more runs; ends when the one that runs has ended.
    [[nodiscard]] core::Task<void> stop();

private:
    void arm();
    void run();
    void ended(std::exception_ptr error);

    std::chrono::nanoseconds period_;
    LifespanHook job_;
    core::Reactor* reactor_ = nullptr;
    App* app_ = nullptr;
    Report report_;
    std::unique_ptr<core::Context> context_;
    core::Reactor::TimerId timer_ = 0;
    bool running_ = false;
    bool stopped_ = false;
    std::coroutine_handle<> waiter_;
};

/// What runs before the first and after the last request.
class Lifespan {
public:
    void add_startup(LifespanHook hook) { startup_.push_back(std::move(hook)); }
    void add_shutdown(LifespanHook hook) { shutdown_.push_back(std::move(hook)); }
    void add_function(LifespanFunction function) { functions_.push_back(std::move(function)); }
    void add_job(std::chrono::nanoseconds period, LifespanHook job) {
        jobs_.emplace_back(period, std::move(job));
    }

    [[nodiscard]] core::Task<void> start(App& app);
    void start_jobs(core::Reactor& reactor, App& app, const PeriodicJob::Report& report);
    /// Everything is stopped; the first exception is thrown at the end, others are reported.
    [[nodiscard]] core::Task<void> stop(App& app, const PeriodicJob::Report& report);
    [[nodiscard]] core::Task<void> stop_jobs();

private:
    [[nodiscard]] core::Task<void> stop_functions(PeriodicJob::Report note);

    std::vector<LifespanHook> startup_;
    std::vector<LifespanHook> shutdown_;
    std::deque<LifespanFunction> functions_;
    std::deque<PeriodicJob> jobs_;
    std::vector<std::unique_ptr<LifespanRun>> running_;
};

}  // namespace portico::app
