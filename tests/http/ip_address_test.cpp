#include "portico/http/ip_address.hpp"

#include <gtest/gtest.h>

#include <string>
#include <unordered_set>
#include <vector>

using portico::http::IpAddress;

namespace {

IpAddress at(std::string_view text) {
    return IpAddress::parse(text).value();
}

struct Written {
    std::string_view text;
    std::string_view canonical;
};

// RFC 4291 §2.2 and RFC 5952 §4.
constexpr Written kValid[] = {
    {"0.0.0.0", "0.0.0.0"},
    {"255.255.255.255", "255.255.255.255"},
    {"10.1.2.3", "10.1.2.3"},
    {"::", "::"},
    {"::1", "::1"},
    {"1::", "1::"},
    {"2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"},
    {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
    {"2001:0db8::0001", "2001:db8::1"},
    {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
    {"2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
    {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
    {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
    {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
    {"fe80::", "fe80::"},
    {"ff01::101", "ff01::101"},
    {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
    {"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
    {"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"},
    {"::ffff:10.1.2.3", "10.1.2.3"},
    {"::FFFF:0a01:0203", "10.1.2.3"},
    {"0:0:0:0:0:ffff:255.255.255.255", "255.255.255.255"},
    {"0000:0000:0000:0000:0000:ffff:255.255.255.255", "255.255.255.255"},
    {"::1.2.3.4", "::102:304"},
    {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
};

constexpr std::string_view kInvalid[] = {"",
                                         " ",
                                         "1",
                                         "1.2.3",
                                         "1.2.3.4.5",
                                         "1.2.3.4 ",
                                         " 1.2.3.4",
                                         "01.2.3.4",
                                         "1.2.3.04",
                                         "256.1.1.1",
                                         "1.2.3.1000",
                                         "1..2.3",
                                         ".1.2.3",
                                         "1.2.3.",
                                         "0x7f.0.0.1",
                                         "127.1",
                                         "2130706433",
                                         "1.2.3.4:80",
                                         "1.2.3.-4",
                                         "+1.2.3.4",
                                         ":",
                                         ":::",
                                         "1:::2",
                                         "::1::",
                                         "1::2::3",
                                         ":1",
                                         "1:",
                                         "1:2:3:4:5:6:7",
                                         "1:2:3:4:5:6:7:8:9",
                                         "1:2:3:4:5:6:7:8::",
                                         "::1:2:3:4:5:6:7:8",
                                         "1::2:3:4:5:6:7:8",
                                         "12345::",
                                         "g::",
                                         "::1.2.3",
                                         "::1.2.3.4:5",
                                         "1.2.3.4::",
                                         "1:2:3:4:5:6:7:1.2.3.4",
                                         "::256.2.3.4",
                                         "[::1]",
                                         "::1%eth0",
                                         "fe80::1%25eth0",
                                         "::1/128",
                                         "1:2:3:4:5:6:7:8:",
                                         "::ffff:1.2.3.04"};

}  // namespace

TEST(IpAddress, is_read_in_every_form_and_written_in_one) {
    for (const auto& [text, canonical] : kValid) {
        const auto address = IpAddress::parse(text);
        ASSERT_TRUE(address) << text;
        EXPECT_EQ(address->to_string(), canonical) << text;
        EXPECT_EQ(IpAddress::parse(canonical), address) << text;
    }
}

TEST(IpAddress, refuses_what_other_programs_read_differently) {
    for (const std::string_view text : kInvalid) EXPECT_FALSE(IpAddress::parse(text)) << text;
    EXPECT_FALSE(IpAddress::parse(std::string_view("1.2.3.4\0", 8)));
}

TEST(IpAddress, a_mapped_ipv6_address_is_its_ipv4_address) {
    const IpAddress mapped = at("::ffff:10.1.2.3");
    EXPECT_TRUE(mapped.is_v4());
    EXPECT_EQ(mapped, at("10.1.2.3"));
    EXPECT_EQ(mapped.hash(), at("10.1.2.3").hash());
    EXPECT_EQ(IpAddress::v6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1}),
              at("127.0.0.1"));
    EXPECT_EQ(IpAddress::v4({127, 0, 0, 1}), at("127.0.0.1"));
}

TEST(IpAddress, bytes_are_four_or_sixteen_in_network_order) {
    const IpAddress four = at("1.2.3.4");
    EXPECT_EQ(std::vector<std::uint8_t>(four.bytes().begin(), four.bytes().end()),
              (std::vector<std::uint8_t>{1, 2, 3, 4}));
    EXPECT_EQ(at("::1").bytes().size(), 16U);
    EXPECT_EQ(at("::1").bytes().back(), 1);
}

TEST(IpAddress, knows_loopback_private_and_unspecified_addresses) {
    for (const auto* text : {"127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1"}) {
        EXPECT_TRUE(at(text).is_loopback()) << text;
        EXPECT_FALSE(at(text).is_private()) << text;
    }
    for (const auto* text : {"128.0.0.1", "126.255.255.255", "::2", "1::1", "::"}) {
        EXPECT_FALSE(at(text).is_loopback()) << text;
    }
    for (const auto* text : {"10.0.0.0", "10.255.255.255", "172.16.0.1", "172.31.255.255",
                             "192.168.0.1", "169.254.169.254", "100.64.0.0", "100.127.255.255",
                             "fc00::", "fdff::1", "fe80::1", "febf::1"}) {
        EXPECT_TRUE(at(text).is_private()) << text;
    }
    for (const auto* text :
         {"9.255.255.255", "11.0.0.0", "172.15.0.1", "172.32.0.0", "192.167.0.1", "169.253.0.1",
          "100.63.0.1", "100.128.0.0", "8.8.8.8", "fbff::", "fe00::", "fec0::", "2001:db8::1"}) {
        EXPECT_FALSE(at(text).is_private()) << text;
    }
    EXPECT_TRUE(IpAddress().is_unspecified());
    EXPECT_TRUE(at("::").is_unspecified());
    EXPECT_FALSE(at("::1").is_unspecified());
    EXPECT_FALSE(at("0.0.0.1").is_unspecified());
}

TEST(IpAddress, a_prefix_clears_the_bits_past_it) {
    EXPECT_EQ(at("10.1.2.3").prefix(8), at("10.0.0.0"));
    EXPECT_EQ(at("10.1.2.255").prefix(25), at("10.1.2.128"));
    EXPECT_EQ(at("10.1.2.3").prefix(32), at("10.1.2.3"));
    EXPECT_EQ(at("10.1.2.3").prefix(0), at("0.0.0.0"));
    EXPECT_EQ(at("2001:db8:1:2:3:4:5:6").prefix(64), at("2001:db8:1:2::"));
    EXPECT_EQ(at("2001:db8:1:2:ffff::").prefix(65), at("2001:db8:1:2:8000::"));
    EXPECT_EQ(at("2001:db8::1").prefix(0), at("::"));
    EXPECT_EQ(at("2001:db8::1").prefix(128), at("2001:db8::1"));
    EXPECT_EQ(at("10.1.2.3").prefix(-1), at("0.0.0.0"));
    EXPECT_EQ(at("10.1.2.3").prefix(33), at("10.1.2.3"));
}

TEST(IpAddress, a_shared_prefix_needs_the_same_family) {
    EXPECT_TRUE(at("10.1.2.3").same_prefix(at("10.1.9.9"), 16));
    EXPECT_FALSE(at("10.1.2.3").same_prefix(at("10.2.2.3"), 16));
    EXPECT_TRUE(at("2001:db8::1").same_prefix(at("2001:db8::2"), 64));
    EXPECT_FALSE(at("2001:db8::1").same_prefix(at("2001:db8::2"), 127));
    EXPECT_TRUE(at("1.2.3.4").same_prefix(at("9.9.9.9"), 0));
    EXPECT_FALSE(at("0.0.0.0").same_prefix(at("::"), 0));
}

TEST(IpAddress, orders_by_family_and_then_by_value) {
    EXPECT_LT(at("255.255.255.255"), at("::"));
    EXPECT_LT(at("9.0.0.0"), at("10.0.0.0"));
    EXPECT_LT(at("::1"), at("1::"));
}

TEST(IpAddress, hashes_equal_addresses_alike_and_others_apart) {
    std::unordered_set<IpAddress> seen;
    for (std::uint8_t i = 0; i < 255; ++i) seen.insert(IpAddress::v4({10, 0, 0, i}));
    seen.insert(at("::ffff:10.0.0.7"));
    EXPECT_EQ(seen.size(), 255U);
    std::unordered_set<std::size_t> hashes;
    for (const IpAddress& address : seen) hashes.insert(address.hash());
    EXPECT_EQ(hashes.size(), 255U);
}
