// The client follows a failover of real Sentinels.

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>

#include "portico/redis/client.hpp"
#include "tests/redis/support.hpp"
#include "tests/support/service.hpp"

namespace portico::redis {
namespace {

using namespace std::chrono_literals;
using core::Task;
using portico::testing::Service;
using test::Side;
using test::TestReactor;

Task<void> wait_for_replica(Client& sentinel) {
    while (true) {
        const Reply replicas = co_await sentinel.command("SENTINEL", "REPLICAS", "master");
        for (const Reply& replica : replicas.elements()) {
            const auto& fields = replica.elements();
            for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
                if (fields[i].text() == "master-link-status" && fields[i + 1].text() == "ok") {
                    co_return;
                }
            }
        }
        co_await core::sleep_for(20ms);
    }
}

TEST(Sentinel, the_master_is_found_and_a_failover_is_followed) {
    Service master("redis");
    Service replica("redis", "--replicaof 127.0.0.1 " + std::to_string(master.port()) +
                                 " --repl-diskless-sync-delay 0");
    Service sentinel("sentinel", std::to_string(master.port()));
    TestReactor reactor;

    // The first of the Sentinels is not there, the second is.
    Client client = test::open({.url = "redis+sentinel://127.0.0.1:1,127.0.0.1:" +
                                       std::to_string(sentinel.port()) + "/master",
                                .timeout = 30s});
    Client asked =
        test::open({.url = "redis://127.0.0.1:" + std::to_string(sentinel.port()), .timeout = 30s});
    Client direct = test::open({.url = replica.url(), .timeout = 30s});
    reactor.run([&]() -> Task<void> {
        co_await client.set("k", "before");
        co_await wait_for_replica(asked);
        // Known to the replica before its master goes.
        while (co_await direct.get("k") != "before") co_await core::sleep_for(20ms);
    }());
    master.stop();
    reactor.run([&]() -> Task<void> {
        while (true) {
            try {
                co_await client.set("k", "after");
                break;
            } catch (const Unavailable&) {
            }
            co_await core::sleep_for(20ms);
        }
    }());
    reactor.run([&]() -> Task<void> { EXPECT_EQ(co_await direct.get("k"), "after"); }());
}

TEST(Sentinel, says_when_no_sentinel_knows_the_master) {
    Service master("redis");
    Service sentinel("sentinel", std::to_string(master.port()));
    const std::string address = "127.0.0.1:" + std::to_string(sentinel.port());
    Client client = test::open({.url = "redis+sentinel://" + address + "/other", .timeout = 30s});
    TestReactor reactor;
    Side side(reactor);
    side.start([](Client& nobody) -> Task<void> { co_await nobody.ping(); }(client));
    side.wait();
    EXPECT_EQ(side.what(0), "redis://" + address + ": it knows no master \"other\"");
}

}  // namespace
}  // namespace portico::redis
