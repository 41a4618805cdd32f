// What changes while the program runs: `GuardMiddleware::reload`.

#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>

#include "tests/guard/fixture.hpp"

namespace portico::guard {
namespace {

using testing::Guarded;
using ::testing::HasSubstr;

class DynamicRules : public ::testing::Test {
protected:
    DynamicRules() {
        write("{}");
        config.dynamic_rules_file = file;
        config.rate_limit = 3;
    }
    ~DynamicRules() override { std::filesystem::remove(file); }

    void write(const std::string& json) const { std::ofstream(file) << json; }
    std::string reload(Guarded& guarded, const std::string& json) const {
        write(json);
        const auto reloaded = guarded.guard->reload();
        return reloaded ? "" : reloaded.error();
    }

    std::string file = ::testing::TempDir() + "dynamic_rules.json";
    Config config;
};

constexpr const char* kAttack = "/?q=%3Cscript%3Ealert(1)%3C/script%3E";

TEST_F(DynamicRules, hold_from_a_reload_on_until_they_are_taken_back) {
    Guarded guarded{config};
    EXPECT_EQ(guarded.status("/"), 200);
    EXPECT_EQ(reload(guarded, R"({"blacklist": ["192.0.2.0/24"]})"), "");
    EXPECT_EQ(guarded.status("/"), 403);
    EXPECT_EQ(reload(guarded, R"({"whitelist": ["192.0.2.1"], "blacklist": ["192.0.2.0/24"]})"),
              "");
    EXPECT_EQ(guarded.status("/"), 200);
    EXPECT_EQ(guarded.status("/", "192.0.2.2"), 403);
    EXPECT_EQ(reload(guarded, R"({"emergency_mode": true, "emergency_whitelist": ["192.0.2.9"]})"),
              "");
    EXPECT_EQ(guarded.status("/"), 503);
    EXPECT_EQ(guarded.status("/", "192.0.2.9"), 200);
    EXPECT_EQ(reload(guarded, R"({"blocked_user_agents": ["curl"]})"), "");
    EXPECT_EQ(guarded.status("/", "192.0.2.3", {{"User-Agent", "curl/8"}}), 403);
    EXPECT_EQ(reload(guarded, R"({"enabled": false})"), "");
    EXPECT_EQ(guarded.status(kAttack), 200);
    EXPECT_EQ(reload(guarded, "{}"), "");
    EXPECT_EQ(guarded.status(kAttack), 400);
}

TEST_F(DynamicRules, may_be_about_each_of_these) {
    Guarded guarded{config};
    EXPECT_EQ(reload(guarded, R"({
        "enabled": true, "passive_mode": false, "emergency_mode": false, "emergency_whitelist": [],
        "whitelist": [], "blacklist": [], "blacklist_files": [], "enable_rate_limiting": true,
        "rate_limit": 5, "rate_limit_window": 60,
        "rate_limit_burst": 0, "enable_ip_banning": true,
        "enable_penetration_detection": true, "max_scan_body": 100, "refuse_unscanned": false,
        "detection_threshold": 5, "disabled_rules": [], "blocked_user_agents": [],
        "blocked_countries": [], "whitelist_countries": [], "exclude_paths": [],
        "custom_error_responses": {}})"),
              "");
}

TEST_F(DynamicRules, hold_from_the_start) {
    write(R"({"passive_mode": true})");
    Guarded guarded{config};
    EXPECT_EQ(guarded.status(kAttack), 200);
    EXPECT_EQ(guarded.events, std::vector<std::string>{"detection logged"});
}

TEST_F(DynamicRules, files_of_addresses_are_read_at_every_reload) {
    const std::string ranges = file + ".ranges";
    std::ofstream(ranges) << "# A provider\n198.51.100.0/24\r\n\n  2001:db8::/32  # all of it\n";
    config.blacklist_files = {ranges};
    config.blacklist = {"203.0.113.9"};
    Guarded guarded{config};
    EXPECT_EQ(guarded.status("/", "198.51.100.7"), 403);
    EXPECT_EQ(guarded.status("/", "2001:db8::1"), 403);
    EXPECT_EQ(guarded.status("/", "203.0.113.9"), 403);
    EXPECT_EQ(guarded.status("/"), 200);
    std::ofstream(ranges) << "192.0.2.0/24";
    ASSERT_TRUE(guarded.guard->reload());
    EXPECT_EQ(guarded.status("/"), 403);
    EXPECT_EQ(guarded.status("/", "198.51.100.7"), 200);
    std::ofstream(ranges) << "192.0.2.0/24\n\nnowhere\n";
    EXPECT_THAT(guarded.guard->reload().error(),
                HasSubstr("blacklist_files: " + ranges + ":3: expected an IPv4 or IPv6 address"));
    EXPECT_EQ(guarded.status("/"), 403);
    std::filesystem::remove(ranges);
    EXPECT_THAT(guarded.guard->reload().error(), HasSubstr("can't read " + ranges));
    EXPECT_THROW(GuardMiddleware{config}, std::invalid_argument);
}

TEST_F(DynamicRules, of_limits_begin_a_new_count_and_others_keep_it) {
    Guarded guarded{config};
    EXPECT_EQ(guarded.get("/").header("X-RateLimit-Remaining"), "2");
    EXPECT_EQ(reload(guarded, R"({"blacklist": ["203.0.113.1"]})"), "");
    EXPECT_EQ(guarded.get("/").header("X-RateLimit-Remaining"), "1");
    EXPECT_EQ(reload(guarded, R"({"rate_limit": 10})"), "");
    EXPECT_EQ(guarded.get("/").header("X-RateLimit-Remaining"), "9");
    EXPECT_EQ(reload(guarded, R"({"enable_rate_limiting": false})"), "");
    EXPECT_EQ(guarded.get("/").header("X-RateLimit-Remaining"), "");
}

TEST_F(DynamicRules, that_make_no_sense_change_nothing_and_every_fault_is_told) {
    Guarded guarded{config};
    EXPECT_EQ(reload(guarded, R"({"blacklist": ["192.0.2.0/24"]})"), "");
    const std::string wrong = reload(
        guarded, R"({"rate_limit": 0, "blacklist": "x", "redis_prefix": "x", "blacklst": []})");
    EXPECT_THAT(wrong, HasSubstr("guard: dynamic_rules_file: redis_prefix: can't be changed"));
    EXPECT_THAT(wrong, HasSubstr("blacklst: can't be changed while the program runs, or does not "
                                 "exist"));
    EXPECT_THAT(wrong, HasSubstr("rate_limit: Input should be greater than or equal to 1"));
    EXPECT_THAT(wrong, HasSubstr("blacklist: Input should be a valid list"));
    EXPECT_EQ(guarded.status("/"), 403);
    EXPECT_THAT(reload(guarded, R"({"blacklist": ["x"], "exclude_paths": [""]})"),
                ::testing::AllOf(HasSubstr("blacklist.0: "), HasSubstr("exclude_paths.0: ")));
    EXPECT_THAT(reload(guarded, "[]"), HasSubstr("expected an object of JSON"));
    EXPECT_THAT(reload(guarded, "{"), HasSubstr("expected an object of JSON"));
    std::filesystem::remove(file);
    const auto gone = guarded.guard->reload();
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error(), "guard: dynamic_rules_file: can't read " + file);
    EXPECT_EQ(guarded.status("/"), 403);
    EXPECT_THROW(GuardMiddleware{config}, std::invalid_argument);
}

