#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "portico/app/app.hpp"
#include "portico/app/depends.hpp"
#include "portico/testing/test_client.hpp"

namespace portico::app {
namespace {

using core::Outcome;
using core::Task;
using testing::TestClient;

std::vector<std::string> events;

/// Says when it is finished and destroyed.
struct Watched {
    std::string name;
    bool moved = false;

    explicit Watched(std::string its_name) : name(std::move(its_name)) {}
    Watched(Watched&& other) noexcept : name(other.name) { other.moved = true; }
    Watched& operator=(Watched&&) = delete;
    ~Watched() {
        if (!moved) events.push_back("destroyed " + name);
    }
    Task<void> finish(Outcome outcome) {
        events.push_back((outcome == Outcome::success ? "finished " : "failed ") + name);
        co_return;
    }
};

struct Url {
    std::string text;
};

Watched make_pool(State<Url> url) {
    events.push_back("pool");
    return Watched("pool of " + url->text);
}
Task<Watched> make_client(Depends<make_pool, Caching::per_application> pool, const App& app) {
    co_await core::sleep_for(std::chrono::milliseconds(1));
    events.push_back("client");
    co_return Watched("client on " + pool->name + " for " + app.options().title);
}
Watched make_broken(Depends<make_pool, Caching::per_application>) {
    throw std::runtime_error("no such host");
}
int of_a_request(const http::Request&) {
    return 1;
}

struct Counter {
    static constexpr bool thread_safe = true;
    int count = 0;
};
Counter make_counter() {
    return {};
}

using Client = Depends<make_client, Caching::per_application>;

class AppDependencies : public ::testing::Test {
protected:
    void SetUp() override {
        events.clear();
        app.options().title = "Shop";
        app.lifespan([](App& started, Serving& serving) -> Task<void> {
            started.state(Url{"db"});
            co_await serving;
            events.push_back("lifespan ends");
        });
    }
    App app;
};

TEST_F(AppDependencies, are_made_at_the_start_and_finished_and_destroyed_at_the_stop) {
    app.get("/x", [](Client client) { return client->name; });
    {
        TestClient client(app);
        EXPECT_EQ(events, (std::vector<std::string>{"pool", "client"}));
        events.clear();
        EXPECT_EQ(client.get("/x").text, R"("client on pool of db for Shop")");
        EXPECT_EQ(client.get("/x").text, R"("client on pool of db for Shop")");
        EXPECT_EQ(events, std::vector<std::string>());
    }
    EXPECT_EQ(events, (std::vector<std::string>{"finished client on pool of db for Shop",
                                                "finished pool of db",
                                                "destroyed client on pool of db for Shop",
                                                "destroyed pool of db", "lifespan ends"}));
}

TEST_F(AppDependencies, are_made_anew_when_it_starts_again) {
    app.get("/x", [](Client client) { return client->name; });
    for (int i = 0; i < 2; ++i) {
        events.clear();
        TestClient client(app);
        EXPECT_EQ(events, (std::vector<std::string>{"pool", "client"}));
    }
}

TEST_F(AppDependencies, are_const_unless_they_are_thread_safe) {
    static_assert(std::is_const_v<Client::Type>);
    using Counting = Depends<make_counter, Caching::per_application>;
    static_assert(!std::is_const_v<Counting::Type>);
    app.get("/x", [](Counting counter) { return ++counter->count; });
    TestClient client(app);
    client.get("/x");
    EXPECT_EQ(client.get("/x").text, "2");
}

TEST_F(AppDependencies, can_be_overridden_wherever_they_are_asked_for) {
    app.get("/x", [](Client client) { return client->name; });
    app.override<make_pool>([] { return Watched("a fake"); });
    TestClient client(app);
    EXPECT_EQ(client.get("/x").text, R"("client on a fake for Shop")");
}

TEST_F(AppDependencies, an_override_may_ask_for_the_original) {
    app.get("/x", [](Client client) { return client->name; });
    app.override<make_pool>([](Depends<make_pool, Caching::per_application> original) {
        return Watched("around " + original->name);
    });
    TestClient client(app);
    EXPECT_EQ(client.get("/x").text, R"("client on around pool of db for Shop")");
}

TEST_F(AppDependencies, that_can_not_be_made_end_what_was_made_and_the_start) {
    app.get("/x", [](Depends<make_broken, Caching::per_application>) { return 1; });
    EXPECT_THROW(TestClient{app}, std::runtime_error);
    EXPECT_EQ(events, (std::vector<std::string>{"pool", "failed pool of db", "destroyed pool of db",
                                                "lifespan ends"}));
}

int takes_a_request(Depends<of_a_request> value) {
    return *value;
}

TEST_F(AppDependencies, that_need_a_request_are_an_error_that_names_them) {
    app.get("/x", [](Depends<takes_a_request, Caching::per_application> value) { return *value; });
    try {
        app.prepare();
        ADD_FAILURE();
    } catch (const std::invalid_argument& error) {
        EXPECT_THAT(error.what(), ::testing::HasSubstr("takes_a_request"));
        EXPECT_THAT(error.what(), ::testing::HasSubstr("is made when the application starts"));
    }
}

TEST_F(AppDependencies, of_a_mounted_application_are_its_own) {
    App inner;
    inner.state(Url{"inner"});
    inner.get("/x", [](Client client) { return client->name; });
    app.get("/x", [](Client client) { return client->name; });
    app.mount("/sub", inner);
    TestClient client(app);
    EXPECT_EQ(client.get("/sub/x").text, R"("client on pool of inner for Portico")");
    EXPECT_EQ(client.get("/x").text, R"("client on pool of db for Shop")");
}

}  // namespace
}  // namespace portico::app
