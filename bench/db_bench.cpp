// What a point read through `Repository` costs over a prepared statement by hand (at most 1.5
// times), and what sessions that write together gain from sharing a commit.

#include <benchmark/benchmark.h>
#include <sqlite3.h>
#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "bench/count_allocations.hpp"
#include "portico/db/database.hpp"
#include "portico/db/repository.hpp"
#include "portico/db/schema.hpp"
#include "portico/db/wait.hpp"

namespace {

using namespace portico;

struct User {
    static constexpr auto table = db::Table{"users"};

    model::Annotated<std::int64_t, db::primary_key> id = 0;
    model::Annotated<std::string, db::unique(db::nocase)> username;
    std::string email = "";
    std::string hashed_password = "";
    bool disabled = false;
};

constexpr std::int64_t kUsers = 1000;

// A database of users in a folder that is gone with the object.
struct Fixture {
    Fixture() {
        std::string pattern = std::filesystem::temp_directory_path() / "portico-bench-XXXXXX";
        folder = ::mkdtemp(pattern.data());
        path = folder + "/app.db";
        database.emplace(db::Database::open({.url = "sqlite:///" + path}).value());
        db::create_tables<User>(*database).value();
        db::Session session = database->session();
        db::Repository<User> users{session};
        for (std::int64_t i = 1; i <= kUsers; ++i) {
            const std::string name = "user" + std::to_string(i);
            db::wait(users.create({.username = name, .email = name + "@e.org"}));
        }
        db::wait(session.commit());
    }
    ~Fixture() {
        database.reset();
        std::filesystem::remove_all(folder);
    }

    std::string folder;
    std::string path;
    std::optional<db::Database> database;
};

// In a read transaction that is open, as the reads of one wake-up of a loop are.
void point_read_by_hand(benchmark::State& state) {
    Fixture fixture;
    sqlite3* handle = nullptr;
    sqlite3_open_v2(fixture.path.c_str(), &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
                    nullptr);
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v3(handle,
                       "SELECT id, username, email, hashed_password, disabled FROM users "
                       "WHERE id = ?",
                       -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    sqlite3_exec(handle, "BEGIN", nullptr, nullptr, nullptr);
    std::int64_t id = 0;
    const auto text = [&](int column) {
        return std::string(reinterpret_cast<const char*>(sqlite3_column_text(statement, column)),
                           static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
    };
    for (auto _ : state) {
        id = id % kUsers + 1;
        sqlite3_bind_int64(statement, 1, id);
        if (sqlite3_step(statement) != SQLITE_ROW) state.SkipWithError("no row");
        User user{.id = sqlite3_column_int64(statement, 0),
                  .username = text(1),
                  .email = text(2),
                  .hashed_password = text(3),
                  .disabled = sqlite3_column_int(statement, 4) != 0};
        benchmark::DoNotOptimize(user);
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    sqlite3_close(handle);
}
BENCHMARK(point_read_by_hand);

core::Task<void> read_users(db::Database& database, benchmark::State& state, bool by_name) {
    db::Session session = database.session();
    db::Repository<User> users{session};
    std::int64_t id = 0;
    std::uint64_t before = 0;
    (void)co_await users.get(1);
    const std::string name = "user500";
    (void)co_await users.where(&User::username, db::equals, name).first();
    before = bench::allocations;
    for (auto _ : state) {
        id = id % kUsers + 1;
        auto user = by_name ? co_await users.where(&User::username, db::equals, name).first()
                            : co_await users.get(id);
        benchmark::DoNotOptimize(user);
    }
    state.counters["allocations"] = benchmark::Counter(
        static_cast<double>(bench::allocations - before), benchmark::Counter::kAvgIterations);
}

void point_read(benchmark::State& state) {
    Fixture fixture;
    db::wait(read_users(*fixture.database, state, false));
}
BENCHMARK(point_read);

void point_read_by_unique_text(benchmark::State& state) {
    Fixture fixture;
    db::wait(read_users(*fixture.database, state, true));
}
BENCHMARK(point_read_by_unique_text);

// So many threads write one row a session; each waits for the disk.
void write_sessions(benchmark::State& state) {
    Fixture fixture;
    const auto threads = static_cast<std::size_t>(state.range(0));
    std::atomic<std::int64_t> rows{0};
    const auto before = fixture.database->statistics();
    for (auto _ : state) {
        std::vector<std::jthread> writers;
        for (std::size_t i = 0; i < threads; ++i) {
            writers.emplace_back([&] {
                for (int round = 0; round < 20; ++round) {
                    const std::string name = "writer" + std::to_string(++rows);
                    db::wait([](db::Database& database, std::string username) -> core::Task<void> {
                        db::Session session = database.session();
                        db::Repository<User> users{session};
                        co_await users.create({.username = username});
                        co_await session.commit();
                    }(*fixture.database, name));
                }
            });
        }
    }
    const auto after = fixture.database->statistics();
    state.SetItemsProcessed(rows);
    state.counters["sessions_a_commit"] =
        static_cast<double>(after.committed_sessions - before.committed_sessions) /
        static_cast<double>(after.commits - before.commits);
}
BENCHMARK(write_sessions)->Arg(1)->Arg(8)->Arg(32)->UseRealTime()->Unit(benchmark::kMillisecond);

// A thousand rows in one session: row by row, or many with each statement.
void insert_rows(benchmark::State& state, bool together) {
    Fixture fixture;
    std::int64_t next = kUsers;
    for (auto _ : state) {
        std::vector<User> rows;
        for (int i = 0; i < 1000; ++i) {
            const std::string name = "row" + std::to_string(++next);
            rows.push_back({.username = name, .email = name + "@e.org"});
        }
        db::wait([](db::Database& database, std::vector<User> all, bool once) -> core::Task<void> {
            db::Session session = database.session();
            const db::Repository<User> users{session};
            if (once) {
                co_await users.create_all(std::move(all));
            } else {
                for (User& user : all) co_await users.create(std::move(user));
            }
            co_await session.commit();
        }(*fixture.database, std::move(rows), together));
    }
    state.SetItemsProcessed(state.iterations() * 1000);
}
void insert_one_by_one(benchmark::State& state) {
    insert_rows(state, false);
}
BENCHMARK(insert_one_by_one)->UseRealTime()->Unit(benchmark::kMillisecond);
void insert_all(benchmark::State& state) {
    insert_rows(state, true);
}
BENCHMARK(insert_all)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
