#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace portico::crypto {

/// Overwrites memory in a way that no optimiser removes.
void wipe(void* memory, std::size_t size) noexcept;
/// Overwrites the text, its spare capacity included, and empties it.
void wipe(std::string& text) noexcept;

/// True for equal bytes, in a time that depends on the lengths alone. What is compared with a
/// secret (a signature, a token's hash, an API key) is compared with this.
[[nodiscard]] bool constant_time_equal(std::string_view a, std::string_view b) noexcept;

/// The bytes of a key. Nothing prints, formats or compares it by accident; the memory is wiped at
/// its end and when it is moved from.
///
///     const SecretKey key{settings.secret_key};
///     const SecretKey cursors = hkdf(key, "cursors");
class SecretKey {
public:
    SecretKey() = default;
    explicit SecretKey(std::string_view bytes) : bytes_(bytes) {}
    SecretKey(const SecretKey&) = default;
    SecretKey(SecretKey&& other) noexcept { bytes_.swap(other.bytes_); }
    SecretKey& operator=(const SecretKey& other) {
        if (this != &other) *this = SecretKey(other);
        return *this;
    }
    SecretKey& operator=(SecretKey&& other) noexcept {
        wipe(bytes_);
        bytes_.swap(other.bytes_);
        return *this;
    }
    ~SecretKey() { wipe(bytes_); }

    /// The bytes themselves; valid as long as the key. The word is there to be searched for.
    [[nodiscard]] std::string_view reveal() const noexcept { return bytes_; }
    [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }
    [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }

private:
    std::string bytes_;
};

}  // namespace portico::crypto
