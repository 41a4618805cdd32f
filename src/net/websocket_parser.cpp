#include "net/websocket_parser.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "portico/http/websocket.hpp"

namespace portico::net {
namespace {

namespace code = http::close_code;

bool is_control(Opcode opcode) noexcept {
    return (static_cast<unsigned>(opcode) & 0x8) != 0;
}

}  // namespace

WebSocketParser::Event WebSocketParser::fail(std::uint16_t code, std::string_view phrase) noexcept {
    error_ = {code, phrase};
    return Event::failed;
}

std::size_t WebSocketParser::head_bytes() const noexcept {
    if (head_size_ < 2) return 2;
    const unsigned length = head_[1] & 0x7FU;
    return 2U + (length == 126 ? 2U : length == 127 ? 8U : 0U) + 4U;
}

std::string WebSocketParser::take_message() noexcept {
    return std::exchange(message_, {});
}

WebSocketParser::Step WebSocketParser::parse(char* data, std::size_t size) {
    std::size_t at = 0;
    for (;;) {
        while (!in_payload_) {
            const std::size_t more = std::min(head_bytes() - head_size_, size - at);
            if (more == 0) return {Event::need_more, at};
            std::memcpy(head_.data() + head_size_, data + at, more);
            head_size_ += more;
            at += more;
            if (head_size_ < head_bytes()) {
                if (head_size_ != 2) continue;
                if (check_start() == Event::failed) return {Event::failed, at};
            } else if (begin_payload() == Event::failed) {
                return {Event::failed, at};
            }
        }
        const auto here =
            static_cast<std::size_t>(std::min<std::uint64_t>(length_ - taken_, size - at));
        apply_mask(data + at, here, mask_, static_cast<std::size_t>(taken_ % 4));
        if (take({data + at, here}) == Event::failed) return {Event::failed, at};
        at += here;
        taken_ += here;
        if (taken_ != length_) return {Event::need_more, at};
        in_payload_ = false;
        head_size_ = 0;
        if (const Event event = end_frame(); event != Event::need_more) return {event, at};
    }
}

/// The first two bytes have come.
WebSocketParser::Event WebSocketParser::check_start() noexcept {
    fin_ = (head_[0] & 0x80) != 0;
    opcode_ = static_cast<Opcode>(head_[0] & 0x0F);
    // RFC 6455 §5.2: "RSV1, RSV2, RSV3: ... MUST be 0 unless an extension is negotiated that
    // defines meanings for non-zero values. If a nonzero value is received and none of the
    // negotiated extensions defines the meaning of such a nonzero value, the receiving endpoint
    // MUST _Fail the WebSocket Connection_."
    if ((head_[0] & 0x70) != 0) return fail(code::protocol_error, "a reserved bit is set");
    // RFC 6455 §5.1: "The server MUST close the connection upon receiving a frame that is not
    // masked."
    if ((head_[1] & 0x80) == 0) return fail(code::protocol_error, "a frame is not masked");
    const unsigned length = head_[1] & 0x7FU;
    switch (opcode_) {
        case Opcode::continuation:
            // RFC 6455 §5.4: continuation frames belong to a message that has begun.
            if (!in_message_) return fail(code::protocol_error, "a continuation of no message");
            return Event::need_more;
        case Opcode::text:
        case Opcode::binary:
            // RFC 6455 §5.4: "The fragments of one message MUST NOT be interleaved between the
            // fragments of another message".
            if (in_message_) return fail(code::protocol_error, "a message within a message");
            return Event::need_more;
        case Opcode::close:
        case Opcode::ping:
        case Opcode::pong:
            // RFC 6455 §5.5: "All control frames MUST have a payload length of 125 bytes or less
            // and MUST NOT be fragmented."
            if (!fin_) return fail(code::protocol_error, "a control frame is fragmented");
            if (length > 125) return fail(code::protocol_error, "a control frame is too long");
            return Event::need_more;
    }
    // RFC 6455 §5.2: "If an unknown opcode is received, the receiving endpoint MUST _Fail the
    // WebSocket Connection_."
    return fail(code::protocol_error, "an unknown opcode");
}

/// The whole head has come.
WebSocketParser::Event WebSocketParser::begin_payload() noexcept {
    const unsigned short_length = head_[1] & 0x7FU;
    const std::size_t bytes = short_length == 126 ? 2 : short_length == 127 ? 8 : 0;
    length_ = short_length;
    if (bytes != 0) {
        length_ = 0;
        for (std::size_t i = 0; i < bytes; ++i) length_ = length_ << 8 | head_[2 + i];
        // RFC 6455 §5.2: "the minimal number of bytes MUST be used to encode the length", and of
        // eight bytes "the most significant bit MUST be 0".
        if (length_ < 126 || (bytes == 8 && length_ <= 0xFFFF) || length_ >> 63 != 0) {
            return fail(code::protocol_error, "a malformed length");
        }
    }
    std::memcpy(&mask_, head_.data() + 2 + bytes, 4);
    taken_ = 0;
    in_payload_ = true;
    if (is_control(opcode_)) {
        control_size_ = 0;
        return Event::need_more;
    }
    if (opcode_ != Opcode::continuation) {
        in_message_ = true;
        is_text_ = opcode_ == Opcode::text;
        utf8_.reset();
    }
    if (length_ > max_message_ - message_.size()) {
        return fail(code::message_too_big, "the message is too long");
    }
    return Event::need_more;
}

WebSocketParser::Event WebSocketParser::take(std::string_view payload) {
    if (is_control(opcode_)) {
        std::ranges::copy(payload, control_.begin() + static_cast<std::ptrdiff_t>(control_size_));
        control_size_ += payload.size();
        return Event::need_more;
    }
    // RFC 6455 §8.1: "When an endpoint is to interpret a byte stream as UTF-8 but finds that the
    // byte stream is not, in fact, a valid UTF-8 stream, that endpoint MUST _Fail the WebSocket
    // Connection_."
    if (is_text_ && !utf8_.feed(payload)) return fail(code::invalid_data, "the text is no UTF-8");
    message_.append(payload);
    return Event::need_more;
}

WebSocketParser::Event WebSocketParser::end_frame() noexcept {
    switch (opcode_) {
        case Opcode::ping:
            return Event::ping;
        case Opcode::pong:
            return Event::pong;
        case Opcode::close:
            return end_close();
        default:
            if (!fin_) return Event::need_more;
            in_message_ = false;
            if (is_text_ && !utf8_.complete()) {
                return fail(code::invalid_data, "the text is no UTF-8");
            }
            return Event::message;
    }
}

WebSocketParser::Event WebSocketParser::end_close() noexcept {
    // RFC 6455 §5.5.1: "If there is a body, the first two bytes of the body MUST be a 2-byte
    // unsigned integer (in network byte order) representing a status code"; §7.4.1: 1005 is
    // "designated for use in applications expecting a status code to indicate that no status code
    // was actually present".
    close_code_ = code::no_status;
    if (control_size_ == 0) return Event::close;
    if (control_size_ == 1) return fail(code::protocol_error, "half a close code");
    close_code_ = static_cast<std::uint16_t>(static_cast<unsigned char>(control_[0]) << 8 |
                                             static_cast<unsigned char>(control_[1]));
    if (!http::is_close_code(close_code_)) {
        return fail(code::protocol_error, "a close code that must not be sent");
    }
    // RFC 6455 §5.5.1: the reason is "UTF-8-encoded data".
    if (!http::is_utf8(close_reason())) {
        return fail(code::invalid_data, "the reason is no UTF-8");
    }
    return Event::close;
}

}  // namespace portico::net
