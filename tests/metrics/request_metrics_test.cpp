#include "portico/metrics/request_metrics.hpp"

#include <gtest/gtest.h>

#include "portico/testing/test_client.hpp"

namespace portico::metrics {
namespace {

using namespace std::chrono_literals;
using testing::FakeClock;
using testing::TestClient;

class Requests : public ::testing::Test {
protected:
    Requests() {
        app.add_middleware<RequestMetrics>(registry);
        app.get("/items/{id}", [this](app::Path<int, "id"> id) {
            clock.advance(30ms);
            in_flight = registry.text();
            return *id;
        });
    }

    void expect(std::string_view line) {
        const auto text = registry.text();
        EXPECT_NE(("\n" + text).find("\n" + std::string(line) + "\n"), std::string::npos) << text;
    }

    Registry registry;
    FakeClock clock;
    std::string in_flight;
    app::App app{{.title = "Counted", .version = "1"}};
    TestClient client{app, {.clock = &clock}};
};

TEST_F(Requests, are_counted_by_method_route_and_status) {
    client.get("/items/7");
    client.get("/items/8");
    client.get("/items/x");
    client.get("/secret-path");
    client.request("BREW", "/items/7");
    expect(R"(http_requests_total{method="GET",route="/items/{id}",status="200"} 2)");
    expect(R"(http_requests_total{method="GET",route="/items/{id}",status="422"} 1)");
    expect(R"(http_requests_total{method="GET",route="",status="404"} 1)");
    expect(R"(http_requests_total{method="OTHER",route="",status="405"} 1)");
    EXPECT_EQ(registry.text().find("secret"), std::string::npos);
}

TEST_F(Requests, latencies_fall_into_buckets) {
    client.get("/items/7");
    expect(
        R"(http_request_duration_seconds_bucket{method="GET",route="/items/{id}",le="0.025"} 0)");
    expect(R"(http_request_duration_seconds_bucket{method="GET",route="/items/{id}",le="0.05"} 1)");
    expect(R"(http_request_duration_seconds_sum{method="GET",route="/items/{id}"} 0.03)");
}

TEST_F(Requests, in_flight_are_those_without_an_answer) {
    client.get("/items/7");
    EXPECT_NE(in_flight.find("\nhttp_requests_in_flight 1\n"), std::string::npos) << in_flight;
    expect("http_requests_in_flight 0");
}

TEST_F(Requests, what_the_parser_refuses_is_counted_and_not_in_flight) {
    client.refuse(431);
    expect(R"(http_requests_total{method="GET",route="",status="431"} 1)");
    expect("http_requests_in_flight 0");
}

}  // namespace
}  // namespace portico::metrics
