#include "portico/db/database.hpp"

#include <sys/stat.h>

#include <fstream>

#include "tests/db/support.hpp"

namespace portico::db {
namespace {

std::string refusal(std::string url) {
    auto opened = Database::open({.url = std::move(url)});
    return opened ? "opened" : opened.error().what();
}

TEST(DatabaseUrl, other_databases_are_refused_without_repeating_their_password) {
    const std::string message = refusal("mysql://user:hunter2@host/db");
    EXPECT_EQ(message.find("hunter2"), std::string::npos);
    EXPECT_NE(message.find("expected sqlite:///"), std::string::npos);
}

TEST(DatabaseUrl, a_path_has_no_query_and_is_not_empty) {
    EXPECT_NE(refusal("sqlite:///app.db?mode=ro"), "opened");
    EXPECT_NE(refusal("sqlite:///"), "opened");
    EXPECT_NE(refusal("sqlite://app.db"), "opened");
    EXPECT_NE(refusal(""), "opened");
}

TEST(DatabaseUrl, what_can_not_be_opened_names_the_path) {
    test::Folder folder;
    EXPECT_NE(refusal("sqlite:///" + folder.file("no/such/app.db")).find("no/such/app.db"),
              std::string::npos);
}

TEST(DatabaseFile, what_is_no_database_is_refused) {
    test::Folder folder;
    std::ofstream(folder.file("app.db")) << std::string(4096, 'x');
    EXPECT_NE(refusal(folder.url()).find("not a database"), std::string::npos);
}

TEST(DatabaseFile, a_new_file_is_for_its_owner_alone) {
    test::Folder folder;
    const Database database = test::open({.url = folder.url()});
    test::run(database, "CREATE TABLE t (id INTEGER)");
    for (const char* name : {"app.db", "app.db-wal"}) {
        struct stat status{};
        ASSERT_EQ(::stat(folder.file(name).c_str(), &status), 0) << name;
        EXPECT_EQ(status.st_mode & 0777, 0600U) << name;
    }
}

TEST(DatabaseFile, it_keeps_a_write_ahead_log_and_waits_for_the_disk) {
    test::Folder folder;
    const Database database = test::open({.url = folder.url()});
    EXPECT_EQ(database.driver().statistics().connections, 1U);
    test::run(database, "CREATE TABLE t (id INTEGER)");
    EXPECT_TRUE(std::filesystem::exists(folder.file("app.db-wal")));
}

TEST(DatabaseFile, a_damaged_file_is_a_corrupt_error) {
    test::Folder folder;
    {
        const Database database = test::open({.url = folder.url()});
        test::run(database, "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT)");
        test::run(database,
                  "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
                  "INSERT INTO t SELECT i, hex(randomblob(50)) FROM n");
    }
    {
        std::fstream file(folder.file("app.db"), std::ios::in | std::ios::out | std::ios::binary);
        for (int page = 2; page < 20; ++page) {
            file.seekp(page * 4096);
            file << std::string(4096, '\x7f');
        }
    }
    const Database database = test::open({.url = folder.url()});
    try {
        (void)test::value<int>(database, "SELECT count(x) FROM t WHERE x LIKE 'A%'");
        FAIL() << "read from a damaged file";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), Error::Kind::corrupt) << error.what();
    }
}

TEST(DatabaseFile, a_full_disk_is_a_typed_error_and_nothing_is_written) {
    test::Folder folder;
    const Database database = test::open({.url = folder.url()});
    test::run(database, "CREATE TABLE t (x TEXT)");
    // The page limit stands for the disk's end: SQLite reports both as SQLITE_FULL.
    ASSERT_TRUE(database.driver().with_schema([](SchemaConnection& connection) {
        return connection.execute("PRAGMA max_page_count=8");
    }));
    try {
        test::run(database, "INSERT INTO t VALUES (hex(zeroblob(100000)))");
        FAIL() << "written to a full disk";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), Error::Kind::disk_full) << error.what();
    }
    EXPECT_EQ(test::value<int>(database, "SELECT count(*) FROM t"), 0);
    test::run(database, "INSERT INTO t VALUES ('small')");
}

TEST(DatabaseFile, a_statement_that_runs_for_too_long_is_interrupted) {
    test::Folder folder;
    const Database database =
        test::open({.url = folder.url(), .statement_limit = std::chrono::milliseconds{5}});
    try {
        (void)test::value<std::int64_t>(database,
                                        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
                                        "FROM n) SELECT count(*) FROM n");
        FAIL() << "counted to infinity";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), Error::Kind::interrupted);
    }
}

TEST(DatabaseFile, slow_statements_are_told_without_their_values) {
    test::Folder folder;
    std::string told;
    const Database database =
        test::open({.url = folder.url(),
                    .on_slow_statement = [&](const SlowStatement& slow) { told = slow.text; },
                    .slow_statement = std::chrono::milliseconds{0}});
    EXPECT_EQ(test::value<std::string>(database, "SELECT :secret", arg("secret", "hunter2")),
              "hunter2");
    EXPECT_EQ(told, "SELECT ?1");
}

TEST(DatabaseFile, more_statements_than_the_cache_holds_still_run) {
    test::Folder folder;
    const Database database = test::open({.url = folder.url(), .statement_cache = 1});
    for (int round = 0; round < 3; ++round) {
        EXPECT_EQ(test::value<int>(database, "SELECT 1"), 1);
        EXPECT_EQ(test::value<int>(database, "SELECT 2"), 2);
    }
}

}  // namespace
}  // namespace portico::db
