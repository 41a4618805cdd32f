#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace portico::core {

/// 128 bits that stand for a text of any length.
struct Fingerprint {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    [[nodiscard]] bool operator==(const Fingerprint&) const noexcept = default;

    /// For `std::unordered_map`: the bits are as good as random already.
    struct Hash {
        [[nodiscard]] std::size_t operator()(const Fingerprint& of) const noexcept {
            return static_cast<std::size_t>(of.low);
        }
    };
};

/// SipHash-2-4 with 128 bits of output (Aumasson and Bernstein), under a random key of its own.
///
/// Tables that strangers fill are keyed by it: without the key nobody can choose texts that collide
/// or meet in one bucket, and entries are of one size however long the text. About 30 ns for a
/// short text. Not a signature: use `crypto::Hmac` for what leaves the process. Thread-safe.
class KeyedHash {
public:
    /// Draws the key.
    KeyedHash() noexcept;
    /// A fixed key, for tests.
    constexpr KeyedHash(std::uint64_t k0, std::uint64_t k1) noexcept : k0_(k0), k1_(k1) {}

    [[nodiscard]] Fingerprint operator()(std::string_view text) const noexcept;

private:
    std::uint64_t k0_;
    std::uint64_t k1_;
};

}  // namespace portico::core
