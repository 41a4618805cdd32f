// The engine alone: net::Server with a handler that always says the same.
//
//     hello PORT
//
// On SIGTERM it prints the calls of operator new after the first thousand requests, and the
// requests since then: "allocations 64 in 123456 requests". A request makes none, a connection one.

#include <cstdio>
#include <cstdlib>

#include "bench/count_allocations.hpp"
#include "portico/net/server.hpp"

namespace {

class Hello final : public portico::http::Handler {
public:
    void match(portico::http::Exchange&) noexcept override {}

    void handle(portico::http::Exchange& exchange) noexcept override {
        if (++requests_ == kWarmUp) allocations_ = portico::bench::allocations.load();
        exchange.response.set_content_type("text/plain; charset=utf-8");
        exchange.response.text() = "Hello, world!";
        exchange.send();
    }

    void refuse(portico::http::Exchange& exchange,
                portico::http::Refusal refusal) noexcept override {
        exchange.response.status = refusal.status;
    }

    void loop_stopped(portico::core::Reactor&) override {
        if (requests_ < kWarmUp) return;
        std::printf("allocations %llu in %llu requests\n",
                    static_cast<unsigned long long>(portico::bench::allocations - allocations_),
                    static_cast<unsigned long long>(requests_ - kWarmUp));
    }

private:
    static constexpr std::uint64_t kWarmUp = 1000;
    std::uint64_t requests_ = 0;
    std::uint64_t allocations_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    Hello hello;
    portico::net::Server server{hello,
                                {.port = static_cast<std::uint16_t>(std::atoi(argv[1])),
                                 .workers = 1,
                                 .handle_signals = true}};
    if (const auto result = server.run(); !result) {
        std::fprintf(stderr, "%s\n", result.error().c_str());
        return 1;
    }
}
