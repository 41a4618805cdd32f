#include <vector>

#include "db/postgres/clock.hpp"
#include "db/postgres/pool.hpp"

// What ends a job that nobody would answer in time.

namespace portico::db::postgres {
namespace {

using Clock = std::chrono::steady_clock;
using Kind = Operation::Kind;
using std::chrono::milliseconds;

// How often is looked for what was cancelled or takes too long.
constexpr milliseconds kWatchInterval{50};
// What the server is given beyond `statement_limit`, which it knows itself, and to obey a cancel.
constexpr milliseconds kGrace{2000};

// The client is gone or the deadline has passed, and it may be stopped now.
bool is_stopped(const Job& job) {
    const core::Context& context = *job.operation->context;
    if (!context.cancelled() && context.reactor().now() < context.deadline()) return false;
    const Kind kind = job.operation->kind;
    if (kind != Kind::run && kind != Kind::savepoint && !job.operation->copies()) return false;
    try {
        context.throw_if_stopped();
    } catch (...) {
        return true;
    }
    return false;
}

}  // namespace

void Pool::watch(core::Reactor& reactor) {
    if (watch_ != 0) return;
    watched_on_ = &reactor;
    watch_ = reactor.start_timer(reactor.now() + kWatchInterval, [this] {
        watch_ = 0;
        look_around();
    });
}

bool Pool::is_late(const Job& job, Clock::time_point now) {
    return now - job.since >= server_.options.pool_timeout || is_stopped(job);
}

void Pool::look_around() {
    const auto now = coarse_now();
    std::vector<Job*> late;
    std::erase_if(waiting_, [&](Job* job) {
        if (!is_late(*job, now)) return false;
        late.push_back(job);
        return true;
    });
    for (Job* job : late) {
        refuse(*job, std::make_exception_ptr(
                         Busy("no connection to the database was free within " +
                              std::to_string(server_.options.pool_timeout.count()) + " ms")));
    }
    // One that is broken off is no longer among them.
    std::vector<Connection*> busy_ones;
    for (const auto& connection : connections_) {
        if (connection->running()) busy_ones.push_back(connection.get());
    }
    for (Connection* connection : busy_ones) look_at(*connection, now);
    if (under_way_ > 0) watch(*watched_on_);
    settle();
}

void Pool::look_at(Connection& connection, Clock::time_point now) {
    Job& job = *connection.running();
    if (!connection.holder() && now - job.since >= kWatchInterval) {
        // Statements by themselves can be run again: those behind a slow one go elsewhere.
        const auto followers = connection.take_followers();
        for (auto at = followers.rbegin(); at != followers.rend(); ++at) {
            (*at)->statement = nullptr;
            waiting_.push_front(*at);
        }
    }
    if (!job.cancelling && is_stopped(job) && server_.background.cancel(connection.handle())) {
        job.cancelling = true;
        job.since = now;
        connection.taint();
    }
    if (job.operation->copies() && !job.cancelling) return;
    const auto limit = job.cancelling ? milliseconds{0} : server_.options.statement_limit;
    if (now - job.since >= limit + kGrace) connection.break_off("it does not answer");
}

}  // namespace portico::db::postgres
