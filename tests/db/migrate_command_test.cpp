#include "portico/db/migrate_command.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "portico/db/schema.hpp"
#include "tests/db/models.hpp"
#include "tests/db/postgres_support.hpp"
#include "tests/db/support.hpp"
#include "tests/support/run_command.hpp"

namespace portico::db {
namespace {

using test::Thing;
using test::User;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using Result = portico::testing::CommandResult;

Result run_command(const MigrateOptions& options, std::vector<std::string> words) {
    words.insert(words.begin(), "migrate");
    return portico::testing::run_command(
        [&](int argc, char** argv) { return migrate_command(options, argc, argv); },
        std::move(words));
}

constexpr Migration kBoth[]{
    {1, "create_a", "CREATE TABLE a (x INTEGER);\n-- down\nDROP TABLE a;"},
    {2, "create_b", "CREATE TABLE b (x INTEGER);\n-- down\nDROP TABLE b;"},
};

class MigrateCommand : public ::testing::Test {
protected:
    MigrateOptions options(std::span<const Migration> migrations = kBoth) {
        return {.open = [this]() -> std::expected<Database, std::string> {
                    auto opened = Database::open({.url = url});
                    if (!opened) return std::unexpected(opened.error().what());
                    return *std::move(opened);
                },
                .migrations = Migrations(migrations),
                .folder = folder.file("migrations")};
    }
    std::string read(const std::string& name) {
        std::ifstream file{folder.file("migrations/" + name)};
        return {std::istreambuf_iterator<char>(file), {}};
    }

    test::Folder folder;
    std::string url = folder.url();
};

TEST_F(MigrateCommand, up_says_what_it_applies) {
    const Result first = run_command(options(), {"up"});
    EXPECT_EQ(first.status, 0);
    EXPECT_EQ(first.out, "applying 0001_create_a\napplying 0002_create_b\n2 applied\n");
    const Result second = run_command(options(), {"up"});
    EXPECT_EQ(second.status, 0);
    EXPECT_EQ(second.out, "nothing was pending\n");
}

TEST_F(MigrateCommand, a_failure_is_told_on_stderr) {
    const Migration bad[]{{1, "bad", "SELEC 1;"}};
    const Result result = run_command(options(bad), {"up"});
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.errors, HasSubstr("migrate: migration 0001_bad: "));
}

TEST_F(MigrateCommand, down_undoes_as_many_as_it_is_told) {
    ASSERT_EQ(run_command(options(), {"up"}).status, 0);
    EXPECT_EQ(run_command(options(), {"down"}).out, "undoing 0002_create_b\n1 undone\n");
    EXPECT_EQ(run_command(options(), {"down", "5"}).out, "undoing 0001_create_a\n1 undone\n");
    EXPECT_EQ(run_command(options(), {"down"}).out, "nothing was applied\n");
}

TEST_F(MigrateCommand, status_is_zero_when_all_are_applied) {
    const Result pending = run_command(options(), {"status"});
    EXPECT_EQ(pending.status, 1);
    EXPECT_EQ(pending.out, "0001_create_a  pending\n0002_create_b  pending\n");
    ASSERT_EQ(run_command(options(), {"up"}).status, 0);
    const Result applied = run_command(options(), {"status"});
    EXPECT_EQ(applied.status, 0);
    EXPECT_THAT(applied.out,
                ::testing::ContainsRegex("0002_create_b  applied  20..-..-.. .*UTC\n"));
    const Result older = run_command(options({kBoth, 1}), {"status"});
    EXPECT_EQ(older.status, 1);
    EXPECT_THAT(older.out, HasSubstr("0002_create_b  of a newer program"));
}

TEST_F(MigrateCommand, help_needs_no_database) {
    MigrateOptions without = options();
    without.open = nullptr;
    const Result help = run_command(without, {"--help"});
    EXPECT_EQ(help.status, 0);
    EXPECT_THAT(help.out, AllOf(HasSubstr("usage: "), HasSubstr("down [N]"), HasSubstr("--auto")));
}

TEST_F(MigrateCommand, wrong_arguments_are_2) {
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {},
             {"sideways"},
             {"up", "now"},
             {"status", "--auto"},
             {"down", "0"},
             {"down", "two"},
             {"down", "1", "2"},
             {"new"},
             {"new", "Add Tags"},
             {"new", "../up"},
             {"up", "--force"},
             {"new", "x", "--folder"},
         }) {
        const Result result = run_command(options(), words);
        EXPECT_EQ(result.status, 2) << ::testing::PrintToString(words);
        EXPECT_THAT(result.errors, HasSubstr("migrate: "));
    }
}

