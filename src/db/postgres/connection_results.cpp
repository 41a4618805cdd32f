#include <charconv>

#include "db/postgres/connection.hpp"
#include "db/postgres/control.hpp"
#include "db/postgres/fault.hpp"
#include "db/postgres/result_row.hpp"

// What the server answers, and to whom.

namespace portico::db::postgres {
namespace {

using Kind = Operation::Kind;

constexpr std::uint16_t kMostPasses = 1000;

bool is_reported_as_change(const PGresult* result) {
    const std::string_view tag = PQcmdStatus(const_cast<PGresult*>(result));
    return tag.starts_with("INSERT") || tag.starts_with("UPDATE") || tag.starts_with("DELETE") ||
           tag.starts_with("MERGE");
}

std::string_view text_of(const Job& job) {
    if (job.statement) return job.statement->text;
    if (job.operation->copies()) return "COPY";
    return job.operation->kind == Kind::commit ? kCommit : kSavepoint;
}

std::int64_t changed_rows(const PGresult* result) {
    std::int64_t rows = 0;
    if (!is_reported_as_change(result)) return rows;
    const std::string_view text = PQcmdTuples(const_cast<PGresult*>(result));
    std::from_chars(text.data(), text.data() + text.size(), rows);
    return rows;
}

}  // namespace

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
            if (sent.step == Step::run && job) take_rows(*job, result);
            return;
        case PGRES_COMMAND_OK:
            if (!job) return;
            if (sent.step == Step::describe) take_description(*job, result);
            if (sent.step == Step::run) job->operation->changed = changed_rows(result);
            // A transaction that has failed ends with "ROLLBACK" as the answer to COMMIT.
            if (job->operation->kind == Kind::commit &&
                std::string_view(PQcmdStatus(result)) != "COMMIT") {
                job->refused = true;
                job->error = std::make_exception_ptr(
                    Error(Error::Kind::lost, "the transaction was rolled back", kCommit));
            }
            return;
        case PGRES_EMPTY_QUERY:
            if (!job) return;
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
    // A cancel that was meant for another one.
    if (sqlstate(result) == "57014" && tainted_ && !job.cancelling && !job.transaction &&
        !job.retried) {
        job.aborted = job.retried = true;
        return;
    }
    if (job.statement && !job.statement->described) cache_.remove(*job.statement);
    job.refused = true;
    job.stale = job.running && is_stale(result);
    if (job.cancelling && sqlstate(result) == "57014") tainted_ = false;
    job.wants_to_write = sqlstate(result) == "25006";
    job.error = fault(result, text_of(job));
}

}  // namespace portico::db::postgres
