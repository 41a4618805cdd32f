#include "portico/core/executor.hpp"

#include <gtest/gtest.h>
#include <pthread.h>

#include <array>
#include <atomic>
#include <latch>
#include <semaphore>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/core/test_reactor.hpp"

namespace portico::core {

namespace {

Task<void> square(Executor& executor, int number, int& result, std::thread::id& thread) {
    result = co_await executor.run([&thread, number] {
        thread = std::this_thread::get_id();
        return number * number;
    });
}

Task<void> run_failing(Executor& executor) {
    co_await executor.run([] { throw std::runtime_error("in the pool"); });
}

Task<void> expect_overloaded(Executor& executor, std::string& message) {
    try {
        co_await executor.run([] {});
        message = "ran";
    } catch (const Overloaded& error) {
        message = error.what();
    }
}

Task<void> run_nothing(Executor& executor) {
    co_await executor.run([] {});
}

/// An executor whose one thread waits, with its queue full.
class Saturated {
    std::latch running_{1};
    std::binary_semaphore release_{0};

public:
    Saturated() {
        EXPECT_TRUE(executor.try_submit([this] {
            running_.count_down();
            release_.acquire();
        }));
        running_.wait();
        for (std::size_t i = 0; i < 2; ++i) EXPECT_TRUE(executor.try_submit([] {}));
    }
    ~Saturated() { release_.release(); }

    Executor executor{{.name = "small", .threads = 1, .queue_capacity = 2}};
};

}  // namespace

TEST(Executor, runs_on_its_thread_and_resumes_on_the_loop) {
    TestReactor reactor;
    Context context(reactor);
    Executor executor({.name = "pool", .threads = 2});
    Ending ending;
    int result = 0;
    std::thread::id thread;
    spawn(context, square(executor, 7, result, thread), &Ending::record, &ending);
    EXPECT_EQ(ending.calls, 0);
    reactor.wait_and_run();
    EXPECT_EQ(ending.calls, 1);
    EXPECT_EQ(result, 49);
    EXPECT_NE(thread, std::this_thread::get_id());
}

TEST(Executor, an_exception_surfaces_at_the_await) {
    TestReactor reactor;
    Context context(reactor);
    Executor executor({.name = "pool"});
    Ending ending;
    spawn(context, run_failing(executor), &Ending::record, &ending);
    reactor.wait_and_run();
    ASSERT_EQ(ending.calls, 1);
    EXPECT_THROW(std::rethrow_exception(ending.exception), std::runtime_error);
}

TEST(Executor, a_full_queue_refuses_work) {
    Saturated saturated;
    EXPECT_EQ(saturated.executor.queued(), 2U);
    EXPECT_FALSE(saturated.executor.try_submit([] {}));
    EXPECT_EQ(saturated.executor.queued(), 2U);
}

TEST(Executor, overload_is_an_exception_at_the_await) {
    TestReactor reactor;
    Context context(reactor);
    Saturated saturated;
    Ending ending;
    std::string message;
    spawn(context, expect_overloaded(saturated.executor, message), &Ending::record, &ending);
    EXPECT_EQ(message, "the queue of executor \"small\" is full");
    EXPECT_EQ(ending.calls, 1);
    EXPECT_EQ(ending.exception, nullptr);
}

TEST(Executor, overload_that_nobody_catches_ends_the_task) {
    TestReactor reactor;
    Context context(reactor);
    Saturated saturated;
    Ending ending;
    spawn(context, run_nothing(saturated.executor), &Ending::record, &ending);
    ASSERT_EQ(ending.calls, 1);
    EXPECT_THROW(std::rethrow_exception(ending.exception), Overloaded);
}

TEST(Executor, the_destructor_runs_what_is_queued) {
    std::atomic<int> ran{0};
    {
        std::latch started{1};
        std::binary_semaphore go{0};
        Executor executor({.name = "drain", .threads = 1, .queue_capacity = 64});
        ASSERT_TRUE(executor.try_submit([&] {
            started.count_down();
            go.acquire();
        }));
        started.wait();
        for (int i = 0; i < 64; ++i) ASSERT_TRUE(executor.try_submit([&] { ++ran; }));
        go.release();
    }
    EXPECT_EQ(ran, 64);
}

TEST(Executor, its_threads_have_its_name) {
    std::array<char, 16> name{};
    {
        Executor executor({.name = "a name that is too long"});
        ASSERT_TRUE(executor.try_submit(
            [&] { pthread_getname_np(pthread_self(), name.data(), name.size()); }));
    }
    EXPECT_STREQ(name.data(), "a name that is ");
}

TEST(Executor, work_runs_on_all_threads_at_once) {
    std::latch together{3};
    Executor executor({.name = "three", .threads = 3});
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(executor.try_submit([&] { together.arrive_and_wait(); }));
    together.wait();
}

TEST(Executor, takes_work_from_many_threads) {
    std::atomic<int> ran{0};
    std::atomic<int> taken{0};
    {
        Executor executor({.name = "busy", .threads = 2, .queue_capacity = 8});
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (int j = 0; j < 500; ++j) taken += executor.try_submit([&] { ++ran; }) ? 1 : 0;
            });
        }
        for (auto& thread : threads) thread.join();
    }
    EXPECT_EQ(ran, taken);
}

TEST(Executor, outside_a_loop_nothing_is_run) {
    std::atomic<bool> ran{false};
    {
        Executor executor({.name = "pool"});
        auto task = [](Executor& pool, std::atomic<bool>& flag) -> Task<void> {
            co_await pool.run([&flag] { flag = true; });
        }(executor, ran);
        task.handle().resume();
        ASSERT_TRUE(task.done());
        EXPECT_THROW(task.result(), NoContext);
    }
    EXPECT_FALSE(ran);
}

TEST(Executor, a_flood_of_one_kind_leaves_the_others_alone) {
    std::latch hashing{1};
    std::latch blocking{1};
    std::binary_semaphore go{0};
    Executors executors(1, 1);
    ASSERT_TRUE(executors.hashing.try_submit([&] {
        hashing.count_down();
        go.acquire();
    }));
    hashing.wait();
    ASSERT_TRUE(executors.blocking.try_submit([&] { blocking.count_down(); }));
    blocking.wait();
    go.release();
}

TEST(Executor, a_queue_of_the_program_holds_256) {
    std::binary_semaphore go{0};
    Executors executors(1, 1);
    for (Executor* executor : {&executors.hashing, &executors.blocking}) {
        std::latch running{1};
        ASSERT_TRUE(executor->try_submit([&] {
            running.count_down();
            go.acquire();
            go.release();
        }));
        running.wait();
        for (int i = 0; i < 256; ++i) ASSERT_TRUE(executor->try_submit([] {}));
        EXPECT_FALSE(executor->try_submit([] {}));
    }
    go.release();
}

}  // namespace portico::core