TEST_F(MigrateCommand, a_database_that_does_not_open_is_1) {
    MigrateOptions broken = options();
    broken.open = [] { return std::unexpected<std::string>("no such place"); };
    const Result result = run_command(broken, {"up"});
    EXPECT_EQ(result.status, 1);
    EXPECT_EQ(result.errors, "migrate: no such place\n");
}

TEST_F(MigrateCommand, new_writes_the_next_file_and_none_over_another) {
    const Result first = run_command(options(), {"new", "create_users"});
    EXPECT_EQ(first.status, 0) << first.errors;
    EXPECT_THAT(first.out, HasSubstr("/migrations/0001_create_users.sql\n"));
    EXPECT_EQ(run_command(options(), {"new", "create_users"}).status, 0);
    EXPECT_THAT(read("0002_create_users.sql"), HasSubstr("\n-- down\n"));
    // Nothing below the line: it can't be undone.
    const auto migrations = Migrations::from_folder(folder.file("migrations")).value();
    const Database database = test::open({.url = folder.url()});
    EXPECT_EQ(migrations.up(database), 2);
    EXPECT_FALSE(migrations.down(database));
}

TEST_F(MigrateCommand, new_writes_for_each_back_end_that_has_a_folder) {
    std::filesystem::create_directories(folder.file("elsewhere/sqlite"));
    std::filesystem::create_directories(folder.file("elsewhere/postgresql"));
    const Result made =
        run_command(options(), {"new", "add_tags", "--folder=" + folder.file("elsewhere")});
    EXPECT_EQ(made.status, 0);
    for (const char* dialect : {"sqlite", "postgresql"}) {
        EXPECT_TRUE(
            std::filesystem::exists(folder.file("elsewhere/") + dialect + "/0001_add_tags.sql"));
    }
}

struct Order {
    static constexpr auto table = Table{"orders"};

    model::Annotated<std::int64_t, primary_key> id = 0;
    model::Annotated<std::int64_t, foreign_key("users.id", on_delete::cascade)> user_id;
    model::Annotated<int, default_value(5)> amount = 5;
    model::Annotated<std::string, default_value("it's")> note = "it's";
    model::Annotated<model::DateTime, server_default(current_timestamp)> made_at =
        model::DateTime{};
    model::Annotated<std::string, model::max_length(40)> street = "";
};

class Draft : public MigrateCommand {
protected:
    MigrateOptions drafting() {
        MigrateOptions made = options({});
        if (std::filesystem::exists(made.folder)) {
            made.migrations = Migrations::from_folder(made.folder).value();
        }
        made.models = models<Thing, Order, User>();
        return made;
    }
    std::string draft() {
        const Result made = run_command(drafting(), {"new", "--auto", "draft"});
        EXPECT_EQ(made.status, 0) << made.errors;
        EXPECT_THAT(made.out, HasSubstr("wrote "));
        return read("0001_draft.sql");
    }
    void expect_it_fits() {
        EXPECT_EQ(run_command(drafting(), {"up"}).errors, "");
        const Database database = test::open({.url = url});
        EXPECT_EQ((check_schema<User, Thing, Order>(database).value()), std::vector<std::string>{});
        const Result again = run_command(drafting(), {"new", "--auto", "again"});
        EXPECT_EQ(again.status, 0) << again.errors;
        EXPECT_THAT(again.out, HasSubstr("nothing to write"));
    }
};

