#include "portico/db/migrations.hpp"

#include <fstream>

#include "tests/db/support.hpp"

namespace portico::db {
namespace {

using Kind = MigrationState::Kind;

constexpr Migration kUsers{1, "create_users", "CREATE TABLE users (id INTEGER PRIMARY KEY);"};
constexpr Migration kNames{2, "add_names",
                           "ALTER TABLE users ADD COLUMN name TEXT;\n"
                           "CREATE INDEX users_name ON users (name);"};

class MigrationsTest : public testing::Test {
protected:
    static Migrations list(std::vector<Migration> migrations) { return Migrations{migrations}; }

    test::Folder folder;
    Database database = test::open({.url = folder.url()});
};

TEST_F(MigrationsTest, up_applies_what_is_pending_and_nothing_twice) {
    EXPECT_EQ(list({kUsers}).up(database), 1);
    EXPECT_EQ(list({kNames, kUsers}).up(database), 1);
    EXPECT_EQ(list({kUsers, kNames}).up(database), 0);
    test::run(database, "INSERT INTO users (name) VALUES ('ann')");
}

TEST_F(MigrationsTest, status_says_where_each_stands) {
    ASSERT_TRUE(list({kUsers}).up(database));
    const auto states = list({kUsers, kNames}).status(database).value();
    ASSERT_EQ(states.size(), 2U);
    EXPECT_EQ(states[0].kind, Kind::applied);
    EXPECT_EQ(states[1].kind, Kind::pending);
    EXPECT_EQ(states[1].name, "add_names");
}

TEST_F(MigrationsTest, an_applied_migration_may_not_be_edited) {
    ASSERT_TRUE(list({kUsers}).up(database));
    const auto edited =
        list({{1, "create_users", "CREATE TABLE users (id INTEGER);"}}).up(database);
    ASSERT_FALSE(edited);
    EXPECT_NE(std::string(edited.error().what()).find("0001_create_users was edited"),
              std::string::npos);
}

TEST_F(MigrationsTest, a_program_that_is_older_than_the_database_refuses_it) {
    ASSERT_TRUE(list({kUsers, kNames}).up(database));
    EXPECT_EQ(list({kUsers}).status(database).value().at(1).kind, Kind::unknown);
    EXPECT_FALSE(list({kUsers}).up(database));
    EXPECT_FALSE(list({kUsers}).prepare(database, true));
}

TEST_F(MigrationsTest, a_migration_that_fails_leaves_nothing_behind) {
    const auto failed =
        list({kUsers, {2, "bad", "CREATE TABLE pets (id INTEGER); SELEC 1;"}}).up(database);
    ASSERT_FALSE(failed);
    EXPECT_NE(std::string(failed.error().what()).find("migration 0002_bad"), std::string::npos);
    EXPECT_THROW(test::run(database, "INSERT INTO pets (id) VALUES (1)"), Error);
    EXPECT_EQ(list({kUsers, kNames}).up(database), 1);
}

TEST_F(MigrationsTest, a_migration_may_not_end_its_transaction) {
    EXPECT_FALSE(list({{1, "commits", "CREATE TABLE a (id INTEGER); COMMIT;"}}).up(database));
}

TEST_F(MigrationsTest, a_table_with_references_to_it_can_be_rebuilt) {
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

TEST_F(MigrationsTest, a_migration_may_not_break_foreign_keys) {
    const Migration orphan{2, "orphan",
                           "CREATE TABLE pets (owner INTEGER REFERENCES users (id));"
                           "INSERT INTO pets VALUES (99);"};
    const auto done = list({kUsers, orphan}).up(database);
    ASSERT_FALSE(done);
    EXPECT_NE(std::string(done.error().what()).find("point nowhere in pets"), std::string::npos);
}

TEST_F(MigrationsTest, an_empty_database_is_prepared_and_one_that_is_behind_is_refused) {
    ASSERT_TRUE(list({kUsers}).prepare(database, false));
    const auto behind = list({kUsers, kNames}).prepare(database, false);
    ASSERT_FALSE(behind);
    EXPECT_NE(std::string(behind.error().what()).find("0002_add_names"), std::string::npos);
    EXPECT_TRUE(list({kUsers, kNames}).prepare(database, true));
    EXPECT_TRUE(list({kUsers, kNames}).prepare(database, false));
}

TEST_F(MigrationsTest, numbers_leave_no_gap) {
    EXPECT_FALSE(list({kNames}).up(database));
    EXPECT_FALSE(list({kUsers, kUsers}).up(database));
}

TEST_F(MigrationsTest, a_folder_of_files_is_a_list) {
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

TEST_F(MigrationsTest, an_in_memory_database_is_migrated_too) {
    const Database memory = test::open({.url = "sqlite:///:memory:"});
    EXPECT_EQ(list({kUsers, kNames}).up(memory), 2);
    EXPECT_EQ(test::value<int>(memory, "SELECT count(*) FROM users"), 0);
}

}  // namespace
}  // namespace portico::db
