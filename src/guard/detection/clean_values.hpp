#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

#include "portico/core/keyed_hash.hpp"

namespace portico::guard::detail {

/// Values in which nothing was found, so that what a client repeats with every request, such as its
/// `User-Agent`, is searched once. A stranger can't make another value look like one of them: they
/// are kept as 128 bits under a random key. Bounded: a later one takes the place of an earlier.
/// Thread-safe, without locks.
class CleanValues {
public:
    /// Shorter ones cost no more to search.
    static constexpr std::size_t kShortest = 24;
    static constexpr std::size_t kLongest = 512;

    [[nodiscard]] core::Fingerprint of(std::string_view text) const noexcept { return hash_(text); }

    [[nodiscard]] bool contains(const core::Fingerprint& value) const noexcept {
        // Halves of two values are no value: that takes a collision.
        const Place& place = places_[value.low % places_.size()];
        return place.high.load(std::memory_order_relaxed) == value.high &&
               place.low.load(std::memory_order_relaxed) == value.low;
    }
    void add(const core::Fingerprint& value) noexcept {
        Place& place = places_[value.low % places_.size()];
        place.high.store(value.high, std::memory_order_relaxed);
        place.low.store(value.low, std::memory_order_relaxed);
    }

private:
    struct Place {
        std::atomic<std::uint64_t> high{0};
        std::atomic<std::uint64_t> low{0};
    };

    core::KeyedHash hash_;
    std::array<Place, 1024> places_;
};

}  // namespace portico::guard::detail
