#include "db/sqlite/writer.hpp"

#include <pthread.h>

#include <algorithm>
#include <future>
#include <string>
#include <utility>

#include "portico/core/reactor.hpp"

namespace portico::db::sqlite {
namespace {

using Clock = std::chrono::steady_clock;

// Who has ended its session waits for those that follow it in its group; so long they may start.
constexpr std::chrono::milliseconds kGroupAge{5};

std::exception_ptr busy(std::string message) {
    return std::make_exception_ptr(Busy(std::move(message)));
}

std::string milliseconds(std::chrono::milliseconds time) {
    return std::to_string(time.count()) + " ms";
}

// What is to be undone is undone when the turn is over.
bool fails_after_the_turn(Operation::Kind kind) {
    return kind != Operation::Kind::rollback && kind != Operation::Kind::undo;
}

}  // namespace

Writer::Writer(std::unique_ptr<Connection> connection, const DatabaseOptions& options)
    : connection_(std::move(connection)), options_(options) {
    group_.reserve(options_.write_group + 1);
    thread_ = std::thread([this] { work(); });
    pthread_setname_np(thread_.native_handle(), "db-writer");
}

Writer::~Writer() {
    {
        const Lock lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

bool Writer::claim(SessionState& session, Operation& operation, bool only_reads) {
    const auto now = Clock::now();
    {
        const Lock lock(mutex_);
        if (waiting_.size() >= options_.write_queue) {
            ++refused_;
            operation.error = busy("the queue of sessions that want to write is full (" +
                                   std::to_string(options_.write_queue) + ")");
            return true;
        }
        auto* turn =
            new Turn{.session = &session, .operation = &operation, .only_reads = only_reads};
        turn->until = std::min(now + options_.write_wait, operation.context->deadline());
        first_late_ = std::min(first_late_, turn->until);
        waiting_.push_back(turn);
        session.transaction = turn;
    }
    wake_.notify_one();
    return false;
}

bool Writer::submit(SessionState& session, Operation& operation) {
    {
        const Lock lock(mutex_);
        auto* turn = static_cast<Turn*>(session.transaction);
        if (turn->operation) {
            operation.error = std::make_exception_ptr(Error(
                Error::Kind::statement, "a session does one thing at a time: await the first"));
            return true;
        }
        if (turn->over) {
            using Kind = Operation::Kind;
            if (fails_after_the_turn(operation.kind)) operation.error = turn->why_over;
            if (operation.kind == Kind::commit || operation.kind == Kind::rollback) {
                session.transaction = nullptr;
                delete turn;
            }
            return true;
        }
        turn->session = &session;
        turn->operation = &operation;
    }
    wake_.notify_one();
    return false;
}

void Writer::abandon(SessionState& session) noexcept {
    {
        const Lock lock(mutex_);
        auto* turn = static_cast<Turn*>(std::exchange(session.transaction, nullptr));
        if (turn->over) {
            delete turn;
            return;
        }
        turn->abandoned = true;
    }
    wake_.notify_one();
}

void Writer::run_alone(const std::function<void(Connection&)>& work) {
    std::promise<void> done;
    {
        const Lock lock(mutex_);
        alone_.emplace_back([&] {
            work(*connection_);
            done.set_value();
        });
    }
    wake_.notify_one();
    done.get_future().wait();
    changes_.fetch_add(1, std::memory_order_release);
}

void Writer::add_to(DatabaseStatistics& statistics) const {
    const Lock lock(mutex_);
    statistics.write_sessions += turns_;
    statistics.committed_sessions += committed_;
    statistics.commits += commits_;
    statistics.refused += refused_;
    statistics.waiting += waiting_.size();
}

void Writer::work() {
    Lock lock(mutex_);
    for (;;) {
        refuse_late_claims();
        if (holder_) {
            serve(lock);
        } else if (!waiting_.empty() && group_may_grow()) {
            next_turn(lock);
        } else if (connection_->in_transaction()) {
            commit(lock);
        } else if (!alone_.empty()) {
            const auto work = std::move(alone_.front());
            alone_.pop_front();
            lock.unlock();
            work();
            lock.lock();
        } else if (stopping_) {
            return;
        } else {
            wait(lock);
        }
    }
}

bool Writer::group_may_grow() const {
    return group_.empty() ||
           (group_.size() < options_.write_group && Clock::now() - group_since_ < kGroupAge);
}

void Writer::wait(Lock& lock) {
    auto until = first_late_;
    if (holder_) until = std::min(until, holder_->until);
    if (until == Turn::TimePoint::max()) {
        wake_.wait(lock);
    } else {
        wake_.wait_until(lock, until);
    }
}

void Writer::refuse_late_claims() {
    if (first_late_ == Turn::TimePoint::max()) return;
    const auto now = Clock::now();
    if (now < first_late_) return;
    first_late_ = Turn::TimePoint::max();
    std::erase_if(waiting_, [&](Turn* turn) {
        if (now < turn->until) {
            first_late_ = std::min(first_late_, turn->until);
            return false;
        }
        if (turn->abandoned) {
            delete turn;
            return true;
        }
        ++refused_;
        turn->operation->error =
            busy("no turn to write within " + milliseconds(options_.write_wait));
        settle(turn, *turn->operation);
        return true;
    });
}

void Writer::next_turn(Lock& lock) {
    Turn* turn = waiting_.front();
    waiting_.pop_front();
    if (waiting_.empty()) first_late_ = Turn::TimePoint::max();
    if (turn->abandoned) {
        delete turn;
        return;
    }
    Operation& operation = *turn->operation;
    lock.unlock();
    if (operation.decide_alone) {
        turn->only_reads = !connection_->writes(operation) && !turn->session->begins_at_once();
        if (!turn->only_reads && turn->session->options.read_only) {
            operation.error =
                std::make_exception_ptr(Error(Error::Kind::read_only, "the session is read-only"));
            turn->only_reads = true;
        }
    }
    // What others have not committed yet is not for readers.
    if (turn->only_reads && connection_->in_transaction()) {
        lock.lock();
        commit(lock);
        lock.unlock();
    }
    if (turn->only_reads) {
        if (!operation.error) connection_->run(operation);
        lock.lock();
        settle(turn, operation);
        return;
    }
    const bool first = !connection_->in_transaction();
    std::exception_ptr failure;
    if (first) failure = connection_->control(Control::begin_immediate);
    if (!failure) failure = connection_->control(Control::savepoint);
    lock.lock();
    if (failure) {
        operation.error = failure;
        if (!connection_->in_transaction()) group_is_lost(failure);
        settle(turn, operation);
        return;
    }
    ++turns_;
    turn->until = Clock::now() + options_.write_hold;
    turn->operation = nullptr;
    holder_ = turn;
    perform(operation, lock);
}

void Writer::serve(Lock& lock) {
    Operation* operation = std::exchange(holder_->operation, nullptr);
    if (operation && (operation->kind == Operation::Kind::commit ||
                      operation->kind == Operation::Kind::rollback)) {
        end_turn(*operation, lock);
    } else if (holder_->abandoned) {
        undo_turn(lock);
        delete std::exchange(holder_, nullptr);
    } else if (stopping_ || Clock::now() >= holder_->until) {
        take_turn_away(operation, lock);
    } else if (operation) {
        perform(*operation, lock);
    } else {
        wait(lock);
    }
}

void Writer::take_turn_away(Operation* operation, Lock& lock) {
    ++refused_;
    undo_turn(lock);
    holder_->over = true;
    holder_->why_over = busy("the session kept its turn to write for more than " +
                             milliseconds(options_.write_hold) + " and was undone");
    // What was asked for while we undid it.
    if (!operation) operation = std::exchange(holder_->operation, nullptr);
    Turn* turn = std::exchange(holder_, nullptr);
    if (!operation) {
        if (turn->abandoned) delete turn;
        return;
    }
    if (fails_after_the_turn(operation->kind)) operation->error = turn->why_over;
    if (operation->kind == Operation::Kind::commit ||
        operation->kind == Operation::Kind::rollback) {
        settle(turn, *operation);
    } else {
        complete(*operation);
    }
}

void Writer::perform(Operation& operation, Lock& lock) {
    using Kind = Operation::Kind;
    lock.unlock();
    switch (operation.kind) {
        case Kind::savepoint:
            operation.error = connection_->control(Control::inner_savepoint);
            break;
        case Kind::undo:
            operation.error = connection_->control(Control::inner_undo);
            [[fallthrough]];
        case Kind::release:
            if (!operation.error) operation.error = connection_->control(Control::inner_release);
            break;
        default:
            connection_->run(operation);
            break;
    }
    lock.lock();
    // SQLITE_FULL, SQLITE_IOERR, SQLITE_NOMEM, SQLITE_BUSY and SQLITE_INTERRUPT "might cause an
    // automatic rollback" (sqlite.org/lang_transaction.html §3.2): of every session in the group.
    if (operation.error && !connection_->in_transaction()) {
        group_is_lost(operation.error);
        holder_->over = true;
        holder_->why_over = operation.error;
        holder_ = nullptr;
    }
    complete(operation);
}

void Writer::end_turn(Operation& operation, Lock& lock) {
    Turn* turn = holder_;
    if (operation.kind == Operation::Kind::commit) {
        lock.unlock();
        // At the COMMIT they would fail everyone in the group.
        if (connection_->foreign_keys_pending()) {
            operation.error = std::make_exception_ptr(
                IntegrityError(IntegrityError::Constraint::foreign_key, {}, {},
                               "FOREIGN KEY constraint failed", "COMMIT"));
        } else {
            operation.error = connection_->control(Control::release);
        }
        lock.lock();
        if (!operation.error) {
            holder_ = nullptr;
            if (group_.empty()) group_since_ = Clock::now();
            group_.push_back({&operation, turn});
            return;
        }
    }
    undo_turn(lock);
    holder_ = nullptr;
    settle(turn, operation);
}

void Writer::undo_turn(Lock& lock) {
    lock.unlock();
    std::exception_ptr failure;
    if (connection_->in_transaction()) failure = connection_->control(Control::undo);
    if (!failure && connection_->in_transaction()) failure = connection_->control(Control::release);
    // The savepoint is still there, and nothing may be built upon it.
    if (failure && connection_->in_transaction()) (void)connection_->control(Control::rollback);
    lock.lock();
    if (failure) group_is_lost(failure);
}

void Writer::commit(Lock& lock) {
    lock.unlock();
    std::exception_ptr failure =
        connection_->control(group_.empty() ? Control::rollback : Control::commit);
    if (failure && connection_->in_transaction()) (void)connection_->control(Control::rollback);
    lock.lock();
    if (failure) {
        for (const auto& [operation, turn] : group_) operation->error = failure;
    } else if (!group_.empty()) {
        committed_ += group_.size();
        ++commits_;
        changes_.fetch_add(1, std::memory_order_release);
    }
    for (const auto& [operation, turn] : group_) settle(turn, *operation);
    group_.clear();
}

void Writer::group_is_lost(const std::exception_ptr& cause) {
    if (group_.empty()) return;
    std::string why = "another session's failure undid the transaction that was to be committed";
    try {
        std::rethrow_exception(cause);
    } catch (const std::exception& exception) {
        why.append(": ").append(exception.what());
    }
    const auto failure = std::make_exception_ptr(Error(Error::Kind::lost, why));
    for (const auto& [operation, turn] : group_) {
        operation->error = failure;
        settle(turn, *operation);
    }
    group_.clear();
}

// The session has no transaction from here on.
void Writer::settle(Turn* turn, Operation& operation) {
    turn->session->transaction = nullptr;
    delete turn;
    complete(operation);
}

void Writer::complete(Operation& operation) {
    operation.context->reactor().post([waiter = operation.waiter] { waiter.resume(); });
}

}  // namespace portico::db::sqlite
