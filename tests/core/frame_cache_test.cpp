#include "portico/core/task.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <new>
#include <thread>
#include <vector>

// ThreadSanitizer brings an operator new of its own.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define PORTICO_TEST_COUNTS_NOTHING
#endif
#endif

namespace {

thread_local std::size_t allocations = 0;

}  // namespace

#ifdef PORTICO_TEST_COUNTS_NOTHING
#define PORTICO_TEST_NEEDS_COUNTS GTEST_SKIP() << "allocations are not counted in this build"
#else
#define PORTICO_TEST_NEEDS_COUNTS static_cast<void>(0)
void* operator new(std::size_t size) {
    ++allocations;
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

namespace portico::core {

namespace {

Task<int> leaf(int value) {
    co_return value;
}
Task<int> middle(int value) {
    const std::array<int, 200> locals{value};
    const int first = co_await leaf(value);
    co_return first + locals[0] + co_await leaf(1);
}

int run(int value) {
    auto task = middle(value);
    task.handle().resume();
    return task.result();
}

}  // namespace

TEST(FrameCache, a_frame_costs_no_allocation_after_the_first_time) {
    PORTICO_TEST_NEEDS_COUNTS;
    EXPECT_EQ(run(1), 3);
    const std::size_t before = allocations;
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(run(i), 2 * i + 1);
    EXPECT_EQ(allocations, before);
}

TEST(FrameCache, frames_of_one_size_are_used_again_for_sizes_like_it) {
    void* first = detail::allocate_frame(200);
    detail::free_frame(first, 200);
    void* second = detail::allocate_frame(250);
    EXPECT_EQ(second, first);
    detail::free_frame(second, 250);
}

TEST(FrameCache, large_frames_are_not_kept) {
    PORTICO_TEST_NEEDS_COUNTS;
    detail::free_frame(detail::allocate_frame(100'000), 100'000);
    const std::size_t before = allocations;
    detail::free_frame(detail::allocate_frame(100'000), 100'000);
    EXPECT_EQ(allocations, before + 1);
}

TEST(FrameCache, keeps_a_bounded_number_of_bytes) {
    PORTICO_TEST_NEEDS_COUNTS;
    constexpr std::size_t kSize = 4096;
    constexpr std::size_t kFrames = 1000;  // four times what is kept
    std::vector<void*> frames(kFrames);
    for (void*& frame : frames) frame = detail::allocate_frame(kSize);
    for (void* frame : frames) detail::free_frame(frame, kSize);
    const std::size_t before = allocations;
    for (void*& frame : frames) frame = detail::allocate_frame(kSize);
    EXPECT_GE(allocations - before, kFrames - 256);
    for (void* frame : frames) detail::free_frame(frame, kSize);
}

TEST(FrameCache, a_frame_may_be_freed_on_another_thread) {
    std::vector<Task<int>> tasks;
    for (int i = 0; i < 100; ++i) tasks.push_back(middle(i));
    std::thread other([moved = std::move(tasks)]() mutable {
        for (auto& task : moved) task.handle().resume();
        moved.clear();
        EXPECT_EQ(run(2), 5);
    });
    other.join();
    EXPECT_EQ(run(3), 7);
}

}  // namespace portico::core
