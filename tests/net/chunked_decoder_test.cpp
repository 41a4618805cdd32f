#include "net/chunked_decoder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace portico::net {
namespace {

struct Decoded {
    std::string body;
    std::string rest;
    bool finished = false;
    bool malformed = false;
};

Decoded decode(const std::string& text, std::size_t step) {
    ChunkedDecoder decoder;
    Decoded result;
    std::size_t at = 0;
    while (at < text.size() && !decoder.finished() && !decoder.malformed()) {
        std::vector<char> piece(
            text.begin() + static_cast<std::ptrdiff_t>(at),
            text.begin() + static_cast<std::ptrdiff_t>(std::min(at + step, text.size())));
        const auto done = decoder.decode(piece.data(), piece.size());
        result.body.append(piece.data(), done.produced);
        at += done.consumed;
    }
    result.rest = text.substr(at);
    result.finished = decoder.finished();
    result.malformed = decoder.malformed();
    return result;
}

struct Case {
    const char* name;
    std::string text;
    std::string body;
    std::string rest;
};
void PrintTo(const Case& c, std::ostream* out) {
    *out << c.name;
}

class ChunkedBodies : public testing::TestWithParam<Case> {};

TEST_P(ChunkedBodies, decode_the_same_however_they_are_cut) {
    const auto& [name, text, body, rest] = GetParam();
    for (std::size_t step = 1; step <= text.size() + 1; ++step) {
        const auto result = decode(text, step);
        EXPECT_TRUE(result.finished) << step;
        EXPECT_EQ(result.body, body) << step;
        EXPECT_EQ(result.rest, rest) << step;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Rfc9112, ChunkedBodies,
    testing::Values(
        Case{"nothing", "0\r\n\r\n", "", ""},
        Case{"one_chunk", "5\r\nhello\r\n0\r\n\r\n", "hello", ""},
        Case{"several", "1\r\na\r\nA\r\n0123456789\r\n02\r\nbc\r\n00\r\n\r\n", "a0123456789bc", ""},
        Case{"extensions", "1;a\r\nx\r\n1 ;b=\"c;d\"\r\ny\r\n0;e\r\n\r\n", "xy", ""},
        Case{"trailers", "1\r\nx\r\n0\r\nA: b\r\nC:\r\n\r\n", "x", ""},
        Case{"the_next_request", "1\r\nx\r\n0\r\n\r\nGET / ", "x", "GET / "},
        Case{"data_that_looks_like_an_end", "5\r\n0\r\n\r\n\r\n0\r\n\r\n", "0\r\n\r\n", ""}),
    [](const auto& info) { return info.param.name; });

class BrokenChunks : public testing::TestWithParam<Case> {};

TEST_P(BrokenChunks, are_malformed_however_they_are_cut) {
    const auto& text = GetParam().text;
    for (std::size_t step = 1; step <= text.size() + 1; ++step) {
        EXPECT_TRUE(decode(text, step).malformed) << step;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Rfc9112, BrokenChunks,
    testing::Values(Case{"no_size", "\r\nx\r\n", "", ""},
                    Case{"a_size_that_is_no_number", "g\r\nx\r\n", "", ""},
                    Case{"a_prefix", "0x1\r\nx\r\n", "", ""}, Case{"a_sign", "+1\r\nx\r\n", "", ""},
                    Case{"a_space_before_the_size", " 1\r\nx\r\n", "", ""},
                    Case{"a_space_behind_the_size", "1 \r\nx\r\n", "", ""},
                    Case{"a_size_past_64_bits", "10000000000000000\r\nx", "", ""},
                    Case{"a_bare_lf_behind_the_size", "1\nx\r\n", "", ""},
                    Case{"a_bare_cr_behind_the_size", "1\rx\r\n", "", ""},
                    Case{"a_lf_in_an_extension", "1;a\nb\r\nx\r\n", "", ""},
                    Case{"a_cr_in_an_extension", "1;a\rb\r\nx\r\n", "", ""},
                    Case{"a_nul_in_an_extension", std::string("1;\0\r\nx\r\n", 8), "", ""},
                    Case{"data_longer_than_its_size", "1\r\nxy\r\n0\r\n\r\n", "", ""},
                    Case{"data_without_its_end", "1\r\nx0\r\n\r\n", "", ""},
                    Case{"a_bare_lf_behind_data", "1\r\nx\n0\r\n\r\n", "", ""},
                    Case{"a_trailer_without_a_colon", "0\r\nabc\r\n\r\n", "", ""},
                    Case{"a_folded_trailer", "0\r\nA: b\r\n c\r\n\r\n", "", ""},
                    Case{"a_bare_lf_at_the_end", "0\r\n\n", "", ""}),
    [](const auto& info) { return info.param.name; });

TEST(ChunkedDecoder, extensions_and_trailers_are_bounded) {
    EXPECT_TRUE(decode("1;" + std::string(20'000, 'a') + "\r\nx\r\n", 4096).malformed);
    EXPECT_TRUE(decode(std::string(20'000, '0') + "\r\n", 4096).malformed);
    std::string trailers = "0\r\n";
    for (int i = 0; i < 5000; ++i) trailers += "A: b\r\n";
    EXPECT_TRUE(decode(trailers, 4096).malformed);
    std::string many;
    for (int i = 0; i < 5000; ++i) many += "1;abcdef\r\nx\r\n";
    EXPECT_TRUE(decode(many, 4096).malformed) << "over a whole body, not for each chunk alone";
}

}  // namespace
}  // namespace portico::net
