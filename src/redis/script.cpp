#include "portico/redis/script.hpp"

#include <openssl/evp.h>

#include <new>
#include <utility>

namespace portico::redis {

Script::Script(std::string source) : source_(std::move(source)) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::array<unsigned char, 20> digest;
    // A name, not a signature: Redis knows its scripts by it.
    if (EVP_Digest(source_.data(), source_.size(), digest.data(), nullptr, EVP_sha1(), nullptr) !=
        1) {
        throw std::bad_alloc();
    }
    for (std::size_t i = 0; i < digest.size(); ++i) {
        sha1_[2 * i] = kDigits[digest[i] >> 4U];
        sha1_[2 * i + 1] = kDigits[digest[i] & 15U];
    }
}

}  // namespace portico::redis
