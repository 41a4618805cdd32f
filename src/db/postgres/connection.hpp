#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "db/postgres/handle.hpp"
#include "db/postgres/job.hpp"
#include "db/postgres/statement_cache.hpp"
#include "portico/core/reactor.hpp"
#include "portico/db/options.hpp"

namespace portico::db::postgres {

/// One connection in libpq's pipeline mode.
///
/// Jobs are sent as they come and answered in that order. What is sent in one turn of the loop goes
/// out together and ends with one Sync, a segment: when one job of it fails, the server passes over
/// the rest, which are then sent again. Waits on the loop of whoever's job is under way, and on
/// none when it is idle.
class Connection {
public:
    /// `handle` is connected.
    Connection(Pool& pool, Handle handle, const DatabaseOptions& options);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Sends the job's messages; the pool is told of its end.
    void submit(Job& job);
    /// Ends the segment and sends it, unless there is none.
    void sync();
    /// Sends a ROLLBACK whose answer is read whenever the connection is used again.
    void roll_back();

    /// Reads what has come while nobody waited. False: the server has closed it.
    [[nodiscard]] bool open() noexcept;
    /// When it has answered the last time.
    [[nodiscard]] std::chrono::steady_clock::time_point answered() const noexcept {
        return answered_;
    }
    [[nodiscard]] bool broken() const noexcept { return broken_; }
    /// No job is under way.
    [[nodiscard]] bool idle() const noexcept { return jobs_.empty(); }

    /// Whether a statement by itself may follow those that are under way, which are as quick.
    [[nodiscard]] bool shareable(const core::Reactor& reactor,
                                 std::chrono::steady_clock::time_point now) const noexcept;
    /// Who has it to itself; null: nobody.
    void set_holder(Transaction* holder) noexcept { holder_ = holder; }
    [[nodiscard]] Transaction* holder() const noexcept { return holder_; }

    /// Between the begin and the end of a COPY: it takes nothing but the copy's own jobs.
    [[nodiscard]] bool copies() const noexcept { return copy_ != Copy::none; }

    /// The job that is being answered; null when there is none.
    [[nodiscard]] Job* running() const noexcept { return jobs_.empty() ? nullptr : jobs_.front(); }
    /// Gives up the jobs behind the one that is being answered: whatever comes for them is dropped.
    [[nodiscard]] std::vector<Job*> take_followers();
    /// A cancel was sent, which may hit what comes later: the connection is not used again unless
    /// the job says that it was hit.
    void taint() noexcept { tainted_ = true; }
    [[nodiscard]] bool tainted() const noexcept { return tainted_; }

    /// As if the server had closed it: the pool is told of its jobs.
    void break_off(std::string_view why);

    [[nodiscard]] PGconn* handle() const noexcept { return handle_.get(); }

    const std::chrono::steady_clock::time_point since;  ///< When it was made.

private:
    enum class Step : std::uint8_t { control, prepare, describe, run, sync };
    /// What was sent, in the order of its answers.
    struct Sent {
        Step step;
        Job* job = nullptr;      // null: nobody's, such as a ROLLBACK
        std::uint32_t jobs = 0;  // sync: that end with it
    };

    enum class Copy : std::uint8_t { none, beginning, in, out, ending };

    void begin_copy(Job& job);
    void go_on_copying(Job& job);
    void advance_copy();
    void take_copy_results(Job& job);
    void take_piece(Job& job);
    void end_copy_step();
    void leave_copy(Job& job);

    void end_sent();
    void send(Job& job);
    void send_run(Job& job);
    void send_control(Job* job, const char* text);
    void prepare(Job& job);
    void check(int sent);

    void on_ready();
    void read_results();
    void take(const Sent& sent, PGresult* result);
    void take_rows(Job& job, PGresult* result);
    void take_description(Job& job, const PGresult* result);
    void refuse(Job& job, const PGresult* result);
    void end_segment(std::uint32_t count);
    void recover(const Job& job);
    void forget_undescribed(Job& job);
    void wait();
    void forget() noexcept;

    Pool& pool_;
    Handle handle_;
    const DatabaseOptions& options_;
    StatementCache cache_;
    std::uint64_t last_name_ = 0;

    std::chrono::steady_clock::time_point answered_{};
    std::deque<Sent> sent_;
    std::deque<Job*> jobs_;
    Copy copy_ = Copy::none;
    Transaction* holder_ = nullptr;
    bool tainted_ = false;
    std::uint32_t unsynced_jobs_ = 0;
    bool unsynced_ = false;

    core::Reactor* reactor_ = nullptr;
    int descriptor_ = -1;  // that is waited for: libpq has none any more once it was cut
    bool waits_to_read_ = false;
    bool waits_to_write_ = false;  // the kernel took only a part
    bool watches_writes_ = false;
    bool broken_ = false;
    bool ended_ = false;  // it can't be used any more; the pool does not know yet
    std::string why_ended_;

    std::vector<std::string> texts_;  // of a row
};

}  // namespace portico::db::postgres
