#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

#include "portico/redis/detail/call.hpp"
#include "redis/outstanding.hpp"
#include "redis/session.hpp"

namespace portico::redis {

/// The commands of one loop. On its thread, but for the figures.
///
/// What is written in one turn of the loop is sent at the end of it. Replies come in the order of
/// the commands; those that nobody waits for any more are dropped as they come.
class Connection final : public Session {
public:
    using Session::Session;
    /// With its loop: what still waits there is not resumed any more.
    ~Connection() override;

    /// True: the call will be resumed. False: it has failed already.
    [[nodiscard]] bool submit(detail::Call& call);
    /// Bytes of one command that nobody waits for. False: not sent.
    bool send(std::string_view bytes);
    /// Nobody waits for its answer any more.
    void leave(detail::Call& call) noexcept;

    [[nodiscard]] bool is_up() const noexcept { return up_.load(std::memory_order_relaxed); }

    /// Written by the loop's thread alone.
    struct Counts {
        std::atomic<std::uint64_t> commands{0};
        std::atomic<std::uint64_t> writes{0};
        std::atomic<std::uint64_t> timeouts{0};
        std::atomic<std::uint64_t> refused{0};
        std::atomic<std::uint64_t> connects{0};
    };
    [[nodiscard]] const Counts& counts() const noexcept { return counts_; }

private:
    void on_up() override;
    void on_reply(Reply&& reply) override;
    void on_down(const std::string& why) override;

    /// Why a command can't be taken now; null: it can.
    [[nodiscard]] std::exception_ptr obstacle();
    [[nodiscard]] bool too_slow(core::Reactor::TimePoint since) noexcept;
    void push(Sent sent);
    void flush_later();
    void flush();
    void watch(core::Reactor::TimePoint at);
    void on_watch();
    void end(detail::Call& call, std::exception_ptr failure);

    static void count(std::atomic<std::uint64_t>& counter, std::uint64_t by = 1) noexcept {
        counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
    }

    std::string unsent_;  // of this turn, or of the time before the connection is up
    bool flush_posted_ = false;
    Outstanding outstanding_;
    core::Reactor::TimerId watch_ = 0;
    core::Reactor::TimePoint watch_at_{};
    std::exception_ptr down_;  // what commands fail with while it is
    std::atomic<bool> up_{false};
    Counts counts_;
};

}  // namespace portico::redis
