#include "portico/core/task.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include "tests/support/allocations.hpp"

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
    EXPECT_EQ(run(1), 3);
    const std::size_t before = test::allocations;
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(run(i), 2 * i + 1);
    EXPECT_EQ(test::allocations, before);
}

TEST(FrameCache, frames_of_one_size_are_used_again_for_sizes_like_it) {
    void* first = detail::allocate_frame(200);
    detail::free_frame(first, 200);
    void* second = detail::allocate_frame(250);
    EXPECT_EQ(second, first);
    detail::free_frame(second, 250);
}

#ifdef PORTICO_TEST_COUNTS_ALLOCATIONS
TEST(FrameCache, large_frames_are_not_kept) {
    detail::free_frame(detail::allocate_frame(100'000), 100'000);
    const std::size_t before = test::allocations;
    detail::free_frame(detail::allocate_frame(100'000), 100'000);
    EXPECT_EQ(test::allocations, before + 1);
}

TEST(FrameCache, keeps_a_bounded_number_of_bytes) {
    constexpr std::size_t kSize = 4096;
    constexpr std::size_t kFrames = 1000;  // four times what is kept
    std::vector<void*> frames(kFrames);
    for (void*& frame : frames) frame = detail::allocate_frame(kSize);
    for (void* frame : frames) detail::free_frame(frame, kSize);
    const std::size_t before = test::allocations;
    for (void*& frame : frames) frame = detail::allocate_frame(kSize);
    EXPECT_GE(test::allocations - before, kFrames - 256);
    for (void* frame : frames) detail::free_frame(frame, kSize);
}
#endif

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
