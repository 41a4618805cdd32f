#include "db/postgres/pool.hpp"

#include <algorithm>
#include <utility>

#include "db/postgres/clock.hpp"
#include "db/postgres/control.hpp"
#include "db/postgres/fault.hpp"

namespace portico::db::postgres {
namespace {

using Clock = std::chrono::steady_clock;
using Kind = Operation::Kind;
using std::chrono::milliseconds;

constexpr milliseconds kFirstBackOff{25};
constexpr milliseconds kLongestBackOff{500};
constexpr milliseconds kJustAnswered{100};
constexpr std::uint8_t kMostLosses = 3;

template <class T>
void count(std::atomic<T>& counter) noexcept {
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

std::exception_ptr busy(std::string message) {
    return std::make_exception_ptr(Busy(std::move(message)));
}

std::exception_ptr lost_error(const std::string& why) {
    return unavailable("the connection to the database was lost: " + why);
}

Transaction* transaction_of(const SessionState& session) {
    return static_cast<Transaction*>(session.transaction);
}

}  // namespace

Job& Pool::new_job(SessionState& session, Operation& operation) {
    if (free_jobs_.empty()) {
        jobs_.push_back(std::make_unique<Job>());
        free_jobs_.push_back(jobs_.back().get());
    }
    Job& job = *free_jobs_.back();
    free_jobs_.pop_back();
    job = Job{.operation = &operation,
              .session = &session,
              .transaction = transaction_of(session),
              .since = coarse_now()};
    ++under_way_;
    watch(operation.context->reactor());
    return job;
}

bool Pool::start(SessionState& session, Operation& operation, bool begins) {
    if (down()) {
        count(counters_.refused);
        operation.error = unavailable(why_down_);
        return true;
    }
    if (waiting_.size() >= server_.options.pool_queue) {
        count(counters_.refused);
        operation.error = busy("the queue of sessions that wait for a connection is full (" +
                               std::to_string(server_.options.pool_queue) + ")");
        return true;
    }
    if (begins) {
        begin(session);
    } else {
        count(counters_.reads);
    }
    waiting_.push_back(&new_job(session, operation));
    serve_waiting();
    if (!done_.empty()) settle_soon();
    return false;
}

void Pool::begin(SessionState& session) {
    if (session.transaction) return;
    auto transaction = std::make_unique<Transaction>();
    transaction->pool = shared_from_this();
    transaction->begin = begin_text(session.options);
    session.transaction = transaction.release();
    count(counters_.sessions);
}

bool Pool::go_on(SessionState& session, Operation& operation) {
    Transaction& transaction = *transaction_of(session);
    const bool ends = operation.kind == Kind::commit || operation.kind == Kind::rollback;
    if (transaction.why_over || (ends && !transaction.begun)) {
        // What is to be undone is undone.
        if (operation.kind != Kind::rollback && operation.kind != Kind::undo) {
            operation.error = transaction.why_over;
        }
        if (ends) abandon(session);
        return true;
    }
    if (operation.kind == Kind::rollback) {
        abandon(session);
        return true;
    }
    if (transaction.connection && transaction.connection->copies() && !operation.copies()) {
        operation.error = std::make_exception_ptr(Error(
            Error::Kind::statement, "the session has a copy under way: finish it, or roll back"));
        return true;
    }
    // Two at once wait for the connection together.
    Job& job = new_job(session, operation);
    if (transaction.connection) {
        transaction.connection->submit(job);
    } else {
        waiting_.push_back(&job);
    }
    return false;
}

void Pool::abandon(SessionState& session) noexcept {
    const std::unique_ptr<Transaction> transaction{
        static_cast<Transaction*>(std::exchange(session.transaction, nullptr))};
    Connection* const connection = transaction->connection;
    if (!connection) return;
    if (!connection->idle() || connection->copies()) {
        retire(*connection);
    } else {
        if (transaction->begun) connection->roll_back();
        connection->set_holder(nullptr);
        release(*connection);
    }
    // No callback of a connection is running: an open transaction's locks are given back at once.
    retired_.clear();
    if (waiting_.empty()) return;
    serve_waiting();
    if (!done_.empty()) settle_soon();
}

void Pool::give(Connection& connection, Job& job) {
    job.since = coarse_now();
    if (job.transaction) {
        job.transaction->connection = &connection;
        connection.set_holder(job.transaction);
    }
    connection.submit(job);
}

void Pool::ended(Connection& connection, Job& job) {
    Operation& operation = *job.operation;
    Transaction* const transaction = job.transaction;
    if (job.refused && job.wants_to_write && operation.decide_alone && !transaction &&
        !job.session->options.read_only) {
        // It was run where nothing can be written, and does write: it begins the transaction.
        // Two of a session that ran side by side share it.
        begin(*job.session);
        job.transaction = transaction_of(*job.session);
        job.statement = nullptr;
        waiting_.push_front(&job);
        return;
    }
    if (!operation.error) operation.error = job.error;
    if (server_.options.on_slow_statement && job.statement) report_if_slow(job);
    if (transaction) {
        if (!job.refused && job.running) transaction->fresh = false;
        if (operation.kind == Kind::commit) {
            if (!job.refused) count(counters_.commits);
            connection.set_holder(nullptr);
            end_transaction(job);
        }
    }
    complete(job, operation.error);
}

void Pool::report_if_slow(const Job& job) {
    const auto took = Clock::now() - job.since;
    if (took < server_.options.slow_statement) return;
    server_.options.on_slow_statement({.text = job.statement->text,
                                       .took = took,
                                       .request_id = job.operation->context->request_id()});
}

// Nothing was committed: what the server may have done of it is undone. So it can be done again,
// unless the program has seen an answer. A few times: of backends that end together another may
// still look open.
void Pool::lost(Job& job, const std::string& why) {
    Transaction* const transaction = job.transaction;
    const Kind kind = job.operation->kind;
    if (transaction) {
        transaction->connection = nullptr;
        transaction->begun = false;
    }
    const bool may_retry = job.losses > 0 ? job.losses < kMostLosses : !job.retried;
    const bool again = may_retry && !job.answered && !job.cancelling && kind != Kind::commit &&
                       (!transaction || transaction->fresh);
    if (again) {
        ++job.losses;
        job.retried = true;
        job.statement = nullptr;
        waiting_.push_front(&job);
        return;
    }
    std::exception_ptr error = lost_error(why);
    if (kind == Kind::commit) {
        error = std::make_exception_ptr(Error(
            Error::Kind::lost,
            "the connection was lost during the commit: it is not known whether it was done: " +
                why,
            kCommit));
    }
    if (transaction) transaction->why_over = error;
    if (kind == Kind::commit) end_transaction(job);
    complete(job, error);
}

void Pool::lost(Transaction& transaction, const std::string& why) {
    transaction.connection = nullptr;
    transaction.begun = false;
    transaction.why_over = lost_error(why);
}

void Pool::complete(Job& job, std::exception_ptr error) {
    job.operation->error = std::move(error);
    done_.push_back(job.operation->waiter);
    job.statement = nullptr;
    free_jobs_.push_back(&job);
    --under_way_;
}

bool Pool::usable(Connection& connection, const Job& job) {
    const auto now = coarse_now();
    if (now - connection.since >= server_.options.pool_recycle) return false;
    if (!server_.options.pool_pre_ping) return true;
    // One that has just answered is not asked whether it is there: if it is not, the job is done
    // again, on one that was asked.
    return (now - connection.answered() < kJustAnswered && !job.retried) || connection.open();
}

Connection* Pool::shareable(const core::Reactor& reactor) {
    const auto now = coarse_now();
    for (const auto& connection : connections_) {
        if (connection->shareable(reactor, now)) return connection.get();
    }
    return nullptr;
}

Connection* Pool::connection_for(const Job& job) {
    if (job.transaction && job.transaction->connection) return job.transaction->connection;
    Connection* const idle = take_idle(job);
    if (idle || job.transaction) return idle;
    return shareable(job.operation->context->reactor());
}

Connection* Pool::take_idle(const Job& job) {
    while (!idle_.empty()) {
        Connection* const connection = idle_.back();
        idle_.pop_back();
        if (usable(*connection, job)) return connection;
        retire(*connection);
    }
    return nullptr;
}

void Pool::release(Connection& connection) {
    if (connection.broken() || connection.tainted() || idle_.size() >= server_.options.pool_size) {
        retire(connection);
    } else {
        idle_.push_back(&connection);
    }
}

void Pool::retire(Connection& connection) {
    std::erase(unsynced_, &connection);
    std::erase(idle_, &connection);  // it may have been cut in the moment it was given back
    const auto found =
        std::ranges::find(connections_, &connection, &std::unique_ptr<Connection>::get);
    retired_.push_back(std::move(*found));
    connections_.erase(found);
    counters_.connections.store(connections_.size(), std::memory_order_relaxed);
}

void Pool::serve_waiting() {
    while (!waiting_.empty()) {
        Job& job = *waiting_.front();
        Connection* const connection = connection_for(job);
        if (!connection) break;
        waiting_.pop_front();
        give(*connection, job);
    }
    const std::size_t most = server_.options.pool_size + server_.options.max_overflow;
    while (dials_.size() < waiting_.size() && connections_.size() + dials_.size() < most &&
           Clock::now() >= retry_at_) {
        dial();
    }
    if (down() && dials_.empty()) {
        for (Job* job : std::exchange(waiting_, {})) {
            refuse(*job, unavailable(why_down_));
        }
    }
    counters_.waiting.store(waiting_.size(), std::memory_order_relaxed);
}

// Unless another job of it is still there, that was asked for at the same time.
void Pool::end_transaction(Job& job) {
    Transaction* const transaction = job.transaction;
    if (!transaction || job.session->transaction != transaction) return;
    if (std::ranges::find(waiting_, transaction, &Job::transaction) != waiting_.end()) return;
    job.session->transaction = nullptr;
    delete transaction;
}

void Pool::refuse(Job& job, std::exception_ptr error) {
    count(counters_.refused);
    end_transaction(job);
    complete(job, std::move(error));
}

void Pool::dial() {
    core::Reactor& reactor = waiting_.front()->operation->context->reactor();
    const std::uint64_t id = ++last_dial_;
    dials_.emplace_back(
        id, std::make_unique<Dial>(
                reactor, server_.parameters, server_.options.connect_timeout, server_.background,
                [this, id](Dial::Outcome outcome) { dialled(id, std::move(outcome)); }));
}

void Pool::dialled(std::uint64_t id, Dial::Outcome outcome) {
    std::erase_if(dials_, [&](const auto& entry) { return entry.first == id; });
    if (outcome) {
        failures_ = 0;
        retry_at_ = {};
        connections_.push_back(
            std::make_unique<Connection>(*this, *std::move(outcome), server_.options));
        counters_.connections.store(connections_.size(), std::memory_order_relaxed);
        idle_.push_back(connections_.back().get());
    } else {
        why_down_ = "the database does not answer: " + outcome.error();
        const int doublings = std::min(failures_++, 10);
        retry_at_ = Clock::now() + std::min(kFirstBackOff * (1 << doublings), kLongestBackOff);
    }
    settle();
}

void Pool::settle() {
    const auto self = shared_from_this();
    serve_waiting();
    retired_.clear();
    const auto done = std::exchange(done_, {});
    for (const auto waiter : done) waiter.resume();
    // Who was resumed has mostly asked for more.
    if (under_way_ == 0) {
        dials_.clear();
        sync_is_posted_ = false;
        if (watch_ != 0) watched_on_->cancel_timer(std::exchange(watch_, 0));
    }
}

void Pool::settle_soon() {
    watched_on_->post([self = shared_from_this()] { self->settle(); });
}

void Pool::sync_soon(Connection& connection, core::Reactor& reactor) {
    unsynced_.push_back(&connection);
    if (std::exchange(sync_is_posted_, true)) return;
    reactor.post([self = shared_from_this()] {
        self->sync_is_posted_ = false;
        // A connection that fails here may bring another job to a connection.
        while (!self->unsynced_.empty()) {
            Connection* const next = self->unsynced_.back();
            self->unsynced_.pop_back();
            next->sync();
        }
        self->settle();
    });
}

void Pool::leave() noexcept {
    close();
    taken_.store(false);
}

void Pool::close() noexcept {
    const std::lock_guard lock(closing_);
    idle_.clear();
    unsynced_.clear();
    retired_.clear();
    connections_.clear();
    counters_.connections.store(0, std::memory_order_relaxed);
}

void Pool::add_to(DatabaseStatistics& statistics) const noexcept {
    statistics.reads += counters_.reads.load(std::memory_order_relaxed);
    statistics.write_sessions += counters_.sessions.load(std::memory_order_relaxed);
    statistics.committed_sessions += counters_.commits.load(std::memory_order_relaxed);
    statistics.commits += counters_.commits.load(std::memory_order_relaxed);
    statistics.refused += counters_.refused.load(std::memory_order_relaxed);
    statistics.waiting += counters_.waiting.load(std::memory_order_relaxed);
    statistics.connections += counters_.connections.load(std::memory_order_relaxed);
}

}  // namespace portico::db::postgres
