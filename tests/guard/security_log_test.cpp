#include "portico/guard/security_log.hpp"

#include <gtest/gtest.h>

#include "portico/logging/capture.hpp"
#include "portico/testing/fake_clock.hpp"
#include "tests/middleware/fixture.hpp"

namespace portico::guard {
namespace {

using namespace std::chrono_literals;
using middleware::testing::TestExchange;

class SecurityLogTest : public ::testing::Test {
protected:
    std::unique_ptr<SecurityLog> open(SecurityLogOptions options = {}) {
        options.file = "";
        options.sinks = {lines};
        options.clock = &clock;
        return SecurityLog::open(options).value();
    }

    testing::FakeClock clock;
    std::shared_ptr<logging::CaptureSink> lines = std::make_shared<logging::CaptureSink>();
    TestExchange exchange{{.target = "/items?q=secret"}};
};

TEST_F(SecurityLogTest, tells_what_happened_and_no_value) {
    const auto log = open();
    const std::string_view rules[]{"xss-script", "xss-call"};
    log->record({.request = exchange.request,
                 .check = "detection",
                 .action = "blocked",
                 .status = 400,
                 .score = 8,
                 .rules = rules,
                 .where = "query_value.q"});
    ASSERT_EQ(lines->lines().size(), 1U);
    const auto line = lines->lines().front();
    EXPECT_EQ(line.level, logging::Level::warning);
    EXPECT_EQ(line.request_id, "id-1");
    EXPECT_EQ(line.fields.at("check"), "detection");
    EXPECT_EQ(line.fields.at("action"), "blocked");
    EXPECT_EQ(line.fields.at("rules"), "xss-script xss-call");
    EXPECT_EQ(line.fields.at("score"), "8");
    EXPECT_EQ(line.fields.at("path"), "/items");
    EXPECT_FALSE(lines->contains("secret"));
}

TEST_F(SecurityLogTest, requests_that_pass_are_told_at_their_own_level) {
    open()->record_request(exchange.request);
    ASSERT_EQ(lines->lines().size(), 1U);
    EXPECT_EQ(lines->lines().front().level, logging::Level::info);
    open({.level = logging::Level::warning})->record_request(exchange.request);
    EXPECT_EQ(lines->lines().size(), 1U);
}

TEST_F(SecurityLogTest, what_is_too_much_in_a_second_is_counted) {
    const auto log = open({.lines_per_second = 2});
    for (int i = 0; i < 5; ++i) log->record({.request = exchange.request, .check = "ban"});
    EXPECT_EQ(lines->lines().size(), 2U);
    clock.advance(1s);
    log->record({.request = exchange.request, .check = "ban"});
    ASSERT_EQ(lines->lines().size(), 4U);
    EXPECT_EQ(lines->lines()[2].message, "lines left out");
    EXPECT_EQ(lines->lines()[2].fields.at("count"), "3");
}

TEST(SecurityLogOptions, are_those_of_the_configuration) {
    const auto options = log_options_of(
        {.log_file = "a.log", .log_request_level = "debug", .log_suspicious_level = "ERROR"},
        logging::Level::info);
    EXPECT_EQ(options.file, "a.log");
    EXPECT_EQ(options.request_level, logging::Level::debug);
    EXPECT_EQ(options.suspicious_level, logging::Level::error);
    EXPECT_EQ(check({.log_request_level = "loud"}).front().field, "log_request_level");
}

TEST(SecurityLogOptions, a_syslog_is_told_too_and_a_wrong_address_is_said) {
    EXPECT_EQ(log_options_of({.log_syslog = "/dev/log"}, logging::Level::info).syslog, "/dev/log");
    const auto opened = SecurityLog::open({.file = "", .syslog = "nowhere"});
    ASSERT_FALSE(opened);
    EXPECT_TRUE(opened.error().starts_with("syslog: ")) << opened.error();
}

}  // namespace
}  // namespace portico::guard
