#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "portico/core/gather.hpp"
#include "portico/core/reactor.hpp"
#include "portico/db/database.hpp"
#include "tests/db/postgres_support.hpp"
#include "tests/db/relay.hpp"

namespace portico::db {
namespace {

using core::Task;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

template <class E, class F>
std::string message_of(F function) {
    try {
        function();
    } catch (const E& error) {
        return error.what();
    } catch (const std::exception& error) {
        return std::string("another exception: ") + error.what();
    }
    return "nothing was thrown";
}

std::int64_t one(const Database& database) {
    return test::value<std::int64_t>(database, "SELECT 1::bigint");
}

/// Cuts every connection but the caller's.
void terminate_all() {
    test::psql(test::postgres().url(),
               "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
               "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
}

class PostgresFaults : public ::testing::Test {
protected:
    Database open(DatabaseOptions options = {}) {
        options.url = schema.url();
        return test::open(std::move(options));
    }

    test::Schema schema;
};

TEST_F(PostgresFaults, a_url_says_what_was_expected_and_never_the_password) {
    for (const std::string url :
         {"postgresql://ann:hunter2@host:notaport/db",
          "postgresql://ann:hunter2@host/db?sslmode=on",
          "postgresql://ann:hunter2@host/db?nosuch=1", "postgresql://ann:hunter2@[::1/db",
          "postgresql://ann:hunter2@127.0.0.1:1/db?connect_timeout=2"}) {
        const auto opened = Database::open({.url = url});
        ASSERT_FALSE(opened) << url;
        EXPECT_EQ(opened.error().kind(), Error::Kind::unavailable);
        const std::string message = opened.error().what();
        EXPECT_EQ(message.find("hunter2"), std::string::npos) << message;
    }
    EXPECT_EQ(std::string(Database::open({.url = "postgresql://h:70000/db"}).error().what()),
              "database_url: port: expected a number in 1–65535, got \"70000\"");
}

TEST_F(PostgresFaults, nobody_sees_that_idle_connections_were_cut) {
    const auto database = open();
    EXPECT_EQ(one(database), 1);
    for (int round = 0; round < 3; ++round) {
        terminate_all();
        EXPECT_EQ(one(database), 1);
        terminate_all();
        test::run(database,
                  "CREATE TABLE t"
                  "0 (id int)");
        test::run(database, "DROP TABLE t0");
    }
}

TEST_F(PostgresFaults, nobody_sees_it_without_a_ping_either) {
    const auto database = open({.pool_pre_ping = false});
    EXPECT_EQ(one(database), 1);
    terminate_all();
    EXPECT_EQ(one(database), 1);
    test::run(database, "CREATE TABLE numbers (id int)");
    terminate_all();
    test::run(database, "INSERT INTO numbers VALUES (1)");
    EXPECT_EQ(test::value<std::int64_t>(database, "SELECT count(*) FROM numbers"), 1);
}

// All have just answered, so none is asked whether it is there: the second must be.
TEST_F(PostgresFaults, nobody_sees_that_several_connections_were_cut_that_had_just_answered) {
    const auto database = open({.pool_size = 4});
    const auto another = open();
    test::run(another, "CREATE TABLE numbers (id int)");
    {
        std::vector<Session> sessions;
        for (int i = 0; i < 4; ++i) {
            sessions.push_back(database.session());
            wait(sessions.back().execute("INSERT INTO numbers VALUES (1)"));
        }
        for (Session& session : sessions) wait(session.commit());
    }
    ASSERT_EQ(database.statistics().connections, 4U);
    // Without the waits of `pg_terminate_backend(pid, …)`, which take longer than "just".
    const auto others = [&] {
        return test::value<std::int64_t>(
            another,
            "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
    };
    EXPECT_EQ(others(), 4);
    while (others() > 0) {
    }
    EXPECT_EQ(one(database), 1);
}

// Of backends that end together some still look open.
TEST_F(PostgresFaults, a_statement_is_sent_again_three_times_and_no_more) {
    test::run(open(), "CREATE TABLE numbers (id int)");
    for (const int connections : {3, 5}) {
        test::Relay relay{test::postgres().port()};
        std::string url = schema.url();
        const std::string port = std::to_string(test::postgres().port());
        url.replace(url.find(':' + port) + 1, port.size(), std::to_string(relay.port()));
        const auto database =
            test::open({.url = url, .pool_size = static_cast<std::size_t>(connections)});
        {
            std::vector<Session> sessions;
            for (int i = 0; i < connections; ++i) {
                sessions.push_back(database.session());
                wait(sessions.back().execute("INSERT INTO numbers VALUES (1)"));
            }
            for (Session& session : sessions) wait(session.commit());
        }
        ASSERT_EQ(database.statistics().connections, static_cast<std::size_t>(connections));
        relay.doom();
        if (connections == 3) {
            EXPECT_EQ(one(database), 1);
        } else {
            EXPECT_THROW((void)one(database), Unavailable);
        }
        EXPECT_EQ(relay.ended(), std::min(connections, 4));
    }
}

TEST_F(PostgresFaults, a_read_that_is_cut_is_read_again_elsewhere) {
    const auto database = open();
    test::run(database, "CREATE TABLE marks (id int)");
    std::atomic<bool> over{false};
    std::jthread cut([&] {
        while (!over && test::psql(test::postgres().url(),
                                   "SELECT count(*) FROM pg_stat_activity WHERE query LIKE "
                                   "'SELECT 7 FROM pg_sleep%' AND state = 'active'") == "0") {
        }
        // The second time it is quick.
        schema.run("INSERT INTO marks VALUES (1)");
        terminate_all();
    });
    EXPECT_EQ(test::value<int>(database,
                               "SELECT 7 FROM pg_sleep(CASE WHEN EXISTS (SELECT FROM marks) "
                               "THEN 0 ELSE 4 END)"),
              7);
    over = true;
}

TEST_F(PostgresFaults, a_transaction_that_is_cut_fails_as_a_whole_and_the_next_works) {
    const auto database = open();
    test::run(database, "CREATE TABLE numbers (id int)");
    Session session = database.session();
    wait(session.execute("INSERT INTO numbers VALUES (1)"));
    terminate_all();
    EXPECT_NE(message_of<Unavailable>([&] {
                  wait(session.execute("INSERT INTO numbers VALUES (2)"));
              }).find("the connection to the database was lost"),
              std::string::npos);
    EXPECT_THROW(wait(session.execute("INSERT INTO numbers VALUES (3)")), Unavailable);
    EXPECT_THROW(wait(session.commit()), Unavailable);
    wait(session.execute("INSERT INTO numbers VALUES (4)"));
    wait(session.commit());
    EXPECT_EQ(test::value<int>(database, "SELECT sum(id) FROM numbers"), 4);
}

TEST_F(PostgresFaults, a_commit_that_is_cut_is_not_called_done) {
    const auto database = open();
    test::run(database, "CREATE TABLE numbers (id int)");
    Session session = database.session();
    wait(session.execute("INSERT INTO numbers VALUES (1)"));
    terminate_all();
    try {
        wait(session.commit());
        ADD_FAILURE() << "a commit that was cut";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), Error::Kind::lost);
        EXPECT_NE(std::string_view(error.what()).find("not known"), std::string_view::npos);
    }
    EXPECT_FALSE(session.writing());
}

TEST_F(PostgresFaults, a_marked_transaction_that_is_cut_is_run_again) {
    const auto database = open();
    test::run(database, "CREATE TABLE numbers (id int)");
    int runs = 0;
    wait(database.transaction({}, [&](Session& session) -> Task<void> {
        co_await session.execute("INSERT INTO numbers VALUES (1)");
        if (++runs == 1) terminate_all();
        co_await session.execute("INSERT INTO numbers VALUES (2)");
    }));
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(test::value<int>(database, "SELECT count(*) FROM numbers"), 2);
}

TEST_F(PostgresFaults, a_server_that_is_away_is_told_at_once_and_found_again) {
    const auto database = open();
    EXPECT_EQ(one(database), 1);
    test::postgres().stop();
    const auto began = Clock::now();
    for (int i = 0; i < 20; ++i) {
        const std::string message = message_of<core::Overloaded>([&] { (void)one(database); });
        EXPECT_NE(message.find("database"), std::string::npos) << message;
        EXPECT_EQ(message.find("portico-test"), std::string::npos) << "the password: " << message;
        EXPECT_THROW(test::run(database, "CREATE TABLE x (id int)"), Unavailable);
    }
    EXPECT_LT(Clock::now() - began, std::chrono::seconds{5});
    test::postgres().start();
    const auto back = Clock::now();
    for (;;) {
        ASSERT_LT(Clock::now() - back, std::chrono::seconds{2});
        try {
            EXPECT_EQ(one(database), 1);
            break;
        } catch (const Unavailable&) {
        }
    }
}

TEST_F(PostgresFaults, under_load_every_request_ends_and_the_server_is_found_again) {
    const auto database = open({.pool_size = 3});
    test::run(database, "CREATE TABLE numbers (id bigint PRIMARY KEY)");
    std::atomic<bool> stop{false};
    std::atomic<std::int64_t> next{0};
    std::mutex mutex;
    std::set<std::int64_t> committed;
    std::atomic<int> refused{0};
    std::vector<std::jthread> load;
    for (int i = 0; i < 4; ++i) {
        load.emplace_back([&] {
            while (!stop) {
                const std::int64_t id = ++next;
                try {
                    test::run(database, "INSERT INTO numbers VALUES (:id)", arg("id", id));
                    const std::lock_guard lock(mutex);
                    committed.insert(id);
                } catch (const Unavailable&) {
                    ++refused;
                } catch (const Error& error) {
                    EXPECT_EQ(error.kind(), Error::Kind::lost) << error.what();
                }
            }
        });
    }
    const auto wait_until = [&](auto reached) {
        const auto limit = Clock::now() + std::chrono::seconds{20};
        while (!reached() && Clock::now() < limit) std::this_thread::yield();
        EXPECT_TRUE(reached());
    };
    const auto count = [&] {
        const std::lock_guard lock(mutex);
        return committed.size();
    };
    wait_until([&] { return count() > 20; });
    test::postgres().stop();
    wait_until([&] { return refused > 20; });
    test::postgres().start();
    const auto before = count();
    wait_until([&] { return count() > before + 20; });
    stop = true;
    load.clear();
    for (const std::int64_t id : committed) {
        ASSERT_EQ(test::value<std::int64_t>(database, "SELECT count(*) FROM numbers WHERE id = :id",
                                            arg("id", id)),
                  1)
            << id << " was committed";
    }
}

TEST_F(PostgresFaults, a_pool_that_is_exhausted_refuses_in_time) {
    const auto database = test::open({.url = schema.socket_url(),
                                      .pool_size = 1,
                                      .max_overflow = 1,
                                      .pool_timeout = milliseconds{2000}});
    Session first = database.session({.begin_at_once = true});
    Session second = database.session({.begin_at_once = true});
    (void)wait(first.fetch<int>("SELECT 1"));
    (void)wait(second.fetch<int>("SELECT 1"));
    EXPECT_EQ(message_of<Busy>([&] { (void)one(database); }),
              "no connection to the database was free within 2000 ms");
    EXPECT_EQ(database.statistics().connections, 2);
    wait(first.rollback());
    EXPECT_EQ(one(database), 1);
    wait(second.commit());
    EXPECT_EQ(database.statistics().connections, 1) << "overflow is closed";
}

TEST_F(PostgresFaults, a_full_queue_refuses_at_once) {
    const auto database = open({.pool_size = 1, .max_overflow = 0, .pool_queue = 1});
    wait([](const Database& from) -> Task<void> {
        Session holder = from.session({.begin_at_once = true});
        (void)co_await holder.fetch<int>("SELECT 1");
        Session waiter = from.session();
        Session refused = from.session();
        std::string message;
        co_await core::gather(
            [](Session& session) -> Task<void> {
                (void)co_await session.fetch<int>("SELECT 1");
            }(waiter),
            [](Session& session, std::string& to) -> Task<void> {
                try {
                    (void)co_await session.fetch<int>("SELECT 1");
                } catch (const Busy& busy) {
                    to = busy.what();
                }
            }(refused, message),
            [](Session& session) -> Task<void> { co_await session.rollback(); }(holder));
        EXPECT_EQ(message, "the queue of sessions that wait for a connection is full (1)");
    }(database));
}

TEST_F(PostgresFaults, a_deadline_cancels_the_statement_and_frees_the_connection) {
    const auto database = open({.pool_size = 1, .max_overflow = 0});
    wait([](const Database& from) -> Task<void> {
        core::Context* context = co_await core::this_context();
        context->set_deadline(Clock::now() + milliseconds{100});
        Session session = from.session();
        EXPECT_THROW((void)co_await session.fetch<int>("SELECT 1 FROM pg_sleep(60)"),
                     core::DeadlineExceeded);
        context->set_deadline(Clock::time_point::max());
        EXPECT_EQ((co_await session.fetch<int>("SELECT 2")).at(0), 2);
    }(database));
    EXPECT_EQ(test::psql(test::postgres().url(),
                         "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query "
                         "LIKE 'SELECT 1 FROM pg_sleep%'"),
              "0");
}

TEST_F(PostgresFaults, a_client_that_is_gone_cancels_the_statement_in_its_transaction) {
    const auto database = open({.pool_size = 1, .max_overflow = 0});
    test::run(database, "CREATE TABLE numbers (id int)");
    wait([](const Database& from) -> Task<void> {
        core::Context* context = co_await core::this_context();
        {
            Session session = from.session();
            co_await session.execute("INSERT INTO numbers VALUES (1)");
            const auto timer = context->reactor().start_timer(
                context->reactor().now() + milliseconds{50}, [context] { context->cancel(); });
            EXPECT_NE(timer, 0);
            EXPECT_THROW((void)co_await session.fetch<int>("SELECT 1 FROM pg_sleep(60)"),
                         core::Cancelled);
            co_await session.finish(core::Outcome::failure);
        }
        const core::Shield shield{context};
        Session next = from.session();
        EXPECT_EQ((co_await next.fetch<int>("SELECT count(*) FROM numbers")).at(0), 0);
    }(database));
}

TEST_F(PostgresFaults, a_statement_that_takes_too_long_is_interrupted) {
    const auto database = open({.statement_limit = milliseconds{200}});
    try {
        (void)test::value<int>(database, "SELECT 1 FROM pg_sleep(60)");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), Error::Kind::interrupted) << error.what();
    }
    EXPECT_EQ(one(database), 1);
}

