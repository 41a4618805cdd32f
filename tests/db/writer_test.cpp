#include "db/sqlite/writer.hpp"

#include <atomic>
#include <stdexcept>
#include <thread>

#include "portico/core/reactor.hpp"
#include "tests/db/support.hpp"

// What sessions promise each other when many write at once.

namespace portico::db {
namespace {

using core::Outcome;
using core::Task;
using namespace std::chrono_literals;

class WriterTest : public testing::Test {
protected:
    Database make(DatabaseOptions options = {}) {
        options.url = folder.url();
        test::run(test::open({.url = options.url}),
                  "CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT UNIQUE)");
        return test::open(std::move(options));
    }

    static std::int64_t count(const Database& database) {
        return test::value<std::int64_t>(database, "SELECT count(*) FROM names");
    }

    // Until so many sessions stand in the queue.
    static void await_waiting(const Database& database, std::size_t sessions) {
        while (database.statistics().waiting < sessions) std::this_thread::yield();
    }

    test::Folder folder;
};

Task<void> insert(Session& session, std::int64_t id) {
    co_await session.execute("INSERT INTO names (id, name) VALUES (:id, 'n' || :id)",
                             arg("id", id));
}

Task<void> insert_and_commit(const Database& database, std::int64_t id) {
    Session session = database.session();
    co_await insert(session, id);
    co_await session.finish(Outcome::success);
}

// However slow the machine: with time limits of a millisecond a turn may be lost at any moment.
template <class F>
void at_last(F make_task) {
    for (;;) {
        try {
            return wait(make_task());
        } catch (const Busy&) {
        }
    }
}

void insert_at_last(const Database& database, std::int64_t id) {
    at_last([&] { return insert_and_commit(database, id); });
}

TEST_F(WriterTest, sessions_that_wait_together_commit_together) {
    const Database database = make();
    const auto before = database.statistics();
    Session first = database.session();
    wait(insert(first, 0));
    std::vector<std::thread> threads;
    for (int id = 1; id <= 20; ++id) {
        threads.emplace_back([&, id] { wait(insert_and_commit(database, id)); });
    }
    await_waiting(database, 20);
    wait(first.commit());
    for (auto& thread : threads) thread.join();

    const auto after = database.statistics();
    EXPECT_EQ(after.committed_sessions - before.committed_sessions, 21U);
    EXPECT_LT(after.commits - before.commits, 21U);
    EXPECT_EQ(count(database), 21);
}

TEST_F(WriterTest, a_group_of_one_commits_each_alone) {
    const Database database = make({.write_group = 1});
    const auto before = database.statistics();
    Session first = database.session();
    wait(insert(first, 0));
    std::vector<std::thread> threads;
    for (int id = 1; id <= 5; ++id) {
        threads.emplace_back([&, id] { wait(insert_and_commit(database, id)); });
    }
    await_waiting(database, 5);
    wait(first.commit());
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(database.statistics().commits - before.commits, 6U);
}

TEST_F(WriterTest, a_rollback_undoes_one_session_of_its_group) {
    const Database database = make();
    Session first = database.session();
    wait(insert(first, 0));
    std::vector<std::thread> threads;
    for (int id = 1; id <= 10; ++id) {
        threads.emplace_back([&, id] {
            wait([](const Database& from, int number) -> Task<void> {
                Session session = from.session();
                co_await insert(session, number);
                co_await session.finish(number % 2 ? Outcome::success : Outcome::failure);
            }(database, id));
        });
    }
    await_waiting(database, 10);
    wait(first.commit());
    for (auto& thread : threads) thread.join();
    Session session = database.session();
    EXPECT_EQ(wait(session.fetch<int>("SELECT id FROM names ORDER BY id")),
              (std::vector<int>{0, 1, 3, 5, 7, 9}));
}

TEST_F(WriterTest, of_a_hundred_that_want_one_name_one_gets_it) {
    const Database database = make();
    std::atomic<int> successes = 0;
    std::atomic<int> refusals = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int round = 0; round < 25; ++round) {
                Session session = database.session();
                try {
                    wait(session.execute("INSERT INTO names (name) VALUES ('ann')"));
                    wait(session.commit());
                    ++successes;
                } catch (const IntegrityError& error) {
                    if (error.violates("name")) ++refusals;
                }
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(successes, 1);
    EXPECT_EQ(refusals, 99);
}

TEST_F(WriterTest, who_waits_for_too_long_is_refused_and_has_written_nothing) {
    const Database database = make({.write_wait = 1ms});
    Session holder = database.session();
    at_last([&] { return insert(holder, 1); });
    const auto before = database.statistics();
    Session late = database.session();
    EXPECT_THROW(wait(insert(late, 2)), Busy);
    EXPECT_FALSE(late.writing());
    EXPECT_EQ(database.statistics().refused - before.refused, 1U);
    wait(holder.commit());
    insert_at_last(database, 3);
    EXPECT_EQ(count(database), 2);
}

TEST_F(WriterTest, who_holds_for_too_long_is_undone) {
    const Database database = make({.write_hold = 1ms});
    Session slow = database.session();
    wait(slow.execute("INSERT INTO names (id) SELECT 1 WHERE 1"));
    insert_at_last(database, 2);  // gets its turn only when the first has lost its own
    EXPECT_THROW(wait(insert(slow, 3)), Busy);
    try {
        wait(slow.commit());
        FAIL() << "committed what was undone";
    } catch (const Busy& error) {
        EXPECT_NE(std::string(error.what()).find("more than 1 ms"), std::string::npos);
    }
    EXPECT_FALSE(slow.writing());
    EXPECT_EQ(count(database), 1);
}

TEST_F(WriterTest, a_turn_however_short_begins_with_the_statement_that_asked_for_it) {
    const Database database = make({.write_hold = 0ms});
    Session session = database.session();
    wait(insert(session, 1));
    EXPECT_THROW(wait(session.commit()), Busy);
    EXPECT_EQ(count(database), 0);
}

TEST_F(WriterTest, an_exception_in_a_savepoint_outlives_the_turn_that_was_lost) {
    const Database database = make({.write_hold = 0ms});
    wait([](const Database& from) -> Task<void> {
        Session session = from.session();
        EXPECT_THROW(co_await session.savepoint([&] -> Task<void> {
            co_await core::sleep_for(0ms);
            throw std::domain_error("its own");
        }),
                     std::domain_error);
        co_await session.rollback();
    }(database));
}

TEST_F(WriterTest, an_undone_session_can_be_rolled_back_without_an_error) {
    const Database database = make({.write_hold = 1ms});
    Session slow = database.session();
    wait(slow.execute("INSERT INTO names (id) SELECT 1 WHERE 1"));
    insert_at_last(database, 2);
    wait(slow.finish(Outcome::failure));
    EXPECT_EQ(count(database), 1);
}

TEST_F(WriterTest, a_full_queue_refuses_at_once) {
    const Database database = make({.write_queue = 1});
    Session holder = database.session();
    wait(insert(holder, 1));
    std::thread waiting([&] { wait(insert_and_commit(database, 2)); });
    await_waiting(database, 1);
    EXPECT_THROW(wait(insert_and_commit(database, 3)), core::Overloaded);
    wait(holder.commit());
    waiting.join();
    EXPECT_EQ(count(database), 2);
}

TEST_F(WriterTest, the_request_s_deadline_bounds_its_wait) {
    const Database database = make();
    Session holder = database.session();
    wait(insert(holder, 1));
    EXPECT_THROW(wait([](const Database& from) -> Task<void> {
                     core::Context* context = co_await core::this_context();
                     context->set_deadline(context->reactor().now() + 1ms);
                     Session session = from.session();
                     co_await insert(session, 2);
                 }(database)),
                 core::DeadlineExceeded);
    wait(holder.commit());
    EXPECT_EQ(count(database), 1);
}

TEST_F(WriterTest, readers_do_not_see_what_is_not_committed_and_do_not_wait) {
    const Database database = make();
    Session writer = database.session();
    wait(insert(writer, 1));
    EXPECT_EQ(count(database), 0);
    wait(writer.commit());
    EXPECT_EQ(count(database), 1);
}

TEST_F(WriterTest, what_was_acknowledged_is_seen_in_the_same_turn_of_a_loop) {
    const Database database = make();
    wait([](const Database& from) -> Task<void> {
        Session reader = from.session();
        EXPECT_EQ((co_await reader.fetch<int>("SELECT count(*) FROM names")).at(0), 0);
        // Its read transaction is still open on this thread.
        std::thread([&] { wait(insert_and_commit(from, 1)); }).join();
        EXPECT_EQ((co_await reader.fetch<int>("SELECT count(*) FROM names")).at(0), 1);
    }(database));
}

TEST_F(WriterTest, a_read_transaction_ends_with_its_turn_of_the_loop) {
    const Database database = make();
    wait([](const Database& from, const std::string& file) -> Task<void> {
        co_await insert_and_commit(from, 1);
        Session reader = from.session();
        co_await reader.fetch<int>("SELECT count(*) FROM names");
        for (int turn = 0; turn < 2; ++turn) co_await core::sleep_for(0ms);
        // The log can't be emptied under an open transaction.
        sqlite3* other = nullptr;
        EXPECT_EQ(sqlite3_open(file.c_str(), &other), SQLITE_OK);
        sqlite3_exec(other, "SELECT * FROM names", nullptr, nullptr, nullptr);  // finds the log
        EXPECT_EQ(
            sqlite3_wal_checkpoint_v2(other, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr),
            SQLITE_OK);
        sqlite3_close(other);
    }(database, folder.file("app.db")));
}

TEST_F(WriterTest, a_read_is_done_without_suspending_when_the_loop_has_its_transaction_open) {
    const Database database = make();
    wait([](const Database& from) -> Task<void> {
        Session session = from.session();
        co_await session.fetch<int>("SELECT 1");
        EXPECT_TRUE(session.fetch<int>("SELECT 1").await_ready());
    }(database));
}

TEST_F(WriterTest, a_failed_commit_fails_the_whole_group) {
    const Database database = make();
    ASSERT_TRUE(database.driver().with_schema([](SchemaConnection& connection) {
        return connection.execute("PRAGMA max_page_count=40");
    }));
    // The last one of the group fills the disk, so that SQLite undoes the transaction of all.
    Session first = database.session();
    wait(insert(first, 0));
    std::atomic<int> failed = 0;
    std::vector<std::thread> threads;
    for (int id = 1; id <= 4; ++id) {
        threads.emplace_back([&, id] {
            Session session = database.session();
            try {
                wait(insert(session, id));
                wait(session.execute("UPDATE names SET name = hex(zeroblob(50000)) WHERE id = :id",
                                     arg("id", id)));
                wait(session.commit());
            } catch (const Error&) {
                ++failed;
            }
        });
    }
    await_waiting(database, 4);
    bool first_failed = false;
    try {
        wait(first.commit());
    } catch (const Error&) {
        first_failed = true;
    }
    for (auto& thread : threads) thread.join();
    EXPECT_GE(failed, 1);
    // Whoever was told of success is there, and nobody else.
    EXPECT_EQ(count(database), (first_failed ? 0 : 1) + 4 - failed);
}

TEST_F(WriterTest, an_abandoned_session_gives_its_turn_to_the_next) {
    const Database database = make();
    {
        Session session = database.session();
        wait(insert(session, 1));
    }
    wait(insert_and_commit(database, 2));
    EXPECT_EQ(count(database), 1);
}

TEST_F(WriterTest, another_process_s_lock_is_waited_for_and_then_busy) {
    const Database database = make({.busy_timeout = 1ms});
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(folder.file("app.db").c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    EXPECT_THROW(wait(insert_and_commit(database, 1)), Busy);
    EXPECT_EQ(count(database), 0);
    sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr);
    sqlite3_close(other);
    wait(insert_and_commit(database, 1));
    EXPECT_EQ(count(database), 1);
}

TEST_F(WriterTest, a_thread_s_reading_connection_is_used_again_after_its_end) {
    const Database database = make();
    for (int i = 0; i < 5; ++i) std::thread([&] { EXPECT_EQ(count(database), 0); }).join();
    EXPECT_LE(database.statistics().connections, 3U);
}

}  // namespace
}  // namespace portico::db
