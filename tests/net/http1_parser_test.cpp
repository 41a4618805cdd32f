#include "net/http1_parser.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

namespace portico::net {
namespace {

using Status = Http1Parser::Status;

struct HeadCase {
    std::string verdict;
    std::string name;
    std::string bytes;
};

void PrintTo(const HeadCase& head, std::ostream* out) {
    *out << head.name;
}

std::string unescape(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            result.push_back(text[i]);
            continue;
        }
        switch (text[++i]) {
            case 'r':
                result.push_back('\r');
                break;
            case 'n':
                result.push_back('\n');
                break;
            case 't':
                result.push_back('\t');
                break;
            case '0':
                result.push_back('\0');
                break;
            case 'x':
                result.push_back(
                    static_cast<char>(std::stoi(std::string{text.substr(i + 1, 2)}, nullptr, 16)));
                i += 2;
                break;
            default:
                result.push_back(text[i]);
        }
    }
    return result;
}

std::vector<HeadCase> load_cases() {
    std::vector<HeadCase> cases;
    std::ifstream file(PORTICO_TEST_DATA "/http1_heads.txt");
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.front() == '#') continue;
        const auto first = line.find(" | ");
        const auto second = line.find(" | ", first + 3);
        cases.push_back({line.substr(0, line.find(' ')), line.substr(first + 3, second - first - 3),
                         unescape(std::string_view{line}.substr(second + 3))});
    }
    return cases;
}

std::string verdict_of(Http1Parser& parser, std::string_view bytes, std::size_t step) {
    http::HeaderView fields;
    auto status = Status::need_more;
    for (std::size_t size = std::min(step, bytes.size());;
         size = std::min(size + step, bytes.size())) {
        // An allocation of just that size: AddressSanitizer sees a read beyond it.
        const std::vector<char> copy(bytes.begin(),
                                     bytes.begin() + static_cast<std::ptrdiff_t>(size));
        status = parser.parse({copy.data(), copy.size()}, fields);
        if (status != Status::need_more || size == bytes.size()) break;
    }
    if (status == Status::complete) return "ok";
    if (status == Status::need_more) return "more";
    return std::to_string(parser.error().status);
}

class Http1Heads : public testing::TestWithParam<HeadCase> {};

TEST_P(Http1Heads, get_the_same_verdict_whole_and_byte_by_byte) {
    const auto& head = GetParam();
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, head.bytes.size() + 1}) {
        Http1Parser parser{HeadLimits{}};
        EXPECT_EQ(verdict_of(parser, head.bytes, step), head.verdict) << "in steps of " << step;
    }
}

INSTANTIATE_TEST_SUITE_P(Rfc9112, Http1Heads, testing::ValuesIn(load_cases()),
                         [](const auto& info) { return "line_" + std::to_string(info.index); });

struct Parsed {
    std::string text;
    Http1Parser parser{HeadLimits{}};
    http::HeaderView fields;

    explicit Parsed(std::string bytes) : text(std::move(bytes)) {
        EXPECT_EQ(parser.parse(text, fields), Status::complete) << text;
    }
    [[nodiscard]] const RequestHead& head() const { return parser.head(); }
};

TEST(Http1Parser, gives_the_parts_of_a_head) {
    const Parsed parsed{
        "PATCH /a/b?c=d HTTP/1.1\r\nHost: example.com:80\r\nX-Request-ID: 7\r\nX: \t y z "
        "\r\n\r\nrest"};
    EXPECT_EQ(parsed.head().method, "PATCH");
    EXPECT_EQ(parsed.head().target, "/a/b?c=d");
    EXPECT_EQ(parsed.head().host, "example.com:80");
    EXPECT_EQ(parsed.head().request_id, "7");
    EXPECT_EQ(parsed.head().minor_version, 1);
    EXPECT_EQ(parsed.parser.head_size(), parsed.text.size() - 4);
    ASSERT_EQ(parsed.fields.size(), 3U);
    EXPECT_EQ(parsed.fields[2].name, "X");
    EXPECT_EQ(parsed.fields[2].value, "y z");
}

