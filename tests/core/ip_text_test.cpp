#include "portico/core/ip_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace portico::core {
namespace {

std::string read(std::string_view text) {
    std::array<char, kMostIpText> buffer;
    if (const auto v4 = parse_ipv4(text)) return std::string(format_ipv4(*v4, buffer));
    if (const auto v6 = parse_ipv6(text)) return std::string(format_ipv6(*v6, buffer));
    return "none";
}

TEST(IpText, ipv4_is_four_numbers_without_leading_zeros) {
    EXPECT_EQ(read("192.0.2.255"), "192.0.2.255");
    for (const auto* text :
         {"", "1.2.3", "1.2.3.4.", "01.2.3.4", "256.1.1.1", "1..2.3", "1.2.3.4 "}) {
        EXPECT_EQ(read(text), "none") << text;
    }
}

TEST(IpText, ipv6_is_written_as_rfc_5952_asks) {
    EXPECT_EQ(read("2001:DB8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");
    EXPECT_EQ(read("::"), "::");
    EXPECT_EQ(read("1:0:0:2:0:0:0:3"), "1:0:0:2::3");
    EXPECT_EQ(read("1:2:3:4:5:6:0:8"), "1:2:3:4:5:6:0:8");
    EXPECT_EQ(read("::ffff:192.0.2.1"), "::ffff:192.0.2.1");
    EXPECT_EQ(read("::ffff:c000:201"), "::ffff:192.0.2.1");
    EXPECT_EQ(read("::192.0.2.1"), "::c000:201");
    EXPECT_EQ(read("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff").size(), kMostIpText);
}

TEST(IpText, what_is_no_ipv6_is_refused) {
    for (const auto* text : {":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
                             "::1%eth0", "[::1]", "12345::", "1:2:3:4:5:6:7:1.2.3.4", "::g"}) {
        EXPECT_EQ(read(text), "none") << text;
    }
}

}  // namespace
}  // namespace portico::core
