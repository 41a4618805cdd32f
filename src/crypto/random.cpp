#include "portico/crypto/random.hpp"

#include <openssl/rand.h>

#include <stdexcept>

#include "portico/crypto/base64.hpp"

namespace portico::crypto {

void random_bytes(std::span<std::uint8_t> out) {
    if (RAND_bytes_ex(nullptr, out.data(), out.size(), 0) != 1) {
        throw std::runtime_error("the system gives no random bytes");
    }
}

std::string random_token(std::size_t bytes) {
    std::string raw(bytes, '\0');
    random_bytes({reinterpret_cast<std::uint8_t*>(raw.data()), raw.size()});
    return base64url_encode(raw);
}

std::array<std::uint8_t, 16> random_uuid() {
    std::array<std::uint8_t, 16> uuid;
    random_bytes(uuid);
    // RFC 9562 §5.4: the version is 0b0100 in the high bits of octet 6, the variant 0b10 in the
    // high bits of octet 8.
    uuid[6] = static_cast<std::uint8_t>((uuid[6] & 0x0f) | 0x40);
    uuid[8] = static_cast<std::uint8_t>((uuid[8] & 0x3f) | 0x80);
    return uuid;
}

std::string random_uuid_text() {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(36);
    const auto uuid = random_uuid();
    for (std::size_t i = 0; i < uuid.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += kDigits[uuid[i] >> 4];
        text += kDigits[uuid[i] & 15];
    }
    return text;
}

}  // namespace portico::crypto
