// What a point read of PostgreSQL through `Repository` costs the program, over a loop that drives
// libpq's pipeline by hand: at most 1.15 times its CPU. And a thousand statements that take their
// time, on one thread.
//
//     tests/support/services.py postgres "-c max_connections=1100" &     # prints a URL
//     build/release/bench/bench_postgres <its socket's URL>

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "net/loop.hpp"
#include "portico/core/gather.hpp"
#include "portico/db/database.hpp"
#include "portico/db/repository.hpp"
#include "portico/db/schema.hpp"
#include "portico/db/wait.hpp"

namespace {

using namespace portico;

struct User {
    static constexpr auto table = db::Table{"bench_users"};

    model::Annotated<std::int64_t, db::primary_key> id = 0;
    std::string username = "";
    std::string email = "";
    std::string hashed_password = "";
    bool disabled = false;
};

constexpr std::int64_t kUsers = 1000;
constexpr int kRounds = 41;

double cpu_microseconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

template <class F>
double cpu_of(int reads, F run) {
    const double before = cpu_microseconds();
    run(reads);
    return (cpu_microseconds() - before) / reads;
}

/// One connection with so many reads in flight; each batch ends with a Sync.
class ByHand {
public:
    ByHand(const std::string& url, int in_flight)
        : connection_(PQconnectdb(url.c_str()), &PQfinish), in_flight_(in_flight) {
        PQclear(PQprepare(connection_.get(), "read",
                          "SELECT id, username, email, hashed_password, disabled FROM bench_users "
                          "WHERE id = $1",
                          0, nullptr));
        PQsetnonblocking(connection_.get(), 1);
        PQenterPipelineMode(connection_.get());
    }

    void run(int reads) {
        for (int left = reads; left > 0; left -= in_flight_) batch(std::min(left, in_flight_));
    }

private:
    void batch(int count) {
        for (int i = 0; i < count; ++i) {
            id_ = id_ % kUsers + 1;
            const std::uint64_t swapped = __builtin_bswap64(static_cast<std::uint64_t>(id_));
            const char* const value = reinterpret_cast<const char*>(&swapped);
            const int length = 8;
            const int format = 1;
            PQsendQueryPrepared(connection_.get(), "read", 1, &value, &length, &format, 1);
        }
        PQpipelineSync(connection_.get());
        for (bool over = false; !over;) {
            while (PQisBusy(connection_.get()) != 0) {
                pollfd ready{.fd = PQsocket(connection_.get()), .events = POLLIN, .revents = 0};
                ::poll(&ready, 1, -1);
                PQconsumeInput(connection_.get());
            }
            PGresult* const result = PQgetResult(connection_.get());
            if (!result) continue;
            if (PQresultStatus(result) == PGRES_TUPLES_OK) take(result);
            over = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
            PQclear(result);
        }
    }

    void take(const PGresult* result) {
        const auto text = [&](int column) {
            return std::string(PQgetvalue(result, 0, column),
                               static_cast<std::size_t>(PQgetlength(result, 0, column)));
        };
        std::uint64_t id = 0;
        std::memcpy(&id, PQgetvalue(result, 0, 0), sizeof id);
        users_.assign(1, User{.id = static_cast<std::int64_t>(__builtin_bswap64(id)),
                              .username = text(1),
                              .email = text(2),
                              .hashed_password = text(3),
                              .disabled = PQgetvalue(result, 0, 4)[0] != 0});
    }

    std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
    int in_flight_;
    std::int64_t id_ = 0;
    std::vector<User> users_;
};

/// Coroutines on a server's loop, each reading one row after the other.
class ThroughRepository {
public:
    ThroughRepository(const db::Database& database, int in_flight)
        : database_(database), in_flight_(in_flight) {}

    void run(int reads) {
        net::Loop loop{0, std::chrono::seconds{1}, [] {}};
        if (!loop.open()) return;
        core::Context context{loop};
        loop_ = &loop;
        left_ = reads;
        running_ = in_flight_;
        for (int i = 0; i < in_flight_; ++i) {
            core::spawn(
                context, read(),
                [](void* self, std::exception_ptr) {
                    auto& bench = *static_cast<ThroughRepository*>(self);
                    if (--bench.running_ == 0) bench.loop_->finish();
                },
                this);
        }
        loop.run();
    }

private:
    core::Task<void> read() {
        db::Session session = database_.session();
        db::Repository<User> users{session};
        while (left_-- > 0) {
            id_ = id_ % kUsers + 1;
            auto user = co_await users.get(id_);
            users_.assign(1, *std::move(user));
        }
    }

    const db::Database& database_;
    int in_flight_;
    net::Loop* loop_ = nullptr;
    int left_ = 0;
    int running_ = 0;
    std::int64_t id_ = 0;
    std::vector<User> users_;
};

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

void compare(const std::string& url, const db::Database& database, int in_flight, int reads) {
    ByHand by_hand{url, in_flight};
    ThroughRepository repository{database, in_flight};
    by_hand.run(reads / 10);
    repository.run(reads / 10);
    std::vector<double> hand;
    std::vector<double> ours;
    for (int round = 0; round < kRounds; ++round) {
        hand.push_back(cpu_of(reads, [&](int count) { by_hand.run(count); }));
        ours.push_back(cpu_of(reads, [&](int count) { repository.run(count); }));
    }
    std::puts(
        fmt::format("{:3} in flight   by hand {:6.2f} µs   repository {:6.2f} µs   ratio {:.2f}",
                    in_flight, median(hand), median(ours), median(ours) / median(hand))
            .c_str());
}

void many_slow(const std::string& url) {
    constexpr int kMany = 1000;
    const auto wide =
        db::Database::open({.url = url, .pool_size = kMany, .pool_queue = kMany}).value();
    const auto before = std::chrono::steady_clock::now();
    std::ptrdiff_t threads = 0;
    db::wait([](const db::Database& database, std::ptrdiff_t& most) -> core::Task<void> {
        std::vector<core::Task<void>> all;
        for (int i = 0; i < kMany; ++i) {
            all.push_back([](const db::Database& from, std::ptrdiff_t& seen) -> core::Task<void> {
                db::Session session = from.session();
                (void)co_await session.fetch<int>("SELECT 1 FROM pg_sleep(2)");
                seen = std::max(
                    seen, std::distance(std::filesystem::directory_iterator("/proc/self/task"),
                                        std::filesystem::directory_iterator{}));
            }(database, most));
        }
        (void)co_await core::gather(std::move(all));
    }(wide, threads));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
    std::puts(fmt::format("{} statements of 2 s took {:.1f} s on {} threads", kMany, took.count(),
                          threads)
                  .c_str());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::puts("bench_postgres postgresql://…");
        return 2;
    }
    const std::string url = argv[1];
    const auto database =
        db::Database::open({.url = url, .pool_size = 1, .max_overflow = 0}).value();
    (void)database.driver().with_schema([](db::SchemaConnection& connection) {
        return connection.execute("DROP TABLE IF EXISTS bench_users");
    });
    db::create_tables<User>(database).value();
    db::wait([](const db::Database& from) -> core::Task<void> {
        db::Session session = from.session();
        db::Repository<User> users{session};
        for (std::int64_t i = 1; i <= kUsers; ++i) {
            const std::string name = "user" + std::to_string(i);
            co_await users.create({.username = name, .email = name + "@example.com"});
        }
        co_await session.commit();
    }(database));
    compare(url, database, 1, 4000);
    compare(url, database, 16, 20'000);
    many_slow(url);
}
