#pragma once

#include <bit>
#include <concepts>
#include <cstring>

namespace portico::db::postgres {

// The protocol's integers and floats: network byte order.

template <class T>
[[nodiscard]] T load_big_endian(const char* bytes) noexcept {
    T value;
    std::memcpy(&value, bytes, sizeof value);
    if constexpr (std::endian::native == std::endian::little) {
        auto* raw = reinterpret_cast<unsigned char*>(&value);
        for (std::size_t i = 0; i < sizeof value / 2; ++i) {
            std::swap(raw[i], raw[sizeof value - 1 - i]);
        }
    }
    return value;
}

template <class T>
void store_big_endian(T value, char* bytes) noexcept {
    const T swapped = load_big_endian<T>(reinterpret_cast<const char*>(&value));
    std::memcpy(bytes, &swapped, sizeof swapped);
}

}  // namespace portico::db::postgres
