#include "portico/db/session.hpp"

#include "tests/db/support.hpp"

namespace portico::db {
namespace {

using core::Outcome;
using core::Task;

class Sessions : public testing::TestWithParam<bool> {
protected:
    Sessions() {
        test::run(database, "CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT UNIQUE)");
    }

    std::int64_t count() {
        return test::value<std::int64_t>(database, "SELECT count(*) FROM names");
    }

    test::Folder folder;
    Database database = test::open({.url = GetParam() ? "sqlite:///:memory:" : folder.url()});
};

INSTANTIATE_TEST_SUITE_P(, Sessions, testing::Bool(),
                         [](const auto& info) { return info.param ? "memory" : "file"; });

TEST_P(Sessions, success_commits) {
    wait([](Database& from) -> Task<void> {
        Session session = from.session();
        EXPECT_EQ(co_await session.execute("INSERT INTO names (name) VALUES ('ann'), ('bob')"), 2);
        co_await session.finish(Outcome::success);
    }(database));
    EXPECT_EQ(count(), 2);
}

TEST_P(Sessions, failure_rolls_back) {
    wait([](Database& from) -> Task<void> {
        Session session = from.session();
        co_await session.execute("INSERT INTO names (name) VALUES ('ann')");
        co_await session.finish(Outcome::failure);
    }(database));
    EXPECT_EQ(count(), 0);
}

TEST_P(Sessions, a_session_that_is_not_finished_rolls_back) {
    {
        Session session = database.session();
        wait(session.execute("INSERT INTO names (name) VALUES ('ann')"));
    }
    EXPECT_EQ(count(), 0);
}

TEST_P(Sessions, a_session_reads_what_it_wrote) {
    Session session = database.session();
    wait(session.execute("INSERT INTO names (name) VALUES ('ann')"));
    EXPECT_EQ(wait(session.fetch<std::string>("SELECT name FROM names")).at(0), "ann");
    EXPECT_TRUE(session.writing());
    wait(session.rollback());
    EXPECT_FALSE(session.writing());
    EXPECT_TRUE(wait(session.fetch<std::string>("SELECT name FROM names")).empty());
}

TEST_P(Sessions, a_session_goes_on_after_its_commit) {
    Session session = database.session();
    wait(session.execute("INSERT INTO names (name) VALUES ('ann')"));
    wait(session.commit());
    wait(session.execute("INSERT INTO names (name) VALUES ('bob')"));
    wait(session.rollback());
    EXPECT_EQ(count(), 1);
}

TEST_P(Sessions, a_savepoint_undoes_only_its_own_writes) {
    wait([](Database& from) -> Task<void> {
        Session session = from.session();
        co_await session.execute("INSERT INTO names (name) VALUES ('ann')");
        try {
            co_await session.savepoint([&] -> Task<void> {
                co_await session.execute("INSERT INTO names (name) VALUES ('bob')");
                throw std::runtime_error("no bob");
            });
            ADD_FAILURE() << "the exception goes on";
        } catch (const std::runtime_error&) {
        }
        const int answer = co_await session.savepoint([&] -> Task<int> {
            co_await session.execute("INSERT INTO names (name) VALUES ('cid')");
            co_return 42;
        });
        EXPECT_EQ(answer, 42);
        co_await session.finish(Outcome::success);
    }(database));
    Session session = database.session();
    EXPECT_EQ(wait(session.fetch<std::string>("SELECT name FROM names ORDER BY name")),
              (std::vector<std::string>{"ann", "cid"}));
}

TEST_P(Sessions, an_integrity_error_names_the_column_and_leaves_the_session_usable) {
    Session session = database.session();
    wait(session.execute("INSERT INTO names (name) VALUES ('ann')"));
    try {
        wait(session.execute("INSERT INTO names (name) VALUES (:name)", arg("name", "ann")));
        FAIL() << "two anns";
    } catch (const IntegrityError& error) {
        EXPECT_TRUE(error.unique());
        EXPECT_EQ(error.table(), "names");
        EXPECT_TRUE(error.violates("name"));
        EXPECT_FALSE(error.violates("id"));
        EXPECT_EQ(std::string(error.what()).find("ann"), std::string::npos);
    }
    wait(session.execute("INSERT INTO names (name) VALUES ('bob')"));
    wait(session.finish(Outcome::success));
    EXPECT_EQ(count(), 2);
}

TEST_P(Sessions, deferred_foreign_keys_fail_at_the_commit) {
    test::run(
        database,
        "CREATE TABLE pets (owner INTEGER REFERENCES names (id) DEFERRABLE INITIALLY DEFERRED)");
    Session session = database.session();
    wait(session.execute("INSERT INTO pets (owner) VALUES (99)"));
    try {
        wait(session.commit());
        FAIL() << "there is no owner";
    } catch (const IntegrityError& error) {
        EXPECT_EQ(error.constraint(), IntegrityError::Constraint::foreign_key);
    }
    EXPECT_EQ(test::value<std::int64_t>(database, "SELECT count(*) FROM pets"), 0);
}

TEST_P(Sessions, foreign_keys_are_enforced) {
    test::run(database, "CREATE TABLE pets (owner INTEGER REFERENCES names (id))");
    EXPECT_THROW(test::run(database, "INSERT INTO pets (owner) VALUES (99)"), IntegrityError);
}

TEST_P(Sessions, a_program_can_not_end_the_transaction_that_sessions_share) {
    Session session = database.session();
    wait(session.execute("INSERT INTO names (name) VALUES ('ann')"));
    for (const Sql& statement : {sql("COMMIT"), sql("ROLLBACK"), sql("SAVEPOINT x"),
                                 sql("PRAGMA foreign_keys=OFF"), sql("ATTACH 'x' AS x")}) {
        EXPECT_THROW(wait(session.execute(statement)), Error);
    }
    wait(session.rollback());
    EXPECT_EQ(count(), 0);
}

TEST_P(Sessions, values_are_bound_by_name_and_never_part_of_the_text) {
    test::run(database, "INSERT INTO names (id, name) VALUES (:id, :name)", arg("id", 7),
              arg("name", "'); DROP TABLE names; --"));
    EXPECT_EQ(test::value<std::string>(database, "SELECT name FROM names WHERE id = :id OR :id = 0",
                                       arg("id", 7)),
              "'); DROP TABLE names; --");
    EXPECT_EQ(
        test::value<std::optional<std::string>>(database, "SELECT :x", arg("x", std::nullopt)),
        std::nullopt);
}

TEST_P(Sessions, parameters_that_do_not_fit_are_named) {
    Session session = database.session();
    try {
        wait(session.execute("DELETE FROM names WHERE id = :id", arg("ID", 7)));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), Error::Kind::statement);
        EXPECT_NE(std::string(error.what()).find(":id has no value; there is no :ID"),
                  std::string::npos)
            << error.what();
    }
}

