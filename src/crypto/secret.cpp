#include "portico/crypto/secret.hpp"

#include <openssl/crypto.h>

namespace portico::crypto {

void wipe(void* memory, std::size_t size) noexcept {
    OPENSSL_cleanse(memory, size);
}

void wipe(std::string& text) noexcept {
    text.resize(text.capacity());  // allocates nothing
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
}

bool constant_time_equal(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace portico::crypto
