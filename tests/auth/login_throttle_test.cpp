#include "portico/auth/login_throttle.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "tests/support/loop.hpp"

namespace portico::auth {
namespace {

using namespace std::chrono_literals;
using tests::Loop;

http::IpAddress address(std::string_view text) {
    return http::IpAddress::parse(text).value();
}

const auto kHome = address("192.0.2.10");

class Throttle : public testing::Test {
protected:
    using Result = std::expected<LoginThrottle::Attempt, Throttled>;

    Result begin(LoginThrottle& throttle, std::string_view name,
                 const http::IpAddress& from = kHome, bool whitelisted = false) {
        return loop_.run(throttle.begin(name, from, whitelisted));
    }
    /// A failed log-in: true when it was let through.
    bool fail(LoginThrottle& throttle, std::string_view name, const http::IpAddress& from = kHome) {
        return begin(throttle, name, from).has_value();
    }
    /// How long a failed log-in took.
    std::chrono::nanoseconds time_of_failure(LoginThrottle& throttle, std::string_view name,
                                             const http::IpAddress& from) {
        const auto before = loop_.clock.steady_now();
        EXPECT_TRUE(fail(throttle, name, from));
        return loop_.clock.steady_now() - before;
    }

    Loop loop_;
    LoginThrottle throttle_{{.rate_limit = 1000}, loop_.clock};
};

TEST_F(Throttle, an_address_has_ten_tries_a_minute_of_any_kind) {
    LoginThrottle throttle{{}, loop_.clock};
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(throttle.admit(kHome));
    for (int i = 0; i < 5; ++i) begin(throttle, "alice").value().succeeded();
    loop_.clock.advance(20s);
    const auto refused = throttle.admit(kHome);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().retry_after, 40s);
    EXPECT_EQ(begin(throttle, "bob").error().retry_after, 40s);
    loop_.clock.advance(40s - 1ns);
    EXPECT_EQ(throttle.admit(kHome).error().retry_after, 1s);
    loop_.clock.advance(1ns);
    EXPECT_TRUE(throttle.admit(kHome));
}

TEST_F(Throttle, neighbours_of_one_network_are_one_address) {
    LoginThrottle throttle{{.rate_limit = 1}, loop_.clock};
    EXPECT_TRUE(throttle.admit(address("192.0.2.1")));
    EXPECT_FALSE(throttle.admit(address("192.0.2.254")));
    EXPECT_FALSE(throttle.admit(address("::ffff:192.0.2.9")));
    EXPECT_TRUE(throttle.admit(address("192.0.3.1")));
    EXPECT_TRUE(throttle.admit(address("2001:db8:0:1::1")));
    EXPECT_FALSE(throttle.admit(address("2001:db8:0:1:ffff::1")));
    EXPECT_TRUE(throttle.admit(address("2001:db8:0:2::1")));
}

TEST_F(Throttle, five_failures_a_minute_of_a_name_and_an_address) {
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(fail(throttle_, "alice"));
    loop_.clock.advance(10s);
    const auto refused = begin(throttle_, "alice");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().retry_after, 50s);
    EXPECT_TRUE(begin(throttle_, "bob"));
    EXPECT_TRUE(begin(throttle_, "alice", address("198.51.100.1")));
    loop_.clock.advance(50s);
    EXPECT_TRUE(begin(throttle_, "alice"));
}

TEST_F(Throttle, the_case_of_a_name_does_not_matter) {
    for (const auto name : {"alice", "Alice", "ALICE", "aLiCe", "alicE"}) {
        EXPECT_TRUE(fail(throttle_, name));
    }
    EXPECT_FALSE(fail(throttle_, "AliCE"));
}

TEST_F(Throttle, a_good_login_does_not_count_nor_forgive) {
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(fail(throttle_, "alice"));
    for (int i = 0; i < 20; ++i) begin(throttle_, "alice").value().succeeded();
    EXPECT_TRUE(fail(throttle_, "alice"));
    EXPECT_FALSE(fail(throttle_, "alice"));
}

