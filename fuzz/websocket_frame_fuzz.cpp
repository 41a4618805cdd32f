// What a client sends over a WebSocket, cut in pieces, must give the same messages and the same
// fault as in one; no message is longer than the bound, no text is anything but UTF-8. What is
// written must read back.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "net/websocket_parser.hpp"
#include "portico/http/websocket.hpp"

namespace {

using portico::http::is_utf8;
using portico::net::WebSocketParser;
using Event = WebSocketParser::Event;

constexpr std::size_t kMaxMessage = 300;

void require(bool holds) {
    if (!holds) std::abort();
}

std::string describe(WebSocketParser& parser, Event event) {
    switch (event) {
        case Event::message: {
            std::string message = parser.take_message();
            require(message.size() <= kMaxMessage);
            require(!parser.is_text() || is_utf8(message));
            return (parser.is_text() ? "text " : "binary ") + message;
        }
        case Event::ping:
        case Event::pong:
            require(parser.control().size() <= 125);
            return (event == Event::ping ? "ping " : "pong ") + std::string(parser.control());
        case Event::close:
            require(parser.close_code() == portico::http::close_code::no_status ||
                    portico::http::is_close_code(parser.close_code()));
            require(is_utf8(parser.close_reason()));
            return "close " + std::string(parser.close_reason());
        case Event::failed:
            require(portico::http::is_close_code(parser.error().code));
            require(!parser.error().phrase.empty());
            return "failed " + std::string(parser.error().phrase);
        case Event::need_more:
            break;
    }
    return {};
}

std::vector<std::string> parse(std::string_view bytes, std::size_t step) {
    WebSocketParser parser(kMaxMessage);
    std::vector<std::string> events;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        std::vector<char> piece(
            bytes.begin() + static_cast<std::ptrdiff_t>(at),
            bytes.begin() + static_cast<std::ptrdiff_t>(std::min(at + step, bytes.size())));
        for (std::size_t used = 0; used < piece.size();) {
            const auto [event, consumed] = parser.parse(piece.data() + used, piece.size() - used);
            require((consumed > 0 || event == Event::failed) && consumed <= piece.size() - used);
            used += consumed;
            if (event == Event::need_more) {
                require(used == piece.size());
                continue;
            }
            events.push_back(describe(parser, event));
            if (event == Event::failed || event == Event::close) return events;
        }
    }
    return events;
}

/// A server's frame, masked as a client's would be.
void check_writer(std::string_view payload) {
    std::string out;
    portico::net::append_frame(out, portico::net::Opcode::binary, payload);
    const std::size_t head = out.size() - payload.size();
    std::string masked = out.substr(0, head);
    masked[1] = static_cast<char>(masked[1] | 0x80);
    masked += "\x01\x02\x03\x04";
    std::string body(payload);
    portico::net::apply_mask(body.data(), body.size(), 0x04030201, 0);
    const auto events = parse(masked + body, masked.size() + body.size());
    require(events.size() == 1);
    require(payload.size() > kMaxMessage ? events[0].starts_with("failed ")
                                         : events[0] == "binary " + std::string(payload));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    const auto whole = parse(bytes, std::max<std::size_t>(size, 1));
    require(parse(bytes, 1) == whole);
    require(parse(bytes, 5) == whole);
    check_writer(bytes);
    return 0;
}