TEST_P(Sessions, one_statement_at_a_time) {
    EXPECT_THROW(test::run(database, "DELETE FROM names; DROP TABLE names"), Error);
}

TEST_P(Sessions, a_missing_table_is_a_schema_error) {
    try {
        (void)test::value<int>(database, "SELECT 1 FROM nowhere");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), Error::Kind::schema) << error.what();
        EXPECT_EQ(error.statement(), "SELECT 1 FROM nowhere");
    }
}

TEST_P(Sessions, a_cancelled_session_rolls_back) {
    wait([](Database& from) -> Task<void> {
        core::Context* context = co_await core::this_context();
        Session session = from.session();
        context->cancel();
        EXPECT_THROW(co_await session.execute("INSERT INTO names (name) VALUES ('ann')"),
                     core::Cancelled);
        co_await session.finish(Outcome::failure);
    }(database));
    EXPECT_EQ(count(), 0);
}

TEST_P(Sessions, a_commit_is_not_cancelled) {
    wait([](Database& from) -> Task<void> {
        core::Context* context = co_await core::this_context();
        Session session = from.session();
        co_await session.execute("INSERT INTO names (name) VALUES ('ann')");
        context->cancel();
        co_await session.finish(Outcome::success);
    }(database));
    EXPECT_EQ(count(), 1);
}

}  // namespace
}  // namespace portico::db
