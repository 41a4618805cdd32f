#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace portico::net {

/// RFC 6455 §5.2.
enum class Opcode : std::uint8_t {
    continuation = 0x0,
    text = 0x1,
    binary = 0x2,
    close = 0x8,
    ping = 0x9,
    pong = 0xA,
};

/// Appends a whole, unfragmented frame. RFC 6455 §5.1: "A server MUST NOT mask any frames that it
/// sends to the client."
void append_frame(std::string& out, Opcode opcode, std::string_view payload);

/// Appends a Close frame. A reason that is too long is cut, never within a character.
void append_close(std::string& out, std::uint16_t code, std::string_view reason);

/// Takes the mask off, or puts it on. `phase`: how many bytes of the payload come before these.
void apply_mask(char* data, std::size_t size, std::uint32_t mask, std::size_t phase) noexcept;

}  // namespace portico::net
