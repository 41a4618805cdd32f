#include <array>
#include <cstddef>
#include <new>

#include "portico/core/task.hpp"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#define PORTICO_POISON(at, size) __asan_poison_memory_region(at, size)
#define PORTICO_UNPOISON(at, size) __asan_unpoison_memory_region(at, size)
#endif
#endif
#ifndef PORTICO_POISON
#define PORTICO_POISON(at, size) static_cast<void>(0)
#define PORTICO_UNPOISON(at, size) static_cast<void>(0)
#endif

namespace portico::core::detail {

namespace {

constexpr std::size_t kGrain = 64;
constexpr std::size_t kLargestCached = 4096;
constexpr std::size_t kMostCachedBytes = std::size_t{1024} * 1024;  // for each thread

struct FreeFrame {
    FreeFrame* next;
};

/// Trivially destructible, so that frames can still be freed while a thread's other objects go.
struct Cache {
    std::array<FreeFrame*, kLargestCached / kGrain> heads{};
    std::size_t bytes = 0;
    bool closed = false;
};

constinit thread_local Cache cache;

struct Drain {
    bool armed = false;

    ~Drain() {
        cache.closed = true;
        for (std::size_t index = 0; index < cache.heads.size(); ++index) {
            while (FreeFrame* frame = cache.heads[index]) {
                cache.heads[index] = frame->next;
                PORTICO_UNPOISON(frame, (index + 1) * kGrain);
                ::operator delete(frame);
            }
        }
    }
};

thread_local Drain drain;

constexpr std::size_t class_of(std::size_t size) {
    return (size - 1) / kGrain;
}
constexpr std::size_t bytes_of(std::size_t index) {
    return (index + 1) * kGrain;
}

}  // namespace

void* allocate_frame(std::size_t size) {
    if (size > kLargestCached) return ::operator new(size);
    const std::size_t index = class_of(size);
    FreeFrame*& head = cache.heads[index];
    if (!head) return ::operator new(bytes_of(index));
    FreeFrame* frame = head;
    head = frame->next;
    cache.bytes -= bytes_of(index);
    PORTICO_UNPOISON(frame, bytes_of(index));
    return frame;
}

void free_frame(void* memory, std::size_t size) noexcept {
    const std::size_t index = class_of(size);
    if (size > kLargestCached || cache.closed || cache.bytes + bytes_of(index) > kMostCachedBytes) {
        ::operator delete(memory);
        return;
    }
    drain.armed = true;  // the first use of it on a thread registers its destructor
    auto* frame = static_cast<FreeFrame*>(memory);
    frame->next = cache.heads[index];
    cache.heads[index] = frame;
    cache.bytes += bytes_of(index);
    PORTICO_POISON(reinterpret_cast<std::byte*>(frame) + sizeof(FreeFrame),
                   bytes_of(index) - sizeof(FreeFrame));
}

}  // namespace portico::core::detail
