#include "portico/core/task.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "tests/core/test_reactor.hpp"

namespace portico::core {

namespace {

/// Owns memory, and counts how many of it live: neither a leak nor a second destruction stays
/// hidden.
class Counted {
public:
    static inline int live = 0;

    explicit Counted(std::string value) : text(std::move(value)) { ++live; }
    Counted(const Counted& other) : text(other.text) { ++live; }
    Counted(Counted&& other) noexcept : text(std::move(other.text)) { ++live; }
    Counted& operator=(const Counted&) = default;
    Counted& operator=(Counted&&) noexcept = default;
    ~Counted() {
        --live;
        text = "destroyed, and this text is too long to lie inside the string";
    }

    std::string text;
};

struct Pair {
    Counted first;
    Counted second;
    int number = 0;
};

class Parts {
public:
    Parts(Counted first, Counted second) : first_(std::move(first)), second_(std::move(second)) {}
    std::size_t size() const { return first_.text.size() + second_.text.size(); }

private:
    Counted first_;
    Counted second_;
};

struct Texts {
    std::string first;
    std::string second;
};

constexpr auto kLong = "a text that is long enough to be allocated on the heap";
constexpr std::size_t kLength = 54;

Counted counted() {
    return Counted(kLong);
}

Task<Counted> echo(Counted value) {
    co_return value;
}
Task<std::size_t> size_of(Pair pair) {
    co_return pair.first.text.size() + pair.second.text.size();
}
Task<std::size_t> size_of_parts(Parts parts) {
    co_return parts.size();
}
Task<std::size_t> size_of_ref(const Pair& pair) {
    co_return pair.first.text.size();
}
Task<std::size_t> count(std::vector<Counted> values) {
    co_return values.size();
}
Task<std::size_t> call(std::function<std::size_t()> function) {
    co_return function();
}
Task<std::size_t> size_of_texts(Texts texts) {
    co_return texts.first.size() + texts.second.size();
}
Task<std::size_t> three() {
    co_return 3;
}
Task<std::size_t> fails() {
    throw std::runtime_error("failed");
    co_return 1;
}
Task<void> nothing() {
    co_return;
}

/// Runs a task that never suspends.
template <class T>
T finish(Task<T> task) {
    task.handle().resume();
    EXPECT_TRUE(task.done());
    return task.result();
}

class TaskExpressions : public testing::Test {
protected:
    void TearDown() override { EXPECT_EQ(Counted::live, 0); }
};

}  // namespace

TEST_F(TaskExpressions, an_awaited_value_can_construct_on_the_heap) {
    const auto task = []() -> Task<std::size_t> {
        const std::unique_ptr<Counted> raw(new Counted(co_await echo(counted())));
        const auto made = std::make_unique<Counted>(co_await echo(counted()));
        co_return raw->text.size() + made->text.size();
    };
    EXPECT_EQ(finish(task()), 2 * kLength);
}

TEST_F(TaskExpressions, an_aggregate_can_be_an_argument_of_an_awaited_call) {
    const auto task = []() -> Task<std::size_t> {
        auto size = co_await size_of({counted(), Counted("b")});
        size += co_await size_of(Pair{.first = counted(), .second = Counted("b")});
        size += co_await size_of_ref(Pair{counted(), Counted("b")});
        size += co_await size_of_texts({kLong, kLong});
        co_return size;
    };
    EXPECT_EQ(finish(task()), 5 * kLength + 2);
}

TEST_F(TaskExpressions, a_class_with_constructors_can_be_such_an_argument) {
    const auto task = []() -> Task<std::size_t> {
        co_return co_await size_of_parts(Parts(counted(), Counted("bb")));
    };
    EXPECT_EQ(finish(task()), kLength + 2);
}

TEST_F(TaskExpressions, a_moved_aggregate_can_be_such_an_argument) {
    const auto task = []() -> Task<std::size_t> {
        Pair pair{counted(), Counted("bb")};
        co_return co_await size_of(std::move(pair));
    };
    EXPECT_EQ(finish(task()), kLength + 2);
}

TEST_F(TaskExpressions, a_braced_list_can_be_such_an_argument) {
    const auto task = []() -> Task<std::size_t> {
        co_return co_await count({counted(), Counted("b")});
    };
    EXPECT_EQ(finish(task()), 2U);
}

TEST_F(TaskExpressions, either_side_of_a_condition_can_be_awaited) {
    const auto task = [](bool first) -> Task<std::size_t> {
        const Counted value = first ? co_await echo(counted()) : Counted("z");
        const Counted other = first ? Counted("z") : co_await echo(counted());
        co_return value.text.size() + other.text.size();
    };
    EXPECT_EQ(finish(task(true)), kLength + 1);
    EXPECT_EQ(finish(task(false)), kLength + 1);
}

TEST_F(TaskExpressions, awaited_values_can_initialise_members) {
    const auto task = []() -> Task<std::size_t> {
        const Pair pair{co_await echo(counted()), co_await echo(Counted("b"))};
        auto first = co_await echo(counted());
        const Pair moved{std::move(first), Counted("b")};
        co_return pair.first.text.size() + moved.first.text.size();
    };
    EXPECT_EQ(finish(task()), 2 * kLength);
}

TEST_F(TaskExpressions, an_aggregate_can_be_returned) {
    const auto awaiting = []() -> Task<Pair> {
        co_return Pair{co_await echo(counted()), Counted("b"), 3};
    };
    const auto plain = []() -> Task<Pair> { co_return Pair{counted(), Counted("b"), 3}; };
    EXPECT_EQ(finish(awaiting()).first.text.size(), kLength);
    EXPECT_EQ(finish(plain()).number, 3);
}

TEST_F(TaskExpressions, an_awaited_value_can_be_in_a_braced_list) {
    const auto task = []() -> Task<std::size_t> {
        const auto values = std::vector<Counted>{co_await echo(counted())};
        co_return values.size();
    };
    EXPECT_EQ(finish(task()), 1U);
}

TEST_F(TaskExpressions, an_awaited_range_lives_as_long_as_its_loop) {
    const auto values = []() -> Task<std::vector<Counted>> {
        std::vector<Counted> all;
        all.emplace_back(kLong);
        co_return all;
    };
    const auto task = [&]() -> Task<std::size_t> {
        std::size_t size = 0;
        for (const auto& value : co_await values()) size += value.text.size() + co_await three();
        auto [a, b] = std::pair{co_await three(), std::size_t{2}};
        co_return size + a + b;
    };
    EXPECT_EQ(finish(task()), kLength + 8);
}

TEST_F(TaskExpressions, a_range_over_a_list_survives_awaiting_in_its_body) {
    const auto task = []() -> Task<std::size_t> {
        std::size_t size = 0;
        for (const auto& text : std::vector<std::string>{kLong, "b"})
            size += co_await three() + text.size();
        co_return size;
    };
    EXPECT_EQ(finish(task()), kLength + 7);
}

TEST_F(TaskExpressions, a_lambda_with_captures_can_be_a_coroutine_while_it_lives) {
    const auto task = []() -> Task<std::size_t> {
        const Counted value = counted();
        const auto lambda = [value]() -> Task<std::size_t> { co_return value.text.size(); };
        co_return co_await lambda();
    };
    EXPECT_EQ(finish(task()), kLength);
}

TEST_F(TaskExpressions, a_generic_lambda_can_be_a_coroutine) {
    const auto task = []() -> Task<std::size_t> {
        const auto lambda = []<class T>(T value) -> Task<std::size_t>
            requires requires { value.text; }
        { co_return co_await three() + value.text.size(); };
        co_return co_await lambda(counted());
    };
    EXPECT_EQ(finish(task()), kLength + 3);
}

TEST_F(TaskExpressions, conditions_and_loops_can_await) {
    const auto task = []() -> Task<std::size_t> {
        if (const auto x = co_await three(); x == 4 && co_await fails() == 3) co_return 1;
        std::size_t rounds = 0;
        while (co_await three() + rounds < 5) ++rounds;
        switch (co_await three()) {
            case 3: {
                const Counted value = counted();
                co_return rounds + co_await three() + value.text.size();
            }
            default:
                co_return 0;
        }
    };
    EXPECT_EQ(finish(task()), kLength + 5);
}

TEST_F(TaskExpressions, a_pack_can_be_awaited) {
    const auto sum = [](auto... tasks) -> Task<std::size_t> {
        co_return ((co_await tasks()) + ...);
    };
    const auto tuple = [](auto... tasks) -> Task<std::size_t> {
        const std::tuple values{co_await tasks()...};
        co_return std::get<0>(values) + std::get<1>(values);
    };
    EXPECT_EQ(finish(sum(three, three, three)), 9U);
    EXPECT_EQ(finish(tuple(three, three)), 6U);
}

TEST_F(TaskExpressions, temporaries_beside_an_awaited_argument_live_on) {
    const auto sizes = [](const Counted& a, const Counted& b) {
        return a.text.size() + b.text.size();
    };
    const auto by_value = [](Pair pair, std::size_t n) { return pair.first.text.size() + n; };
    const auto task = [&]() -> Task<std::size_t> {
        const auto first = sizes(Counted("abc"), co_await echo(counted()));
        co_return first + by_value(Pair{counted(), Counted("b")}, co_await three());
    };
    EXPECT_EQ(finish(task()), 2 * kLength + 6);
}

TEST_F(TaskExpressions, a_function_object_can_be_an_argument_of_an_awaited_call) {
    const auto task = []() -> Task<std::size_t> {
        const std::string text = kLong;
        auto size = co_await call([text] { return text.size(); });
        size += co_await call([&text] { return text.size(); });
        const auto named = [text] { return text.size(); };
        size += co_await call(named);
        const auto later = call([text] { return text.size(); });
        co_return size + co_await later;
    };
    EXPECT_EQ(finish(task()), 4 * kLength);
}

TEST_F(TaskExpressions, a_task_can_be_made_first_and_awaited_later) {
    const auto task = []() -> Task<std::size_t> {
        const auto later = size_of({counted(), Counted("bb")});
        const std::vector<Pair> others{Pair{counted(), Counted("b")}, {counted(), Counted("b")}};
        co_return others.size() + co_await later;
    };
    EXPECT_EQ(finish(task()), kLength + 4);
}

TEST_F(TaskExpressions, optional_arguments_are_kept) {
    const auto both = [](std::string a, std::optional<std::string> b) -> Task<std::size_t> {
        co_return a.size() + b->size();
    };
    const auto task = [&]() -> Task<std::size_t> { co_return co_await both(kLong, kLong); };
    EXPECT_EQ(finish(task()), 2 * kLength);
}

TEST_F(TaskExpressions, a_task_that_is_never_awaited_destroys_its_arguments) {
    {
        const auto task = echo(counted());
        EXPECT_GT(Counted::live, 0);
    }
    EXPECT_EQ(Counted::live, 0);
}

TEST(Task, runs_nothing_before_it_is_awaited) {
    bool ran = false;
    auto task = [](bool& flag) -> Task<void> {
        flag = true;
        co_return;
    }(ran);
    EXPECT_FALSE(ran);
    finish(std::move(task));
    EXPECT_TRUE(ran);
}

TEST(Task, an_exception_leaves_through_co_await) {
    const auto catches = []() -> Task<std::string> {
        try {
            co_await fails();
        } catch (const std::runtime_error& error) {
            co_return error.what();
        }
        co_return "nothing";
    };
    EXPECT_EQ(finish(catches()), "failed");
    const auto passes = []() -> Task<std::size_t> {
        co_await nothing();
        co_return co_await fails();
    };
    EXPECT_THROW(finish(passes()), std::runtime_error);
}

TEST(Task, a_move_only_result_is_moved_out) {
    const auto make = []() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(7); };
    const auto task = [&]() -> Task<int> {
        const auto value = co_await make();
        co_return *value;
    };
    EXPECT_EQ(finish(task()), 7);
}

