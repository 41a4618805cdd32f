// Applications, measured from the sockets to the handlers.
//
//     api PORT          routes alone
//     api PORT stack    the same routes behind everything that a production API has around it
//
// On SIGTERM it prints the calls of operator new after the first thousand requests, and the
// requests since then.

#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/count_allocations.hpp"
#include "portico/app/app.hpp"
#include "portico/auth/jwt.hpp"
#include "portico/middleware/compression.hpp"
#include "portico/middleware/cors.hpp"
#include "portico/middleware/https.hpp"
#include "portico/middleware/proxy_headers.hpp"
#include "portico/middleware/request_id.hpp"
#include "portico/middleware/security_headers.hpp"
#include "portico/middleware/trusted_host.hpp"
#include "portico/model/annotations.hpp"
#include "portico/net/server.hpp"

namespace {

using namespace portico::app;
using portico::auth::JwtClaims;
using portico::auth::JwtSigner;
using portico::auth::JwtVerifier;
using portico::http::Request;
using portico::model::Annotated;
using portico::model::ge;
using portico::model::le;
using portico::model::max_length;
using portico::model::min_length;

struct Item {
    int item_id = 0;
    std::optional<std::string> q;
    int limit = 0;
    std::string name;
    double price = 0;
    bool in_stock = true;
};

struct Order {
    std::string customer;
    Annotated<std::string, min_length(3), max_length(60)> email;
    Annotated<int, ge(1), le(1000)> quantity;
    double price = 0;
    std::optional<std::string> note;
    bool express = false;
    std::vector<std::string> tags;
    Annotated<std::int64_t, ge(0)> account;
    std::string street;
    std::string country = "DE";
};

struct Accepted {
    std::int64_t account = 0;
    double total = 0;
};

struct User {
    std::string id;
    std::string email;
    std::string full_name;
    bool is_active = true;
    std::int64_t created_at = 0;
};

/// Who is known to be alive, for at most a second.
class Users {
public:
    const User& alive(const std::string& id, std::chrono::steady_clock::time_point now) {
        Known& known = known_[id];
        if (now >= known.until) {
            known = {{id, "ada.lovelace@example.com", "Ada Lovelace", true, 1'764'000'000},
                     now + std::chrono::seconds(1)};
        }
        return known.user;
    }

private:
    struct Known {
        User user;
        std::chrono::steady_clock::time_point until;
    };
    std::map<std::string, Known> known_;
};

const User& current_user(Request& request, State<JwtVerifier> tokens, PerLoop<Users> users) {
    const auto field = request.header("Authorization");
    if (!field.starts_with("Bearer ")) throw HTTPException(401);
    const auto claims = tokens->verify(field.substr(7), request.clock());
    if (!claims) throw HTTPException(401);
    return users->alive(claims->sub, request.clock().steady_now());
}

struct Scope {
    std::vector<std::string> scopes;
    std::string sub;
};

/// Counts requests and allocations around an application.
class Counting final : public portico::http::Handler {
public:
    explicit Counting(App& app) : app_(app) {}

    void match(portico::http::Exchange& exchange) noexcept override { app_.match(exchange); }
    void handle(portico::http::Exchange& exchange) noexcept override {
        if (++requests_ == kWarmUp) allocations_ = portico::bench::allocations.load();
        app_.handle(exchange);
    }
    void refuse(portico::http::Exchange& exchange,
                portico::http::Refusal refusal) noexcept override {
        app_.refuse(exchange, refusal);
    }
    void loop_started(portico::core::Reactor& reactor) override { app_.loop_started(reactor); }
    void loop_stopped(portico::core::Reactor& reactor) override {
        if (requests_ >= kWarmUp) {
            std::printf("allocations %llu in %llu requests\n",
                        static_cast<unsigned long long>(portico::bench::allocations - allocations_),
                        static_cast<unsigned long long>(requests_ - kWarmUp));
        }
        app_.loop_stopped(reactor);
    }

private:
    static constexpr std::uint64_t kWarmUp = 1000;
    App& app_;
    std::uint64_t requests_ = 0;
    std::uint64_t allocations_ = 0;
};

void add_routes(App& app) {
    app.get("/", [] { return std::string("Hello, world!"); });
    app.get("/items/{item_id}",
            [](Path<int, "item_id", ge(1)> id, Query<std::optional<std::string>, "q"> q,
               Query<int, "limit", ge(1), le(100), default_value(20)> limit) {
                return Item{*id, *std::move(q), *limit, "pencil", 1.25, true};
            });
    app.post("/orders",
             [](Order order) { return Accepted{order.account, order.price * order.quantity}; });
    app.get("/users/me", [](Security<current_user> user) { return *user; });
    app.get("/token", [](Request& request, State<JwtSigner> tokens) {
        return tokens->sign(Scope{{"users:read"}, "018f2f6e-7c1b-7cc2-9a51-2f9d6c0a9b11"},
                            request.clock());
    });
}

void add_stack(App& app) {
    namespace middleware = portico::middleware;
    app.add_middleware<middleware::ProxyHeadersMiddleware>(
        middleware::ProxyHeadersOptions{.trusted_proxies = {"10.0.0.0/8"}});
    app.add_middleware<middleware::RequestIdMiddleware>();
    app.add_middleware<middleware::SecurityHeadersMiddleware>();
    app.add_middleware<middleware::TrustedHostMiddleware>(
        middleware::TrustedHostOptions{{"api.example.com", "*.example.org", "127.0.0.1"}});
    app.add_middleware<middleware::HttpsMiddleware>(middleware::HttpsOptions{.everywhere = false});
    app.add_middleware<middleware::CORSMiddleware>(middleware::CORSOptions{
        .allow_origins = {"https://app.example.com"}, .allow_credentials = true});
    app.add_middleware<middleware::CompressionMiddleware>();
}

void keep_tokens(App& app) {
    const auto key = portico::auth::JwtKey::hmac(portico::auth::Algorithm::HS256,
                                                 "0123456789abcdef0123456789abcdef")
                         .value();
    app.state(JwtSigner{{.key = key, .issuer = "api", .audience = "api"}});
    app.state(JwtVerifier{{.keys = {key}, .issuer = "api", .audience = "api"}});
    app.per_loop([] { return Users{}; });
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) return 2;
    App app;
    add_routes(app);
    keep_tokens(app);
    if (argc > 2 && std::string_view(argv[2]) == "stack") add_stack(app);

    Counting counting{app};
    portico::net::Server server{counting,
                                {.port = static_cast<std::uint16_t>(std::atoi(argv[1])),
                                 .workers = 1,
                                 .on_start = [&] { return app.startup(); },
                                 .on_stop = [&] { return app.shutdown(); },
                                 .handle_signals = true}};
    if (const auto result = server.run(); !result) {
        std::fprintf(stderr, "%s\n", result.error().c_str());
        return 1;
    }
}
