#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace portico::core {

/// Memory of one request: bump allocation, given back all at once.
///
/// `reset` keeps the first chunk, so a connection's later requests allocate nothing. Destructors
/// are not run. Not thread-safe.
class Arena {
public:
    explicit Arena(std::size_t first_chunk = 2048) noexcept : first_chunk_(first_chunk) {}
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    [[nodiscard]] void* allocate(std::size_t size,
                                 std::size_t alignment = alignof(std::max_align_t)) {
        const auto base = reinterpret_cast<std::uintptr_t>(current_);
        const std::size_t at = ((base + used_ + alignment - 1) & ~(alignment - 1)) - base;
        if (at <= capacity_ && size <= capacity_ - at) {
            used_ = at + size;
            return current_ + at;
        }
        return allocate_chunk(size, alignment);
    }

    /// A copy of `text` that lives until `reset`.
    [[nodiscard]] std::string_view copy(std::string_view text) {
        if (text.empty()) return {};
        auto* to = static_cast<char*>(allocate(text.size(), 1));
        std::memcpy(to, text.data(), text.size());
        return {to, text.size()};
    }

    void reset() noexcept;

private:
    [[nodiscard]] void* allocate_chunk(std::size_t size, std::size_t alignment);

    std::size_t first_chunk_;
    std::byte* current_ = nullptr;
    std::size_t used_ = 0;
    std::size_t capacity_ = 0;
    std::vector<std::unique_ptr<std::byte[]>> chunks_;
};

}  // namespace portico::core
