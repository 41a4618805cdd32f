#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "portico/core/gather.hpp"
#include "portico/db/database.hpp"
#include "tests/db/postgres_support.hpp"

namespace portico::db {
namespace {

using core::Task;

class PostgresTransactions : public ::testing::Test {
protected:
    Database open() { return test::open({.url = schema.url()}); }

    test::Schema schema;
};

TEST_F(PostgresTransactions, a_deadlock_is_run_again) {
    const auto database = open();
    test::run(database, "CREATE TABLE accounts (id int PRIMARY KEY, amount int)");
    test::run(database, "INSERT INTO accounts VALUES (1, 0), (2, 0)");
    std::atomic<int> met{0};
    std::atomic<int> runs{0};
    const auto work = [&](int first, int second) {
        wait(database.transaction({}, [&, first, second](Session& session) -> Task<void> {
            ++runs;
            co_await session.execute("UPDATE accounts SET amount = amount + 1 WHERE id = :id",
                                     arg("id", first));
            // Each has its first row when it asks for the other's.
            ++met;
            while (met < 2) std::this_thread::yield();
            co_await session.execute("UPDATE accounts SET amount = amount + 1 WHERE id = :id",
                                     arg("id", second));
        }));
    };
    {
        std::jthread other([&] { work(2, 1); });
        work(1, 2);
    }
    EXPECT_EQ(runs, 3);
    EXPECT_EQ(test::value<int>(database, "SELECT sum(amount) FROM accounts"), 4);
}

TEST_F(PostgresTransactions, a_serialization_failure_is_run_again_and_bounded) {
    const auto database = open();
    test::run(database, "CREATE TABLE counter (value int)");
    test::run(database, "INSERT INTO counter VALUES (0)");
    int runs = 0;
    const auto raise = [&](int in_the_way) {
        runs = 0;
        return wait(database.transaction(
            {.isolation = Isolation::repeatable_read, .attempts = 3},
            [&, in_the_way](Session& session) -> Task<int> {
                const auto value = (co_await session.fetch<int>("SELECT value FROM counter")).at(0);
                if (++runs <= in_the_way) schema.run("UPDATE counter SET value = value + 10");
                co_await session.execute("UPDATE counter SET value = :value",
                                         arg("value", value + 1));
                co_return value + 1;
            }));
    };
    EXPECT_EQ(raise(1), 11);
    EXPECT_EQ(runs, 2);
    try {
        (void)raise(3);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), Error::Kind::serialization) << error.what();
    }
    EXPECT_EQ(runs, 3);
}

TEST_F(PostgresTransactions, a_function_that_writes_is_found_out_and_belongs_to_the_session) {
    const auto database = open();
    test::run(database, "CREATE TABLE numbers (id int)");
    test::run(database,
              "CREATE FUNCTION add_one() RETURNS int LANGUAGE sql AS "
              "'INSERT INTO numbers VALUES (1) RETURNING id'");
    Session session = database.session();
    EXPECT_EQ(wait(session.fetch<int>("SELECT add_one()")).at(0), 1);
    EXPECT_TRUE(session.writing());
    wait(session.rollback());
    EXPECT_EQ(test::value<int>(database, "SELECT count(*) FROM numbers"), 0);
    Session reader = database.session({.read_only = true});
    EXPECT_THROW((void)wait(reader.fetch<int>("SELECT add_one()")), Error);
    wait([](const Database& from) -> Task<void> {
        Session twice = from.session();
        (void)co_await core::gather(twice.fetch<int>("SELECT add_one()"),
                                    twice.fetch<int>("SELECT add_one()"));
        EXPECT_EQ((co_await twice.fetch<int>("SELECT count(*) FROM numbers")).at(0), 2);
        co_await twice.commit();
    }(database));
}

}  // namespace
}  // namespace portico::db
