#include "portico/db/migrations.hpp"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

#include "tests/db/postgres_support.hpp"
#include "tests/db/support.hpp"

namespace portico::db {
namespace {

using Kind = MigrationState::Kind;

constexpr Migration kUsers{1, "create_users", "CREATE TABLE users (id INTEGER PRIMARY KEY);"};
constexpr Migration kNames{2, "add_names",
                           "ALTER TABLE users ADD COLUMN name TEXT;\n"
                           "CREATE INDEX users_name ON users (name);"};

Migrations list(std::vector<Migration> migrations) {
    return Migrations{migrations};
}

class MigrationsTest : public ::testing::TestWithParam<Dialect> {
protected:
    test::Folder folder;
    std::optional<test::Schema> schema{GetParam() == Dialect::postgresql
                                           ? std::optional<test::Schema>(std::in_place)
                                           : std::nullopt};
    std::string url = schema ? schema->url() : folder.url();
    Database database = test::open({.url = url});
};

INSTANTIATE_TEST_SUITE_P(BackEnds, MigrationsTest,
                         ::testing::Values(Dialect::sqlite, Dialect::postgresql),
                         [](const auto& info) { return std::string(name_of(info.param)); });

/// What one back end does in its own way.
class SqliteMigrations : public ::testing::Test {
protected:
    test::Folder folder;
    Database database = test::open({.url = folder.url()});
};

TEST_P(MigrationsTest, up_applies_what_is_pending_and_nothing_twice) {
    EXPECT_EQ(list({kUsers}).up(database), 1);
    EXPECT_EQ(list({kNames, kUsers}).up(database), 1);
    EXPECT_EQ(list({kUsers, kNames}).up(database), 0);
    test::run(database, "INSERT INTO users (id, name) VALUES (1, 'ann')");
}

TEST_P(MigrationsTest, status_says_where_each_stands) {
    ASSERT_TRUE(list({kUsers}).up(database));
    const auto states = list({kUsers, kNames}).status(database).value();
    ASSERT_EQ(states.size(), 2U);
    EXPECT_EQ(states[0].kind, Kind::applied);
    EXPECT_EQ(states[1].kind, Kind::pending);
    EXPECT_EQ(states[1].name, "add_names");
}

TEST_P(MigrationsTest, an_applied_migration_may_not_be_edited) {
    ASSERT_TRUE(list({kUsers}).up(database));
    const auto edited = list({{1, "create_users", "CREATE TABLE users (id BIGINT);"}}).up(database);
    ASSERT_FALSE(edited);
    EXPECT_NE(std::string(edited.error().what()).find("0001_create_users was edited"),
              std::string::npos);
}

TEST_P(MigrationsTest, a_program_that_is_older_than_the_database_refuses_it) {
    ASSERT_TRUE(list({kUsers, kNames}).up(database));
    EXPECT_EQ(list({kUsers}).status(database).value().at(1).kind, Kind::unknown);
    EXPECT_FALSE(list({kUsers}).up(database));
    EXPECT_FALSE(list({kUsers}).prepare(database, true));
}

TEST_P(MigrationsTest, a_migration_that_fails_leaves_nothing_behind) {
    const auto failed =
        list({kUsers, {2, "bad", "CREATE TABLE pets (id INTEGER); SELEC 1;"}}).up(database);
    ASSERT_FALSE(failed);
    EXPECT_NE(std::string(failed.error().what()).find("migration 0002_bad"), std::string::npos);
    EXPECT_THROW(test::run(database, "INSERT INTO pets (id) VALUES (1)"), Error);
    EXPECT_EQ(list({kUsers, kNames}).up(database), 1);
}

TEST_P(MigrationsTest, a_migration_may_not_end_its_transaction) {
    EXPECT_FALSE(list({{1, "commits", "CREATE TABLE a (id INTEGER); COMMIT;"}}).up(database));
}

TEST_F(SqliteMigrations, a_table_with_references_to_it_can_be_rebuilt) {
    const Migration pets{
        2, "pets",
        "CREATE TABLE pets (owner INTEGER NOT NULL REFERENCES users (id) ON DELETE "
        "CASCADE); INSERT INTO users VALUES (1); INSERT INTO pets VALUES (1);"};
    const Migration rebuild{3, "rebuild",
                            "CREATE TABLE new_users (id INTEGER PRIMARY KEY, name TEXT);"
                            "INSERT INTO new_users (id) SELECT id FROM users; DROP TABLE users;"
                            "ALTER TABLE new_users RENAME TO users;"};
    const auto done = list({kUsers, pets, rebuild}).up(database);
    ASSERT_TRUE(done) << done.error().what();
    EXPECT_EQ(test::value<int>(database, "SELECT count(*) FROM pets"), 1);
    EXPECT_THROW(test::run(database, "INSERT INTO pets VALUES (2)"), IntegrityError);
}

TEST_F(SqliteMigrations, a_migration_may_not_break_foreign_keys) {
    const Migration orphan{2, "orphan",
                           "CREATE TABLE pets (owner INTEGER REFERENCES users (id));"
                           "INSERT INTO pets VALUES (99);"};
    const auto done = list({kUsers, orphan}).up(database);
    ASSERT_FALSE(done);
    EXPECT_NE(std::string(done.error().what()).find("point nowhere in pets"), std::string::npos);
}

TEST_P(MigrationsTest, an_empty_database_is_prepared_and_one_that_is_behind_is_refused) {
    ASSERT_TRUE(list({kUsers}).prepare(database, false));
    const auto behind = list({kUsers, kNames}).prepare(database, false);
    ASSERT_FALSE(behind);
    EXPECT_NE(std::string(behind.error().what()).find("0002_add_names"), std::string::npos);
    EXPECT_TRUE(list({kUsers, kNames}).prepare(database, true));
    EXPECT_TRUE(list({kUsers, kNames}).prepare(database, false));
}

TEST_P(MigrationsTest, numbers_leave_no_gap) {
    EXPECT_FALSE(list({kNames}).up(database));
    EXPECT_FALSE(list({kUsers, kUsers}).up(database));
}

TEST_F(SqliteMigrations, a_folder_of_files_is_a_list) {
    const auto write = [&](const char* name, std::string_view text) {
        std::ofstream(folder.file(name)) << text;
    };
    write("0002_add_names.sql", kNames.sql);
    write("0001_create_users.sql", kUsers.sql);
    write("README.md", "not SQL");
    const std::string path = folder.file("");
    EXPECT_EQ(Migrations::from_folder(path).value().up(database), 2);
    EXPECT_EQ(list({kUsers, kNames}).up(database), 0);

    write("users.sql", "");
    EXPECT_FALSE(Migrations::from_folder(path));
    EXPECT_FALSE(Migrations::from_folder(folder.file("missing")));
}

TEST_P(MigrationsTest, a_folder_for_each_back_end_is_read_where_there_is_one) {
    for (const char* dialect : {"sqlite", "postgresql"}) {
        std::filesystem::create_directory(folder.file(dialect));
        std::ofstream(folder.file(dialect) + "/0001_create_users.sql")
            << (dialect == name_of(GetParam()) ? kUsers.sql : "is no SQL of this one");
    }
    EXPECT_EQ(Migrations::from_folder(folder.file("")).value().up(database), 1);

    const Dialect other = GetParam() == Dialect::sqlite ? Dialect::postgresql : Dialect::sqlite;
    const Migration of_another{1, "create_users", "", other};
    const auto done = list({of_another}).up(database);
    ASSERT_FALSE(done);
    EXPECT_NE(std::string(done.error().what()).find("there are none for"), std::string::npos);
}

TEST_P(MigrationsTest, down_undoes_the_last_first) {
    const Migration users{1, "users", "CREATE TABLE a (x INTEGER);\n\n-- down\nDROP TABLE a;\n"};
    const Migration pets{2, "pets", "CREATE TABLE b (x INTEGER);\n--DOWN \nDROP TABLE b;"};
    const Migrations both = list({users, pets});
    ASSERT_EQ(both.up(database), 2);
    std::vector<std::string> steps;
    const auto note = [&](const MigrationState& state) { steps.push_back(state.label()); };
    EXPECT_EQ(both.down(database, 1, note), 1);
    EXPECT_THROW(test::run(database, "INSERT INTO b VALUES (1)"), Error);
    test::run(database, "INSERT INTO a VALUES (1)");
    EXPECT_EQ(both.up(database), 1);
    EXPECT_EQ(both.down(database, 99, note), 2);
    EXPECT_EQ(steps, (std::vector<std::string>{"0002_pets", "0002_pets", "0001_users"}));
    EXPECT_EQ(both.down(database), 0);
}

TEST_P(MigrationsTest, nothing_is_undone_when_one_of_them_has_no_way_back) {
    const Migration pets{2, "pets", "CREATE TABLE b (x INTEGER);\n-- down\nDROP TABLE b;"};
    const Migration empty{3, "empty", "CREATE TABLE c (x INTEGER);\n-- down\n-- by hand\n"};
    ASSERT_EQ(list({kUsers, pets, empty}).up(database), 3);
    for (const int count : {1, 2}) {
        const auto done = list({kUsers, pets, empty}).down(database, count);
        ASSERT_FALSE(done);
        EXPECT_NE(std::string(done.error().what()).find("0003_empty can't be undone"),
                  std::string::npos);
    }
    test::run(database, "INSERT INTO c VALUES (1)");
    // What a newer program has made, this one does not know how to undo.
    EXPECT_FALSE(list({kUsers, pets}).down(database));
    test::run(database, "INSERT INTO b VALUES (1)");
}

TEST_P(MigrationsTest, a_down_part_that_fails_leaves_everything_as_it_was) {
    const Migration users{1, "users",
                          "CREATE TABLE a (x INTEGER);\n-- down\nDROP TABLE a; SELEC 1;"};
    ASSERT_EQ(list({users}).up(database), 1);
    const auto done = list({users}).down(database);
    ASSERT_FALSE(done);
    EXPECT_NE(std::string(done.error().what()).find("migration 0001_users, down"),
              std::string::npos);
    test::run(database, "INSERT INTO a VALUES (1)");
    EXPECT_EQ(list({users}).up(database), 0);
}

TEST_P(MigrationsTest, a_down_part_may_be_added_to_what_was_applied) {
    ASSERT_EQ(list({{1, "users", "CREATE TABLE a (x INTEGER);\n"}}).up(database), 1);
    const Migration with{1, "users", "CREATE TABLE a (x INTEGER);\n\n-- down\nDROP TABLE a;\n"};
    EXPECT_EQ(list({with}).up(database), 0);
    EXPECT_EQ(list({with}).down(database), 1);
}

TEST_P(MigrationsTest, what_came_before_one_that_fails_stays) {
    ASSERT_FALSE(list({kUsers, {2, "bad", "SELEC 1;"}}).up(database));
    EXPECT_EQ(list({kUsers, kNames}).up(database), 1);
}

TEST_P(MigrationsTest, status_says_when_each_was_applied) {
    const auto before = std::chrono::system_clock::now() - std::chrono::seconds(1);
    ASSERT_TRUE(list({kUsers}).up(database));
    const auto states = list({kUsers, kNames}).status(database).value();
    EXPECT_GE(states[0].applied_at.value(), before);
    EXPECT_LE(states[0].applied_at.value(), std::chrono::system_clock::now());
    EXPECT_FALSE(states[1].applied_at);
}

TEST_P(MigrationsTest, of_many_that_start_at_once_one_migrates_and_none_sees_it_half_done) {
    std::vector<Migration> migrations;
    std::vector<std::string> texts;
    for (int i = 1; i <= 20; ++i) {
        texts.push_back("CREATE TABLE t" + std::to_string(i) + " (x INTEGER);");
    }
    for (int i = 1; i <= 20; ++i) {
        migrations.push_back({i, "one", texts[static_cast<std::size_t>(i) - 1]});
    }
    std::atomic<int> applied = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 10; ++i) {
        threads.emplace_back([&] {
            const Database mine = test::open({.url = url});
            // The database is empty, or it is complete.
            const auto prepared = list(migrations).prepare(mine, false);
            EXPECT_TRUE(prepared) << prepared.error().what();
            const auto done = list(migrations).up(mine);
            EXPECT_TRUE(done) << done.error().what();
            applied += done.value_or(0);
        });
    }
    threads.clear();
    EXPECT_EQ(applied, 0);
    EXPECT_EQ(test::value<int>(database, "SELECT count(*) FROM portico_migrations"), 20);
}

TEST_F(SqliteMigrations, an_in_memory_database_is_migrated_too) {
    const Database memory = test::open({.url = "sqlite:///:memory:"});
    EXPECT_EQ(list({kUsers, kNames}).up(memory), 2);
    EXPECT_EQ(test::value<int>(memory, "SELECT count(*) FROM users"), 0);
}

}  // namespace
}  // namespace portico::db
