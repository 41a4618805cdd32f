#pragma once

#include <libpq-fe.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>

#include "portico/db/database.hpp"
#include "portico/db/wait.hpp"
#include "tests/db/support.hpp"
#include "tests/support/service.hpp"

namespace portico::db::test {

/// The one PostgreSQL of all tests of this program.
inline portico::testing::Service& postgres() {
    static portico::testing::Service service{"postgres", "-c max_connections=400"};
    return service;
}

/// Runs SQL beside the program under test, on a connection of its own: the first value of the
/// answer. Throws when it fails.
inline std::string psql(const std::string& url, const std::string& sql) {
    const std::unique_ptr<PGconn, decltype(&PQfinish)> connection{PQconnectdb(url.c_str()),
                                                                  &PQfinish};
    PQsetNoticeProcessor(connection.get(), [](void*, const char*) {}, nullptr);
    const std::unique_ptr<PGresult, decltype(&PQclear)> result{
        PQexec(connection.get(), sql.c_str()), &PQclear};
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        throw std::runtime_error(sql + ": " + PQerrorMessage(connection.get()));
    }
    return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
}

/// A schema of a test's own, where its tables are.
class Schema {
public:
    Schema() : name_("test_" + std::to_string(++last())) {
        psql(postgres().url(), "CREATE SCHEMA " + name_);
    }
    ~Schema() { psql(postgres().url(), "DROP SCHEMA " + name_ + " CASCADE"); }
    Schema(const Schema&) = delete;
    Schema& operator=(const Schema&) = delete;

    [[nodiscard]] std::string url() const { return within(postgres().url()); }
    /// Over the Unix socket: no password, no TLS.
    [[nodiscard]] std::string socket_url() const { return within(postgres().socket_url()); }

    /// The first value of the answer; fails the test when there is an error.
    std::string run(const std::string& sql) const { return psql(url(), sql); }

private:
    static std::atomic<int>& last() {
        static std::atomic<int> number{0};
        return number;
    }
    [[nodiscard]] std::string within(const std::string& url) const {
        return url + (url.contains('?') ? "&" : "?") + "options=-c%20search_path%3D" + name_;
    }

    std::string name_;
};

}  // namespace portico::db::test
