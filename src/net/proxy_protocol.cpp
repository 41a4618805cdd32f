#include "net/proxy_protocol.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace portico::net {
namespace {

using Status = ProxyHead::Status;

constexpr ProxyHead kMore{};
constexpr ProxyHead kMalformed{.status = Status::malformed};

constexpr std::string_view kFirst = "PROXY ";
/// §2.1: "107 bytes" hold the longest line, its end included.
constexpr std::size_t kLongestLine = 107;
/// §2.2
constexpr std::string_view kSecond{"\r\n\r\n\0\r\nQUIT\n", 12};
constexpr std::size_t kFixed = 16;

// §2.1: "in canonical form", decimal without leading zeros.
std::optional<std::uint16_t> port_of(std::string_view text) noexcept {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    const bool padded = text.size() > 1 && text.front() == '0';
    if (error != std::errc{} || end != text.data() + text.size() || padded) return {};
    return port;
}

/// The next word of a line whose words have one space between them.
std::string_view take_word(std::string_view& line) noexcept {
    const auto end = std::min(line.find(' '), line.size());
    const auto word = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return word;
}

ProxyHead read_line(std::string_view bytes) noexcept {
    const auto end = bytes.substr(0, kLongestLine).find("\r\n");
    if (end == bytes.npos) return bytes.size() >= kLongestLine ? kMalformed : kMore;
    std::string_view line = bytes.substr(0, end);
    take_word(line);
    ProxyHead head{.status = Status::complete, .size = end + 2};
    const auto family = take_word(line);
    // "UNKNOWN": "the receiver must ignore anything presented before the CRLF is found".
    if (family == "UNKNOWN") return head;
    // A mapped address is one of IPv6 here, whatever it is afterwards.
    const bool of_v4 = !line.substr(0, line.find(' ')).contains(':');
    const auto source = http::IpAddress::parse(take_word(line));
    const auto destination = http::IpAddress::parse(take_word(line));
    const auto source_port = port_of(take_word(line));
    const auto destination_port = port_of(take_word(line));
    if (!source || !destination || !source_port || !destination_port || !line.empty()) {
        return kMalformed;
    }
    const bool v4 = family == "TCP4";
    if ((!v4 && family != "TCP6") || of_v4 != v4) return kMalformed;
    head.client = {*source, *source_port};
    return head;
}

std::uint16_t number_at(std::string_view bytes, std::size_t at) noexcept {
    return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[at]) << 8U |
                                      static_cast<unsigned char>(bytes[at + 1]));
}

ProxyHead read_binary(std::string_view bytes) noexcept {
    if (bytes.size() < kFixed) return kMore;
    const auto version_and_command = static_cast<unsigned char>(bytes[12]);
    const auto family = static_cast<unsigned char>(bytes[13]);
    const std::size_t length = number_at(bytes, 14);
    if (kFixed + length > kLongestProxyHead) return kMalformed;
    // "any other value must be refused": version 2, LOCAL or PROXY.
    if (version_and_command != 0x20 && version_and_command != 0x21) return kMalformed;
    if (bytes.size() < kFixed + length) return kMore;
    ProxyHead head{.status = Status::complete, .size = kFixed + length};
    if (version_and_command == 0x20) return head;
    const std::string_view addresses = bytes.substr(kFixed, length);
    const auto copy = [&](auto& to) { std::copy_n(addresses.begin(), to.size(), to.begin()); };
    if (family == 0x11) {  // TCP over IPv4
        if (length < 12) return kMalformed;
        std::array<std::uint8_t, 4> source{};
        copy(source);
        head.client = {http::IpAddress::v4(source), number_at(addresses, 8)};
    } else if (family == 0x21) {  // TCP over IPv6
        if (length < 36) return kMalformed;
        http::IpAddress::Bytes source{};
        copy(source);
        head.client = {http::IpAddress::v6(source), number_at(addresses, 32)};
    }
    // Of other families the addresses are none of ours: the proxy counts.
    return head;
}

}  // namespace

ProxyHead read_proxy_head(std::string_view bytes) noexcept {
    const auto begins = [&](std::string_view signature) {
        const std::size_t size = std::min(bytes.size(), signature.size());
        return bytes.substr(0, size) == signature.substr(0, size);
    };
    if (begins(kSecond)) return bytes.size() < kSecond.size() ? kMore : read_binary(bytes);
    if (begins(kFirst)) return bytes.size() < kFirst.size() ? kMore : read_line(bytes);
    return kMalformed;
}

}  // namespace portico::net
