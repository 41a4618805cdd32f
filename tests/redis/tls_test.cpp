// The client over TLS, and what it does not trust.

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdlib>
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
using test::Folder;
using test::TestReactor;

int free_port() {
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(probe, reinterpret_cast<sockaddr*>(&address), size);
    ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(probe);
    return ntohs(address.sin_port);
}

/// A Redis with a certificate for "localhost" that only `ca.pem` vouches for. It asks its clients
/// for one of the same authority.
class TlsTest : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        folder_ = std::make_unique<Folder>();
        port_ = free_port();
        const std::string make =
            "cd " + folder_->file("") +
            " && new='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'"
            " && openssl req -x509 $new -keyout ca.key -out ca.pem -subj /CN=test-ca -days 2"
            " && openssl req $new -keyout key.pem -out request.pem -subj /CN=localhost"
            " && echo subjectAltName=DNS:localhost >names"
            " && openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial"
            " -out certificate.pem -days 2 -extfile names";
        ASSERT_EQ(std::system(("(" + make + ") >/dev/null 2>&1").c_str()), 0);
        service_ = std::make_unique<Service>(
            "redis", "--tls-port " + std::to_string(port_) + " --tls-cert-file " +
                         folder_->file("certificate.pem") + " --tls-key-file " +
                         folder_->file("key.pem") + " --tls-ca-cert-file " +
                         folder_->file("ca.pem"));
    }
    static void TearDownTestSuite() {
        service_.reset();
        folder_.reset();
    }

    static TlsOptions trusted() {
        return {.ca_file = folder_->file("ca.pem"),
                .certificate_file = folder_->file("certificate.pem"),
                .key_file = folder_->file("key.pem")};
    }
    /// What keeps it from being reached; "": nothing.
    static std::string reach(const std::string& host, TlsOptions tls) {
        Client client = test::open({.url = "rediss://" + host + ":" + std::to_string(port_),
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

    static inline std::unique_ptr<Folder> folder_;
    static inline int port_ = 0;
    static inline std::unique_ptr<Service> service_;
};

TEST_F(TlsTest, values_of_any_size_go_both_ways) {
    Client client = test::open({.url = "rediss://localhost:" + std::to_string(port_),
                                .timeout = 30s,
                                .connect_timeout = 30s,
                                .tls = trusted()});
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
    const std::string said = reach("localhost", {.ca_file = folder_->file("ca.pem")});
    EXPECT_NE(said, "");
}

}  // namespace
}  // namespace portico::redis
