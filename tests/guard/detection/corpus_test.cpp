#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "portico/guard/detection.hpp"

namespace portico::guard {
namespace {

std::vector<std::string> lines_of(const char* name) {
    std::ifstream in(std::string(PORTICO_TEST_DATA "/") + name);
    std::vector<std::string> out;
    for (std::string line; std::getline(in, line);) {
        if (!line.empty() && line[0] != '#') out.push_back(line);
    }
    return out;
}

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Each sign of `text` as `format` writes its number.
std::string signs_as(std::string_view text, const char* format, bool letters = false) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80 || (!letters && is_letter_or_digit(c))) {
            out += c;
        } else {
            out += fmt::format(fmt::runtime(format), static_cast<unsigned>(byte));
        }
    }
    return out;
}

std::string percent(std::string_view text) {
    return signs_as(text, "%{:02x}");
}

std::string full_width(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c <= ' ' || c > '~' || is_letter_or_digit(c)) {
            out += c;
            continue;
        }
        const unsigned code = 0xff01U + static_cast<unsigned>(c - '!');
        out += static_cast<char>(0xe0U | (code >> 12));
        out += static_cast<char>(0x80U | ((code >> 6) & 0x3fU));
        out += static_cast<char>(0x80U | (code & 0x3fU));
    }
    return out;
}

std::string overlong(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c < ' ' || is_letter_or_digit(c)) {
            out += c;
        } else {
            out += static_cast<char>(0xc0U | (static_cast<unsigned>(c) >> 6));
            out += static_cast<char>(0x80U | (static_cast<unsigned>(c) & 0x3fU));
        }
    }
    return out;
}

std::string mixed_case(std::string_view text) {
    std::string out(text);
    for (std::size_t i = 0; i < out.size(); i += 2) {
        if (out[i] >= 'a' && out[i] <= 'z') out[i] = static_cast<char>(out[i] - 'a' + 'A');
    }
    return out;
}

struct Encoding {
    const char* name;
    std::string (*encode)(std::string_view);
};

// What an attack that is written with escapes of its own (%0d) becomes is decoded first.
constexpr auto kEncodings = std::to_array<Encoding>({
    {"as it is", [](std::string_view t) { return std::string(t); }},
    {"percent", percent},
    {"percent twice", [](std::string_view t) { return percent(percent(t)); }},
    {"percent, all bytes", [](std::string_view t) { return signs_as(t, "%{:02X}", true); }},
    {"%u", [](std::string_view t) { return signs_as(t, "%u{:04x}"); }},
    {"\\u", [](std::string_view t) { return signs_as(t, "\\u{:04x}"); }},
    {"\\x", [](std::string_view t) { return signs_as(t, "\\x{:02x}"); }},
    {"decimal entities", [](std::string_view t) { return signs_as(t, "&#{};"); }},
    {"hexadecimal entities", [](std::string_view t) { return signs_as(t, "&#x{:x};"); }},
    {"full width", full_width},
    {"overlong UTF-8", overlong},
    {"mixed case", mixed_case},
});

/// The rules that speak of names, paths or documents are asked there.
std::vector<Place> places_of(std::string_view category) {
    if (category == "sensitive_file") return {Place::path};
    if (category == "xxe") return {Place::query_value, Place::document};
    if (category == "prototype_pollution") return {Place::query_value, Place::query_name};
    return {Place::query_value};
}

bool is_found(const Detector& detector, std::string_view category, std::string_view text) {
    for (const Place place : places_of(category)) {
        Scan scan(detector);
        scan.value(place, "q", text);
        if (scan.is_attack()) return true;
    }
    return false;
}

TEST(Corpus, attacks_are_found_in_twelve_encodings) {
    const auto detector = Detector::create().value();
    struct Count {
        int cases = 0;
        int found = 0;
    };
    std::map<std::string, Count> by_category;
    std::map<std::string, Count> by_encoding;
    std::size_t attacks = 0;
    for (const std::string& line : lines_of("attacks.txt")) {
        const std::size_t tab = line.find('\t');
        ASSERT_NE(tab, std::string::npos) << line;
        const std::string category = line.substr(0, tab);
        ++attacks;
        for (const auto& [name, encode] : kEncodings) {
            const bool found = is_found(detector, category, encode(line.substr(tab + 1)));
            for (Count* count : {&by_category[category], &by_encoding[name]}) {
                ++count->cases;
                count->found += found ? 1 : 0;
            }
            EXPECT_TRUE(found || name != kEncodings[0].name) << line;
        }
    }
    EXPECT_GE(attacks, 600U);
    for (const auto* table : {&by_category, &by_encoding}) {
        for (const auto& [name, count] : *table) {
            fmt::print("{:<24} {:>5} of {:>5}\n", name, count.found, count.cases);
            EXPECT_GE(count.found * 100, count.cases * 97) << name;
        }
    }
}

TEST(Corpus, harmless_values_pass) {
    const auto detector = Detector::create().value();
    const auto values = lines_of("clean.txt");
    EXPECT_GE(values.size(), 2000U);
    int in_body = 0;
    int in_query = 0;
    for (const std::string& value : values) {
        Scan body(detector);
        body.value(Place::body_value, "text", value);
        EXPECT_FALSE(body.is_attack()) << value << ": " << body.hits()[0].rule;
        in_body += body.is_attack() ? 1 : 0;
        Scan query(detector);
        query.value(Place::query_value, "q", value);
        in_query += query.is_attack() ? 1 : 0;
    }
    fmt::print("of {} values: {} in a body, {} in a query\n", values.size(), in_body, in_query);
    // Program code in a parameter is what parameters are searched for.
    EXPECT_LE(in_query * 1000, static_cast<int>(values.size()) * 30);
}

}  // namespace
}  // namespace portico::guard
