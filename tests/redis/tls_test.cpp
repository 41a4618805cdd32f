// The client over TLS, and what it does not trust.

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "portico/redis/client.hpp"
#include "tests/redis/support.hpp"
#include "tests/support/service.hpp"

namespace portico::redis {
namespace {

using namespace std::chrono_literals;
using core::Task;
using portico::testing::Service;
using test::TestReactor;

/// A Redis with a certificate for "localhost" that only `ca.pem` vouches for. It asks its clients
/// for one of the same authority.
class TlsTest : public ::testing::Test {
protected:
    static void SetUpTestSuite() { service_ = std::make_unique<Service>("redis", "--tls"); }
    static void TearDownTestSuite() { service_.reset(); }

    static TlsOptions trusted() {
        return {.ca_file = service_->file("ca.pem"),
                .certificate_file = service_->file("certificate.pem"),
                .key_file = service_->file("key.pem")};
    }
    /// What keeps it from being reached; "": nothing.
    static std::string reach(const std::string& host, TlsOptions tls) {
        Client client =
            test::open({.url = "rediss://" + host + ":" + std::to_string(service_->port()),
                        .timeout = 30s,
                        .connect_timeout = 30s,
                        .tls = std::move(tls)});
        TestReactor reactor;
        std::string said;
        reactor.run([](Client& asked, std::string& to) -> Task<void> {
            try {
                co_await asked.ping();
            } catch (const Unavailable& error) {
                to = error.what();
            }
        }(client, said));
        return said;
    }

    static inline std::unique_ptr<Service> service_;
};

TEST_F(TlsTest, values_of_any_size_go_both_ways) {
    Client client = test::open(
        {.url = service_->url(), .timeout = 30s, .connect_timeout = 30s, .tls = trusted()});
    TestReactor reactor;
    reactor.run([&]() -> Task<void> {
        const std::string large(3'000'000, 'x');
        co_await client.set("large", large);
        EXPECT_TRUE(co_await client.get("large") == large);
        co_await client.set("small", "y");
        EXPECT_EQ(co_await client.get("small"), "y");
    }());
}

TEST_F(TlsTest, a_certificate_of_a_stranger_is_not_trusted) {
    TlsOptions without = trusted();
    without.ca_file.clear();
    EXPECT_NE(reach("localhost", without).find("the certificate of localhost is not trusted"),
              std::string::npos);
}

TEST_F(TlsTest, a_certificate_for_another_name_is_not_trusted) {
    EXPECT_EQ(reach("localhost", trusted()), "");
    EXPECT_NE(reach("127.0.0.1", trusted()).find("IP address mismatch"), std::string::npos);
}

TEST_F(TlsTest, verification_can_be_turned_off) {
    TlsOptions blind = trusted();
    blind.ca_file.clear();
    blind.verify = false;
    EXPECT_EQ(reach("127.0.0.1", blind), "");
}

TEST_F(TlsTest, a_certificate_is_shown_when_the_server_asks) {
    const std::string said = reach("localhost", {.ca_file = service_->file("ca.pem")});
    EXPECT_NE(said, "");
}

}  // namespace
}  // namespace portico::redis
