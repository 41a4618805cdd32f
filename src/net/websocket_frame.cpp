#include "net/websocket_frame.hpp"

#include <array>
#include <bit>
#include <cstring>

#include "portico/http/websocket.hpp"

namespace portico::net {
namespace {

char byte_of(std::uint64_t value, int index) noexcept {
    return static_cast<char>(value >> (8 * index) & 0xFF);
}

}  // namespace

void append_frame(std::string& out, Opcode opcode, std::string_view payload) {
    const std::uint64_t size = payload.size();
    out += static_cast<char>(0x80 | static_cast<int>(opcode));
    // RFC 6455 §5.2: "in all cases, the minimal number of bytes MUST be used to encode the length".
    int bytes = 0;
    if (size < 126) {
        out += static_cast<char>(size);
    } else {
        bytes = size <= 0xFFFF ? 2 : 8;
        out += static_cast<char>(bytes == 2 ? 126 : 127);
    }
    while (bytes > 0) out += byte_of(size, --bytes);
    out += payload;
}

void append_close(std::string& out, std::uint16_t code, std::string_view reason) {
    std::string payload{byte_of(code, 1), byte_of(code, 0)};
    if (reason.size() > http::kMaxCloseReason) {
        std::size_t end = http::kMaxCloseReason;
        while (end > 0 && (reason[end] & 0xC0) == 0x80) --end;
        reason = reason.substr(0, end);
    }
    payload += reason;
    append_frame(out, Opcode::close, payload);
}

void apply_mask(char* data, std::size_t size, std::uint32_t mask, std::size_t phase) noexcept {
    // RFC 6455 §5.3: "transformed-octet-i = original-octet-i XOR masking-key-octet-(i MOD 4)"; the
    // mask is in the order of the bytes on the wire.
    mask = std::rotr(mask, static_cast<int>(phase % 4 * 8));
    const std::uint64_t twice = std::uint64_t{mask} << 32 | mask;
    while (size >= 8) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, data, 8);
        eight ^= twice;
        std::memcpy(data, &eight, 8);
        data += 8;
        size -= 8;
    }
    for (std::size_t i = 0; i < size; ++i) {
        data[i] = static_cast<char>(data[i] ^ byte_of(mask, static_cast<int>(i % 4)));
    }
}

static_assert(std::endian::native == std::endian::little);

}  // namespace portico::net
