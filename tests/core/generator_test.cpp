#include "portico/core/generator.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace portico::core {
namespace {

Generator<int> countdown(int from) {
    for (; from > 0; --from) co_yield from;
}

Generator<std::string> kinds_of_values() {
    const std::string kept = "kept";
    co_yield kept;
    co_yield std::string("made");
    co_yield "converted";
}

template <class T>
Task<std::vector<T>> all_of(Generator<T> generator) {
    std::vector<T> all;
    while (T* item = co_await generator.next()) all.push_back(std::move(*item));
    co_return all;
}

template <class T>
T run(Task<T> task) {
    task.handle().resume();
    return task.result();
}

TEST(Generator, gives_what_it_yields_to_its_end) {
    EXPECT_EQ(run(all_of(countdown(3))), (std::vector<int>{3, 2, 1}));
    EXPECT_EQ(run(all_of(countdown(0))), std::vector<int>{});
    EXPECT_EQ(run(all_of(kinds_of_values())),
              (std::vector<std::string>{"kept", "made", "converted"}));
}

TEST(Generator, runs_only_when_it_is_asked) {
    int made = 0;
    auto generator = [](int& count) -> Generator<int> {
        for (;;) co_yield ++count;
    }(made);
    EXPECT_EQ(made, 0);
    run([](Generator<int>& of) -> Task<int> { co_return *co_await of.next(); }(generator));
    EXPECT_EQ(made, 1);
}

TEST(Generator, an_exception_comes_after_the_items_before_it) {
    const auto failing = []() -> Generator<int> {
        co_yield 1;
        throw std::runtime_error("no more");
    };
    std::vector<int> seen;
    const auto read = [&](Generator<int> from) -> Task<bool> {
        while (int* item = co_await from.next()) seen.push_back(*item);
        co_return true;
    };
    EXPECT_THROW(run(read(failing())), std::runtime_error);
    EXPECT_EQ(seen, std::vector<int>{1});
}

TEST(Generator, stays_at_its_end) {
    const auto twice = [](Generator<int> from) -> Task<bool> {
        const bool first = co_await from.next() == nullptr;
        co_return first&& co_await from.next() == nullptr;
    };
    EXPECT_TRUE(run(twice(countdown(0))));
}

TEST(Generator, what_it_holds_is_destroyed_with_it) {
    auto held = std::make_shared<int>(1);
    {
        auto generator = [](std::shared_ptr<int> kept) -> Generator<int> {
            for (;;) co_yield *kept;
        }(held);
        run([](Generator<int>& of) -> Task<int> { co_return *co_await of.next(); }(generator));
        EXPECT_EQ(held.use_count(), 2);
    }
    EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace portico::core