TEST(Task, assigning_destroys_what_was_there) {
    auto task = echo(counted());
    task = echo(counted());
    EXPECT_EQ(finish(std::move(task)).text.size(), kLength);
    EXPECT_EQ(Counted::live, 0);
}

namespace {

Task<int> deep(int depth) {
    if (depth == 0) co_return 0;
    co_return 1 + co_await deep(depth - 1);
}

Task<int> long_loop(int rounds) {
    int sum = 0;
    for (int i = 0; i < rounds; ++i) sum += co_await deep(0) + 1;
    co_return sum;
}

Task<int> deep_failure(int depth) {
    if (depth == 0) throw std::runtime_error("at the bottom");
    co_return co_await deep_failure(depth - 1);
}

}  // namespace

TEST(Task, a_chain_of_a_million_needs_no_stack) {
    EXPECT_EQ(finish(deep(1'000'000)), 1'000'000);
}

TEST(Task, a_million_awaits_in_a_row_need_no_stack) {
    EXPECT_EQ(finish(long_loop(1'000'000)), 1'000'000);
}

TEST(Task, an_exception_climbs_a_deep_chain) {
    EXPECT_THROW(finish(deep_failure(10'000)), std::runtime_error);
}

namespace {

Task<void> record_context(Context** into) {
    *into = co_await this_context();
}
Task<void> outer(Context** into) {
    co_await record_context(into);
}

}  // namespace

TEST(Task, hands_its_context_on_to_what_it_awaits) {
    TestReactor reactor;
    Context context(reactor);
    Context* seen = nullptr;
    spawn(context, outer(&seen));
    EXPECT_EQ(seen, &context);
}

TEST(Task, has_no_context_outside_a_loop) {
    TestReactor reactor;
    Context context(reactor);
    Context* seen = &context;
    finish(outer(&seen));
    EXPECT_EQ(seen, nullptr);
}

TEST(AwaitErased, leaves_the_result_in_the_task) {
    auto inner = fails();
    auto fine = echo(counted());
    const auto engine = [&]() -> Task<void> {
        co_await AwaitErased(inner);
        co_await AwaitErased(fine);
    };
    finish(engine());
    EXPECT_THROW(static_cast<void>(inner.result()), std::runtime_error);
    EXPECT_EQ(fine.result().text.size(), kLength);
}

}  // namespace portico::core