TEST_F(Draft, of_an_empty_database_makes_the_tables_in_their_order) {
    const std::string text = draft();
    // Named the other way round among the models.
    EXPECT_LT(text.find("CREATE TABLE users"), text.find("CREATE TABLE things"));
    EXPECT_LT(text.find("DROP TABLE things"), text.find("DROP TABLE users"));
    expect_it_fits();
    EXPECT_EQ(run_command(drafting(), {"down"}).status, 0);
    EXPECT_EQ(run_command(drafting(), {"up"}).status, 0);
}

TEST_F(Draft, adds_columns_and_indexes_and_their_way_back) {
    const Database database = test::open({.url = folder.url()});
    ASSERT_TRUE((create_tables<User, Thing, Order>(database)));
    test::run(database,
              "INSERT INTO users (username, email, disabled, scopes, created_at) VALUES "
              "('ann', 'a', 0, '[]', 0)");
    test::run(database, "ALTER TABLE users DROP COLUMN scopes");
    test::run(database, "ALTER TABLE things DROP COLUMN note");
    test::run(database, "DROP INDEX things_colour_small");
    const std::string text = draft();
    EXPECT_THAT(text, AllOf(HasSubstr("ALTER TABLE users ADD COLUMN scopes TEXT NOT NULL DEFAULT "
                                      "'[]';\n"),
                            HasSubstr("this one is a guess"),
                            HasSubstr("ALTER TABLE things ADD COLUMN note TEXT;\n"),
                            HasSubstr("CREATE INDEX things_colour_small"),
                            HasSubstr("ALTER TABLE users DROP COLUMN scopes;\n")));
    expect_it_fits();
    EXPECT_EQ(test::value<std::string>(database, "SELECT scopes FROM users"), "[]");
    EXPECT_EQ(run_command(drafting(), {"down"}).errors, "");
}

TEST_F(Draft, makes_a_table_anew_where_sqlite_can_not_change_it) {
    const Database database = test::open({.url = folder.url()});
    test::run(database,
              "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL, "
              "email TEXT, disabled TEXT NOT NULL, scopes TEXT NOT NULL, old TEXT NOT NULL DEFAULT "
              "'it''s', created_at INTEGER NOT NULL)");
    ASSERT_TRUE(create_tables<Thing>(database));
    test::run(database,
              "INSERT INTO users (username, disabled, scopes, created_at) VALUES "
              "('ann', '0', '[]', 0), ('gone', '0', '[]', 0)");
    test::run(database, "DELETE FROM users WHERE username = 'gone'");
    const std::string text = draft();
    EXPECT_THAT(text, AllOf(HasSubstr("coalesce(email, '')"), HasSubstr("-- ALTER TABLE users DROP "
                                                                        "COLUMN old;\n")));
    expect_it_fits();
    EXPECT_EQ(test::value<std::string>(database, "SELECT username || email || old FROM users"),
              "annit's");
    test::run(database,
              "INSERT INTO users (username, email, disabled, scopes, created_at) VALUES "
              "('new', 'n', 0, '[]', 0)");
    EXPECT_EQ(test::value<int>(database, "SELECT max(id) FROM users"), 3);  // 2 was somebody's
    EXPECT_EQ(run_command(drafting(), {"down"}).status, 1);
}