TEST_F(Throttle, what_was_not_tried_does_not_count) {
    for (int i = 0; i < 20; ++i) begin(throttle_, "alice").value().not_tried();
    EXPECT_TRUE(begin(throttle_, "alice"));
}

TEST_F(Throttle, a_burst_gains_nothing) {
    std::vector<LoginThrottle::Attempt> burst;
    for (int i = 0; i < 5; ++i) burst.push_back(begin(throttle_, "alice").value());
    // The sixth waits for the others, which take longer than it likes to wait.
    const auto before = loop_.clock.steady_now();
    EXPECT_EQ(begin(throttle_, "alice").error().retry_after, 1s);
    EXPECT_EQ(loop_.clock.steady_now() - before, 10s);
    burst.front().succeeded();
    EXPECT_TRUE(begin(throttle_, "alice"));
}

TEST_F(Throttle, a_try_waits_for_those_that_are_being_checked) {
    std::vector<LoginThrottle::Attempt> burst;
    for (int i = 0; i < 5; ++i) burst.push_back(begin(throttle_, "alice").value());
    (void)loop_.start_timer(loop_.clock.steady_now() + 1s, [&] { burst.at(2).succeeded(); });
    const auto before = loop_.clock.steady_now();
    EXPECT_TRUE(begin(throttle_, "alice"));
    EXPECT_LE(loop_.clock.steady_now() - before, 1025ms);
}

TEST_F(Throttle, a_name_that_fails_everywhere_is_delayed_and_never_refused) {
    LoginThrottle throttle{{.rate_limit = 1000, .failure_limit = 5}, loop_.clock};
    const auto from = [](int i) { return address("10.0." + std::to_string(i) + ".1"); };
    for (int i = 0; i < 50; ++i) EXPECT_EQ(time_of_failure(throttle, "alice", from(i)), 0s) << i;
    EXPECT_EQ(time_of_failure(throttle, "alice", from(50)), 500ms);
    EXPECT_EQ(time_of_failure(throttle, "ALICE", from(51)), 1s);
    EXPECT_EQ(time_of_failure(throttle, "alice", from(52)), 2s);
    EXPECT_EQ(time_of_failure(throttle, "alice", from(53)), 4s);
    for (int i = 54; i < 100; ++i) {
        EXPECT_EQ(time_of_failure(throttle, "alice", from(i)), 8s) << i;
    }
    EXPECT_EQ(time_of_failure(throttle, "bob", from(0)), 0s);
    begin(throttle, "alice", from(100)).value().succeeded();
    loop_.clock.advance(1h);
    EXPECT_EQ(time_of_failure(throttle, "alice", from(101)), 0s);
}

TEST_F(Throttle, a_whitelisted_address_is_exempt_from_the_rate_alone) {
    LoginThrottle throttle{{.rate_limit = 2}, loop_.clock};
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(throttle.admit(kHome, true));
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(begin(throttle, "alice", kHome, true));
    EXPECT_FALSE(begin(throttle, "alice", kHome, true));
    EXPECT_TRUE(throttle.admit(kHome));  // nothing was counted
}

TEST_F(Throttle, a_client_that_leaves_during_the_delay_has_not_tried) {
    for (int i = 0; i < 50; ++i) {
        EXPECT_TRUE(fail(throttle_, "alice", address("10.0." + std::to_string(i) + ".1")));
    }
    loop_.context.cancel();
    for (int i = 0; i < 10; ++i) {
        EXPECT_THROW((void)begin(throttle_, "alice"), core::Cancelled);
    }
    loop_.context.reset();
    EXPECT_TRUE(begin(throttle_, "alice"));
}

TEST_F(Throttle, memory_is_bounded_and_a_flood_of_names_frees_nobody) {
    LoginThrottle throttle{{.rate_limit = 0x7fffffff, .capacity = 64}, loop_.clock};
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(fail(throttle, "alice"));
    for (int i = 0; i < 2000; ++i) (void)fail(throttle, std::to_string(i));
    EXPECT_FALSE(fail(throttle, "alice"));
}

}  // namespace
}  // namespace portico::auth
