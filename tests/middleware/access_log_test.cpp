#include "portico/middleware/access_log.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "portico/logging/capture.hpp"
#include "portico/logging/logging.hpp"
#include "tests/middleware/fixture.hpp"

namespace portico::middleware {
namespace {

using testing::TestExchange;

class SetClock final : public core::Clock {
public:
    [[nodiscard]] SystemTime now() const noexcept override { return {}; }
    [[nodiscard]] SteadyTime steady_now() const noexcept override { return SteadyTime(at); }
    std::chrono::microseconds at{0};
};

class AccessLog : public ::testing::Test {
protected:
    std::string line_of(TestExchange& exchange) {
        exchange.request.set_clock(clock_);
        EXPECT_EQ(exchange.ask(layer_), "proceed");
        clock_.at += std::chrono::microseconds(412);
        layer_.on_response(exchange);
        const auto text = sink_->lines().at(0).text;
        return text.substr(text.find("INFO - ") + 7);
    }

    SetClock clock_;
    std::shared_ptr<logging::CaptureSink> sink_ = std::make_shared<logging::CaptureSink>();
    std::unique_ptr<logging::Logging> logging_ =
        logging::setup({.levels = {{"portico.access", logging::Level::info}},
                        .to_stdout = false,
                        .sinks = {sink_}})
            .value();
    AccessLogMiddleware layer_{logging_->logger("portico.access")};
};

TEST_F(AccessLog, tells_what_was_asked_and_answered) {
    TestExchange exchange({.method = "POST", .target = "/items/7"});
    http::RoutePolicy policy;
    policy.path_template = "/items/{item_id}";
    exchange.request.set_route(&policy);
    exchange.request.set_client(http::IpAddress::parse("203.0.113.7").value());
    exchange.response.status = 201;
    exchange.response.text() = "{}";
    EXPECT_EQ(line_of(exchange),
              "POST /items/7 status=201 bytes=2 ms=0.412 client=203.0.113.7 "
              "route=/items/{item_id} request_id=id-1\n");
}

TEST_F(AccessLog, a_query_may_hold_secrets_and_is_left_out) {
    TestExchange exchange({.target = "/reset?token=s3cret"});
    const auto line = line_of(exchange);
    EXPECT_EQ(line.find("s3cret"), std::string::npos);
    EXPECT_NE(line.find("GET /reset status="), std::string::npos);
}

TEST_F(AccessLog, a_path_can_not_forge_a_line) {
    TestExchange exchange({.target = "/a%0Ab\x1b"});
    EXPECT_NE(line_of(exchange).find("GET /a%0Ab\\x1b status="), std::string::npos);
}

TEST_F(AccessLog, a_refused_request_has_a_line_without_a_time) {
    TestExchange exchange;
    exchange.response.status = 431;
    layer_.on_response(exchange);
    const auto line = sink_->lines().at(0);
    EXPECT_EQ(line.fields.at("status"), "431");
    EXPECT_EQ(line.fields.count("ms"), 0U);
}

TEST_F(AccessLog, a_request_without_a_first_line_is_named_so) {
    TestExchange exchange({.method = ""});
    exchange.response.status = 400;
    layer_.on_response(exchange);
    EXPECT_EQ(sink_->lines().at(0).message, "unreadable request");
}

TEST_F(AccessLog, is_silent_at_its_default_level) {
    logging_->set_level("portico.access", logging::Level::warning);
    TestExchange exchange;
    EXPECT_EQ(exchange.ask(layer_), "proceed");
    layer_.on_response(exchange);
    EXPECT_TRUE(sink_->lines().empty());
}

}  // namespace
}  // namespace portico::middleware
