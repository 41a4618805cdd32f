// What a hot request needs must cost no allocation once its memory is warm.

#include <gtest/gtest.h>

#include "portico/app/app.hpp"
#include "portico/testing/test_reactor.hpp"
#include "tests/support/allocations.hpp"

namespace portico::app {
namespace {

using core::Task;

struct Item {
    std::int64_t id;
    double price;
};
struct Page {
    model::Annotated<int, model::ge(0)> skip = 0;
    model::Annotated<int, model::ge(1), model::le(100)> limit = 20;
};
struct Session {
    int number;
    Task<void> finish(core::Outcome) { co_return; }
};
Session get_session() {
    return {7};
}
Task<int> get_number(Depends<get_session> session) {
    co_return session->number;
}

/// A connection's exchange, used again for each request.
class Reused final : public http::Exchange {
public:
    using Exchange::Exchange;
    void send() noexcept override { sent = true; }

    void answer(App& app, std::string_view target) {
        request.reset();
        response.reset();
        arena.reset();
        context.reset();
        release = {};
        route = nullptr;
        sent = false;
        request.set_method(http::Method::get, "GET");
        ASSERT_TRUE(request.set_target(target));
        app.match(*this);
        app.handle(*this);
        ASSERT_TRUE(sent);
        release.run(release.resource);
    }

    bool sent = false;
};

class Allocations : public ::testing::TestWithParam<const char*> {};

TEST_P(Allocations, a_warm_request_makes_none) {
    struct Layer : http::Middleware {
        void on_response(http::Exchange& exchange) override {
            exchange.response.headers.set("X-Layer", "1");
        }
    };
    App app;
    app.add_middleware<Layer>();
    app.get("/items/{id}",
            [](Path<int, "id"> id, Query<double, "price"> price) { return Item{*id, *price}; });
    app.get("/page", [](Query<Page> page) { return page->skip + page->limit; });
    app.get("/depends", [](Depends<get_session> session) { return session->number; });
    app.get("/task", [](Depends<get_number> number) -> Task<int> { co_return *number; });
    testing::TestReactor reactor;
    reactor.run(app.startup());
    Reused exchange(reactor);
    for (int i = 0; i < 3; ++i) exchange.answer(app, GetParam());
    ASSERT_EQ(exchange.response.status, 200);
    const auto before = test::allocations;
    exchange.answer(app, GetParam());
    EXPECT_EQ(test::allocations - before, 0U);
    reactor.run(app.shutdown());
}

INSTANTIATE_TEST_SUITE_P(Routes, Allocations,
                         ::testing::Values("/items/7?price=1.5", "/page?skip=3&limit=7", "/depends",
                                           "/task"));

}  // namespace
}  // namespace portico::app
