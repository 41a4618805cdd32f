#include "portico/core/keyed_hash.hpp"

#include <sys/random.h>

#include <array>
#include <bit>
#include <chrono>
#include <cstring>

namespace portico::core {

namespace {

struct State {
    std::uint64_t v0, v1, v2, v3;

    void round() noexcept {
        v0 += v1;
        v1 = std::rotl(v1, 13) ^ v0;
        v0 = std::rotl(v0, 32);
        v2 += v3;
        v3 = std::rotl(v3, 16) ^ v2;
        v0 += v3;
        v3 = std::rotl(v3, 21) ^ v0;
        v2 += v1;
        v1 = std::rotl(v1, 17) ^ v2;
        v2 = std::rotl(v2, 32);
    }
    void take(std::uint64_t word) noexcept {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }
    std::uint64_t give() noexcept {
        for (int i = 0; i < 4; ++i) round();
        return v0 ^ v1 ^ v2 ^ v3;
    }
};

/// Up to eight bytes, the first the lowest.
std::uint64_t word_of(std::string_view bytes) noexcept {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        word |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    }
    return word;
}

}  // namespace

KeyedHash::KeyedHash() noexcept {
    std::array<std::uint64_t, 2> key{};
    if (getrandom(key.data(), sizeof key, 0) != static_cast<ssize_t>(sizeof key)) {
        // An ancient kernel or a strict sandbox: what an outsider does not see is better than zero.
        key = {std::bit_cast<std::uintptr_t>(&key),
               static_cast<std::uint64_t>(
                   std::chrono::steady_clock::now().time_since_epoch().count())};
    }
    k0_ = key[0];
    k1_ = key[1];
}

Fingerprint KeyedHash::operator()(std::string_view text) const noexcept {
    State state{k0_ ^ 0x736f6d6570736575, k1_ ^ 0x646f72616e646f6d ^ 0xee, k0_ ^ 0x6c7967656e657261,
                k1_ ^ 0x7465646279746573};
    const std::uint64_t length = text.size();
    for (; text.size() >= 8; text.remove_prefix(8)) state.take(word_of(text.substr(0, 8)));
    state.take(word_of(text) | length << 56);
    state.v2 ^= 0xee;
    const std::uint64_t low = state.give();
    state.v1 ^= 0xdd;
    return {.high = state.give(), .low = low};
}

}  // namespace portico::core
