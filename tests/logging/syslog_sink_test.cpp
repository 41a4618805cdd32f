#include "portico/logging/syslog_sink.hpp"

#include <gmock/gmock.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "portico/logging/logging.hpp"

namespace portico::logging {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

/// A syslog that the test reads.
class Receiver {
public:
    explicit Receiver(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, path.size());
        EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    }
    explicit Receiver(int family) : socket_(::socket(family, SOCK_DGRAM, 0)) {
        sockaddr_in6 address{};
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        socklen_t size = sizeof(sockaddr_in6);
        if (family == AF_INET) {
            auto* const v4 = reinterpret_cast<sockaddr_in*>(&address);
            v4->sin_family = AF_INET;
            v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            size = sizeof(sockaddr_in);
        } else {
            address.sin6_family = AF_INET6;
            address.sin6_addr = in6addr_loopback;
        }
        bound_ = ::bind(socket_, any, size) == 0;
        ::getsockname(socket_, any, &size);
        port_ = ntohs(family == AF_INET ? reinterpret_cast<sockaddr_in*>(&address)->sin_port
                                        : address.sin6_port);
    }
    ~Receiver() { ::close(socket_); }
    Receiver(const Receiver&) = delete;
    Receiver& operator=(const Receiver&) = delete;

    std::string receive() {
        char buffer[16384];
        const auto size = ::recv(socket_, buffer, sizeof buffer, 0);
        return {buffer, static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
    }
    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] bool bound() const { return bound_; }

private:
    int socket_;
    int port_ = 0;
    bool bound_ = false;
};

class SyslogSinkTest : public ::testing::Test {
protected:
    SyslogSinkTest() {
        std::string pattern = ::testing::TempDir() + "portico-syslog-XXXXXX";
        folder = ::mkdtemp(pattern.data());
        path = folder + "/log";
    }
    ~SyslogSinkTest() override { std::filesystem::remove_all(folder); }

    static std::unique_ptr<Logging> log_to(std::shared_ptr<Sink> sink) {
        return setup({.level = Level::debug, .to_stdout = false, .sinks = {std::move(sink)}})
            .value();
    }

    std::string folder;
    std::string path;
};

TEST_F(SyslogSinkTest, a_line_is_a_message_of_its_severity) {
    Receiver receiver{path};
    const auto sink =
        SyslogSink::open({.address = path, .app_name = "shop", .facility = 10}).value();
    const auto logging = log_to(sink);
    logging->logger("a").warning("careful", {{"n", 7}});
    EXPECT_THAT(receiver.receive(),
                MatchesRegex("<84>1 20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{6}Z [^ ]+ shop "
                             "[0-9]+ - - .* a - WARNING - careful n=7"));
    for (const auto& [level, priority] : {std::pair{Level::critical, "<82>1 "},
                                          {Level::error, "<83>1 "},
                                          {Level::info, "<86>1 "},
                                          {Level::debug, "<87>1 "}}) {
        logging->logger("a").log(level, "x", {});
        EXPECT_TRUE(receiver.receive().starts_with(priority)) << priority;
    }
    EXPECT_EQ(sink->dropped(), 0U);
}

TEST_F(SyslogSinkTest, over_udp_too) {
    Receiver v4{AF_INET};
    const auto sink =
        SyslogSink::open({.address = "udp://127.0.0.1:" + std::to_string(v4.port())}).value();
    log_to(sink)->logger("a").info("over IPv4");
    EXPECT_THAT(v4.receive(), HasSubstr("over IPv4"));
    Receiver v6{AF_INET6};
    if (!v6.bound()) GTEST_SKIP() << "no IPv6 here";
    const auto other =
        SyslogSink::open({.address = "udp://[::1]:" + std::to_string(v6.port())}).value();
    log_to(other)->logger("a").info("over IPv6");
    EXPECT_THAT(v6.receive(), HasSubstr("over IPv6"));
}

TEST_F(SyslogSinkTest, one_that_is_not_there_costs_nothing_and_is_counted) {
    const auto sink = SyslogSink::open({.address = path}).value();
    const auto logging = log_to(sink);
    for (int i = 0; i < 3; ++i) logging->logger("a").info("lost");
    EXPECT_EQ(sink->dropped(), 3U);
}

TEST_F(SyslogSinkTest, one_that_does_not_read_keeps_nobody_waiting) {
    const Receiver receiver{path};
    const auto sink = SyslogSink::open({.address = path}).value();
    const auto logging = log_to(sink);
    while (sink->dropped() == 0) logging->logger("a").info(std::string(2000, 'x'));
    SUCCEED();
}

TEST_F(SyslogSinkTest, one_that_was_started_anew_is_found) {
    const auto sink = SyslogSink::open({.address = path}).value();
    const auto logging = log_to(sink);
    {
        Receiver first{path};
        logging->logger("a").info("one");
        EXPECT_THAT(first.receive(), HasSubstr("one"));
    }
    std::filesystem::remove(path);
    Receiver second{path};
    // It is looked for once a second.
    std::uint64_t lost = 0;
    do {
        lost = sink->dropped();
        logging->logger("a").info("two");
    } while (sink->dropped() != lost);
    EXPECT_THAT(second.receive(), HasSubstr("two"));
}

TEST_F(SyslogSinkTest, a_message_that_is_too_long_is_cut) {
    Receiver receiver{path};
    const auto logging = log_to(SyslogSink::open({.address = path}).value());
    logging->logger("a").info(std::string(8000, 'x'), {{"more", std::string(4000, 'y')}});
    EXPECT_EQ(receiver.receive().size(), 8192U);
}

TEST_F(SyslogSinkTest, what_is_no_address_is_said) {
    for (const char* address :
         {"", "log", "udp://", "udp://127.0.0.1", "udp://127.0.0.1:0", "udp://localhost:514",
          "udp://::1:514", "udp://[::1:514", "tcp://127.0.0.1:514", "udp://127.0.0.1:x"}) {
        const auto opened = SyslogSink::open({.address = address});
        ASSERT_FALSE(opened) << address;
        EXPECT_THAT(opened.error(), HasSubstr("udp://ADDRESS:PORT")) << address;
    }
    EXPECT_FALSE(SyslogSink::open({.address = "/" + std::string(200, 'x')}));
    EXPECT_FALSE(SyslogSink::open({.app_name = ""}));
    EXPECT_FALSE(SyslogSink::open({.app_name = "a b"}));
    EXPECT_FALSE(SyslogSink::open({.facility = 24}));
}

}  // namespace
}  // namespace portico::logging
