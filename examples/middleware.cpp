// Around the routes: layers, start and end, work after the response, work at intervals.
#include <atomic>
#include <iostream>

#include <portico/middleware/cors.hpp>
#include <portico/middleware/trusted_host.hpp>
#include <portico/portico.hpp>
using namespace portico;
using namespace std::chrono_literals;

struct Counters {
    static constexpr bool thread_safe = true;
    std::atomic<int> requests = 0;
    std::atomic<int> mails = 0;
};

// A class: `on_request` may answer, `on_response` sees every response, even the parser's. It costs
// a request nothing but the two calls. One object serves all loops.
class Maintenance final : public http::Middleware {
public:
    explicit Maintenance(Counters& counters) : counters_(counters) {}

    http::Decision on_request(http::Exchange& exchange) override {
        ++counters_.requests;
        if (!exchange.request.path().starts_with("/old")) return http::Decision::proceed();
        exchange.response.headers.set("Retry-After", "600");
        return http::Decision::refuse(exchange, 503, "Back in ten minutes");
    }
    void on_response(http::Exchange& exchange) override {
        exchange.response.headers.set("X-Served-By", "portico");
    }

private:
    Counters& counters_;
};

void send_welcome(Counters& counters, const std::string& to) {
    ++counters.mails;
    std::clog << "welcome, " + to + "\n";
}

struct Member {
    Email email;
};
struct Statistics {
    int requests;
    int mails;
};

int main(int argc, char** argv) {
    App app{{.title = "Middleware"}};
    auto& counters = app.state(std::make_unique<Counters>());

    // The first added is the outermost.
    app.add_middleware<middleware::TrustedHostMiddleware>(
        middleware::TrustedHostOptions{.allowed_hosts = {"localhost", "127.0.0.1"}});
    app.add_middleware<middleware::CORSMiddleware>(
        middleware::CORSOptions{.allow_origins = {"https://shop.example.com"}});
    app.add_middleware<Maintenance>(counters);

    // A function, where the response is wanted as a value.
    app.middleware([](Request& request, CallNext call_next) -> Task<Response> {
        const auto start = request.clock().steady_now();
        Response response = co_await call_next(request);
        const std::chrono::duration<double> took = request.clock().steady_now() - start;
        response.headers.set("X-Process-Time", std::to_string(took.count()));
        co_return response;
    });

    app.lifespan([](App&, Serving& serving) -> Task<void> {
        std::clog << "before the first request" << std::endl;
        co_await serving;
        std::clog << "after the last" << std::endl;
    });
    app.every(1min, [&counters] { counters.requests = 0; });

    app.post("/members", [&counters](Member member, BackgroundTasks tasks) -> Accepted<Member> {
        tasks.add_task(send_welcome, std::ref(counters), member.email.str());
        return member;
    });
    app.get("/statistics", [](State<Counters> counters) -> Statistics {
        return {counters->requests, counters->mails};
    });
    return run(app, argc, argv);
}
