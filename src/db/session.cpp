#include "portico/db/session.hpp"

#include <algorithm>

namespace portico::db {

bool detail::PendingBase::start() {
    Operation& operation = operation_;
    const bool has_statement = operation.kind == Operation::Kind::run || operation.copies();
    if (has_statement && !operation.context) {
        operation.parameters = parameters_.bound();
        if (!key_.empty()) operation.statement.key = {key_.data(), key_.size()};
        if (operation.error) return true;
        if (expects_one_ && session_->watch_) {
            session_->repeats_.add(operation.statement, *session_->watch_);
        }
    }
    return session_->driver_->start(session_->state_, operation);
}

void detail::PendingBase::finish() {
    const bool may_stop = operation_.kind == Operation::Kind::run ||
                          operation_.kind == Operation::Kind::savepoint || operation_.copies();
    // What the request waited for may have come too late; what was done at once did not.
    if (may_stop && operation_.context) operation_.context->throw_if_stopped();
    if (operation_.error) std::rethrow_exception(operation_.error);
}

Session::~Session() {
    if (state_.transaction) driver_->abandon(state_);
}

core::Task<void> Session::finish(core::Outcome outcome) {
    if (!state_.transaction) co_return;
    if (outcome == core::Outcome::success) {
        co_await commit();
    } else {
        co_await rollback();
    }
}

detail::PendingChange Session::notify(std::string_view channel, std::string_view payload) {
    if (driver_->dialect() != Dialect::postgresql) {
        throw Error(Error::Kind::statement, "this database has no notifications: PostgreSQL has");
    }
    detail::PendingChange pending = execute("SELECT pg_notify(:channel, :payload)",
                                            arg("channel", channel), arg("payload", payload));
    pending.operation().writes = true;
    return pending;
}

void Session::bind(const Sql& statement, Operation& operation, detail::Parameters& parameters,
                   std::span<const Argument> arguments) {
    operation.decide_alone = true;
    operation.statement = {statement.text(), &write_sql};
    std::string wrong;
    for (std::size_t i = 0; i < statement.parameter_count(); ++i) {
        const auto found = std::ranges::find(arguments, statement.parameter(i), &Argument::name);
        if (found == arguments.end()) {
            wrong.append(" :").append(statement.parameter(i)).append(" has no value;");
        } else {
            parameters.add(found->value);
        }
    }
    for (const Argument& argument : arguments) {
        bool used = false;
        for (std::size_t i = 0; i < statement.parameter_count(); ++i) {
            used = used || statement.parameter(i) == argument.name;
        }
        if (!used) wrong.append(" there is no :").append(argument.name).append(";");
    }
    if (wrong.empty()) return;
    wrong.pop_back();
    operation.error = std::make_exception_ptr(Error(
        Error::Kind::statement, "parameters do not fit the statement:" + wrong, statement.text()));
}

}  // namespace portico::db
