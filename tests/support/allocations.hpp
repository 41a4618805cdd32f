#pragma once

// Counts the calls of operator new on each thread, for the one source file of a test program that
// includes it. Under ThreadSanitizer, which brings an operator new of its own, nothing is counted
// and PORTICO_TEST_COUNTS_ALLOCATIONS is not defined: a test that allocations were made is left
// out.

#include <cstddef>
#include <cstdlib>
#include <new>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define PORTICO_TEST_UNDER_TSAN
#endif
#endif

namespace portico::test {

inline thread_local std::size_t allocations = 0;

/// How many allocations `work` makes when it runs for the third time.
template <class Work>
std::size_t allocations_when_warm(Work work) {
    work();
    work();
    const std::size_t before = allocations;
    work();
    return allocations - before;
}

}  // namespace portico::test

#ifndef PORTICO_TEST_UNDER_TSAN
#define PORTICO_TEST_COUNTS_ALLOCATIONS
void* operator new(std::size_t size) {
    ++portico::test::allocations;
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
#endif