TEST(Http1Parser, the_authority_of_an_absolute_target_replaces_the_host_field) {
    const Parsed parsed{"GET http://real:8/p?q HTTP/1.1\r\nHost: claimed\r\n\r\n"};
    EXPECT_EQ(parsed.head().host, "real:8");
    EXPECT_EQ(parsed.head().target, "/p?q");
    EXPECT_EQ(Parsed{"GET http://real HTTP/1.1\r\nHost: a\r\n\r\n"}.head().target, "/");
    EXPECT_EQ(Parsed{"GET http://real?q HTTP/1.1\r\nHost: a\r\n\r\n"}.head().target, "?q");
}

TEST(Http1Parser, the_connection_option_decides_whether_it_persists) {
    EXPECT_TRUE(Parsed{"GET / HTTP/1.1\r\nHost: a\r\n\r\n"}.head().keep_alive);
    EXPECT_FALSE(
        Parsed{"GET / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n"}.head().keep_alive);
    EXPECT_FALSE(
        Parsed{"GET / HTTP/1.1\r\nHost: a\r\nConnection: te , close\r\n\r\n"}.head().keep_alive);
    EXPECT_FALSE(Parsed{"GET / HTTP/1.0\r\n\r\n"}.head().keep_alive);
    EXPECT_TRUE(Parsed{"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"}.head().keep_alive);
}

TEST(Http1Parser, an_expectation_in_http_1_0_is_ignored) {
    EXPECT_TRUE(
        Parsed{"PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n"}.head().expect_continue);
    EXPECT_FALSE(Parsed{"PUT / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n"}.head().expect_continue);
}

int status_of(const std::string& bytes, std::size_t step) {
    Http1Parser parser{HeadLimits{}};
    const auto verdict = verdict_of(parser, bytes, step);
    return verdict == "ok" ? 200 : verdict == "more" ? 100 : std::stoi(verdict);
}

TEST(Http1Parser, a_target_of_8_KiB_is_read_and_one_more_is_414) {
    const auto request = [](std::size_t size) {
        return "GET /" + std::string(size - 1, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n";
    };
    EXPECT_EQ(status_of(request(8192), 4096), 200);
    EXPECT_EQ(status_of(request(8193), 4096), 414);
    EXPECT_EQ(status_of(request(8193), 100'000), 414);
    EXPECT_EQ(status_of("GET /" + std::string(9000, 'a'), 100'000), 414) << "before its end";
}

TEST(Http1Parser, a_head_of_16_KiB_is_read_and_one_more_is_431) {
    const auto request = [](std::size_t size) {
        std::string text = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
        return text + std::string(size - text.size() - 4, 'a') + "\r\n\r\n";
    };
    EXPECT_EQ(status_of(request(16384), 100'000), 200);
    EXPECT_EQ(status_of(request(16385), 100'000), 431);
    EXPECT_EQ(status_of(request(20'000).substr(0, 17'000), 1000), 431) << "before its end";
}

TEST(Http1Parser, a_hundred_fields_are_read_and_one_more_is_431) {
    const auto request = [](int fields) {
        std::string text = "GET / HTTP/1.1\r\nHost: a\r\n";
        for (int i = 1; i < fields; ++i) text += "X: y\r\n";
        return text + "\r\n";
    };
    EXPECT_EQ(status_of(request(100), 4096), 200);
    EXPECT_EQ(status_of(request(101), 4096), 431);
    EXPECT_EQ(status_of(request(10'000), 4096), 431);
}

TEST(Http1Parser, works_again_after_reset) {
    Parsed parsed{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"};
    parsed.parser.reset();
    parsed.fields.clear();
    parsed.text = "GET / HTTP/1.1\r\nHost: b\r\n\r\n";
    ASSERT_EQ(parsed.parser.parse(parsed.text, parsed.fields), Status::complete);
    EXPECT_FALSE(parsed.head().content_length);
    EXPECT_EQ(parsed.head().host, "b");
}

TEST(Http1Parser, says_what_was_wrong) {
    Http1Parser parser{HeadLimits{}};
    http::HeaderView fields;
    const std::string text = "GET / HTTP/1.1\r\nHost : a\r\n\r\n";
    ASSERT_EQ(parser.parse(text, fields), Status::refused);
    EXPECT_EQ(parser.error().phrase, "Malformed header field name");
}

}  // namespace
}  // namespace portico::net
