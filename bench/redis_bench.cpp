// What a GET costs the client when so many leave together: the client's coroutines against a loop
// by hand over hiredis' blocking calls, which pipelines the same number. CPU time of this process.

#include <benchmark/benchmark.h>
#include <hiredis/hiredis.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <exception>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "net/loop.hpp"
#include "portico/redis/client.hpp"

namespace {

using namespace portico;

using Context = std::unique_ptr<redisContext, decltype(&redisFree)>;
using Answer = std::unique_ptr<void, decltype(&freeReplyObject)>;

/// A Redis of the benchmark's own, on a Unix socket, with the key "key".
class Server {
public:
    Server() {
        std::string pattern = "/tmp/portico-bench-XXXXXX";
        folder_ = ::mkdtemp(pattern.data());
        std::string path = socket();
        const char* const words[]{"redis-server", "--port",     "0",         "--save",    "",
                                  "--unixsocket", path.c_str(), "--logfile", "/dev/null", nullptr};
        if (::posix_spawnp(&process_, words[0], nullptr, nullptr, const_cast<char**>(words),
                           environ) != 0) {
            throw std::runtime_error("can't start redis-server");
        }
        while (!std::filesystem::exists(path)) ::usleep(1000);
        const auto context = connect();
        const Answer set(redisCommand(context.get(), "SET key %s", std::string(32, 'x').c_str()),
                         &freeReplyObject);
    }
    ~Server() {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
        std::filesystem::remove_all(folder_);
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] std::string socket() const { return folder_ + "/redis.sock"; }
    [[nodiscard]] Context connect() const {
        Context context(redisConnectUnix(socket().c_str()), &redisFree);
        if (!context || context->err != 0) throw std::runtime_error("can't connect");
        return context;
    }

private:
    std::string folder_;
    pid_t process_ = -1;
};

void by_hand(benchmark::State& state) {
    const Server server;
    const Context context = server.connect();
    const char* words[]{"GET", "key"};
    const std::size_t sizes[]{3, 3};
    for (auto _ : state) {
        for (int i = 0; i < state.range(0); ++i) {
            redisAppendCommandArgv(context.get(), 2, words, sizes);
        }
        for (int i = 0; i < state.range(0); ++i) {
            void* reply = nullptr;
            if (redisGetReply(context.get(), &reply) != REDIS_OK) throw std::runtime_error("GET");
            const Answer answer(reply, &freeReplyObject);
            benchmark::DoNotOptimize(std::string(static_cast<redisReply*>(reply)->str));
        }
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(by_hand)->Arg(1)->Arg(16)->Arg(64);

void by_client(benchmark::State& state) {
    const Server server;
    auto client = redis::Client::open({.url = "unix://" + server.socket()}).value();
    net::Loop loop(0, std::chrono::seconds(1), [] {});
    if (!loop.open()) throw std::runtime_error("can't make a loop");

    // A round of `requests`, each a coroutine that asks once; the next round when all are answered.
    struct Round {
        redis::Client& client;
        net::Loop& loop;
        benchmark::State& state;
        core::Context context{loop};
        std::int64_t left = 0;
        std::exception_ptr error;

        static core::Task<void> ask(redis::Client& asked) {
            benchmark::DoNotOptimize(co_await asked.get("key"));
        }
        void start() {
            if (error || !state.KeepRunning()) return loop.finish();
            left = state.range(0);
            for (std::int64_t i = 0; i < state.range(0); ++i) {
                core::spawn(
                    context, ask(client),
                    [](void* user, std::exception_ptr failed) {
                        auto& round = *static_cast<Round*>(user);
                        if (failed) round.error = failed;
                        if (--round.left == 0) round.loop.post([&round] { round.start(); });
                    },
                    this);
            }
        }
    } round{client, loop, state};
    loop.post([&] { round.start(); });
    loop.run();
    if (round.error) std::rethrow_exception(round.error);
    state.SetItemsProcessed(state.iterations() * state.range(0));
    const auto counts = client.statistics();
    state.counters["commands_a_write"] =
        static_cast<double>(counts.commands) / static_cast<double>(counts.writes);
}
BENCHMARK(by_client)->Arg(1)->Arg(16)->Arg(64);

}  // namespace
