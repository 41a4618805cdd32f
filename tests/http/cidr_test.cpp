#include "portico/http/cidr.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

using portico::http::Cidr;
using portico::http::CidrError;
using portico::http::CidrSet;
using portico::http::IpAddress;

namespace {

IpAddress at(std::string_view text) {
    return IpAddress::parse(text).value();
}
Cidr block(std::string_view text) {
    return Cidr::parse(text).value();
}

}  // namespace

TEST(Cidr, is_written_with_its_length) {
    EXPECT_EQ(block("10.0.0.0/8").to_string(), "10.0.0.0/8");
    EXPECT_EQ(block("10.0.0.1").to_string(), "10.0.0.1/32");
    EXPECT_EQ(block("2001:DB8::/32").to_string(), "2001:db8::/32");
    EXPECT_EQ(block("::1").to_string(), "::1/128");
    EXPECT_EQ(block("0.0.0.0/0").to_string(), "0.0.0.0/0");
}

TEST(Cidr, contains_the_addresses_that_share_its_prefix) {
    EXPECT_TRUE(block("10.0.0.0/8").contains(at("10.255.0.1")));
    EXPECT_FALSE(block("10.0.0.0/8").contains(at("11.0.0.0")));
    EXPECT_TRUE(block("192.0.2.128/25").contains(at("192.0.2.128")));
    EXPECT_FALSE(block("192.0.2.128/25").contains(at("192.0.2.127")));
    EXPECT_TRUE(block("2001:db8::/33").contains(at("2001:db8:7fff::1")));
    EXPECT_FALSE(block("2001:db8::/33").contains(at("2001:db8:8000::1")));
    EXPECT_TRUE(block("192.0.2.1").contains(at("192.0.2.1")));
    EXPECT_FALSE(block("192.0.2.1").contains(at("192.0.2.2")));
}

TEST(Cidr, host_bits_are_an_error_not_a_mask) {
    for (const auto* text : {"10.0.0.1/8", "0.0.0.1/0", "2001:db8::1/64", "255.255.255.255/31"}) {
        EXPECT_EQ(Cidr::parse(text).error(), CidrError::host_bits_set) << text;
    }
}

TEST(Cidr, a_length_is_a_plain_number_within_the_address) {
    for (const auto* text :
         {"10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08", "10.0.0.0/8 ",
          "10.0.0.0/8/8", "::/129", "10.0.0.0/255.0.0.0", "10.0.0.0/99999999999999999999"}) {
        EXPECT_EQ(Cidr::parse(text).error(), CidrError::bad_length) << text;
    }
}

TEST(Cidr, an_address_must_be_one) {
    for (const auto* text : {"", "/8", "10/8", "10.0.0/8", "fe80::1%eth0", "fe80::%eth0/64",
                             "localhost", "[::1]", "10.0.0.0:80"}) {
        EXPECT_EQ(Cidr::parse(text).error(), CidrError::bad_address) << text;
    }
    EXPECT_NE(describe(CidrError::bad_address), "");
}

TEST(Cidr, a_mapped_block_is_the_ipv4_block) {
    EXPECT_EQ(block("::ffff:10.0.0.0/104"), block("10.0.0.0/8"));
    EXPECT_EQ(block("::ffff:10.0.0.1"), block("10.0.0.1/32"));
    EXPECT_EQ(block("::ffff:0.0.0.0/96"), block("0.0.0.0/0"));
    EXPECT_EQ(Cidr::parse("::ffff:0.0.0.0/95").error(), CidrError::host_bits_set);
    EXPECT_TRUE(block("10.0.0.0/8").contains(at("::ffff:10.1.2.3")));
}

TEST(Cidr, an_ipv6_block_holds_no_ipv4_address) {
    EXPECT_FALSE(block("::/0").contains(at("10.0.0.1")));
    EXPECT_FALSE(block("0.0.0.0/0").contains(at("::1")));
}

