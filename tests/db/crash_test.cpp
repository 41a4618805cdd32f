#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <thread>

#include "tests/db/support.hpp"

namespace portico::db {
namespace {

using core::Task;

Task<void> insert(const Database& database, std::int64_t id) {
    Session session = database.session();
    co_await session.execute("INSERT INTO rows (id) VALUES (:id)", arg("id", id));
    co_await session.finish(core::Outcome::success);
}

// Writes rows from three threads and tells the pipe of each that is acknowledged, until killed.
[[noreturn]] void write_until_killed(const std::string& url, int pipe, std::int64_t first) {
    const Database database = test::open({.url = url});
    std::vector<std::thread> threads;
    for (std::int64_t start = 0; start < 3; ++start) {
        threads.emplace_back([&, start] {
            for (std::int64_t id = first + start;; id += 3) {
                wait(insert(database, id));
                if (::write(pipe, &id, sizeof id) != sizeof id) ::_exit(1);
            }
        });
    }
    for (auto& thread : threads) thread.join();
    ::_exit(0);
}

TEST(Crash, a_killed_process_has_lost_nothing_that_it_acknowledged) {
    test::Folder folder;
    test::run(test::open({.url = folder.url()}), "CREATE TABLE rows (id INTEGER PRIMARY KEY)");
    std::set<std::int64_t> acknowledged;
    std::int64_t next = 1;
    for (const std::size_t kill_after : {1U, 7U, 40U, 200U, 3U}) {
        int pipe[2];
        ASSERT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
        const pid_t child = ::fork();
        if (child == 0) write_until_killed(folder.url(), pipe[1], next);
        ::close(pipe[1]);
        std::int64_t id = 0;
        std::size_t seen = 0;
        while (::read(pipe[0], &id, sizeof id) == sizeof id) {
            acknowledged.insert(id);
            if (++seen == kill_after) ::kill(child, SIGKILL);
        }
        ::close(pipe[0]);
        int status = 0;
        ::waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status));
        ASSERT_GE(seen, kill_after);

        const Database database = test::open({.url = folder.url()});
        Session session = database.session();
        const auto rows = wait(session.fetch<std::int64_t>("SELECT id FROM rows"));
        const std::set<std::int64_t> kept(rows.begin(), rows.end());
        for (const std::int64_t row : acknowledged) ASSERT_TRUE(kept.contains(row)) << row;
        next = *kept.rbegin() + 1;
    }
    sqlite3* check = nullptr;
    ASSERT_EQ(sqlite3_open(folder.file("app.db").c_str(), &check), SQLITE_OK);
    std::string answer;
    sqlite3_exec(
        check, "PRAGMA integrity_check",
        [](void* out, int, char** values, char**) {
            *static_cast<std::string*>(out) += values[0];
            return 0;
        },
        &answer, nullptr);
    sqlite3_close(check);
    EXPECT_EQ(answer, "ok");
}

}  // namespace
}  // namespace portico::db
