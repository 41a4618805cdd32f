#include "portico/core/arena.hpp"

#include <algorithm>

namespace portico::core {

namespace {

constexpr std::size_t kLargestChunk = std::size_t{64} * 1024;

}  // namespace

void* Arena::allocate_chunk(std::size_t size, std::size_t alignment) {
    if (chunks_.empty()) {
        chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(first_chunk_));
        current_ = chunks_.front().get();
        used_ = 0;
        capacity_ = first_chunk_;
        // The inline path ends here when it does not fit, so this can't go round in circles.
        if (size + alignment <= first_chunk_) return allocate(size, alignment);
    }
    const std::size_t next = std::min(kLargestChunk, std::max(capacity_ * 2, first_chunk_));
    const bool own_chunk = size + alignment > next / 2;
    const std::size_t capacity = own_chunk ? size + alignment : next;
    chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(capacity));
    std::byte* chunk = chunks_.back().get();
    if (own_chunk) {
        // A large piece leaves the current chunk's rest to the small ones.
        const auto base = reinterpret_cast<std::uintptr_t>(chunk);
        return chunk + (((base + alignment - 1) & ~(alignment - 1)) - base);
    }
    current_ = chunk;
    used_ = 0;
    capacity_ = capacity;
    return allocate(size, alignment);
}

void Arena::reset() noexcept {
    used_ = 0;
    if (chunks_.size() <= 1) return;
    chunks_.resize(1);
    current_ = chunks_.front().get();
    capacity_ = first_chunk_;
}

}  // namespace portico::core