TEST_F(Draft, knows_defaults_foreign_keys_and_lengths) {
    const Database database = test::open({.url = folder.url()});
    ASSERT_TRUE((create_tables<User, Thing>(database)));
    test::run(database,
              "CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL "
              "REFERENCES users, amount INTEGER NOT NULL DEFAULT 4, note TEXT NOT NULL, "
              "made_at INTEGER NOT NULL DEFAULT 0, street TEXT NOT NULL "
              "CHECK (length(street) <= 30)) STRICT");
    test::run(database,
              "INSERT INTO users (username, email, disabled, scopes, created_at) VALUES "
              "('ann', 'a', 0, '[]', 0)");
    test::run(database, "INSERT INTO orders (user_id, note, street) VALUES (1, 'x', 'y')");
    EXPECT_THAT(
        draft(),
        AllOf(HasSubstr("user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,\n"),
              HasSubstr("amount INTEGER NOT NULL DEFAULT 5,\n"),
              HasSubstr("note TEXT NOT NULL DEFAULT 'it''s',\n"),
              HasSubstr("CHECK (length(street) <= 40)")));
    expect_it_fits();
    test::run(database, "INSERT INTO orders (user_id, street) VALUES (1, 'z')");
    EXPECT_EQ(test::value<std::string>(database,
                                       "SELECT group_concat(amount || note || street) FROM orders"),
              "4xy,5it'sz");
}

TEST_F(Draft, each_difference_of_a_default_a_foreign_key_or_a_length_is_one) {
    const std::string whole = create_table_sql<Order>();
    for (const auto& [here, there] : {std::pair{" DEFAULT 5", " DEFAULT 6"},
                                      {" DEFAULT 5", ""},
                                      {" DEFAULT 'it''s'", " DEFAULT 'its'"},
                                      {" ON DELETE CASCADE", ""},
                                      {" REFERENCES users (id) ON DELETE CASCADE", ""},
                                      {"street) <= 40", "street) <= 41"}}) {
        const Database database = test::open({.url = folder.url()});
        ASSERT_TRUE((create_tables<User, Thing>(database)));
        std::string other = whole;
        other.replace(other.find(here), std::string_view(here).size(), there);
        const auto run = [&database](const std::string& sql) {
            EXPECT_TRUE(database.driver().with_schema(
                [&](SchemaConnection& connection) { return connection.execute(sql); }));
        };
        run(other);
        EXPECT_THAT(draft(), HasSubstr("CREATE TABLE orders_new")) << here;
        std::filesystem::remove_all(folder.file("migrations"));
        for (const char* name : {"orders", "things", "users"}) {
            run(std::string("DROP TABLE ") + name);
        }
    }
}

TEST_F(Draft, what_no_model_knows_is_a_comment) {
    const Database database = test::open({.url = folder.url()});
    ASSERT_TRUE((create_tables<User>(database)));
    test::run(database, "CREATE TABLE pets (x)");
    test::run(database, "CREATE INDEX by_email ON users (email)");
    EXPECT_THAT(draft(), AllOf(HasSubstr("\n-- DROP TABLE pets;\n"),
                               HasSubstr("\n-- DROP INDEX by_email;\n"),
                               Not(HasSubstr("portico_migrations"))));
    expect_it_fits();
    test::run(database, "INSERT INTO pets VALUES (1)");
}

class PostgresqlDraft : public Draft {
protected:
    PostgresqlDraft() { url = schema.url(); }

    test::Schema schema;
};

TEST_F(PostgresqlDraft, of_an_empty_database_is_what_the_models_say) {
    EXPECT_THAT(draft(), HasSubstr("GENERATED BY DEFAULT AS IDENTITY"));
    expect_it_fits();
    EXPECT_EQ(run_command(drafting(), {"down"}).errors, "");
    EXPECT_EQ(schema.run("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"),
              "1");
}

