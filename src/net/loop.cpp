#include "net/loop.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace portico::net {

void Descriptor::close() noexcept {
    if (value_ >= 0) ::close(std::exchange(value_, -1));
}

/// Ends an `epoll_wait` from another thread.
class Loop::Wake final : public Source {
public:
    [[nodiscard]] bool open() {
        descriptor_ = Descriptor{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
        return descriptor_.open();
    }
    [[nodiscard]] int get() const noexcept { return descriptor_.get(); }

    void signal() const noexcept {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(descriptor_.get(), &one, sizeof one);
    }
    void on_events(std::uint32_t) override {
        std::uint64_t count = 0;
        [[maybe_unused]] const auto read = ::read(descriptor_.get(), &count, sizeof count);
    }

private:
    Descriptor descriptor_;
};

/// A descriptor of somebody else, waited for through `Reactor`.
class Loop::Wait final : public Source {
public:
    Wait(Loop& loop, int descriptor) noexcept : loop_(loop), descriptor_(descriptor) {}

    void add(Interest interest, Callback callback) {
        (interest == Interest::readable ? readable_ : writable_) = std::move(callback);
        arm();
    }

    void drop() noexcept {
        readable_ = nullptr;
        writable_ = nullptr;
        dropped_ = true;
    }

    void on_events(std::uint32_t events) override {
        // An error or a hang-up wakes both: the system call that follows tells what happened.
        const bool broken = (events & (EPOLLERR | EPOLLHUP)) != 0;
        Callback read;
        Callback write;
        if (broken || (events & (EPOLLIN | EPOLLRDHUP)) != 0) std::swap(read, readable_);
        if (broken || (events & EPOLLOUT) != 0) std::swap(write, writable_);
        if (readable_ || writable_) arm();
        if (read) read();
        if (write && !dropped_) write();
    }

private:
    void arm() {
        std::uint32_t events = EPOLLONESHOT;
        if (readable_) events |= EPOLLIN | EPOLLRDHUP;
        if (writable_) events |= EPOLLOUT;
        epoll_event event{};
        event.events = events;
        event.data.ptr = static_cast<Source*>(this);
        const int epoll = loop_.epoll_.get();
        // The owner may have closed the descriptor and got the same number again: then the kernel
        // has dropped our registration, and a MOD fails with ENOENT.
        if (::epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor_, &event) == 0) return;
        if (::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor_, &event) == 0) return;
        // Not pollable (a regular file), or not open: ready, so that the next call tells.
        loop_.post([this, &loop = loop_, descriptor = descriptor_] {
            const auto found = loop.waits_.find(descriptor);
            if (found != loop.waits_.end() && found->second.get() == this) {
                on_events(EPOLLIN | EPOLLOUT);
            }
        });
    }

    Loop& loop_;
    int descriptor_;
    Callback readable_;
    Callback writable_;
    bool dropped_ = false;
};

Loop::Loop(std::size_t index, std::chrono::nanoseconds tick_interval, Callback tick)
    : index_(index),
      wake_(std::make_unique<Wake>()),
      tick_interval_(tick_interval),
      tick_(std::move(tick)) {}

Loop::~Loop() = default;

bool Loop::open() {
    epoll_ = Descriptor{::epoll_create1(EPOLL_CLOEXEC)};
    return epoll_.open() && wake_->open() && watch(wake_->get(), EPOLLIN | EPOLLET, *wake_);
}

bool Loop::watch(int descriptor, std::uint32_t events, Source& source) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = &source;
    return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void Loop::rewatch(int descriptor, std::uint32_t events, Source& source) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = &source;
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, descriptor, &event);
}

void Loop::unwatch(int descriptor) noexcept {
    epoll_event event{};
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, descriptor, &event);
}

void Loop::run() {
    std::array<epoll_event, 128> events;
    while (!finished_) {
        int wait = timeout();
        if (wait != 0) {
            // Said before the queue is looked at: a `post` after the look sees it and wakes us.
            awake_.store(false);
            if (has_posted_.load()) wait = 0;
        }
        const int count = ::epoll_wait(epoll_.get(), events.data(), events.size(), wait);
        awake_.store(true, std::memory_order_relaxed);
        now_ = std::chrono::steady_clock::now();

        for (int i = 0; i < count; ++i) {
            const auto& event = events[static_cast<std::size_t>(i)];
            static_cast<Source*>(event.data.ptr)->on_events(event.events);
        }
        run_timers();
        run_posted();
        run_deferred();
        retired_.clear();
    }
}

