#include "db/postgres/connection.hpp"

#include <array>
#include <charconv>

#include "db/postgres/control.hpp"
#include "db/postgres/encode.hpp"
#include "db/postgres/fault.hpp"
#include "db/postgres/pool.hpp"
#include "db/postgres/result_row.hpp"

namespace portico::db::postgres {
namespace {

using Kind = Operation::Kind;

constexpr std::uint16_t kMostPasses = 1000;

bool is_reported_as_change(const PGresult* result) {
    const std::string_view tag = PQcmdStatus(const_cast<PGresult*>(result));
    return tag.starts_with("INSERT") || tag.starts_with("UPDATE") || tag.starts_with("DELETE") ||
           tag.starts_with("MERGE");
}

std::int64_t changed_rows(const PGresult* result) {
    std::int64_t rows = 0;
    if (!is_reported_as_change(result)) return rows;
    const std::string_view text = PQcmdTuples(const_cast<PGresult*>(result));
    std::from_chars(text.data(), text.data() + text.size(), rows);
    return rows;
}

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

void Connection::submit(Job& job) {
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
    const int descriptor = PQsocket(handle_.get());
    if (!waits_to_read_) {
        waits_to_read_ = true;
        reactor_->when_ready(descriptor, core::Reactor::Interest::readable, [this] {
            waits_to_read_ = false;
            on_ready();
        });
    }
    if (waits_to_write_ && !watches_writes_) {
        watches_writes_ = true;
        reactor_->when_ready(descriptor, core::Reactor::Interest::writable, [this] {
            watches_writes_ = false;
            on_ready();
        });
    }
}

void Connection::forget() noexcept {
    if (waits_to_read_ || watches_writes_) reactor_->forget(PQsocket(handle_.get()));
    waits_to_read_ = watches_writes_ = false;
}

void Connection::on_ready() {
    if (waits_to_write_) {
        const int left = PQflush(handle_.get());
        waits_to_write_ = left == 1;
        if (left < 0) ended_ = true;
    }
    if (PQconsumeInput(handle_.get()) == 0) ended_ = true;
    read_results();
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

void Connection::read_results() {
    while (!sent_.empty() && !ended_ && !broken_ && PQisBusy(handle_.get()) == 0) {
        const Result result{PQgetResult(handle_.get())};
        const Sent front = sent_.front();
        if (!result) {
            // The end of one message's answers; none at all, and libpq waits for more input.
            if (front.step == Step::sync) return;
            sent_.pop_front();
        } else if (PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) {
            if (front.step != Step::sync) {
                ended_ = true;
                return;
            }
            sent_.pop_front();
            end_segment(front.jobs);
        } else {
            take(front, result.get());
        }
    }
}

void Connection::take(const Sent& sent, PGresult* result) {
    Job* const job = sent.job;
    switch (PQresultStatus(result)) {
        case PGRES_PIPELINE_ABORTED:
            if (job && !job->refused) job->aborted = true;
            return;
        case PGRES_FATAL_ERROR:
            if (ends_connection(sqlstate(result))) {
                ended_ = true;
                why_ended_ = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
            } else if (job) {
                refuse(*job, result);
            }
            return;
        case PGRES_TUPLES_OK:
            if (sent.step == Step::run) take_rows(*job, result);
            return;
        case PGRES_COMMAND_OK:
            if (sent.step == Step::describe) take_description(*job, result);
            if (sent.step == Step::run) job->operation->changed = changed_rows(result);
            // A transaction that has failed ends with "ROLLBACK" as the answer to COMMIT.
            if (job && job->operation->kind == Kind::commit &&
                std::string_view(PQcmdStatus(result)) != "COMMIT") {
                job->refused = true;
                job->error = std::make_exception_ptr(
                    Error(Error::Kind::lost, "the transaction was rolled back", kCommit));
            }
            return;
        case PGRES_EMPTY_QUERY:
            job->operation->error = std::make_exception_ptr(
                Error(Error::Kind::statement, "expected exactly one SQL statement"));
            return;
        default:
            ended_ = true;  // COPY, which programs can't ask for here
            return;
    }
}

void Connection::take_rows(Job& job, PGresult* result) {
    Operation& operation = *job.operation;
    operation.changed = changed_rows(result);
    if (!operation.on_row) return;
    const PreparedStatement& statement = *job.statement;
    if (texts_.size() < statement.columns.size()) texts_.resize(statement.columns.size());
    ResultRow row{result, statement, texts_};
    const int count = PQntuples(result);
    job.answered = job.answered || count > 0;
    try {
        for (int i = 0; i < count; ++i) {
            row.move_to(i);
            operation.on_row(operation.target, row);
        }
    } catch (...) {
        operation.error = std::current_exception();
    }
}

void Connection::take_description(Job& job, const PGresult* result) {
    PreparedStatement& statement = *job.statement;
    for (int i = 0; i < PQnparams(result); ++i) {
        statement.parameters.push_back(PQparamtype(result, i));
    }
    for (int i = 0; i < PQnfields(result); ++i) {
        statement.columns.push_back(PQftype(result, i));
        statement.names.emplace_back(PQfname(result, i));
        statement.binary = statement.binary && decodes(statement.columns.back());
    }
    statement.described = true;
}

void Connection::refuse(Job& job, const PGresult* result) {
    // Sent before it was known that the transaction has failed: it is sent again when that is
    // undone.
    if (sqlstate(result) == "25P02" && job.transaction && ++job.passed_over < kMostPasses) {
        job.aborted = true;
        return;
    }
    if (job.statement && !job.statement->described) cache_.remove(job.statement->key);
    job.refused = true;
    job.stale = job.running && is_stale(result);
    job.was_cancelled = job.cancelling && sqlstate(result) == "57014";
    job.wants_to_write = sqlstate(result) == "25006";
    job.error = fault(
        result, job.statement ? std::string_view(job.statement->text) : std::string_view(kCommit));
}

void Connection::end_segment(std::uint32_t count) {
    // A transaction is made whole before anything else is sent in it.
    for (std::uint32_t i = 0; i < count; ++i) {
        if (jobs_[i]->refused && jobs_[i]->transaction) recover(*jobs_[i]);
    }
    for (; count > 0; --count) {
        Job& job = *jobs_.front();
        jobs_.pop_front();
        if (job.stale && !job.prepared_again) {
            job.prepared_again = true;
            cache_.remove(job.statement->key);
            job.statement = nullptr;
            submit(job);
        } else if (job.aborted) {
            // Nothing of it was done. Whatever it refers to may be gone from the cache.
            if (job.statement && !job.statement->described) job.statement = nullptr;
            submit(job);
        } else if (!job.running && !job.refused && !job.operation->error) {
            // It is prepared now, unless the one that prepared it for both has failed.
            if (!job.statement->described) job.statement = nullptr;
            submit(job);
        } else {
            pool_.ended(*this, job);
        }
    }
    sync();
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
    // The pool puts them before those that wait.
    for (auto job = jobs.rbegin(); job != jobs.rend(); ++job) pool_.lost(**job, reason);
    pool_.release(*this);
}

}  // namespace portico::db::postgres
