#include <sqlite3.h>

#include <chrono>

#include "portico/db/repository.hpp"
#include "portico/db/schema.hpp"
#include "tests/db/support.hpp"

namespace portico::db {
namespace {

using model::Annotated;

struct Blob {
    static constexpr auto table = db::Table{"blobs"};

    Annotated<std::int64_t, primary_key> id = 0;
    std::string text = "";
};

/// Another process at the same file.
class Neighbour {
public:
    explicit Neighbour(const std::string& path) { sqlite3_open(path.c_str(), &handle_); }
    ~Neighbour() { sqlite3_close(handle_); }
    Neighbour(const Neighbour&) = delete;
    Neighbour& operator=(const Neighbour&) = delete;

    void run(const char* sql) {
        ASSERT_EQ(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr), SQLITE_OK)
            << sqlite3_errmsg(handle_);
    }

private:
    sqlite3* handle_ = nullptr;
};

TEST(DiskFull, the_write_fails_and_what_was_committed_stays) {
    test::Folder folder;
    const Database database = test::open({.url = folder.url()});
    ASSERT_TRUE(create_tables<Blob>(database));
    Session session = database.session();
    const Repository<Blob> blobs{session};
    wait(blobs.create({.text = "kept"}));
    wait(session.commit());
    // What SQLite answers when the disk has no more room: its own bound on the file's size, set for
    // the connection that writes.
    const auto bounded = database.driver().with_schema([](SchemaConnection& connection) {
        return connection.execute("PRAGMA max_page_count = 40");
    });
    ASSERT_TRUE(bounded);
    Error::Kind kind{};
    try {
        for (int i = 0; i < 100; ++i) {
            wait(blobs.create({.text = std::string(10'000, 'x')}));
        }
        FAIL() << "it was never full";
    } catch (const Error& error) {
        kind = error.kind();
        EXPECT_EQ(std::string(error.what()).find("xxx"), std::string::npos);
    }
    EXPECT_EQ(kind, Error::Kind::disk_full);
    try {
        wait(session.rollback());
    } catch (const Error&) {
    }
    Session after = database.session();
    EXPECT_EQ(wait(after.query<Blob>().count()), 1) << "all of the session is undone";
    EXPECT_EQ(wait(after.query<Blob>().one()).text, "kept");
    ASSERT_TRUE(database.driver().with_schema([](SchemaConnection& connection) {
        return connection.execute("PRAGMA max_page_count = 100000");
    }));
    wait(Repository<Blob>{after}.create({.text = std::string(100'000, 'y')}));
    wait(after.commit());
    EXPECT_EQ(wait(after.query<Blob>().count()), 2) << "room again: nothing else is needed";
}

TEST(LockedFile, a_writer_waits_as_long_as_it_is_told_and_then_says_so) {
    test::Folder folder;
    const Database database =
        test::open({.url = folder.url(), .busy_timeout = std::chrono::milliseconds(50)});
    ASSERT_TRUE(create_tables<Blob>(database));
    Neighbour neighbour(folder.file("app.db"));
    neighbour.run("BEGIN EXCLUSIVE");
    Session session = database.session();
    const Repository<Blob> blobs{session};
    EXPECT_THROW((void)wait(blobs.create({.text = "x"})), Busy);
    EXPECT_EQ(wait(blobs.query().count()), 0) << "with a write-ahead log readers go on";
    neighbour.run("COMMIT");
    wait(blobs.create({.text = "x"}));
    wait(session.commit());
    EXPECT_EQ(wait(blobs.query().count()), 1);
}

}  // namespace
}  // namespace portico::db
