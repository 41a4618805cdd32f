#include "services/readiness.hpp"

#include "models/user.hpp"

namespace reference {

namespace {

Task<bool> answers(const Database& database) {
    try {
        Session session = database.session();
        static_cast<void>(co_await session.query<User>().exists());
    } catch (const std::exception&) {
        co_return false;
    }
    co_return true;
}

Task<std::string> probe(const Database& database, OtherInstances& others) {
    std::string missing;
    if (!co_await answers(database)) missing = "database";
    if (!co_await others.can_be_told()) missing += missing.empty() ? "redis" : ", redis";
    co_return missing;
}

}  // namespace

Task<std::string> Readiness::missing(const Database& database, OtherInstances& others,
                                     const Clock& clock) {
    return probed_.get(clock, [&] { return probe(database, others); });
}

}  // namespace reference
