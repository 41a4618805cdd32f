#include <stdexcept>

#include "portico/crypto/hmac.hpp"

namespace portico::crypto {

SecretKey hkdf(const SecretKey& key, std::string_view purpose, std::size_t size,
               std::string_view salt) {
    constexpr std::size_t kHashLength = digest_size(Sha::sha256);
    // RFC 5869 §2.3: "length of output keying material in octets (<= 255*HashLen)".
    if (size > 255 * kHashLength) throw std::length_error("HKDF gives at most 8160 bytes");

    // §2.2: "if not provided, [salt] is set to a string of HashLen zeros", which as a key of HMAC
    // is the same as an empty one.
    std::string extracted = Hmac(Sha::sha256, SecretKey(salt)).sign(key.reveal());
    const Hmac expand{Sha::sha256, SecretKey(extracted)};
    wipe(extracted);

    // §2.3: T(n) = HMAC-Hash(PRK, T(n-1) | info | n).
    std::string output;
    output.reserve(size + kHashLength);
    std::string input;
    input.reserve(kHashLength + purpose.size() + 1);
    for (unsigned n = 1; output.size() < size; ++n) {
        input.append(purpose).push_back(static_cast<char>(n));
        std::string block = expand.sign(input);
        output.append(block);
        input = block;
        wipe(block);
    }
    SecretKey derived{std::string_view(output).substr(0, size)};
    wipe(output);
    wipe(input);
    return derived;
}

}  // namespace portico::crypto