TEST(CidrSet, contains_what_any_block_contains) {
    const auto set =
        CidrSet::parse({"192.168.0.0/16", "10.0.0.0/8", "2001:db8::/32", "127.0.0.1", "::1"})
            .value();
    for (const auto* text : {"192.168.255.255", "10.0.0.0", "10.255.255.255",
                             "2001:db8:ffff::", "127.0.0.1", "::1", "::ffff:10.1.1.1"}) {
        EXPECT_TRUE(set.contains(at(text))) << text;
    }
    for (const auto* text : {"192.169.0.0", "9.255.255.255", "11.0.0.0", "2001:db9::", "127.0.0.2",
                             "::2", "::", "0.0.0.0", "255.255.255.255", "ffff::"}) {
        EXPECT_FALSE(set.contains(at(text))) << text;
    }
    EXPECT_FALSE(CidrSet().contains(at("10.0.0.1")));
}

TEST(CidrSet, a_block_in_another_does_not_hide_it) {
    const auto set =
        CidrSet::parse({"10.1.2.3", "10.0.0.0/8", "10.1.0.0/16", "10.0.0.0/8", "11.0.0.0/8"})
            .value();
    EXPECT_EQ(set.size(), 2U);
    EXPECT_TRUE(set.contains(at("10.1.2.4")));
    EXPECT_TRUE(set.contains(at("10.200.0.1")));
    EXPECT_TRUE(set.contains(at("11.0.0.1")));
}

TEST(CidrSet, agrees_with_asking_each_block) {
    std::uint32_t random = 12345;
    const auto next = [&] { return random = random * 1664525U + 1013904223U; };
    const auto address = [](std::uint32_t bits, bool v6) {
        const auto byte = [bits](int shift) { return static_cast<std::uint8_t>(bits >> shift); };
        if (!v6) return IpAddress::v4({10, byte(28), byte(20), byte(12)});
        // Where the two halves meet.
        return IpAddress::v6(
            {0x20, 1, 0, 0, 0, 0, byte(28), byte(20), byte(12), 0, 0, 0, 0, 0, 0, byte(8)});
    };
    for (const bool v6 : {false, true}) {
        std::vector<Cidr> blocks;
        for (int i = 0; i < 200; ++i) {
            const int length = (v6 ? 52 : 12) + static_cast<int>(next() >> 28);
            blocks.push_back(Cidr::parse(address(next(), v6).prefix(length).to_string() + "/" +
                                         std::to_string(length))
                                 .value());
        }
        const CidrSet set(blocks);
        for (int i = 0; i < 5000; ++i) {
            const IpAddress asked = address(next(), v6);
            const bool expected =
                std::ranges::any_of(blocks, [&](const Cidr& one) { return one.contains(asked); });
            ASSERT_EQ(set.contains(asked), expected) << asked.to_string();
        }
    }
}

TEST(CidrSet, the_first_and_the_last_address_of_a_block_are_in_it) {
    for (const auto& [block, first, last, before, after] :
         {std::array<const char*, 5>{"10.0.0.0/8", "10.0.0.0", "10.255.255.255", "9.255.255.255",
                                     "11.0.0.0"},
          {"192.0.2.7/32", "192.0.2.7", "192.0.2.7", "192.0.2.6", "192.0.2.8"},
          {"0.0.0.0/0", "0.0.0.0", "255.255.255.255", "::", "ffff::"},
          {"::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "0.0.0.0", "255.255.255.255"},
          {"2001:db8::/63", "2001:db8::", "2001:db8:0:1:ffff:ffff:ffff:ffff",
           "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8:0:2::"},
          {"2001:db8::/64", "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff",
           "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8:0:1::"},
          {"2001:db8::/65", "2001:db8::", "2001:db8::7fff:ffff:ffff:ffff",
           "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8:0:0:8000::"},
          {"::1/128", "::1", "::1", "::", "::2"}}) {
        const CidrSet set{block};
        EXPECT_TRUE(set.contains(*IpAddress::parse(first))) << block;
        EXPECT_TRUE(set.contains(*IpAddress::parse(last))) << block;
        EXPECT_FALSE(set.contains(*IpAddress::parse(before))) << block;
        EXPECT_FALSE(set.contains(*IpAddress::parse(after))) << block;
    }
}

TEST(CidrSet, names_the_first_wrong_entry) {
    const std::vector<std::string> texts{"10.0.0.0/8", "10.0.0.1/8", "x"};
    const auto set = CidrSet::parse(texts);
    ASSERT_FALSE(set);
    EXPECT_EQ(set.error().index, 1U);
    EXPECT_EQ(set.error().error, CidrError::host_bits_set);
}