int Loop::timeout() const noexcept {
    if (!deferred_.empty()) return 0;
    TimePoint next = next_tick_;
    if (!timers_.empty()) next = std::min(next, timers_.begin()->first.first);
    if (next == TimePoint::max()) return -1;
    const auto left = next - std::chrono::steady_clock::now();
    if (left <= left.zero()) return 0;
    const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    return static_cast<int>(std::min<std::int64_t>(milliseconds, 60'000));
}

void Loop::post(Callback callback) {
    {
        const std::scoped_lock lock(mutex_);
        posted_.push_back(std::move(callback));
        has_posted_.store(true);
    }
    if (!awake_.exchange(true)) wake_->signal();
}

void Loop::run_posted() {
    if (!has_posted_.load(std::memory_order_relaxed)) return;
    {
        const std::scoped_lock lock(mutex_);
        has_posted_.store(false);
        posted_now_.swap(posted_);
    }
    for (auto& callback : posted_now_) callback();
    posted_now_.clear();
}

void Loop::defer(Source& source) {
    if (std::exchange(source.deferred_, true)) return;
    deferred_.push_back(&source);
}

void Loop::run_deferred() {
    if (deferred_.empty()) return;
    deferred_now_.swap(deferred_);
    for (Source* source : deferred_now_) {
        source->deferred_ = false;
        source->on_deferred();
    }
    deferred_now_.clear();
}

void Loop::retire(std::unique_ptr<Source> source) {
    if (source->deferred_) std::erase(deferred_, source.get());
    retired_.push_back(std::move(source));
}

void Loop::hold_ticks(bool on) noexcept {
    if (on && next_tick_ == TimePoint::max()) next_tick_ = now_ + tick_interval_;
    if (!on) next_tick_ = TimePoint::max();
}

void Loop::run_timers() {
    if (next_tick_ <= now_) {
        next_tick_ = now_ + tick_interval_;
        tick_();
    }
    // Only those that were due at the wake-up: a timer that starts another can't hold the loop.
    const TimerId newest = last_timer_;
    for (auto timer = timers_.begin(); timer != timers_.end() && timer->first.first <= now_;) {
        if (timer->first.second > newest) {
            ++timer;
            continue;
        }
        Callback callback = std::move(timer->second);
        timer_times_.erase(timer->first.second);
        timers_.erase(timer);
        callback();
        timer = timers_.begin();
    }
}

core::Reactor::TimerId Loop::start_timer(TimePoint at, Callback callback) {
    const TimerId id = ++last_timer_;
    timers_.emplace(std::pair{at, id}, std::move(callback));
    timer_times_.emplace(id, at);
    return id;
}

void Loop::cancel_timer(TimerId timer) noexcept {
    const auto found = timer_times_.find(timer);
    if (found == timer_times_.end()) return;
    timers_.erase({found->second, timer});
    timer_times_.erase(found);
}

void Loop::when_ready(int descriptor, Interest interest, Callback callback) {
    auto& wait = waits_[descriptor];
    if (!wait) wait = std::make_unique<Wait>(*this, descriptor);
    wait->add(interest, std::move(callback));
}

void Loop::forget(int descriptor) noexcept {
    const auto found = waits_.find(descriptor);
    if (found == waits_.end()) return;
    found->second->drop();
    unwatch(descriptor);
    retire(std::move(found->second));
    waits_.erase(found);
}

std::string_view Loop::date() {
    if (now_ >= date_until_) {
        const auto time = std::chrono::system_clock::now();
        const auto second = std::chrono::floor<std::chrono::seconds>(time);
        date_until_ = now_ + (second + std::chrono::seconds{1} - time);
        http::format_date(second, date_);
    }
    return {date_.data(), date_.size()};
}

}  // namespace portico::net
