// PostgreSQL over TLS, by the modes of `sslmode`, and whom it does not trust.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "portico/core/gather.hpp"
#include "portico/db/database.hpp"
#include "tests/db/postgres_support.hpp"

namespace portico::db {
namespace {

using core::Task;
using portico::testing::Service;

/// A PostgreSQL with a certificate for "localhost" that only `ca.pem` vouches for.
class PostgresTls : public ::testing::Test {
protected:
    static void SetUpTestSuite() { service_ = std::make_unique<Service>("postgres", "--tls"); }
    static void TearDownTestSuite() { service_.reset(); }

    static std::string url(const std::string& host, const std::string& mode,
                           const std::string& authority = {}) {
        return "postgresql://portico:portico-test@" + host + ":" +
               std::to_string(service_->port()) + "/postgres?sslmode=" + mode +
               (authority.empty() ? "" : "&sslrootcert=" + service_->file(authority));
    }
    /// Whether the connection is encrypted, or what keeps it from being made.
    static std::string reach(const std::string& url) {
        const auto database = Database::open({.url = url});
        if (!database) return database.error().what();
        return test::value<bool>(*database,
                                 "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
                   ? "encrypted"
                   : "plain";
    }

    static inline std::unique_ptr<Service> service_;
};

TEST_F(PostgresTls, the_mode_says_whether_it_is_encrypted) {
    EXPECT_EQ(reach(url("localhost", "disable")), "plain");
    EXPECT_EQ(reach(url("localhost", "allow")), "plain");
    EXPECT_EQ(reach(url("localhost", "prefer")), "encrypted");
    EXPECT_EQ(reach(url("localhost", "require")), "encrypted");
}

TEST_F(PostgresTls, a_server_without_it_is_refused_where_it_is_required) {
    const std::string plain = test::postgres().url() + "?sslmode=";
    EXPECT_EQ(reach(plain + "prefer"), "plain");
    EXPECT_NE(reach(plain + "require").find("does not support SSL"), std::string::npos)
        << reach(plain + "require");
}

TEST_F(PostgresTls, the_authority_and_the_name_are_verified) {
    EXPECT_EQ(reach(url("localhost", "verify-full", "ca.pem")), "encrypted");
    EXPECT_EQ(reach(url("127.0.0.1", "verify-ca", "ca.pem")), "encrypted");
    for (const auto& [address, why] :
         {std::pair{url("127.0.0.1", "verify-full", "ca.pem"), "does not match host name"},
          std::pair{url("localhost", "verify-ca", "certificate.pem"), "certificate verify failed"},
          std::pair{url("localhost", "verify-full", "none.pem"), "does not exist"}}) {
        const std::string said = reach(address);
        EXPECT_NE(said.find(why), std::string::npos) << said;
        EXPECT_EQ(said.find("portico-test"), std::string::npos) << said;
    }
}

TEST_F(PostgresTls, values_of_any_size_go_both_ways) {
    const auto database = test::open({.url = url("localhost", "verify-full", "ca.pem")});
    wait([](const Database& from) -> Task<void> {
        const auto size = [](Session& session, std::string text) -> Task<std::size_t> {
            const auto found =
                co_await session.fetch<std::string>("SELECT :text || ''", arg("text", text));
            co_return found.at(0) == text ? text.size() : 0;
        };
        std::vector<Session> sessions;
        for (int i = 0; i < 8; ++i) sessions.push_back(from.session());
        const auto [first, second, third] = co_await core::gather(
            size(sessions[0], std::string(3'000'000, 'a')),
            size(sessions[1], std::string(100'000, 'b')), size(sessions[2], "c"));
        EXPECT_EQ(first, 3'000'000U);
        EXPECT_EQ(second, 100'000U);
        EXPECT_EQ(third, 1U);
    }(database));
}

}  // namespace
}  // namespace portico::db
