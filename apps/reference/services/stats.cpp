#include "services/stats.hpp"

#include "models/user.hpp"

namespace reference {

namespace {

Task<Stats> count(Session& session) {
    co_return Stats{.users = co_await session.query<User>().count(),
                    .items = co_await session.query<Item>().count()};
}

}  // namespace

Task<Stats> StatsService::get(Session& session, const Clock& clock) {
    return counted_.get(clock, [&session] { return count(session); });
}

}  // namespace reference
