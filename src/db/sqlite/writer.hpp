#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "db/sqlite/connection.hpp"
#include "portico/db/driver.hpp"
#include "portico/db/options.hpp"

namespace portico::db::sqlite {

/// A session's claim to write, from its first write to its end. `SessionState::transaction` points
/// to it. Guarded by the writer's mutex.
struct Turn {
    using TimePoint = std::chrono::steady_clock::time_point;

    SessionState* session = nullptr;  // valid while an operation is under way
    Operation* operation = nullptr;   // asked for, not yet taken up
    bool only_reads = false;          // over with its first operation
    bool abandoned = false;
    bool over = false;  // undone without being asked; the session does not know yet
    std::exception_ptr why_over;
    TimePoint until;  // waiting: for how long; holding: for how long
};

/// The one connection that writes, and its thread.
///
/// Sessions write one after the other, each in a savepoint, all in one transaction while others
/// wait; the commit at its end is theirs together. A session is told of its commit only then.
///
///     BEGIN IMMEDIATE
///       SAVEPOINT  session 1 …  RELEASE        waits for the commit
///       SAVEPOINT  session 2 …  ROLLBACK TO    is answered at once
///       SAVEPOINT  session 3 …  RELEASE        waits for the commit
///     COMMIT                                   one fsync, two sessions resumed
class Writer {
public:
    Writer(std::unique_ptr<Connection> connection, const DatabaseOptions& options);
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// The session's first operation: queues it for its turn. Always completes later, unless the
    /// queue is full: then true.
    [[nodiscard]] bool claim(SessionState& session, Operation& operation, bool only_reads);
    /// A later operation. True when it is complete at once, because the turn is over.
    [[nodiscard]] bool submit(SessionState& session, Operation& operation);
    void abandon(SessionState& session) noexcept;

    /// Runs `work` on the writer's thread outside all transactions and waits for its end.
    void run_alone(const std::function<void(Connection&)>& work);

    /// Raised by each commit before anyone is told of it: what was read earlier may be old.
    [[nodiscard]] std::uint64_t changes() const noexcept {
        return changes_.load(std::memory_order_acquire);
    }
    void add_to(DatabaseStatistics& statistics) const;

private:
    using Lock = std::unique_lock<std::mutex>;
    struct Committing {
        Operation* operation;
        Turn* turn;
    };

    void work();
    void next_turn(Lock& lock);
    void serve(Lock& lock);
    void take_turn_away(Operation* operation, Lock& lock);
    void perform(Operation& operation, Lock& lock);
    void end_turn(Operation& operation, Lock& lock);
    void commit(Lock& lock);
    void group_is_lost(const std::exception_ptr& cause);
    void undo_turn(Lock& lock);
    void refuse_late_claims();
    void wait(Lock& lock);
    [[nodiscard]] bool group_may_grow() const;

    static void complete(Operation& operation);
    static void settle(Turn* turn, Operation& operation);

    std::unique_ptr<Connection> connection_;
    const DatabaseOptions& options_;

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Turn*> waiting_;
    Turn* holder_ = nullptr;
    std::vector<Committing> group_;
    Turn::TimePoint group_since_{};
    Turn::TimePoint first_late_ = Turn::TimePoint::max();
    std::deque<std::function<void()>> alone_;
    bool stopping_ = false;

    std::atomic<std::uint64_t> changes_{0};
    std::uint64_t commits_ = 0;
    std::uint64_t turns_ = 0;
    std::uint64_t committed_ = 0;
    std::uint64_t refused_ = 0;

    std::thread thread_;
};

}  // namespace portico::db::sqlite