TEST_F(PostgresFaults, a_changed_schema_does_not_break_prepared_statements) {
    const auto database = open({.pool_size = 1});
    test::run(database, "CREATE TABLE things (id int, name text)");
    test::run(database, "INSERT INTO things VALUES (1, 'one')");
    struct Thing {
        std::int64_t id = 0;
        std::string name;
    };
    const auto read = [&] { return test::value<std::string>(database, "SELECT * FROM things"); };
    Session within = database.session({.begin_at_once = true});
    const auto read_within = [&] {
        return wait(within.fetch<std::string>("SELECT * FROM things")).at(0);
    };
    EXPECT_NE(message_of<Error>([&] { (void)read(); }), "");
    (void)message_of<Error>([&] { (void)read_within(); });
    wait(within.rollback());
    schema.run("ALTER TABLE things DROP COLUMN id");
    EXPECT_EQ(read(), "one");
    schema.run("ALTER TABLE things ADD COLUMN more int");
    EXPECT_EQ(read(), "one");
    EXPECT_EQ(read_within(), "one");
    schema.run("SELECT 1");
    wait(within.rollback());
    schema.run("ALTER TABLE things ALTER COLUMN name TYPE varchar(20)");
    wait(within.execute("SELECT 2"));
    EXPECT_EQ(read_within(), "one");
}

