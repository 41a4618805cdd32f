#include "net/request_id.hpp"

#include <sys/random.h>

#include <bit>
#include <chrono>
#include <cstring>

namespace portico::net {
namespace {

/// The two hexadecimal digits of each byte.
constexpr auto kHexPairs = [] {
    std::array<std::array<char, 2>, 256> pairs{};
    constexpr char digits[] = "0123456789abcdef";
    for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = {digits[i >> 4], digits[i & 15]};
    return pairs;
}();

/// The lowest `bytes` bytes of `value`.
void put_hex(char* to, std::uint64_t value, int bytes) noexcept {
    for (int i = bytes - 1; i >= 0; --i, to += 2) {
        std::memcpy(to, kHexPairs[(value >> (8 * i)) & 0xff].data(), 2);
    }
}

}  // namespace

bool is_request_id(std::string_view text) noexcept {
    if (text.empty() || text.size() > 128) return false;
    for (const char c : text) {
        const char lower = static_cast<char>(c | 0x20);
        const bool fits = (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z') || c == '.' ||
                          c == '_' || c == '-';
        if (!fits) return false;
    }
    return true;
}

RequestIds::RequestIds() noexcept {
    const auto size = static_cast<ssize_t>(sizeof state_);
    if (::getrandom(state_.data(), sizeof state_, 0) == size) return;
    // Without the system call (a sandbox): still different in each process and loop.
    auto seed = static_cast<std::uint64_t>(
        std::chrono::system_clock::now().time_since_epoch().count() ^
        static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(this)));
    for (auto& word : state_) word = (seed = seed * 6364136223846793005U + 1442695040888963407U);
}

std::uint64_t RequestIds::next() noexcept {
    const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = std::rotl(state_[3], 45);
    return result;
}

void RequestIds::write(char* to) noexcept {
    // RFC 9562 §5.4: version 4 in octet 6, variant 0b10 in octet 8.
    const std::uint64_t high = (next() & ~0xf000ULL) | 0x4000ULL;
    const std::uint64_t low = (next() >> 2) | (1ULL << 63);
    put_hex(to, high >> 32, 4);
    to[8] = '-';
    put_hex(to + 9, high >> 16, 2);
    to[13] = '-';
    put_hex(to + 14, high, 2);
    to[18] = '-';
    put_hex(to + 19, low >> 48, 2);
    to[23] = '-';
    put_hex(to + 24, low, 6);
}

}  // namespace portico::net
