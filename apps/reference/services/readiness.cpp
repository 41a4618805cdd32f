#include "services/readiness.hpp"

namespace reference {

namespace {

Task<std::string> probe(const Database& database) {
    try {
        Session session = database.session();
        static_cast<void>(co_await session.fetch_one<std::int64_t>("SELECT count(*) FROM users"));
    } catch (const std::exception&) {
        co_return "database";
    }
    co_return "";
}

}  // namespace

Task<std::string> Readiness::missing(const Database& database, const Clock& clock) {
    return probed_.get(clock, [&database] { return probe(database); });
}

}  // namespace reference
