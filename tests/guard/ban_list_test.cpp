#include "portico/guard/ban_list.hpp"

#include <gtest/gtest.h>

#include "portico/testing/fake_clock.hpp"

namespace portico::guard {
namespace {

using namespace std::chrono_literals;
using http::IpAddress;
using testing::FakeClock;

IpAddress address(std::string_view text) {
    return IpAddress::parse(text).value();
}

TEST(BanList, a_client_of_ipv6_is_its_64_network) {
    EXPECT_EQ(client_of(address("2001:db8:1:2:3::4")), address("2001:db8:1:2::"));
    EXPECT_EQ(client_of(address("192.0.2.7")), address("192.0.2.7"));
    EXPECT_EQ(client_of(address("::ffff:192.0.2.7")), address("192.0.2.7"));
}

TEST(BanList, the_request_that_reaches_the_threshold_brings_the_ban) {
    FakeClock clock;
    BanList bans({.threshold = 3, .duration = 60s}, clock);
    const auto client = address("192.0.2.1");
    EXPECT_FALSE(bans.suspect(client));
    EXPECT_FALSE(bans.suspect(client));
    EXPECT_FALSE(bans.find(client));
    const auto ban = bans.suspect(client);
    ASSERT_TRUE(ban);
    EXPECT_EQ(ban->until, clock.now() + 60s);
    EXPECT_EQ(bans.find(client), clock.now() + 60s);
    EXPECT_FALSE(bans.find(address("192.0.2.2")));
}

TEST(BanList, suspicions_older_than_the_duration_do_not_count) {
    FakeClock clock;
    BanList bans({.threshold = 2, .duration = 60s}, clock);
    const auto client = address("192.0.2.1");
    EXPECT_FALSE(bans.suspect(client));
    clock.advance(61s);
    EXPECT_FALSE(bans.suspect(client));
    EXPECT_TRUE(bans.suspect(client));
}

TEST(BanList, a_ban_ends) {
    FakeClock clock;
    BanList bans({}, clock);
    const auto client = address("192.0.2.1");
    EXPECT_TRUE(bans.add(client, 60s, "manual"));
    clock.advance(59s);
    EXPECT_TRUE(bans.find(client));
    clock.advance(1s);
    EXPECT_FALSE(bans.find(client));
    EXPECT_EQ(bans.size(), 0U);
    EXPECT_TRUE(bans.list().empty());
}

TEST(BanList, further_bans_grow_and_never_outlast_thirty_days) {
    FakeClock clock;
    BanList bans({.duration = 100s, .growth = 10}, clock);
    const auto client = address("192.0.2.1");
    EXPECT_TRUE(bans.add(client, {}, ""));
    EXPECT_EQ(bans.find(client), clock.now() + 100s);
    clock.advance(200s);
    EXPECT_TRUE(bans.add(client, {}, ""));
    EXPECT_EQ(bans.find(client), clock.now() + 1000s);
    for (int i = 0; i < 8; ++i) EXPECT_TRUE(bans.add(client, {}, ""));
    EXPECT_EQ(bans.find(client), clock.now() + std::chrono::days(30));
}

TEST(BanList, a_ban_of_long_ago_does_not_make_the_next_one_longer) {
    FakeClock clock;
    BanList bans({.duration = 100s, .growth = 10}, clock);
    const auto client = address("192.0.2.1");
    EXPECT_TRUE(bans.add(client, {}, ""));
    clock.advance(48h);
    EXPECT_TRUE(bans.add(client, {}, ""));
    EXPECT_EQ(bans.find(client), clock.now() + 100s);
}

TEST(BanList, a_full_list_drops_what_ended_and_never_a_live_ban) {
    FakeClock clock;
    BanList bans({.capacity = 2}, clock);
    EXPECT_TRUE(bans.add(address("192.0.2.1"), 10s, ""));
    EXPECT_TRUE(bans.add(address("192.0.2.2"), 100s, ""));
    EXPECT_FALSE(bans.add(address("192.0.2.3"), 100s, ""));
    EXPECT_TRUE(bans.find(address("192.0.2.1")));
    EXPECT_TRUE(bans.add(address("192.0.2.2"), 200s, "")) << "it has its place already";
    clock.advance(11s);
    EXPECT_TRUE(bans.add(address("192.0.2.3"), 100s, ""));
    EXPECT_TRUE(bans.find(address("192.0.2.2")));
}

TEST(BanList, a_ban_is_lifted_however_its_address_is_written) {
    BanList bans;
    EXPECT_TRUE(bans.add(client_of(address("2001:DB8::1")), 60s, ""));
    EXPECT_TRUE(bans.lift(client_of(address("2001:0db8:0::2"))));
    EXPECT_FALSE(bans.lift(client_of(address("2001:db8::1"))));
    EXPECT_TRUE(bans.add(client_of(address("::ffff:192.0.2.1")), 60s, ""));
    EXPECT_TRUE(bans.find(client_of(address("192.0.2.1"))));
}

TEST(BanList, the_list_goes_by_client_and_in_pages) {
    BanList bans;
    for (const auto* text : {"192.0.2.3", "192.0.2.1", "192.0.2.2"}) {
        EXPECT_TRUE(bans.add(address(text), 60s, "manual"));
    }
    const auto first = bans.list(2);
    ASSERT_EQ(first.size(), 2U);
    EXPECT_EQ(first[0].client, address("192.0.2.1"));
    EXPECT_EQ(first[0].reason, "manual");
    const auto rest = bans.list(2, first.back().client);
    ASSERT_EQ(rest.size(), 1U);
    EXPECT_EQ(rest[0].client, address("192.0.2.3"));
}

TEST(BanList, what_another_instance_decided_is_taken_over) {
    FakeClock clock;
    BanList here({}, clock);
    BanList there({}, clock);
    const auto client = address("192.0.2.1");
    EXPECT_TRUE(there.add(client, 60s, "detection"));
    EXPECT_TRUE(here.adopt(there.list().front()));
    EXPECT_EQ(here.find(client), there.find(client));
}

}  // namespace
}  // namespace portico::guard
