#include "portico/testing/test_reactor.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <system_error>

namespace portico::testing {
namespace {

constexpr int kPatienceMs = 10'000;

}  // namespace

TestReactor::TestReactor(const core::Clock* clock) : clock_(clock) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
        throw std::system_error(errno, std::generic_category(), "pipe2");
    }
    wake_read_ = ends[0];
    wake_write_ = ends[1];
}

TestReactor::~TestReactor() {
    ::close(wake_read_);
    ::close(wake_write_);
}

core::Reactor::TimePoint TestReactor::now() const noexcept {
    return clock_ != nullptr ? clock_->steady_now() : std::chrono::steady_clock::now();
}

void TestReactor::post(Callback callback) {
    {
        const std::scoped_lock lock(mutex_);
        posted_.push_back(std::move(callback));
    }
    const char byte = 0;
    (void)!::write(wake_write_, &byte, 1);  // full: it is awake anyway
}

void TestReactor::when_ready(int descriptor, Interest interest, Callback callback) {
    waits_.push_back({descriptor, interest, std::move(callback)});
}

void TestReactor::forget(int descriptor) noexcept {
    std::erase_if(waits_, [descriptor](const Wait& wait) { return wait.descriptor == descriptor; });
}

core::Reactor::TimerId TestReactor::start_timer(TimePoint at, Callback callback) {
    const TimerId id = next_timer_++;
    timers_.emplace(std::pair(at, id), std::move(callback));
    return id;
}

void TestReactor::cancel_timer(TimerId timer) noexcept {
    const auto found = std::ranges::find_if(
        timers_, [timer](const auto& entry) { return entry.first.second == timer; });
    if (found != timers_.end()) timers_.erase(found);
}

bool TestReactor::run_posted() {
    std::vector<Callback> ready;
    {
        const std::scoped_lock lock(mutex_);
        ready.swap(posted_);
    }
    for (auto& callback : ready) callback();
    return !ready.empty();
}

bool TestReactor::run_timers() {
    bool ran = false;
    const TimePoint until = now();
    while (!timers_.empty() && timers_.begin()->first.first <= until) {
        auto timer = timers_.extract(timers_.begin());
        timer.mapped()();
        ran = true;
    }
    return ran;
}

bool TestReactor::run_descriptors(int timeout_ms) {
    std::vector<pollfd> polled{{wake_read_, POLLIN, 0}};
    for (const Wait& wait : waits_) {
        polled.push_back(
            {wait.descriptor,
             static_cast<short>(wait.interest == Interest::readable ? POLLIN : POLLOUT), 0});
    }
    const int ready = ::poll(polled.data(), polled.size(), timeout_ms);
    if (ready <= 0) return false;
    char drained[256];
    while (::read(wake_read_, drained, sizeof drained) > 0) {
    }
    // A callback may add or drop waits, so each is taken out before it runs.
    for (std::size_t i = 1; i < polled.size(); ++i) {
        if (polled[i].revents == 0) continue;
        const auto interest = polled[i].events == POLLIN ? Interest::readable : Interest::writable;
        const auto found = std::ranges::find_if(waits_, [&](const Wait& wait) {
            return wait.descriptor == polled[i].fd && wait.interest == interest;
        });
        if (found == waits_.end()) continue;
        Callback callback = std::move(found->callback);
        waits_.erase(found);
        callback();
    }
    return true;
}

void TestReactor::run_ready() {
    for (bool ran = true; ran;) {
        ran = run_posted();
        ran = run_timers() || ran;
        ran = run_descriptors(0) || ran;
    }
}

void TestReactor::step() {
    const bool posted = run_posted();
    if (run_timers() || posted) return;
    int timeout = kPatienceMs;
    if (clock_ == nullptr && !timers_.empty()) {
        const auto wait =
            std::chrono::ceil<std::chrono::milliseconds>(timers_.begin()->first.first - now());
        timeout = static_cast<int>(std::clamp<std::int64_t>(wait.count(), 0, kPatienceMs));
    }
    if (run_descriptors(timeout) || timeout < kPatienceMs) return;
    throw std::runtime_error(
        "nothing has happened for 10 seconds: what is waited for does not come (a timer of a "
        "FakeClock that nobody advances?)");
}

void TestReactor::run_to_end(core::Task<void> task) {
    core::Context context(*this);
    struct End {
        bool done = false;
        std::exception_ptr error;
    } end;
    core::spawn(
        context, std::move(task),
        [](void* user, std::exception_ptr error) {
            auto& ended = *static_cast<End*>(user);
            ended.error = std::move(error);
            ended.done = true;
        },
        &end);
    run_until([&] { return end.done; });
    if (end.error) std::rethrow_exception(end.error);
}

}  // namespace portico::testing