TEST_F(PostgresqlDraft, changes_columns_in_place_and_back) {
    const Database database = test::open({.url = url});
    ASSERT_TRUE((create_tables<User, Thing, Order>(database)));
    schema.run(
        "INSERT INTO users (username, email, disabled, scopes, created_at) VALUES "
        "('ann', 'a', false, '[]', now());"
        "ALTER TABLE users DROP COLUMN scopes, ALTER COLUMN email DROP NOT NULL, "
        "ALTER COLUMN disabled TYPE text;"
        "DROP INDEX users_username; CREATE UNIQUE INDEX plain ON users (username);"
        "ALTER TABLE things ALTER COLUMN note SET NOT NULL");
    const std::string text = draft();
    EXPECT_THAT(text,
                AllOf(HasSubstr("ALTER TABLE users ADD COLUMN scopes jsonb NOT NULL DEFAULT '[]';\n"
                                "ALTER TABLE users ALTER COLUMN scopes DROP DEFAULT;\n"),
                      HasSubstr("ALTER TABLE users ALTER COLUMN email SET NOT NULL;\n"),
                      HasSubstr("ALTER TABLE users ALTER COLUMN disabled TYPE boolean USING "
                                "disabled::boolean;\n"),
                      HasSubstr("ALTER TABLE things ALTER COLUMN note DROP NOT NULL;\n"),
                      HasSubstr("CREATE UNIQUE INDEX users_username ON users (lower(username"),
                      HasSubstr("\n-- DROP INDEX plain;\n"),
                      HasSubstr("ALTER TABLE users ALTER COLUMN disabled TYPE TEXT USING "
                                "disabled::TEXT;\n")));
    expect_it_fits();
    EXPECT_EQ(run_command(drafting(), {"down"}).errors, "");
    EXPECT_EQ(run_command(drafting(), {"up"}).errors, "");
}

TEST_F(PostgresqlDraft, changes_defaults_foreign_keys_and_lengths_in_place_and_back) {
    const Database database = test::open({.url = url});
    ASSERT_TRUE((create_tables<User, Thing, Order>(database)));
    schema.run(
        "ALTER TABLE orders ALTER COLUMN amount SET DEFAULT 4, ALTER COLUMN note DROP DEFAULT, "
        "ALTER COLUMN street TYPE varchar(30), DROP CONSTRAINT orders_user_id_fkey;"
        "ALTER TABLE things DROP CONSTRAINT things_owner_id_fkey, "
        "ADD CONSTRAINT mine FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE SET NULL");
    const std::string text = draft();
    EXPECT_THAT(
        text, AllOf(HasSubstr("ALTER TABLE orders ALTER COLUMN amount SET DEFAULT 5;\n"),
                    HasSubstr("ALTER TABLE orders ALTER COLUMN note SET DEFAULT 'it''s';\n"),
                    HasSubstr("ALTER TABLE orders ALTER COLUMN street TYPE varchar(40) USING "
                              "street::varchar(40);\n"),
                    HasSubstr("ALTER TABLE orders ADD CONSTRAINT orders_user_id_fkey FOREIGN KEY "
                              "(user_id) REFERENCES users (id) ON DELETE CASCADE;\n"),
                    HasSubstr("ALTER TABLE things DROP CONSTRAINT mine;\n"),
                    HasSubstr("ALTER TABLE orders ALTER COLUMN amount SET DEFAULT 4;\n"),
                    HasSubstr("ALTER TABLE orders ALTER COLUMN note DROP DEFAULT;\n"),
                    HasSubstr("ADD CONSTRAINT mine FOREIGN KEY (owner_id) REFERENCES users (id) ON "
                              "DELETE SET NULL;\n"),
                    Not(HasSubstr("made_at"))));
    expect_it_fits();
    EXPECT_EQ(run_command(drafting(), {"down"}).errors, "");
    EXPECT_EQ(schema.run("SELECT confdeltype FROM pg_constraint WHERE conname = 'mine'"), "n");
    EXPECT_EQ(run_command(drafting(), {"up"}).errors, "");
}

TEST_F(Draft, begins_where_everything_is_applied) {
    const Result pending = run_command(options(), {"new", "--auto", "x"});
    EXPECT_EQ(pending.status, 1);
    EXPECT_THAT(pending.errors, HasSubstr("0001_create_a is pending"));
    // A file that the program was not built with.
    ASSERT_EQ(run_command(options({}), {"new", "later"}).status, 0);
    const Result unbuilt = run_command(options({}), {"new", "--auto", "x"});
    EXPECT_EQ(unbuilt.status, 1);
    EXPECT_THAT(unbuilt.errors, HasSubstr("build it again"));
}

}  // namespace
}  // namespace portico::db
