#include <charconv>
#include <string>

#include "db/postgres/connection.hpp"
#include "db/postgres/control.hpp"
#include "db/postgres/fault.hpp"
#include "db/postgres/pool.hpp"

// COPY, which libpq has no pipeline for: the connection leaves it, and takes it up again at the
// end.

namespace portico::db::postgres {
namespace {

using Kind = Operation::Kind;

constexpr std::size_t kPiece = 32 * 1024;

/// What a piece of a COPY is handed over as.
class Piece final : public Row {
public:
    explicit Piece(std::string_view text) noexcept : text_(text) {}
    std::size_t size() const noexcept override { return 1; }
    std::string_view name(std::size_t) const noexcept override { return {}; }
    Value operator[](std::size_t) const noexcept override { return Value{text_}; }

private:
    std::string_view text_;
};

std::int64_t copied_rows(PGresult* result) {
    const std::string_view text = PQcmdTuples(result);
    std::int64_t rows = 0;
    std::from_chars(text.data(), text.data() + text.size(), rows);
    return rows;
}

struct Free {
    void operator()(char* text) const noexcept { PQfreemem(text); }
};

}  // namespace

// The transaction is begun and guarded, and nothing else is under way.
void Connection::begin_copy(Job& job) {
    jobs_.push_front(&job);
    copy_ = Copy::beginning;
    std::string text;
    job.operation->statement.write(job.operation->statement.key, nullptr, Dialect::postgresql,
                                   text);
    check(PQexitPipelineMode(handle_.get()));
    check(PQsendQuery(handle_.get(), text.c_str()));
    waits_to_write_ = PQflush(handle_.get()) == 1;
}

void Connection::go_on_copying(Job& job) {
    reactor_ = &job.operation->context->reactor();
    job.running = true;
    jobs_.push_back(&job);
    switch (job.operation->kind) {
        case Kind::copy_data: {
            const std::string_view piece = job.operation->parameters[0].text;
            check(PQputCopyData(handle_.get(), piece.data(), static_cast<int>(piece.size())) == 1);
            break;
        }
        case Kind::copy_end:
            copy_ = Copy::ending;
            check(PQputCopyEnd(handle_.get(), nullptr) == 1);
            break;
        default:
            break;
    }
    waits_to_write_ = PQflush(handle_.get()) == 1;
    advance_copy();
    if (ended_) {
        break_off(last_message(handle_.get()));
    } else if (!jobs_.empty()) {
        wait();
    }
    pool_.settle_soon();
}

void Connection::advance_copy() {
    if (jobs_.empty()) return;
    Job& job = *jobs_.front();
    if (copy_ == Copy::in) {
        if (!waits_to_write_) end_copy_step();
    } else if (copy_ == Copy::out) {
        take_piece(job);
    } else {
        take_copy_results(job);
    }
}

void Connection::take_copy_results(Job& job) {
    while (!ended_ && PQisBusy(handle_.get()) == 0) {
        const Result result{PQgetResult(handle_.get())};
        if (!result) return leave_copy(job);
        switch (PQresultStatus(result.get())) {
            case PGRES_COPY_IN:
                copy_ = Copy::in;
                return end_copy_step();
            case PGRES_COPY_OUT:
                copy_ = Copy::out;
                return end_copy_step();
            case PGRES_COMMAND_OK:
                if (job.operation->kind == Kind::copy_end) {
                    job.operation->changed = copied_rows(result.get());
                }
                break;
            default:
                if (ends_connection(sqlstate(result.get()))) {
                    ended_ = true;
                } else {
                    refuse(job, result.get());
                }
        }
    }
}

void Connection::take_piece(Job& job) {
    std::string piece;
    while (piece.size() < kPiece) {
        char* bytes = nullptr;
        const int size = PQgetCopyData(handle_.get(), &bytes, 1);
        const std::unique_ptr<char, Free> row{bytes};
        if (size > 0) {
            piece.append(bytes, static_cast<std::size_t>(size));
        } else if (size == 0) {
            break;
        } else {
            if (!piece.empty()) break;
            copy_ = Copy::ending;
            return take_copy_results(job);
        }
    }
    if (piece.empty()) return;
    job.operation->changed = static_cast<std::int64_t>(piece.size());
    try {
        job.operation->on_row(job.operation->target, Piece{piece});
    } catch (...) {
        job.operation->error = std::current_exception();
    }
    end_copy_step();
}

void Connection::end_copy_step() {
    Job& job = *jobs_.front();
    jobs_.pop_front();
    pool_.ended(*this, job);
}

void Connection::leave_copy(Job& job) {
    copy_ = Copy::none;
    check(PQenterPipelineMode(handle_.get()));
    if (job.refused) send_control(nullptr, kUndoGuard);
    send_control(nullptr, kReleaseGuard);
    end_sent();
    end_copy_step();
}

}  // namespace portico::db::postgres
