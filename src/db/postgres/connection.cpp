#include "db/postgres/connection.hpp"

#include <algorithm>
#include <charconv>

#include "db/postgres/clock.hpp"
#include "db/postgres/control.hpp"
#include "db/postgres/encode.hpp"
#include "db/postgres/fault.hpp"
#include "db/postgres/pool.hpp"

namespace portico::db::postgres {
namespace {

using Kind = Operation::Kind;

// So many statements may be under way at once, and only while those before them are this quick.
constexpr std::size_t kMostShared = 32;
constexpr std::chrono::milliseconds kQuick{5};

}  // namespace

Connection::Connection(Pool& pool, Handle handle, const DatabaseOptions& options)
    : since(std::chrono::steady_clock::now()),
      pool_(pool),
      handle_(std::move(handle)),
      options_(options),
      cache_(options.statement_cache) {
    PQsetnonblocking(handle_.get(), 1);
    PQenterPipelineMode(handle_.get());
    // What comes unasked is no answer; only that the server is about to hang up matters.
    PQsetNoticeReceiver(
        handle_.get(),
        [](void* self, const PGresult* notice) {
            if (ends_connection(sqlstate(notice))) static_cast<Connection*>(self)->ended_ = true;
        },
        this);
}

Connection::~Connection() {
    forget();
}

bool Connection::shareable(const core::Reactor& reactor,
                           std::chrono::steady_clock::time_point now) const noexcept {
    return !holder_ && !tainted_ && !broken_ && !jobs_.empty() && jobs_.size() < kMostShared &&
           reactor_ == &reactor && now - jobs_.front()->since < kQuick;
}

std::vector<Job*> Connection::take_followers() {
    std::vector<Job*> followers(jobs_.begin() + 1, jobs_.end());
    if (followers.empty()) return followers;
    jobs_.resize(1);
    for (Job* job : followers) forget_undescribed(*job);
    unsynced_jobs_ = 0;
    std::uint32_t ends = 1;  // the first segment's, with the job that is being answered
    for (Sent& sent : sent_) {
        if (sent.step == Step::sync) {
            sent.jobs = std::exchange(ends, 0);
        } else if (sent.job != jobs_.front()) {
            sent.job = nullptr;
        }
    }
    return followers;
}

void Connection::submit(Job& job) {
    if (copies()) return go_on_copying(job);
    reactor_ = &job.operation->context->reactor();
    job.running = job.first = job.aborted = job.refused = job.stale = false;
    job.error = nullptr;
    jobs_.push_back(&job);
    ++unsynced_jobs_;
    try {
        send(job);
    } catch (...) {
        job.operation->error = std::current_exception();  // and nothing of it was sent
    }
    if (!unsynced_) pool_.sync_soon(*this, *reactor_);
    unsynced_ = true;
}

void Connection::send(Job& job) {
    switch (job.operation->kind) {
        case Kind::run:
            if (!job.statement) job.statement = cache_.find(job.operation->statement.key);
            if (!job.statement) return prepare(job);
            if (job.statement->described) return send_run(job);
            return;  // another job of this segment prepares it
        case Kind::savepoint:
            job.running = true;
            if (!job.transaction->begun) {
                send_control(&job, job.transaction->begin);
                job.transaction->begun = job.first = true;
            }
            return send_control(&job, kSavepoint);
        case Kind::release:
            job.running = true;
            return send_control(&job, kRelease);
        case Kind::undo:
            job.running = true;
            send_control(&job, kUndo);
            return send_control(&job, kRelease);
        case Kind::commit:
            job.running = true;
            return send_control(&job, kCommit);
        case Kind::rollback:
            job.running = true;
            return send_control(&job, kRollback);
        default:
            if (!job.transaction->begun) {
                send_control(&job, job.transaction->begin);
                job.transaction->begun = job.first = true;
            }
            send_control(&job, kGuard);
            // A copy takes as long as it takes.
            return send_control(&job, "SET LOCAL statement_timeout = 0");
    }
}

void Connection::prepare(Job& job) {
    const Statement& statement = job.operation->statement;
    auto made = std::make_shared<PreparedStatement>();
    made->key = statement.key;
    made->name = "p" + std::to_string(++last_name_);
    statement.write(statement.key, statement.source, Dialect::postgresql, made->text);
    job.statement = made;
    if (const auto dropped = cache_.add(made); dropped && dropped->described) {
        send_control(nullptr, ("DEALLOCATE " + dropped->name).c_str());
    }
    // A statement that can't be prepared would undo the transaction.
    const bool guarded = job.transaction && job.transaction->begun;
    if (guarded) send_control(&job, kGuard);
    check(PQsendPrepare(handle_.get(), made->name.c_str(), made->text.c_str(), 0, nullptr));
    sent_.push_back({.step = Step::prepare, .job = &job});
    check(PQsendDescribePrepared(handle_.get(), made->name.c_str()));
    sent_.push_back({.step = Step::describe, .job = &job});
    if (guarded) send_control(&job, kReleaseGuard);
}

void Connection::send_run(Job& job) {
    thread_local Encoder encoder;
    const PreparedStatement& statement = *job.statement;
    const auto parameters = job.operation->parameters;
    job.running = true;
    if (parameters.size() != statement.parameters.size()) {
        throw Error(Error::Kind::statement,
                    "the statement has " + std::to_string(statement.parameters.size()) +
                        " parameters, " + std::to_string(parameters.size()) + " given",
                    statement.text);
    }
    try {
        encoder.encode(parameters, statement.parameters);
    } catch (const Error& error) {
        throw Error(error.kind(), error.what(), statement.text);
    }
    Transaction* transaction = job.transaction;
    const bool guarded = transaction && transaction->begun;
    if (guarded) {
        send_control(&job, kGuard);
    } else if (transaction) {
        send_control(&job, transaction->begin);
        transaction->begun = job.first = true;
    }
    check(PQsendQueryPrepared(handle_.get(), statement.name.c_str(),
                              static_cast<int>(parameters.size()), encoder.values(),
                              encoder.lengths(), encoder.formats(), statement.binary ? 1 : 0));
    sent_.push_back({.step = Step::run, .job = &job});
    if (guarded) send_control(&job, kReleaseGuard);
}

void Connection::send_control(Job* job, const char* text) {
    check(PQsendQueryParams(handle_.get(), text, 0, nullptr, nullptr, nullptr, nullptr, 0));
    sent_.push_back({.step = Step::control, .job = job});
}

void Connection::check(int sent) {
    if (!sent) ended_ = true;  // `sync` tells the pool
}

void Connection::roll_back() {
    send_control(nullptr, kRollback);
    end_sent();
    if (waits_to_write_ || ended_) broken_ = true;  // and so it is closed, which rolls back too
}

void Connection::sync() {
    if (!unsynced_) return;
    end_sent();
    if (ended_) {
        break_off(last_message(handle_.get()));
    } else if (!jobs_.empty()) {
        wait();
    }
}

void Connection::end_sent() {
    unsynced_ = false;
    check(PQpipelineSync(handle_.get()));
    sent_.push_back({.step = Step::sync, .jobs = std::exchange(unsynced_jobs_, 0)});
    waits_to_write_ = PQflush(handle_.get()) == 1;
}

void Connection::wait() {
    descriptor_ = PQsocket(handle_.get());
    if (!waits_to_read_) {
        waits_to_read_ = true;
        reactor_->when_ready(descriptor_, core::Reactor::Interest::readable, [this] {
            waits_to_read_ = false;
            on_ready();
        });
    }
    if (waits_to_write_ && !watches_writes_) {
        watches_writes_ = true;
        reactor_->when_ready(descriptor_, core::Reactor::Interest::writable, [this] {
            watches_writes_ = false;
            on_ready();
        });
    }
}

void Connection::forget() noexcept {
    if (waits_to_read_ || watches_writes_) reactor_->forget(descriptor_);
    waits_to_read_ = watches_writes_ = false;
}

void Connection::on_ready() {
    if (waits_to_write_) {
        const int left = PQflush(handle_.get());
        waits_to_write_ = left == 1;
        if (left < 0) ended_ = true;
    }
    if (PQconsumeInput(handle_.get()) == 0) ended_ = true;
    answered_ = coarse_now();
    if (copies()) {
        advance_copy();
    } else {
        read_results();
    }
    if (ended_ && !broken_) {
        break_off(last_message(handle_.get()));
    } else if (!broken_ && !jobs_.empty()) {
        wait();
    } else {
        forget();
    }
    pool_.settle();  // `this` may be gone
}

bool Connection::open() noexcept {
    if (PQconsumeInput(handle_.get()) == 0) return false;
    if (sent_.empty()) {
        (void)PQisBusy(handle_.get());  // which reads what came unasked
    } else {
        read_results();
    }
    return !ended_ && !broken_ && PQstatus(handle_.get()) == CONNECTION_OK;
}

// Of jobs that are still wanted; a ROLLBACK that nobody waits for has none.
void Connection::end_segment(std::uint32_t count) {
    if (count == 0) return;
    // A transaction is made whole before anything else is sent in it.
    for (std::uint32_t i = 0; i < count; ++i) {
        if (jobs_[i]->refused && jobs_[i]->transaction) recover(*jobs_[i]);
    }
    for (; count > 0; --count) {
        Job& job = *jobs_.front();
        jobs_.pop_front();
        if (job.stale && !job.prepared_again) {
            job.prepared_again = true;
            cache_.remove(*job.statement);
            job.statement = nullptr;
            submit(job);
        } else if (job.aborted) {
            // Nothing of it was done.
            forget_undescribed(job);
            submit(job);
        } else if (job.operation->copies() && !job.refused) {
            begin_copy(job);
            return;
        } else if (!job.running && !job.refused && !job.operation->error) {
            // It is prepared now, unless the one that prepared it for both has failed.
            forget_undescribed(job);
            submit(job);
        } else {
            pool_.ended(*this, job);
        }
    }
    sync();
    if (broken_) return;
    if (!jobs_.empty()) {
        jobs_.front()->since = coarse_now();
    } else if (!holder_) {
        pool_.release(*this);
    }
}

// What was to prepare the statement was passed over or is not heard: whoever wants it asks anew.
void Connection::forget_undescribed(Job& job) {
    if (!job.statement || job.statement->described) return;
    cache_.remove(*job.statement);
    job.statement = nullptr;
}

void Connection::recover(const Job& job) {
    Transaction& transaction = *job.transaction;
    if (!transaction.begun) return;
    if (job.first) {
        transaction.begun = false;
        send_control(nullptr, kRollback);
    } else if (job.operation->kind == Kind::run) {
        send_control(nullptr, kUndoGuard);
        send_control(nullptr, kReleaseGuard);
    } else {
        // A failed COMMIT has ended the transaction; after the others nothing can be done in it.
        if (job.operation->kind != Kind::commit) transaction.why_over = job.error;
        return;
    }
    unsynced_ = true;
}

void Connection::break_off(std::string_view why) {
    if (broken_) return;
    broken_ = true;
    forget();
    const std::string reason = why_ended_.empty() ? std::string(why) : why_ended_;
    sent_.clear();
    const auto jobs = std::exchange(jobs_, {});
    if (auto* const holder = std::exchange(holder_, nullptr); holder && jobs.empty()) {
        pool_.lost(*holder, reason);
    }
    // The pool puts them before those that wait.
    for (auto job = jobs.rbegin(); job != jobs.rend(); ++job) pool_.lost(**job, reason);
    pool_.release(*this);
}

}  // namespace portico::db::postgres
