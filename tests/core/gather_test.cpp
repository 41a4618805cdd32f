#include "portico/core/gather.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "portico/core/reactor.hpp"
#include "tests/support/loop.hpp"

namespace portico::core {
namespace {

using std::chrono::milliseconds;

Task<int> later(milliseconds time, int value, std::string& order) {
    co_await sleep_for(time);
    order += std::to_string(value);
    co_return value;
}

Task<void> fail(milliseconds time, const char* why) {
    co_await sleep_for(time);
    throw std::runtime_error(why);
}

TEST(Gather, tasks_run_side_by_side_and_their_results_keep_their_order) {
    tests::Loop loop;
    std::string order;
    const auto before = loop.now();
    const auto [a, b] =
        loop.run(gather(later(milliseconds{30}, 1, order), later(milliseconds{10}, 2, order)));
    EXPECT_EQ(a, 1);
    EXPECT_EQ(b, 2);
    EXPECT_EQ(order, "21");
    EXPECT_EQ(loop.now() - before, milliseconds{30});
}

TEST(Gather, the_first_failure_is_thrown_when_all_have_ended) {
    tests::Loop loop;
    std::string order;
    try {
        (void)loop.run(gather(fail(milliseconds{20}, "second"), fail(milliseconds{10}, "first"),
                              later(milliseconds{30}, 3, order)));
        FAIL();
    } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "first");
    }
    EXPECT_EQ(order, "3");
}

TEST(Gather, any_number_of_one_kind) {
    tests::Loop loop;
    std::string order;
    std::vector<Task<int>> tasks;
    for (int i = 0; i < 5; ++i) tasks.push_back(later(milliseconds{50 - i}, i, order));
    EXPECT_EQ(loop.run(gather(std::move(tasks))), (std::vector<int>{0, 1, 2, 3, 4}));
    EXPECT_EQ(order, "43210");
    EXPECT_TRUE(loop.run(gather(std::vector<Task<int>>{})).empty());
}

}  // namespace
}  // namespace portico::core
