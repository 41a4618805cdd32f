#include "portico/model/bytes.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <variant>

#include "portico/model/ip.hpp"
#include "portico/model/literal.hpp"
#include "portico/model/number_types.hpp"
#include "portico/model/schema.hpp"
#include "portico/model/text_case.hpp"
#include "portico/model/uuid.hpp"
#include "tests/model/reading.hpp"

namespace portico::model {
namespace {

class TextTypes : public testing::TestWithParam<Case> {};

TEST_P(TextTypes, are_read_as_pydantic_reads_them) {
    EXPECT_EQ(GetParam().read(GetParam().input), GetParam().expected);
}

using Order = Literal<"asc", "desc">;

const Case kLiterals[] = {
    {"literal", &verdict<Order>, R"("desc")", R"("desc")"},
    {"literal", &verdict<Order>, R"("up")",
     R"(literal_error: Input should be 'asc' or 'desc' | {"expected":"'asc' or 'desc'"} | "up")"},
    {"literal", &verdict<Order>, "1",
     R"(literal_error: Input should be 'asc' or 'desc' | {"expected":"'asc' or 'desc'"} | 1)"},
    {"literal", &verdict<Literal<"a">>, R"("b")",
     R"(literal_error: Input should be 'a' | {"expected":"'a'"} | "b")"},
    {"literal", &verdict<Literal<"a", "b", "\"">>, "null",
     R"(literal_error: Input should be 'a', 'b' or '"' | {"expected":"'a', 'b' or '\"'"} | null)"},
    {"parameter", &text_verdict<Order>, "asc", R"("asc")"},
    {"variant", &verdict<std::variant<Order, int>>, R"("asc")", R"("asc")"},
};

const Case kUuids[] = {
    {"version", &verdict<Uuid4>, R"("c0ffee00-1234-4567-89ab-0123456789ab")",
     R"("c0ffee00-1234-4567-89ab-0123456789ab")"},
    {"version", &verdict<Uuid4>, R"("c0ffee00-1234-1567-89ab-0123456789ab")",
     R"(uuid_version: UUID version 4 expected | {"expected_version":4} | "c0ffee00-1234-1567-89ab-0123456789ab")"},
    {"variant of another", &verdict<Uuid4>, R"("c0ffee00-1234-4567-09ab-0123456789ab")",
     R"(uuid_version: UUID version 4 expected | {"expected_version":4} | "c0ffee00-1234-4567-09ab-0123456789ab")"},
};

using Name = Annotated<std::string, strip_whitespace, to_upper, min_length(2)>;

const Case kStrings[] = {
    {"strip", &verdict<Name>, R"(" \t\nab ")", R"("AB")"},
    {"strip", &verdict<Name>, R"("  a  ")",
     R"(string_too_short: String should have at least 2 characters | {"min_length":2} | "  a  ")"},
    {"upper", &verdict<Name>, R"("äz[{1")", R"("äZ[{1")"},
    {"lower", &verdict<Annotated<std::string, to_lower>>, R"("AZ@[Ä")", R"("az@[Ä")"},
    {"lower after pattern", &verdict<Annotated<std::string, to_lower, pattern("^a")>>, R"("AB")",
     R"(string_pattern_mismatch: String should match pattern '^a' | {"pattern":"^a"} | "AB")"},
    {"parameter", &text_verdict<Name>, " ab", R"("AB")"},
    {"optional", &verdict<Annotated<std::optional<std::string>, to_lower>>, R"("A")", R"("a")"},
};

const Case kNumbers[] = {
    {"positive", &verdict<PositiveInt>, "0",
     R"(greater_than: Input should be greater than 0 | {"gt":0} | 0)"},
    {"non-negative", &verdict<NonNegativeFloat>, "-0.5",
     R"(greater_than_equal: Input should be greater than or equal to 0 | {"ge":0.0} | -0.5)"},
    {"infinity", &verdict<double>, R"("inf")",
     R"(finite_number: Input should be a finite number |  | "inf")"},
    {"infinity", &verdict<Annotated<double, allow_inf_nan>>, R"("-inf")", "null"},
    {"infinity", &verdict<Annotated<double, allow_inf_nan, le(5)>>, R"("inf")",
     R"(less_than_equal: Input should be less than or equal to 5 | {"le":5.0} | "inf")"},
};

const Case kBytes[] = {
    {"bytes", &verdict<Bytes>, R"("é")", R"("é")"},
    {"bytes", &verdict<Bytes>, "5", "bytes_type: Input should be a valid bytes |  | 5"},
    {"bytes", &verdict<Annotated<Bytes, min_length(3)>>, R"("é")",
     R"(bytes_too_short: Data should have at least 3 bytes | {"min_length":3} | "é")"},
    {"bytes", &verdict<Annotated<Bytes, max_length(1)>>, R"("é")",
     R"(bytes_too_long: Data should have at most 1 byte | {"max_length":1} | "é")"},
    {"base64", &verdict<Base64Bytes>, R"("aGk=")", R"("aGk=")"},
    {"base64", &verdict<Base64Bytes>, R"("")", R"("")"},
    {"base64", &verdict<Base64Bytes>, R"("+/+/AA==")", R"("+/+/AA==")"},
    {"base64", &verdict<Base64Bytes>, R"("aGk")",
     R"(base64_decode: Base64 decoding error: 'Incorrect padding' | {"error":"Incorrect padding"} | "aGk")"},
    {"base64", &verdict<Base64Bytes>, R"("aGkxa")",
     R"(base64_decode: Base64 decoding error: 'Invalid base64-encoded string: number of data characters (5) cannot be 1 more than a multiple of 4' | {"error":"Invalid base64-encoded string: number of data characters (5) cannot be 1 more than a multiple of 4"} | "aGkxa")"},
    {"base64", &verdict<Base64Bytes>, R"("aG k=")",
     R"(base64_decode: Base64 decoding error: 'Only base64 data is allowed' | {"error":"Only base64 data is allowed"} | "aG k=")"},
    {"base64", &verdict<Base64Bytes>, R"("aG=k")",
     R"(base64_decode: Base64 decoding error: 'Discontinuous padding not allowed' | {"error":"Discontinuous padding not allowed"} | "aG=k")"},
    {"base64", &verdict<Base64Bytes>, R"("aGk==")",
     R"(base64_decode: Base64 decoding error: 'Excess data after padding' | {"error":"Excess data after padding"} | "aGk==")"},
    {"base64", &verdict<Annotated<Base64Bytes, max_length(1)>>, R"("aGk=")",
     R"(bytes_too_long: Data should have at most 1 byte | {"max_length":1} | "aGk=")"},
    {"base64", &verdict<Base64Bytes>, "5", "bytes_type: Input should be a valid bytes |  | 5"},
    {"base64url", &verdict<Base64UrlBytes>, R"("_-8=")", R"("_-8=")"},
    {"base64url", &verdict<Base64UrlBytes>, R"("+/8=")",
     R"(base64_decode: Base64 decoding error: 'Only base64 data is allowed' | {"error":"Only base64 data is allowed"} | "+/8=")"},
    {"parameter", &text_verdict<Base64Bytes>, "aGk=", R"("aGk=")"},
};

const Case kAddresses[] = {
    {"any", &verdict<IPvAnyAddress>, R"("1.2.3.4")", R"("1.2.3.4")"},
    {"any", &verdict<IPvAnyAddress>, R"("::FFFF:1.2.3.4")", R"("::ffff:1.2.3.4")"},
    {"any", &verdict<IPvAnyAddress>, R"("x")",
     R"(ip_any_address: value is not a valid IPv4 or IPv6 address |  | "x")"},
    {"any", &verdict<IPvAnyAddress>, "5",
     "ip_any_address: value is not a valid IPv4 or IPv6 address |  | 5"},
    {"any", &verdict<IPvAnyAddress>, R"("01.2.3.4")",
     R"(ip_any_address: value is not a valid IPv4 or IPv6 address |  | "01.2.3.4")"},
    {"any", &verdict<IPvAnyAddress>, R"("127.1")",
     R"(ip_any_address: value is not a valid IPv4 or IPv6 address |  | "127.1")"},
    {"any", &verdict<IPvAnyAddress>, R"("fe80::1%eth0")",
     R"(ip_any_address: value is not a valid IPv4 or IPv6 address |  | "fe80::1%eth0")"},
    {"v4", &verdict<IPv4Address>, R"("1.2.3.4")", R"("1.2.3.4")"},
    {"v4", &verdict<IPv4Address>, R"("::1")",
     R"(ip_v4_address: Input is not a valid IPv4 address |  | "::1")"},
    {"v6", &verdict<IPv6Address>, R"("2001:DB8:0:0:1::")", R"("2001:db8:0:0:1::")"},
    {"v6", &verdict<IPv6Address>, R"("1.2.3.4")",
     R"(ip_v6_address: Input is not a valid IPv6 address |  | "1.2.3.4")"},
    {"any", &verdict<IPvAnyAddress>, R"("::1.2.3.4")", R"("::102:304")"},
    {"interface", &verdict<IPvAnyInterface>, R"("10.1.2.3/8")", R"("10.1.2.3/8")"},
    {"interface", &verdict<IPvAnyInterface>, R"("2001:DB8::1/33")", R"("2001:db8::1/33")"},
    {"interface", &verdict<IPvAnyInterface>, R"("1.2.3.4")", R"("1.2.3.4/32")"},
    {"interface", &verdict<IPvAnyInterface>, R"("1.2.3.4/33")",
     R"(ip_any_interface: value is not a valid IPv4 or IPv6 interface |  | "1.2.3.4/33")"},
    {"v4", &verdict<IPv4Interface>, R"("10.1.2.3/255.0.0.0")",
     R"(ip_v4_interface: Input is not a valid IPv4 interface |  | "10.1.2.3/255.0.0.0")"},
    {"v4", &verdict<IPv4Interface>, R"("::1/64")",
     R"(ip_v4_interface: Input is not a valid IPv4 interface |  | "::1/64")"},
    {"v6", &verdict<IPv6Interface>, R"("::1/64")", R"("::1/64")"},
    {"v6", &verdict<IPv6Interface>, "7",
     "ip_v6_interface: Input is not a valid IPv6 interface |  | 7"},
    {"network", &verdict<IPvAnyNetwork>, R"("10.0.0.0/8")", R"("10.0.0.0/8")"},
    {"network", &verdict<IPvAnyNetwork>, R"("1.2.3.4")", R"("1.2.3.4/32")"},
    {"network", &verdict<IPvAnyNetwork>, R"("::/0")", R"("::/0")"},
    {"network", &verdict<IPvAnyNetwork>, R"("10.0.0.1/8")",
     R"(ip_any_network: value is not a valid IPv4 or IPv6 network |  | "10.0.0.1/8")"},
    {"network", &verdict<IPv4Network>, R"("10.0.0.0/33")",
     R"(ip_v4_network: Input is not a valid IPv4 network |  | "10.0.0.0/33")"},
    {"network", &verdict<IPv4Network>, R"("10.0.0.0/")",
     R"(ip_v4_network: Input is not a valid IPv4 network |  | "10.0.0.0/")"},
    {"network", &verdict<IPv4Network>, R"("10.0.0.0/-1")",
     R"(ip_v4_network: Input is not a valid IPv4 network |  | "10.0.0.0/-1")"},
    {"network", &verdict<IPv4Network>, R"("::/0")",
     R"(ip_v4_network: Input is not a valid IPv4 network |  | "::/0")"},
    {"network", &verdict<IPv6Network>, R"("2001:db8::/32")", R"("2001:db8::/32")"},
    {"network", &verdict<IPv6Network>, R"("10.0.0.0/8")",
     R"(ip_v6_network: Input is not a valid IPv6 network |  | "10.0.0.0/8")"},
    {"parameter", &text_verdict<IPvAnyAddress>, "::1", R"("::1")"},
};

INSTANTIATE_TEST_SUITE_P(Literals, TextTypes, testing::ValuesIn(kLiterals));
INSTANTIATE_TEST_SUITE_P(Uuids, TextTypes, testing::ValuesIn(kUuids));
INSTANTIATE_TEST_SUITE_P(Strings, TextTypes, testing::ValuesIn(kStrings));
INSTANTIATE_TEST_SUITE_P(Numbers, TextTypes, testing::ValuesIn(kNumbers));
INSTANTIATE_TEST_SUITE_P(Bytes, TextTypes, testing::ValuesIn(kBytes));
INSTANTIATE_TEST_SUITE_P(Addresses, TextTypes, testing::ValuesIn(kAddresses));

template <class T>
std::string schema() {
    return json_schema(slot_of<T>()).dump();
}

TEST(TextTypesSchema, has_their_formats) {
    EXPECT_EQ(schema<Order>(), R"({"type":"string","enum":["asc","desc"]})");
    EXPECT_EQ(schema<Literal<"cat">>(), R"({"type":"string","const":"cat"})");
    EXPECT_EQ(schema<Uuid7>(), R"({"type":"string","format":"uuid7"})");
    EXPECT_EQ((schema<Annotated<Bytes, max_length(4)>>()),
              R"({"type":"string","contentMediaType":"application/octet-stream","maxLength":4})");
    EXPECT_EQ(
        (schema<Annotated<Base64Bytes, max_length(4), min_length(3)>>()),
        R"({"type":"string","contentMediaType":"application/octet-stream","format":"base64","maxLength":8,"minLength":4})");
    EXPECT_EQ(
        schema<Base64UrlBytes>(),
        R"({"type":"string","contentMediaType":"application/octet-stream","format":"base64url"})");
    EXPECT_EQ(schema<IPv4Address>(), R"({"type":"string","format":"ipv4"})");
    EXPECT_EQ(schema<IPvAnyNetwork>(), R"({"type":"string","format":"ipvanynetwork"})");
}

struct Sorted {
    Annotated<Order> order = "desc";
    Literal<"cat"> kind;
};

TEST(Literals, have_defaults_and_compare_with_texts) {
    const auto sorted = read_json<Sorted>(R"({"kind":"cat"})");
    ASSERT_TRUE(sorted);
    EXPECT_TRUE(sorted->order == "desc");
    EXPECT_FALSE(sorted->order == "asc");
    EXPECT_EQ(sorted->kind.str(), "cat");
    EXPECT_LT(Order("asc"), Order("desc"));
    EXPECT_EQ(verdict<Sorted>("{}"), "missing: Field required |  | {}");
    EXPECT_EQ(json_schema(slot_of<Sorted>())["$defs"]["Sorted"]["properties"]["order"].dump(),
              R"({"type":"string","enum":["asc","desc"],"title":"Order","default":"desc"})");
}

TEST(Bytes, are_whatever_was_encoded) {
    const auto bytes = read_json<Base64Bytes>(R"("AP8=")");
    ASSERT_TRUE(bytes);
    EXPECT_EQ(bytes->bytes(), std::string("\0\xFF", 2));
    EXPECT_EQ(to_json(Base64UrlBytes("\xFF\xEF")), R"("_-8=")");
}

TEST(IPvAnyNetwork, contains_its_addresses_alone) {
    const auto network = IPvAnyNetwork::parse("10.128.0.0/9").value();
    EXPECT_TRUE(network.contains(IPvAnyAddress::parse("10.255.0.1").value()));
    EXPECT_FALSE(network.contains(IPvAnyAddress::parse("10.127.0.1").value()));
    EXPECT_FALSE(network.contains(IPvAnyAddress::parse("::1").value()));
    EXPECT_TRUE(IPvAnyNetwork::parse("::/0")->contains(IPv6Address::parse("::1").value()));
}

TEST(Interfaces, are_in_a_network) {
    EXPECT_EQ(IPv4Interface::parse("10.1.2.3/9")->network().to_string(), "10.0.0.0/9");
    EXPECT_EQ(IPvAnyInterface::parse("255.255.255.255/31")->network().to_string(),
              "255.255.255.254/31");
    EXPECT_EQ(IPv6Interface::parse("2001:db8:ffff::1/33")->network().to_string(),
              "2001:db8:8000::/33");
    EXPECT_EQ(IPv6Interface().to_string(), "::/128");
    EXPECT_EQ(IPv4Interface::parse("10.1.2.3/0")->network().to_string(), "0.0.0.0/0");
    EXPECT_EQ(json_schema(slot_of<IPv4Interface>()).dump(),
              R"({"type":"string","format":"ipv4interface"})");
}

}  // namespace
}  // namespace portico::model
