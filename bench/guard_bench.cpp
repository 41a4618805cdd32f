#include <benchmark/benchmark.h>

#include <random>
#include <string>
#include <vector>

#include "bench/browser_request.hpp"
#include "portico/core/gcra.hpp"
#include "portico/core/sliding_window.hpp"
#include "portico/guard/guard_middleware.hpp"
#include "portico/http/exchange.hpp"
#include "portico/testing/test_reactor.hpp"

// What the guard asks of each request: look-ups of addresses, counts, and all of it.
namespace {

using namespace portico;

std::vector<http::IpAddress> addresses(std::size_t count, bool v6, unsigned seed) {
    std::mt19937_64 random{seed};
    std::vector<http::IpAddress> made;
    for (std::size_t i = 0; i < count; ++i) {
        http::IpAddress::Bytes bytes{};
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
        if (v6) {
            bytes[0] = 0x20;
            made.push_back(http::IpAddress::v6(bytes));
        } else {
            made.push_back(http::IpAddress::v4({bytes[0], bytes[1], bytes[2], bytes[3]}));
        }
    }
    return made;
}

void cidr_set(benchmark::State& state, bool v6) {
    std::vector<http::Cidr> blocks;
    for (const auto& address : addresses(100'000, v6, 1)) {
        const int length = v6 ? 48 : 24;
        blocks.push_back(
            http::Cidr::parse(address.prefix(length).to_string() + "/" + std::to_string(length))
                .value());
    }
    const http::CidrSet set{std::move(blocks)};
    const auto asked = addresses(4096, v6, 2);
    std::size_t i = 0;
    for (auto _ : state) benchmark::DoNotOptimize(set.contains(asked[i++ % asked.size()]));
}
BENCHMARK_CAPTURE(cidr_set, v4_100000, false);
BENCHMARK_CAPTURE(cidr_set, v6_100000, true);

template <class Counter>
void count(benchmark::State& state) {
    Counter counter{{.limit = 100}};
    const auto clients = addresses(4096, false, 3);
    auto now = std::chrono::steady_clock::now();
    std::size_t i = 0;
    for (auto _ : state) {
        const auto bytes = clients[i++ % clients.size()].bytes();
        now += std::chrono::microseconds(10);
        benchmark::DoNotOptimize(
            counter.acquire({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, now));
    }
}
BENCHMARK(count<core::SlidingWindow>)->Name("sliding_window");
BENCHMARK(count<core::Gcra>)->Name("gcra");

void ban_list(benchmark::State& state) {
    guard::BanList bans;
    for (const auto& client : addresses(100'000, false, 4)) bans.add(client, {}, "x");
    const auto asked = addresses(4096, false, 5);
    std::size_t i = 0;
    for (auto _ : state) benchmark::DoNotOptimize(bans.find(asked[i++ % asked.size()]));
}
BENCHMARK(ban_list);

struct Asked final : http::Exchange {
    using Exchange::Exchange;
    void send() noexcept override {}
};

enum class What { nothing, without_detection, all };

/// A browser's request of an API, whose client is not whitelisted. `nothing`: what the measurement
/// itself costs.
void whole_guard(benchmark::State& state, What what) {
    guard::Config config;
    config.rate_limit = 2'000'000'000;
    config.enable_penetration_detection = what == What::all;
    guard::GuardMiddleware guard{config};
    testing::TestReactor loop;
    Asked exchange{loop};
    const http::Headers fields = bench::browser_fields();
    http::Request& request = exchange.request;
    request.set_method(http::Method::get, "GET");
    (void)request.set_target("/api/v1/items/42?page=2&limit=20");
    request.mutable_headers() = fields;
    request.set_peer(http::IpAddress::v4({192, 0, 2, 1}), 1);
    for (auto _ : state) {
        if (what != What::nothing) {
            if (guard.on_request(exchange).kind() != http::Decision::Kind::proceed) {
                return state.SkipWithError("it was refused");
            }
            guard.on_response(exchange);
        }
        request.state().clear();
        exchange.response.headers.clear();
        exchange.arena.reset();
    }
}
BENCHMARK_CAPTURE(whole_guard, nothing, What::nothing);
BENCHMARK_CAPTURE(whole_guard, without_detection, What::without_detection);
BENCHMARK_CAPTURE(whole_guard, all, What::all);

}  // namespace
