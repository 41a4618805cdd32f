#pragma once

#include <atomic>
#include <chrono>
#include <coroutine>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "portico/app/background.hpp"
#include "portico/core/reactor.hpp"

namespace portico::app {

/// The background tasks that run after their responses. Thread-safe.
class BackgroundRuns {
public:
    using Report = std::function<void(std::exception_ptr)>;

    /// Runs the tasks one after another on `reactor`, whose thread calls this.
    void start(core::Reactor& reactor, std::vector<BackgroundTasks::Work> work, Report report);

    /// Ends when none runs any more, or after `timeout`.
    [[nodiscard]] core::Task<void> wait(std::chrono::nanoseconds timeout);

private:
    struct Run;
    class Idle;

    static core::Task<void> run_all(Run& run);
    void ended();

    std::mutex mutex_;
    std::size_t running_ = 0;
    std::shared_ptr<Idle> idle_;
};

}  // namespace portico::app
