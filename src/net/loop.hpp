#pragma once

#include <sys/epoll.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "portico/core/reactor.hpp"
#include "portico/http/date.hpp"

namespace portico::net {

/// Closes its descriptor.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int value) noexcept : value_(value) {}
    Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(value_, other.value_);
        return *this;
    }
    ~Descriptor() { close(); }

    [[nodiscard]] int get() const noexcept { return value_; }
    [[nodiscard]] bool open() const noexcept { return value_ >= 0; }
    void close() noexcept;

private:
    int value_ = -1;
};

/// One thread's event loop, over epoll.
///
/// Sockets of the server are edge-triggered and registered once, so that a request costs no system
/// call but its `recv`, its `send` and a share of one `epoll_wait`; descriptors that others wait
/// for through `Reactor` are one-shot.
class Loop final : public core::Reactor {
public:
    /// What a descriptor's events are for. `retire` it instead of deleting it: a later event of
    /// the same batch may still name it.
    class Source {
    public:
        virtual ~Source() = default;
        virtual void on_events(std::uint32_t events) = 0;
        /// Called once for each `defer`, when the callbacks of this wake-up are done.
        virtual void on_deferred() {}

    private:
        friend class Loop;
        bool deferred_ = false;
    };

    /// `tick` is called about every `tick_interval` while `hold_ticks` is on.
    Loop(std::size_t index, std::chrono::nanoseconds tick_interval, core::Reactor::Callback tick);
    ~Loop() override;

    /// False with errno set when the descriptors could not be made.
    [[nodiscard]] bool open();

    /// Runs until `finished` is called. `finish` comes from the loop's thread.
    void run();
    void finish() noexcept { finished_ = true; }

    [[nodiscard]] bool watch(int descriptor, std::uint32_t events, Source& source);
    void rewatch(int descriptor, std::uint32_t events, Source& source);
    void unwatch(int descriptor) noexcept;

    void defer(Source& source);
    void retire(std::unique_ptr<Source> source);
    /// Ticks cost a wake-up each: they run only while there is something to time.
    void hold_ticks(bool on) noexcept;

    /// A "Date" value (RFC 9110 §5.6.7) that is at most a second old.
    [[nodiscard]] std::string_view date();

    void post(Callback callback) override;
    void when_ready(int descriptor, Interest interest, Callback callback) override;
    void forget(int descriptor) noexcept override;
    [[nodiscard]] TimerId start_timer(TimePoint at, Callback callback) override;
    void cancel_timer(TimerId timer) noexcept override;
    [[nodiscard]] TimePoint now() const noexcept override { return now_; }
    [[nodiscard]] std::size_t index() const noexcept override { return index_; }

private:
    class Wake;
    class Wait;

    [[nodiscard]] int timeout() const noexcept;
    void run_posted();
    void run_deferred();
    void run_timers();

    std::size_t index_;
    Descriptor epoll_;
    std::unique_ptr<Wake> wake_;
    bool finished_ = false;
    TimePoint now_ = std::chrono::steady_clock::now();

    std::chrono::nanoseconds tick_interval_;
    Callback tick_;
    TimePoint next_tick_ = TimePoint::max();

    std::vector<Source*> deferred_;
    std::vector<Source*> deferred_now_;
    std::vector<std::unique_ptr<Source>> retired_;
    std::unordered_map<int, std::unique_ptr<Wait>> waits_;

    std::map<std::pair<TimePoint, TimerId>, Callback> timers_;
    std::unordered_map<TimerId, TimePoint> timer_times_;
    TimerId last_timer_ = 0;

    TimePoint date_until_{};
    std::array<char, http::kDateLength> date_{};

    std::mutex mutex_;
    std::vector<Callback> posted_;
    std::vector<Callback> posted_now_;
    std::atomic<bool> has_posted_{false};
    /// A wake-up is under way or not needed: `post` need not write to the descriptor.
    std::atomic<bool> awake_{false};
};

}  // namespace portico::net