TEST_F(DynamicRules, are_swapped_under_load) {
    Guarded guarded{config};
    std::atomic<bool> over{false};
    std::thread reloading([&] {
        for (int i = 0; i < 200; ++i) {
            EXPECT_EQ(reload(guarded, i % 2 == 0 ? R"({"blacklist": ["192.0.2.7"]})" : "{}"), "");
        }
        over = true;
    });
    while (!over) {
        const int status = guarded.status("/health", "192.0.2.7");
        EXPECT_TRUE(status == 403 || status == 404) << status;
    }
    reloading.join();
}

class DetectionRules : public ::testing::Test {
protected:
    static int status(const Config& config, const char* url) {
        app::App app{{.title = "Guarded", .version = "1"}};
        app.add_middleware<GuardMiddleware>(config);
        app.get("/", [] { return 1; });
        portico::testing::TestClient client(app, {.client = "192.0.2.1"});
        return client.get(url).status_code;
    }
};

TEST_F(DetectionRules, a_threshold_lets_more_pass_or_less) {
    Config config;
    EXPECT_EQ(status(config, "/?q=a'+and+b"), 200);
    config.detection_threshold = 100;
    EXPECT_EQ(status(config, kAttack), 200);
}

TEST_F(DetectionRules, a_rule_can_be_disabled_and_an_unknown_one_is_told) {
    Config config;
    const char* const script = "/?q=%3Cscript%3E";
    EXPECT_EQ(status(config, script), 400);
    config.disabled_rules = {"xss-script", "xss-sink-assignment"};
    EXPECT_EQ(status(config, script), 200);
    config.disabled_rules = {"no-such-rule"};
    EXPECT_THROW(GuardMiddleware{config}, std::invalid_argument);
}

TEST_F(DetectionRules, a_file_adds_rules_of_ones_own) {
    const std::string file = ::testing::TempDir() + "own.rules";
    std::ofstream(file) << "[acme-coupon]\ncategory: code_injection\nseverity: medium\nscore: 5\n"
                           "where: query_value\npattern: \\bcoupon_override\\s*=\n"
                           "about: A switch of the old shop\nattack: coupon_override=1\n"
                           "clean: a coupon\n";
    Config config;
    EXPECT_EQ(status(config, "/?q=coupon_override%3D1"), 200);
    config.detection_rules_file = file;
    EXPECT_EQ(status(config, "/?q=coupon_override%3D1"), 400);
    std::ofstream(file) << "[broken]\n";
    EXPECT_THROW(GuardMiddleware{config}, std::invalid_argument);
    std::filesystem::remove(file);
    EXPECT_THROW(GuardMiddleware{config}, std::invalid_argument);
}

}  // namespace
}  // namespace portico::guard
