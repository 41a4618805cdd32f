#pragma once

#include <atomic>
#include <chrono>
#include <coroutine>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "db/postgres/connection.hpp"
#include "db/postgres/dial.hpp"
#include "db/postgres/job.hpp"
#include "db/postgres/server.hpp"
#include "portico/core/reactor.hpp"
#include "portico/db/driver.hpp"
#include "portico/db/options.hpp"

namespace portico::db::postgres {

/// The connections of one thread to one server.
///
/// Jobs are given connections in the order in which they came. Nothing waits on a loop, and no
/// timer runs, unless a job is under way: a loop may end whenever none of its coroutines waits
/// here.
class Pool : public std::enable_shared_from_this<Pool> {
public:
    explicit Pool(const Server& server) noexcept : server_(server) {}

    /// Takes up an operation that has a context; true: it is complete, with its error.
    [[nodiscard]] bool start(SessionState& session, Operation& operation, bool begins);
    /// The same for a session in a transaction.
    [[nodiscard]] bool go_on(SessionState& session, Operation& operation);
    void abandon(SessionState& session) noexcept;

    /// Whether a connection was refused so lately that none is tried.
    [[nodiscard]] bool down() const noexcept {
        return connections_.empty() && std::chrono::steady_clock::now() < retry_at_;
    }

    // Called by connections.
    void ended(Connection& connection, Job& job);
    void lost(Job& job, const std::string& why);
    /// Between two of its jobs.
    void lost(Transaction& transaction, const std::string& why);
    void release(Connection& connection);
    void sync_soon(Connection& connection, core::Reactor& reactor);
    /// Serves who waits and resumes who has waited. The last thing that a callback of a loop does.
    void settle();
    void settle_soon();

    /// Belongs to a thread; false: to another one.
    [[nodiscard]] bool take() noexcept { return !taken_.exchange(true); }
    /// The thread ends.
    void leave() noexcept;
    /// Closes everything; the thread it belongs to does nothing here any more.
    void close() noexcept;
    void add_to(DatabaseStatistics& statistics) const noexcept;

private:
    [[nodiscard]] Job& new_job(SessionState& session, Operation& operation);
    void begin(SessionState& session);
    void give(Connection& connection, Job& job);
    [[nodiscard]] Connection* connection_for(const Job& job);
    [[nodiscard]] Connection* shareable(const core::Reactor& reactor);
    [[nodiscard]] Connection* take_idle(const Job& job);
    [[nodiscard]] bool usable(Connection& connection, const Job& job);
    void retire(Connection& connection);
    void serve_waiting();
    void dial();
    void dialled(std::uint64_t id, Dial::Outcome outcome);
    void report_if_slow(const Job& job);
    void refuse(Job& job, std::exception_ptr error);
    void complete(Job& job, std::exception_ptr error);
    void end_transaction(Job& job);
    [[nodiscard]] bool is_late(const Job& job, std::chrono::steady_clock::time_point now);
    void look_at(Connection& connection, std::chrono::steady_clock::time_point now);

    void watch(core::Reactor& reactor);
    void look_around();

    const Server& server_;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::vector<std::unique_ptr<Connection>> retired_;  // till no callback of theirs runs
    std::vector<Connection*> idle_;                     // the one used last at the end
    std::vector<Connection*> unsynced_;
    std::vector<std::pair<std::uint64_t, std::unique_ptr<Dial>>> dials_;
    std::uint64_t last_dial_ = 0;
    std::deque<Job*> waiting_;
    std::vector<std::unique_ptr<Job>> jobs_;
    std::vector<Job*> free_jobs_;
    std::size_t under_way_ = 0;
    std::vector<std::coroutine_handle<>> done_;

    core::Reactor* watched_on_ = nullptr;
    core::Reactor::TimerId watch_ = 0;
    bool sync_is_posted_ = false;
    int failures_ = 0;
    std::chrono::steady_clock::time_point retry_at_{};
    std::string why_down_;
    std::mutex closing_;
    std::atomic<bool> taken_{true};

    struct Counters {
        std::atomic<std::uint64_t> reads{0};
        std::atomic<std::uint64_t> sessions{0};
        std::atomic<std::uint64_t> commits{0};
        std::atomic<std::uint64_t> refused{0};
        std::atomic<std::size_t> waiting{0};
        std::atomic<std::size_t> connections{0};
    } counters_;
};

}  // namespace portico::db::postgres
