#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "portico/core/gather.hpp"
#include "portico/db/copy.hpp"
#include "portico/db/listener.hpp"
#include "portico/db/repository.hpp"
#include "portico/db/schema.hpp"
#include "portico/testing/test_reactor.hpp"
#include "tests/db/models.hpp"
#include "tests/db/postgres_support.hpp"

namespace portico::db {
namespace {

using core::Task;
using std::chrono::milliseconds;

class Postgres : public ::testing::Test {
protected:
    template <class T>
    T value(Sql statement) {
        return test::value<T>(database, statement);
    }

    test::Schema schema;
    Database database = test::open({.url = schema.url()});
};

TEST_F(Postgres, values_are_read_as_the_members_of_models_keep_them) {
    EXPECT_EQ(value<int>("SELECT true"), 1);
    EXPECT_EQ(value<std::int64_t>("SELECT -5::smallint"), -5);
    EXPECT_EQ(value<std::int64_t>("SELECT 9223372036854775807"), INT64_MAX);
    EXPECT_EQ(value<double>("SELECT 0.1::double precision"), 0.1);
    EXPECT_EQ(value<float>("SELECT 0.5::real"), 0.5F);
    EXPECT_EQ(value<std::string>("SELECT 'grün'"), "grün");
    EXPECT_EQ(value<std::optional<int>>("SELECT NULL::int"), std::nullopt);
    EXPECT_EQ(value<std::int64_t>("SELECT sum(x) FROM generate_series(1, 3) x"), 6);
    EXPECT_EQ(value<double>("SELECT avg(x) FROM generate_series(1, 2) x"), 1.5);
    EXPECT_EQ(value<std::string>("SELECT '{\"a\": 1}'::jsonb"), "{\"a\": 1}");
    EXPECT_EQ(value<std::string>("SELECT '\\x00ff'::bytea"), std::string("\0\xff", 2));
    EXPECT_EQ(value<std::string>("SELECT '6f1f6b06-c5e1-4a52-9a50-1c8c1f8f9f10'::uuid"),
              "6f1f6b06-c5e1-4a52-9a50-1c8c1f8f9f10");
    EXPECT_EQ(value<std::string>("SELECT DATE '0044-03-15'"), "0044-03-15");
    EXPECT_EQ(value<std::string>("SELECT TIME '04:05:06.000007'"), "04:05:06.000007");
    EXPECT_EQ(value<std::string>("SELECT TIMESTAMP '1969-12-31 23:59:59.5'"),
              "1969-12-31T23:59:59.500000");
    EXPECT_EQ(value<std::int64_t>("SELECT TIMESTAMPTZ '1970-01-01 01:00:00.25+01'"), 250'000);
}

TEST_F(Postgres, numerics_are_exact) {
    const std::vector<std::string> numbers{
        "0",       "0.00",     "-0.5",       "12345678901234567890.0001", "0.00000000012", "10000",
        "1000000", "-9999.10", "100000000.1"};
    for (const std::string& number : numbers) {
        Session session = database.session();
        EXPECT_EQ(wait(session.fetch<std::string>("SELECT :n::numeric", arg("n", number))).at(0),
                  number);
        // A type without a decoder makes the whole row text.
        EXPECT_EQ(wait(session.fetch<std::string>("SELECT :n::numeric, '1 day'::interval",
                                                  arg("n", number)))
                      .at(0),
                  number);
    }
    EXPECT_EQ(value<std::string>("SELECT 'NaN'::numeric, inet '::1'"), "NaN");
}

TEST_F(Postgres, rows_with_unknown_types_are_read_as_text) {
    struct Row {
        std::int64_t id = 0;
        bool yes = false;
        double half = 0;
        model::DateTime at = {};
        std::string bytes = "";
        std::string address = "";
    };
    Session session = database.session();
    const auto row = wait(session.fetch<Row>(
        "SELECT 7 AS id, true AS yes, 0.5::real AS half, TIMESTAMPTZ '2026-01-31 12:00:00.5+00' "
        "AS at, '\\x6162'::bytea AS bytes, inet '10.0.0.1' AS address"));
    EXPECT_EQ(row.at(0).id, 7);
    EXPECT_TRUE(row.at(0).yes);
    EXPECT_EQ(row.at(0).half, 0.5);
    EXPECT_EQ(row.at(0).at.to_string(), "2026-01-31T12:00:00.500000Z");
    EXPECT_EQ(row.at(0).bytes, "ab");
    EXPECT_EQ(row.at(0).address, "10.0.0.1");
}

TEST_F(Postgres, what_does_not_fit_is_refused_and_never_named) {
    test::run(database, "CREATE TABLE narrow (small smallint, name text)");
    Session session = database.session();
    try {
        wait(session.execute("INSERT INTO narrow (small) VALUES (:n)", arg("n", 70'001)));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), Error::Kind::value);
        EXPECT_EQ(std::string(error.what()).find("70001"), std::string::npos) << error.what();
    }
    EXPECT_THROW(wait(session.execute("INSERT INTO narrow (name) VALUES (:n)",
                                      arg("n", std::string("a\0b", 3)))),
                 Error);
    try {
        (void)wait(session.fetch<int>("SELECT :secret::text::int", arg("secret", "hunter2")));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), Error::Kind::value);
        EXPECT_EQ(std::string(error.what()).find("hunter2"), std::string::npos) << error.what();
    }
    EXPECT_EQ(value<int>("SELECT count(*) FROM narrow"), 0);
}

TEST_F(Postgres, a_refused_statement_leaves_the_transaction_usable) {
    test::run(database, "CREATE TABLE names (name text PRIMARY KEY)");
    Session session = database.session();
    wait(session.execute("INSERT INTO names VALUES ('ann')"));
    for (int i = 0; i < 3; ++i) {
        EXPECT_THROW(wait(session.execute("INSERT INTO names VALUES ('ann')")), IntegrityError);
        EXPECT_THROW(wait(session.execute("INSERT INTO nowhere VALUES (1)")), Error);
        EXPECT_THROW((void)wait(session.fetch<int>("SELECT 1 / 0")), Error);
    }
    EXPECT_EQ(wait(session.fetch<std::string>("SELECT name FROM names")).at(0), "ann");
    wait(session.commit());
    EXPECT_EQ(value<int>("SELECT count(*) FROM names"), 1);
}

TEST_F(Postgres, what_is_started_together_is_answered_to_each) {
    test::run(database, "CREATE TABLE names (name text PRIMARY KEY)");
    wait([](Database& from) -> Task<void> {
        Session session = from.session();
        std::vector<Task<std::int64_t>> inserts;
        for (const char* name : {"a", "b", "a", "c", "a", "d"}) {
            inserts.push_back([](Session& in, std::string text) -> Task<std::int64_t> {
                try {
                    co_return co_await in.execute("INSERT INTO names VALUES (:name)",
                                                  arg("name", text));
                } catch (const IntegrityError&) {
                    co_return -1;
                }
            }(session, name));
        }
        EXPECT_EQ(co_await core::gather(std::move(inserts)),
                  (std::vector<std::int64_t>{1, 1, -1, 1, -1, 1}));
        co_await session.commit();
    }(database));
    EXPECT_EQ(value<std::string>("SELECT string_agg(name, '' ORDER BY name) FROM names"), "abcd");
}

Task<int> read(const Database& from, int what) {
    Session session = from.session();
    // Each third of them fails on the server, and takes none of the others with it.
    co_return (co_await session.fetch<int>("SELECT 100 / (:n % 3) + :n", arg("n", what))).at(0);
}

TEST_F(Postgres, many_reads_share_few_connections) {
    const auto few = test::open({.url = schema.url(), .pool_size = 2, .max_overflow = 0});
    EXPECT_EQ(test::value<int>(few, "SELECT 1"), 1);
    wait([](const Database& from) -> Task<void> {
        std::vector<Task<int>> reads;
        for (int i = 0; i < 300; ++i) {
            reads.push_back([](const Database& in, int what) -> Task<int> {
                try {
                    co_return co_await read(in, what);
                } catch (const Error&) {
                    co_return -1;
                }
            }(from, i));
        }
        const auto results = co_await core::gather(std::move(reads));
        for (int i = 0; i < 300; ++i) {
            EXPECT_EQ(results[static_cast<std::size_t>(i)], i % 3 == 0 ? -1 : 100 / (i % 3) + i);
        }
    }(few));
    EXPECT_LE(few.statistics().connections, 2U);
}

TEST_F(Postgres, quick_reads_do_not_stay_behind_a_slow_one) {
    const auto few = test::open({.url = schema.url(), .pool_size = 2, .max_overflow = 0});
    std::string order;
    wait([](const Database& from, std::string& ended) -> Task<void> {
        Session first = from.session();
        (void)co_await first.fetch<int>("SELECT 1");
        const auto slow = [](const Database& in, std::string& end) -> Task<void> {
            Session session = in.session();
            (void)co_await session.fetch<int>("SELECT 1 FROM pg_sleep(3)");
            end += "slow ";
        };
        const auto quick = [](const Database& in, std::string& end) -> Task<void> {
            std::vector<Task<int>> reads;
            for (int i = 1; i < 40; i += 3) reads.push_back(read(in, i));
            (void)co_await core::gather(std::move(reads));
            end += "quick ";
        };
        (void)co_await core::gather(slow(from, ended), quick(from, ended));
    }(few, order));
    EXPECT_EQ(order, "quick slow ");
}

struct Reading {
    static constexpr auto table = db::Table{"readings"};

    model::Annotated<std::int64_t, primary_key> id = 0;
    std::string place = "";
    std::optional<double> degrees = std::nullopt;
    bool checked = false;
    model::Annotated<model::Decimal, model::decimal_places(2)> price = model::Decimal{};
    model::DateTime at = {};
};

TEST_F(Postgres, a_copy_brings_rows_in_and_out) {
    ASSERT_TRUE(create_tables<Reading>(database));
    std::vector<Reading> readings;
    for (int i = 0; i < 5000; ++i) {
        readings.push_back({.place = "a\tb\\N\n\r\"" + std::to_string(i),
                            .degrees = i % 2 == 0 ? std::optional(i / 4.0) : std::nullopt,
                            .checked = i % 3 == 0,
                            .price = model::Decimal::from_scaled(i * 101 - 5, 2),
                            .at = model::DateTime::from_unix_microseconds(i * 1'000'001LL)});
    }
    wait([](Database& from, const std::vector<Reading>& rows) -> Task<void> {
        Session session = from.session();
        EXPECT_EQ(co_await copy_in(session, rows), 5000);
        co_await session.commit();
        Repository<Reading> repository{session};
        const auto all = co_await repository.get_all(0, 5000);
        EXPECT_EQ(all.size(), rows.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
            const bool same = all[i].place == rows[i].place && all[i].degrees == rows[i].degrees &&
                              all[i].checked == rows[i].checked && all[i].at == rows[i].at &&
                              static_cast<const model::Decimal&>(all[i].price) ==
                                  static_cast<const model::Decimal&>(rows[i].price);
            EXPECT_TRUE(same) << i;
            if (!same) break;
        }
        std::string csv;
        int pieces = 0;
        auto out = copy_out<Reading>(session);
        while (auto* piece = co_await out.next()) {
            csv += *piece;
            ++pieces;
        }
        EXPECT_TRUE(csv.starts_with("id,place,degrees,checked,price,at\n")) << csv.substr(0, 80);
        EXPECT_GT(pieces, 3);
        EXPECT_EQ((co_await session.fetch<int>("SELECT 1")).at(0), 1);
        co_await session.commit();
    }(database, readings));
}

TEST_F(Postgres, a_copy_that_is_refused_leaves_nothing_and_the_session_usable) {
    ASSERT_TRUE(create_tables<test::User>(database));
    wait([](Database& from) -> Task<void> {
        Session session = from.session();
        const std::vector<test::User> twins{{.username = "ann"}, {.username = "ann"}};
        try {
            (void)co_await copy_in(session, twins);
            ADD_FAILURE() << "two anns";
        } catch (const IntegrityError& error) {
            EXPECT_TRUE(error.violates("username"));
        }
        EXPECT_EQ((co_await session.fetch<int>("SELECT count(*) FROM users")).at(0), 0);
        EXPECT_EQ(co_await copy_in(session, std::vector<test::User>{{.username = "bob"}}), 1);
        co_await session.commit();
        {
            CopyIn<test::User> unfinished{session};
            co_await unfinished.add({.username = "cid"});
            EXPECT_THROW((void)co_await session.fetch<int>("SELECT 1"), Error);
            co_await session.rollback();
        }
        EXPECT_EQ((co_await session.fetch<int>("SELECT count(*) FROM users")).at(0), 1);
    }(database));
}

TEST_F(Postgres, a_copy_whose_connection_is_cut_leaves_nothing_and_the_next_session_works) {
    ASSERT_TRUE(create_tables<test::User>(database));
    const auto cut = [this] {
        schema.run(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE query LIKE 'COPY%' AND pid <> pg_backend_pid()");
    };
    wait([](Database& from, auto cut_it) -> Task<void> {
        {
            Session session = from.session();
            CopyIn<test::User> users{session};
            const std::string large(100'000, 'x');  // more than is kept before it is sent
            co_await users.add({.username = "ann", .email = large});
            cut_it();
            bool refused = false;
            try {
                for (int i = 0; i < 20; ++i)
                    co_await users.add({.username = std::to_string(i), .email = large});
                (void)co_await users.finish();
            } catch (const Unavailable& error) {
                refused = std::string_view(error.what()).contains("connection");
            }
            EXPECT_TRUE(refused);
        }
        Session session = from.session();
        EXPECT_EQ((co_await session.fetch<int>("SELECT count(*) FROM users")).at(0), 0);
        std::vector<test::User> users;
        const std::string text(1000, 'x');
        // More than the buffers between here and the server hold.
        for (int i = 0; i < 20'000; ++i)
            users.push_back({.username = std::to_string(i), .email = text});
        EXPECT_EQ(co_await copy_in(session, users), 20'000);
        co_await session.commit();
        auto out = copy_out<test::User>(session);
        EXPECT_NE(co_await out.next(), nullptr);
        cut_it();
        try {
            while (co_await out.next() != nullptr) {
            }
            ADD_FAILURE() << "a whole table from a connection that was cut";
        } catch (const Unavailable&) {
        }
        EXPECT_EQ((co_await from.session().fetch<int>("SELECT 1")).at(0), 1);
    }(database, cut));
}

TEST(OtherDatabases, have_no_copy_and_no_notifications) {
    const auto sqlite = test::open({.url = "sqlite:///:memory:"});
    Session session = sqlite.session();
    EXPECT_THROW((void)wait(copy_in(session, std::vector<Reading>{{}})), Error);
    EXPECT_THROW((void)session.notify("channel"), Error);
    portico::testing::TestReactor reactor;
    EXPECT_THROW((Listener{sqlite, reactor, {.channels = {"x"}, .on_notification = [](auto&) {}}}),
                 Error);
}

TEST_F(Postgres, a_listener_hears_what_is_committed_also_after_its_connection_was_cut) {
    portico::testing::TestReactor reactor;
    std::vector<std::string> heard;
    int connected = 0;
    const Listener listener{
        database,
        reactor,
        {.channels = {"us\"ers", "items"},
         .on_notification =
             [&](const Notification& sent) {
                 heard.push_back(std::string(sent.channel) + ":" + std::string(sent.payload));
             },
         .on_connected = [&] { ++connected; }}};
    reactor.run_until([&] { return connected == 1; });
    const auto tell = [](Database& from, std::string what, core::Outcome outcome) -> Task<void> {
        Session session = from.session();
        co_await session.notify("us\"ers", what);
        co_await session.finish(outcome);
    };
    reactor.run(tell(database, "undone", core::Outcome::failure));
    reactor.run(tell(database, "it's done", core::Outcome::success));
    reactor.run_until([&] { return !heard.empty(); });
    EXPECT_EQ(heard, std::vector<std::string>{"us\"ers:it's done"});
    schema.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'");
    reactor.run_until([&] { return connected == 2; });
    reactor.run(tell(database, "again", core::Outcome::success));
    reactor.run_until([&] { return heard.size() == 2; });
    EXPECT_EQ(heard.back(), "us\"ers:again");
}

TEST_F(Postgres, a_read_only_session_is_served_by_the_replica_while_it_answers) {
    const auto both = test::open(
        {.url = schema.url(), .replica_url = schema.url() + "&application_name=replica"});
    const auto name = [&](SessionOptions options) {
        Session session = both.session(options);
        return wait(session.fetch<std::string>("SELECT current_setting('application_name')")).at(0);
    };
    EXPECT_EQ(name({.read_only = true}), "replica");
    EXPECT_EQ(name({}), "portico");
}

TEST_F(Postgres, slow_statements_are_reported_without_their_values) {
    std::vector<std::string> slow;
    const auto watched = test::open(
        {.url = schema.url(),
         .on_slow_statement = [&](const SlowStatement& it) { slow.emplace_back(it.text); },
         .slow_statement = milliseconds{50}});
    EXPECT_EQ(test::value<int>(watched, "SELECT 1"), 1);
    Session session = watched.session();
    (void)wait(session.fetch<int>("SELECT 1 FROM pg_sleep(:s)", arg("s", 0.06)));
    EXPECT_EQ(slow, std::vector<std::string>{"SELECT 1 FROM pg_sleep($1)"});
}

TEST_F(Postgres, a_serializable_session_reads_one_state) {
    test::run(database, "CREATE TABLE numbers (id int)");
    Session session = database.session({.isolation = Isolation::serializable});
    EXPECT_EQ(wait(session.fetch<int>("SELECT count(*) FROM numbers")).at(0), 0);
    schema.run("INSERT INTO numbers VALUES (1)");
    EXPECT_EQ(wait(session.fetch<int>("SELECT count(*) FROM numbers")).at(0), 0);
    wait(session.commit());
    EXPECT_EQ(wait(session.fetch<int>("SELECT count(*) FROM numbers")).at(0), 1);
}

TEST_F(Postgres, many_slow_statements_hold_no_thread) {
    constexpr int kMany = 100;
    const auto wide = test::open({.url = schema.socket_url(), .pool_size = kMany});
    const auto began = std::chrono::steady_clock::now();
    wait([](const Database& from) -> Task<void> {
        std::vector<Task<void>> sleepers;
        for (int i = 0; i < kMany; ++i) {
            sleepers.push_back([](const Database& in) -> Task<void> {
                Session session = in.session();
                (void)co_await session.fetch<int>("SELECT 1 FROM pg_sleep(0.3)");
            }(from));
        }
        (void)co_await core::gather(std::move(sleepers));
    }(wide));
    // One thread; one after the other they would take half a minute.
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{25});
}

}  // namespace
}  // namespace portico::db
