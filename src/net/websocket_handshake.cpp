#include "net/websocket_handshake.hpp"

#include <openssl/evp.h>

#include <array>
#include <new>

namespace portico::net {

std::string websocket_accept(std::string_view key) {
    // RFC 6455 §4.2.2: "concatenating this value with the string
    // "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", taking the SHA-1 hash of this concatenated value to
    // obtain a 20-byte value and base64-encoding". It shows that the server speaks the protocol,
    // nothing more: SHA-1 protects nothing here.
    std::string text(key);
    text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, 20> digest;
    if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr) != 1) {
        throw std::bad_alloc();
    }
    std::array<unsigned char, 29> encoded;  // EVP_EncodeBlock ends it with a NUL
    const int size = EVP_EncodeBlock(encoded.data(), digest.data(), digest.size());
    return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(size)};
}

}  // namespace portico::net