TEST_F(PostgresFaults, few_prepared_statements_are_kept) {
    const auto database = open({.statement_cache = 1, .pool_size = 1});
    for (int round = 0; round < 3; ++round) {
        EXPECT_EQ(test::value<int>(database, "SELECT 1"), 1);
        EXPECT_EQ(test::value<int>(database, "SELECT 2"), 2);
    }
    EXPECT_EQ(test::value<int>(database, "SELECT count(*) FROM pg_prepared_statements"), 1);
}

TEST_F(PostgresFaults, of_racing_inserts_the_constraint_lets_one_through) {
    const auto database = open();
    test::run(database, "CREATE TABLE users (email text UNIQUE)");
    std::atomic<int> created{0};
    std::atomic<int> refused{0};
    {
        std::vector<std::jthread> racers;
        for (int i = 0; i < 8; ++i) {
            racers.emplace_back([&] {
                try {
                    test::run(database, "INSERT INTO users VALUES (:email)",
                              arg("email", "ann@example.com"));
                    ++created;
                } catch (const IntegrityError& error) {
                    EXPECT_TRUE(error.unique());
                    EXPECT_TRUE(error.violates("email"));
                    EXPECT_EQ(error.table(), "users");
                    EXPECT_EQ(std::string(error.what()).find("ann@"), std::string::npos);
                    ++refused;
                }
            });
        }
    }
    EXPECT_EQ(created, 1);
    EXPECT_EQ(refused, 7);
}

}  // namespace
}  // namespace portico::db
