// An application tested in process: the whole pipeline, no socket, no waiting. The checks are plain
// C++; with GoogleTest they are EXPECT_EQ.
#include <iostream>
#include <source_location>

#include <portico/portico.hpp>
#include <portico/testing.hpp>
using namespace portico;
using namespace std::chrono_literals;

// ---- the application

struct User {
    std::string name;
};
User current_user(Header<std::string, "Authorization">) {
    throw HTTPException(401, "Nobody gets in here without the real identity provider");
}

struct Offer {
    std::string to;
    int percent;
};

void add_routes(App& app) {
    // Valid in the first hour of 2026.
    app.get("/offer",
            [](Depends<current_user> user, const Request& request) -> std::optional<Offer> {
                if (request.clock().now() >= std::chrono::sys_days(2026y / 1 / 1) + 1h)
                    return std::nullopt;
                return Offer{user->name, 20};
            });
}

// ---- its tests

int failed = 0;

void check(bool good, std::source_location here = std::source_location::current()) {
    if (good) return;
    std::cerr << here.file_name() << ":" << here.line() << ": failed\n";
    ++failed;
}

void nobody_gets_in_without_credentials() {
    App app;
    add_routes(app);
    TestClient client(app);

    check(client.get("/offer", {.headers = {{"Authorization", "Bearer x"}}}).status_code == 401);
    check(client.get("/offer").status_code == 422);
}

void an_offer_ends_after_an_hour() {
    App app;
    add_routes(app);
    app.override<current_user>([] { return User{"Ada"}; });  // another type would not compile
    FakeClock clock;  // stands still at 2026-01-01 00:00:00 UTC until it is moved
    TestClient client(app, {.clock = &clock});

    const auto offered = client.get("/offer");
    check(offered.status_code == 200);
    check(offered.text == R"({"to":"Ada","percent":20})");

    clock.advance(1h);
    check(client.get("/offer").status_code == 404);
}

int main() {
    nobody_gets_in_without_credentials();
    an_offer_ends_after_an_hour();
    return failed == 0 ? 0 : 1;
}
