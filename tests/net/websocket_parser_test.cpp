#include "net/websocket_parser.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/net/websocket_client.hpp"

namespace portico::net::test {
namespace {

constexpr std::size_t kMaxMessage = 70'000;

std::string describe(WebSocketParser& parser, WebSocketParser::Event event) {
    switch (event) {
        case WebSocketParser::Event::message:
            return (parser.is_text() ? "text " : "binary ") + parser.take_message();
        case WebSocketParser::Event::ping:
            return "ping " + std::string(parser.control());
        case WebSocketParser::Event::pong:
            return "pong " + std::string(parser.control());
        case WebSocketParser::Event::close:
            return "close " + std::to_string(parser.close_code()) + " " +
                   std::string(parser.close_reason());
        case WebSocketParser::Event::failed:
            return "failed " + std::to_string(parser.error().code) + " " +
                   std::string(parser.error().phrase);
        case WebSocketParser::Event::need_more:
            return "need more";
    }
    return {};
}

/// What comes of `bytes` when they come in pieces of `step`.
std::vector<std::string> parse(const std::string& bytes, std::size_t step) {
    WebSocketParser parser(kMaxMessage);
    std::vector<std::string> events;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        std::string piece = bytes.substr(at, step);
        for (std::size_t used = 0; used < piece.size();) {
            const auto [event, consumed] = parser.parse(piece.data() + used, piece.size() - used);
            used += consumed;
            if (event == WebSocketParser::Event::need_more) continue;
            events.push_back(describe(parser, event));
            if (event == WebSocketParser::Event::failed) return events;
            if (event == WebSocketParser::Event::close) return events;
        }
    }
    return events;
}

using Events = std::vector<std::string>;

Events parse(const std::string& bytes) {
    const Events whole = parse(bytes, bytes.size());
    EXPECT_EQ(parse(bytes, 1), whole);
    EXPECT_EQ(parse(bytes, 7), whole);
    return whole;
}

TEST(WebSocketParser, reads_messages_of_every_length) {
    EXPECT_EQ(parse(frame(1, "Hello")), Events{"text Hello"});
    EXPECT_EQ(parse(frame(2, "\xFF\x01")), Events{"binary \xFF\x01"});
    EXPECT_EQ(parse(frame(1, "")), Events{"text "});
    for (const std::size_t size : {125U, 126U, 127U, 65535U, 65536U, 70'000U}) {
        const std::string payload(size, 'x');
        EXPECT_EQ(parse(frame(1, payload)), Events{"text " + payload}) << size;
    }
}

TEST(WebSocketParser, puts_fragments_together_around_control_frames) {
    EXPECT_EQ(
        parse(frame(1, "Hel", {.fin = false}) + frame(9, "p") + frame(0, "lo ", {.fin = false}) +
              frame(10, "q") + frame(0, "you") + frame(2, "b")),
        (Events{"ping p", "pong q", "text Hello you", "binary b"}));
    // A character may be cut by frames.
    EXPECT_EQ(parse(frame(1, "\xE2\x82", {.fin = false}) + frame(0, "\xAC")),
              Events{"text \xE2\x82\xAC"});
    EXPECT_EQ(parse(frame(2, "", {.fin = false}) + frame(0, "")), Events{"binary "});
}

TEST(WebSocketParser, reads_how_the_client_closes) {
    EXPECT_EQ(parse(close_frame(1000)), Events{"close 1000 "});
    EXPECT_EQ(parse(close_frame(4999, "bye")), Events{"close 4999 bye"});
    EXPECT_EQ(parse(frame(8, "")), Events{"close 1005 "});
}

struct Malformed {
    std::string name;
    std::string bytes;
    std::string error;
};

class WebSocketParserMalformed : public testing::TestWithParam<Malformed> {};

TEST_P(WebSocketParserMalformed, fails_the_connection) {
    const Events events = parse(GetParam().bytes);
    ASSERT_EQ(events.size(), 1U) << testing::PrintToString(events);
    EXPECT_EQ(events.front(), "failed " + GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc6455, WebSocketParserMalformed,
    testing::ValuesIn(std::vector<Malformed>{
        {"not_masked", frame(1, "hi", {.masked = false}), "1002 a frame is not masked"},
        {"rsv1", frame(1, "hi", {.reserved = 0x40}), "1002 a reserved bit is set"},
        {"rsv2", frame(2, "hi", {.reserved = 0x20}), "1002 a reserved bit is set"},
        {"rsv3", frame(9, "hi", {.reserved = 0x10}), "1002 a reserved bit is set"},
        {"opcode_3", frame(3, ""), "1002 an unknown opcode"},
        {"opcode_7", frame(7, ""), "1002 an unknown opcode"},
        {"opcode_11", frame(11, ""), "1002 an unknown opcode"},
        {"opcode_15", frame(15, ""), "1002 an unknown opcode"},
        {"continuation_of_nothing", frame(0, "x"), "1002 a continuation of no message"},
        {"message_within_a_message", frame(1, "a", {.fin = false}) + frame(1, "b"),
         "1002 a message within a message"},
        {"fragmented_ping", frame(9, "", {.fin = false}), "1002 a control frame is fragmented"},
        {"fragmented_close", frame(8, "", {.fin = false}), "1002 a control frame is fragmented"},
        {"ping_of_126", frame(9, std::string(126, 'x')), "1002 a control frame is too long"},
        {"close_of_126", close_frame(1000, std::string(124, 'x')),
         "1002 a control frame is too long"},
        {"length_in_two_bytes_of_125", frame(1, "x", {.length_bytes = 2, .length = 125}),
         "1002 a malformed length"},
        {"length_in_eight_bytes_of_65535", frame(1, "x", {.length_bytes = 8, .length = 65535}),
         "1002 a malformed length"},
        {"length_with_its_first_bit",
         frame(2, "x", {.length_bytes = 8, .length = std::uint64_t{1} << 63}),
         "1002 a malformed length"},
        {"too_long", frame(1, "x", {.length = kMaxMessage + 1}), "1009 the message is too long"},
        {"far_too_long", frame(2, "x", {.length = UINT64_MAX >> 1}),
         "1009 the message is too long"},
        {"too_long_together",
         frame(1, std::string(40'000, 'x'), {.fin = false}) + frame(0, std::string(30'001, 'x')),
         "1009 the message is too long"},
        {"no_utf8", frame(1, "ab\xC0"), "1007 the text is no UTF-8"},
        {"a_surrogate", frame(1, "\xED\xA0\x80"), "1007 the text is no UTF-8"},
        {"a_cut_character", frame(1, "\xE2\x82"), "1007 the text is no UTF-8"},
        {"no_utf8_across_frames", frame(1, "\xE2\x82", {.fin = false}) + frame(0, "x"),
         "1007 the text is no UTF-8"},
        {"half_a_close_code", frame(8, "x"), "1002 half a close code"},
        {"close_999", close_frame(999), "1002 a close code that must not be sent"},
        {"close_1005", close_frame(1005), "1002 a close code that must not be sent"},
        {"close_1006", close_frame(1006), "1002 a close code that must not be sent"},
        {"close_1015", close_frame(1015), "1002 a close code that must not be sent"},
        {"close_2999", close_frame(2999), "1002 a close code that must not be sent"},
        {"close_5000", close_frame(5000), "1002 a close code that must not be sent"},
        {"a_reason_that_is_no_utf8", close_frame(1000, "\xFF"), "1007 the reason is no UTF-8"},
        {"a_reason_that_is_cut", close_frame(1000, "\xE2\x82"), "1007 the reason is no UTF-8"},
    }),
    [](const auto& info) { return info.param.name; });

TEST(WebSocketParser, sees_what_is_wrong_before_the_payload_has_come) {
    WebSocketParser parser(10);
    std::string head = frame(1, "", {.length = 11});
    EXPECT_EQ(parser.parse(head.data(), head.size()).event, WebSocketParser::Event::failed);
    WebSocketParser utf8(100);
    std::string text = frame(1, "\xFF", {.length = 50});
    EXPECT_EQ(utf8.parse(text.data(), text.size()).event, WebSocketParser::Event::failed);
}

TEST(WebSocketFrame, is_written_with_the_shortest_length_and_no_mask) {
    for (const auto& [size, head] : std::vector<std::pair<std::size_t, std::string>>{
             {0, std::string("\x82\x00", 2)},
             {125, "\x82\x7D"},
             {126, std::string("\x82\x7E\x00\x7E", 4)},
             {65535, "\x82\x7E\xFF\xFF"},
             {65536, std::string("\x82\x7F\0\0\0\0\0\x01\0\0", 10)}}) {
        std::string out;
        append_frame(out, Opcode::binary, std::string(size, 'x'));
        EXPECT_EQ(out, head + std::string(size, 'x')) << size;
    }
}

TEST(WebSocketFrame, cuts_a_reason_between_characters) {
    std::string out;
    append_close(out, 1000, std::string(122, 'x') + "\xE2\x82\xAC");
    EXPECT_EQ(out.substr(1), "\x7C\x03\xE8" + std::string(122, 'x'));
}

}  // namespace
}  // namespace portico::net::test
