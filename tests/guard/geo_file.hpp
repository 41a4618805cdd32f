#pragma once

#include <array>
#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "portico/http/cidr.hpp"

namespace portico::guard::testing {

/// Writes a MaxMind DB file (format 2.0) of a few networks and their countries.
class GeoFile {
public:
    GeoFile(const std::string& path,
            const std::vector<std::pair<std::string_view, std::string_view>>& countries) {
        nodes_.push_back({});
        for (const auto& [network, code] : countries) {
            add(http::Cidr::parse(network).value(), code);
        }
        write(path);
    }

private:
    struct Node {
        std::array<int, 2> next{-1, -1};     // another node
        std::array<std::string, 2> country;  // or a country
    };

    void add(const http::Cidr& block, std::string_view code) {
        // IPv4 lies in the first 96 zeros of an IPv6 tree.
        std::array<std::uint8_t, 16> bytes{};
        const auto own = block.network().bytes();
        std::copy(own.begin(), own.end(), bytes.end() - static_cast<int>(own.size()));
        const int length = block.length() + (block.network().is_v4() ? 96 : 0);
        std::size_t node = 0;
        for (int bit = 0; bit < length; ++bit) {
            const std::size_t side =
                (bytes[static_cast<std::size_t>(bit / 8)] >> (7 - bit % 8)) & 1U;
            if (bit == length - 1) {
                nodes_[node].country[side] = code;
                return;
            }
            if (nodes_[node].next[side] < 0) {
                nodes_[node].next[side] = static_cast<int>(nodes_.size());
                nodes_.push_back({});
            }
            node = static_cast<std::size_t>(nodes_[node].next[side]);
        }
    }

    static std::string text(std::string_view value) {
        return static_cast<char>(2 << 5 | value.size()) + std::string(value);
    }
    static std::string map(int size) { return {static_cast<char>(7 << 5 | size)}; }
    static std::string number(int type, std::uint32_t value) {
        std::string bytes;
        for (; value > 0; value >>= 8) bytes.insert(bytes.begin(), static_cast<char>(value));
        return static_cast<char>(type << 5 | static_cast<int>(bytes.size())) + bytes;
    }

    void write(const std::string& path) const {
        std::string data;
        std::string tree;
        const auto count = static_cast<std::uint32_t>(nodes_.size());
        for (const Node& node : nodes_) {
            for (std::size_t side = 0; side < 2; ++side) {
                std::uint32_t record = count;  // nothing is known
                if (!node.country[side].empty()) {
                    record = count + 16 + static_cast<std::uint32_t>(data.size());
                    data += map(1) + text("country") + map(1) + text("iso_code") +
                            text(node.country[side]);
                } else if (node.next[side] >= 0) {
                    record = static_cast<std::uint32_t>(node.next[side]);
                }
                for (const int shift : {16, 8, 0}) tree += static_cast<char>(record >> shift);
            }
        }
        const std::string metadata =
            "\xab\xcd\xefMaxMind.com" + map(9) + text("node_count") + number(6, count) +
            text("record_size") + number(5, 24) + text("ip_version") + number(5, 6) +
            text("database_type") + text("Test-Country") + text("binary_format_major_version") +
            number(5, 2) + text("binary_format_minor_version") + number(5, 0) +
            text("build_epoch") + std::string("\x04\x02\x6a\x00\x00\x01", 6) + text("languages") +
            std::string("\x00\x04", 2) + text("description") + map(0);
        std::ofstream(path, std::ios::binary) << tree << std::string(16, '\0') << data << metadata;
    }

    std::vector<Node> nodes_;
};

}  // namespace portico::guard::testing
