#include "portico/logging/logging.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>

#include "portico/logging/capture.hpp"

namespace portico::logging {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

class FixedClock final : public core::Clock {
public:
    [[nodiscard]] SystemTime now() const noexcept override {
        return SystemTime(std::chrono::milliseconds(millis));
    }
    [[nodiscard]] SteadyTime steady_now() const noexcept override { return {}; }
    std::int64_t millis = 1795469847123;
};

class LoggingTest : public testing::Test {
protected:
    Logging& make(Options options = {}) {
        options.to_stdout = false;
        options.sinks = {sink_};
        options.clock = &clock_;
        logging_ = setup(std::move(options)).value();
        return *logging_;
    }
    std::string only_line() {
        const auto lines = sink_->lines();
        EXPECT_EQ(lines.size(), 1U);
        return lines.empty() ? "" : lines.front().text;
    }

    FixedClock clock_;
    std::shared_ptr<CaptureSink> sink_ = std::make_shared<CaptureSink>();
    std::unique_ptr<Logging> logging_;
};

TEST_F(LoggingTest, a_text_line_has_time_logger_level_and_message) {
    make({.levels = {{"portico.access", Level::info}}}).logger("portico.access").info("message");
    EXPECT_EQ(only_line(), "2026-11-23 21:37:27,123 - portico.access - INFO - message\n");
}

TEST_F(LoggingTest, the_second_changes_with_the_clock) {
    auto log = make().logger("shop");
    log.info("one");
    clock_.millis += 999;
    log.info("two");
    EXPECT_EQ(sink_->lines()[1].text, "2026-11-23 21:37:28,122 - shop - INFO - two\n");
}

TEST_F(LoggingTest, a_time_before_1970_keeps_its_milliseconds) {
    clock_.millis = -1;
    make().logger("shop").info("old");
    EXPECT_EQ(only_line(), "1969-12-31 23:59:59,999 - shop - INFO - old\n");
}

TEST_F(LoggingTest, fields_follow_the_message) {
    make().logger("shop").info("listening", {{"host", "::1"},
                                             {"port", 8000},
                                             {"bytes", std::uint64_t{18446744073709551615U}},
                                             {"low", std::numeric_limits<std::int64_t>::min()},
                                             {"load", 0.25},
                                             {"tls", true},
                                             {"file", nullptr},
                                             {"note", std::string("a \"b\"")}});
    EXPECT_THAT(only_line(), EndsWith("listening host=::1 port=8000 bytes=18446744073709551615 "
                                      "low=-9223372036854775808 load=0.25 tls=true file=null "
                                      "note=\"a \\\"b\\\"\"\n"));
}

TEST_F(LoggingTest, the_request_id_is_the_last_field) {
    make().logger("shop").with("4b-7").info("paid", {{"order", 7}});
    EXPECT_THAT(only_line(), EndsWith("paid order=7 request_id=4b-7\n"));
}

TEST_F(LoggingTest, without_a_request_there_is_no_request_id) {
    make().logger("shop").with("").info("tick");
    EXPECT_THAT(only_line(), EndsWith(" - tick\n"));
}

TEST_F(LoggingTest, a_json_line_is_one_object) {
    make({.format = Format::json})
        .logger("shop")
        .with("4b-7")
        .warning("slow", {{"ms", 12}, {"x", "y"}});
    EXPECT_EQ(only_line(),
              R"({"time":"2026-11-23T21:37:27.123Z","logger":"shop","level":"WARNING",)"
              R"("message":"slow","request_id":"4b-7","fields":{"ms":12,"x":"y"}})"
              "\n");
}

TEST_F(LoggingTest, json_has_no_number_for_infinity) {
    make({.format = Format::json}).logger("shop").info("m", {{"x", HUGE_VAL}, {"y", std::nan("")}});
    EXPECT_THAT(only_line(), HasSubstr(R"("fields":{"x":null,"y":null})"));
}

struct Escaped {
    std::string raw;
    std::string text;
    std::string json;
};

class Escapes : public LoggingTest, public testing::WithParamInterface<Escaped> {};

TEST_P(Escapes, in_text) {
    make().logger("shop").info(GetParam().raw);
    EXPECT_EQ(only_line(), "2026-11-23 21:37:27,123 - shop - INFO - " + GetParam().text + "\n");
}

TEST_P(Escapes, in_json) {
    make({.format = Format::json}).logger("shop").info(GetParam().raw);
    EXPECT_THAT(only_line(), EndsWith("\"message\":\"" + GetParam().json + "\"}\n"));
}

TEST_P(Escapes, in_a_field_no_newline_gets_through) {
    make().logger("shop").info("m", {{GetParam().raw, GetParam().raw}});
    const auto line = only_line();
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    EXPECT_EQ(line.find('\x1b'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Escapes,
    testing::Values(
        Escaped{"a\n2026-11-23 - forged", R"(a\n2026-11-23 - forged)", R"(a\n2026-11-23 - forged)"},
        Escaped{"a\rb\tc", R"(a\rb\tc)", R"(a\rb\tc)"},
        Escaped{"\x1b[2J", R"(\x1b[2J)", R"(\u001b[2J)"},
        Escaped{std::string("a\0b", 3), R"(a\x00b)", R"(a\u0000b)"},
        Escaped{"\x7f", R"(\x7f)", R"(\u007f)"},
        Escaped{"C1 \xc2\x9b"
                "2J",
                R"(C1 \u009b2J)", R"(C1 \u009b2J)"},
        Escaped{"\xe2\x80\xa8\xe2\x80\xae", R"(\u2028\u202e)", R"(\u2028\u202e)"},
        Escaped{R"(say "a\b")", R"(say "a\b")", R"(say \"a\\b\")"},
        Escaped{"caf\xc3\xa9 \xf0\x9f\x98\x80", "caf\xc3\xa9 \xf0\x9f\x98\x80",
                "caf\xc3\xa9 \xf0\x9f\x98\x80"},
        Escaped{"bad \xff\xc3(", R"(bad \xff\xc3()", "bad \xef\xbf\xbd\xef\xbf\xbd("},
        Escaped{"overlong \xc0\xaf \xe0\x80\xaf", R"(overlong \xc0\xaf \xe0\x80\xaf)",
                "overlong \xef\xbf\xbd\xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        Escaped{"surrogate \xed\xa0\x80", R"(surrogate \xed\xa0\x80)",
                "surrogate \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        Escaped{"cut \xe2\x82", R"(cut \xe2\x82)", "cut \xef\xbf\xbd\xef\xbf\xbd"}));

TEST_F(LoggingTest, a_field_can_not_forge_another) {
    make().logger("shop").info("m", {{"user", "eve request_id=1"}, {"a=b", 1}});
    EXPECT_THAT(only_line(), EndsWith(R"(m user="eve request_id=1" "a=b"=1)"
                                      "\n"));
}

TEST_F(LoggingTest, a_long_message_is_cut_between_characters) {
    const std::string filler(8190, 'a');
    make().logger("shop").info(filler + "\xe2\x82\xac and more");
    EXPECT_THAT(only_line(), EndsWith("aaa\xe2\x80\xa6\n"));
}

TEST_F(LoggingTest, a_long_value_is_cut) {
    make({.format = Format::json}).logger("shop").info("m", {{"x", std::string(5000, 'a')}});
    EXPECT_LT(only_line().size(), 1300U);
}

TEST_F(LoggingTest, lines_below_the_level_are_not_written) {
    auto log = make({.level = Level::warning}).logger("shop");
    EXPECT_FALSE(log.enabled(Level::info));
    log.debug("no");
    log.info("no");
    log.warning("yes");
    log.error("yes");
    log.critical("yes");
    EXPECT_EQ(sink_->lines().size(), 3U);
}

TEST_F(LoggingTest, a_logger_inherits_from_the_nearest_dotted_name) {
    auto& logging = make({.levels = {{"shop", Level::error}, {"shop.orders.audit", Level::debug}}});
    EXPECT_FALSE(logging.logger("shop.orders").enabled(Level::warning));
    EXPECT_TRUE(logging.logger("shop.orders.audit").enabled(Level::debug));
    EXPECT_TRUE(logging.logger("shop.orders.audit.x").enabled(Level::debug));
    EXPECT_TRUE(logging.logger("shopping").enabled(Level::info));
}

TEST_F(LoggingTest, access_and_database_are_at_warning_unless_set) {
    auto& logging = make({.level = Level::debug, .levels = {{"portico.db", Level::debug}}});
    EXPECT_FALSE(logging.logger("portico.access").enabled(Level::info));
    EXPECT_TRUE(logging.logger("portico.access").enabled(Level::warning));
    EXPECT_TRUE(logging.logger("portico.db.sqlite").enabled(Level::debug));
}

TEST_F(LoggingTest, a_stricter_root_holds_for_the_access_log_too) {
    EXPECT_FALSE(make({.level = Level::error}).logger("portico.access").enabled(Level::warning));
}

TEST_F(LoggingTest, off_silences_a_logger) {
    auto log = make({.levels = {{"shop", Level::off}}}).logger("shop");
    log.critical("no");
    EXPECT_TRUE(sink_->lines().empty());
}

TEST_F(LoggingTest, off_is_no_level_of_a_line) {
    make({.levels = {{"shop", Level::off}}}).logger("shop").log(Level::off, "no");
    EXPECT_TRUE(sink_->lines().empty());
}

TEST_F(LoggingTest, a_level_can_change_while_loggers_exist) {
    auto& logging = make();
    auto log = logging.logger("shop.orders");
    logging.set_level("shop", Level::error);
    EXPECT_FALSE(log.enabled(Level::warning));
    logging.set_level("shop", Level::debug);
    EXPECT_TRUE(log.enabled(Level::debug));
    auto other = logging.logger("other");
    logging.set_level("", Level::critical);
    EXPECT_FALSE(other.enabled(Level::error));
    EXPECT_TRUE(log.enabled(Level::debug));
}

TEST_F(LoggingTest, a_default_logger_writes_nothing) {
    const Logger none;
    EXPECT_FALSE(none.enabled(Level::critical));
    none.with("id").critical("nobody hears");
    EXPECT_EQ(none.name(), "");
}

TEST_F(LoggingTest, without_a_default_get_logger_writes_nothing) {
    EXPECT_FALSE(get_logger("shop").enabled(Level::critical));
}

TEST_F(LoggingTest, a_test_can_replace_the_default) {
    const DefaultLogging outer(make());
    get_logger("shop").info("outer");
    {
        auto inner_sink = std::make_shared<CaptureSink>();
        auto inner = setup({.to_stdout = false, .sinks = {inner_sink}}).value();
        const DefaultLogging replaced(*inner);
        get_logger("shop").info("inner");
        EXPECT_TRUE(inner_sink->contains("inner"));
    }
    get_logger("shop").info("outer again");
    EXPECT_FALSE(sink_->contains("inner"));
    EXPECT_EQ(sink_->lines().size(), 2U);
}

TEST_F(LoggingTest, a_capture_keeps_the_parts_of_a_line) {
    make().logger("shop").with("r1").error("failed", {{"order", 7}, {"why", "no stock"}});
    const auto line = sink_->lines().at(0);
    EXPECT_EQ(line.level, Level::error);
    EXPECT_EQ(line.logger, "shop");
    EXPECT_EQ(line.message, "failed");
    EXPECT_EQ(line.request_id, "r1");
    EXPECT_THAT(line.fields, ElementsAre(std::pair("order", "7"), std::pair("why", "no stock")));
    sink_->clear();
    EXPECT_TRUE(sink_->lines().empty());
}

TEST(Logging, an_unusable_file_is_a_sentence) {
    const auto logging = setup({.to_stdout = false, .file = "/proc/nowhere/app.log"});
    ASSERT_FALSE(logging.has_value());
    EXPECT_EQ(logging.error(),
              "can't open the log file \"/proc/nowhere/app.log\": No such file or directory");
}

}  // namespace
}  // namespace portico::logging
