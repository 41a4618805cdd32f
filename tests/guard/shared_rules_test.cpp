// Rules that hold on all instances at once: `SharedRules` and `GuardMiddleware::follow_rules`.

#include "portico/guard/shared_rules.hpp"

#include <gmock/gmock.h>

#include "tests/guard/instances.hpp"

namespace portico::guard {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SharedRulesTest : public FollowingInstances {
protected:
    SharedRulesTest() { config.dynamic_rules_redis = true; }

    Instance& add() {
        Instance& made = *instances.emplace_back(std::make_unique<Instance>(config, prefix));
        follow(made, [](auto& guard, auto& serving) { return guard.follow_rules(serving); });
        return made;
    }
    /// By somebody who is no instance; the fault, if any.
    std::string set(const std::string& json) {
        SharedRules rules{admin, prefix};
        const auto done = reactor.run(rules.set(config, json));
        return done ? "" : done.error();
    }
    void wait_for(Instance& instance, int status) {
        reactor.run_until([&] { return instance.status("/free") == status; });
    }
    void publish(const std::string& text) { admin.send({"PUBLISH", prefix + "rules", text}); }

    Config config;
    redis::Client admin = redis::Client::open({.url = redis_service().url()}).value();
};

TEST_F(SharedRulesTest, hold_everywhere_until_they_are_taken_back) {
    Instance& one = add();
    Instance& other = add();
    EXPECT_EQ(one.status("/"), 200);
    EXPECT_EQ(set(R"({"emergency_mode": true})"), "");
    wait_for(one, 503);
    wait_for(other, 503);
    EXPECT_EQ(set("{}"), "");
    wait_for(one, 200);
    wait_for(other, 200);
    EXPECT_THAT(one.faults, IsEmpty());
}

TEST_F(SharedRulesTest, are_read_by_who_comes_later) {
    EXPECT_EQ(set(R"({"blacklist": ["192.0.2.1"]})"), "");
    wait_for(add(), 403);
    SharedRules rules{admin, prefix};
    EXPECT_EQ(reactor.run(rules.get()), R"({"blacklist": ["192.0.2.1"]})");
}

TEST_F(SharedRulesTest, go_on_over_a_reload_and_before_those_of_the_configuration) {
    config.blacklist = {"192.0.2.1"};
    Instance& one = add();
    EXPECT_EQ(one.status("/"), 403);
    EXPECT_EQ(set(R"({"blacklist": []})"), "");
    wait_for(one, 200);
    EXPECT_TRUE(one.guard->reload());
    EXPECT_EQ(one.status("/"), 200);
}

TEST_F(SharedRulesTest, with_a_fault_are_refused_to_who_sets_them) {
    EXPECT_THAT(
        set(R"({"blacklist": ["nowhere"], "redis_prefix": "x", "blacklist_files": ["/x"]})"),
        AllOf(HasSubstr("redis_prefix: can't be changed"),
              HasSubstr("blacklist_files: can't be changed")));
    EXPECT_THAT(set(R"({"blacklist": ["nowhere"]})"), HasSubstr("blacklist.0: "));
    EXPECT_THAT(set("[]"), HasSubstr("an object of JSON"));
    SharedRules rules{admin, prefix};
    EXPECT_EQ(reactor.run(rules.get()), "{}");
}

TEST_F(SharedRulesTest, with_a_fault_change_nothing_whoever_wrote_them) {
    Instance& one = add();
    EXPECT_EQ(set(R"({"blacklist": ["192.0.2.1"]})"), "");
    wait_for(one, 403);
    publish(R"({"blacklist": ["nowhere"]})");
    publish(R"({"blacklist_files": ["/etc/passwd"]})");
    publish("\xff");
    reactor.run_until([&] { return one.faults.size() == 3; });
    EXPECT_THAT(one.faults, ElementsAre(HasSubstr("blacklist.0"), HasSubstr("blacklist_files"),
                                        HasSubstr("an object of JSON")));
    EXPECT_EQ(one.status("/"), 403);
}

TEST_F(SharedRulesTest, come_back_with_redis) {
    Service own{"redis"};
    Instance& one = *instances.emplace_back(std::make_unique<Instance>(config, prefix, own.url()));
    follow(one, [](auto& guard, auto& serving) { return guard.follow_rules(serving); });
    const auto set_there = [&](const std::string& json) {
        auto client = redis::Client::open({.url = own.url()}).value();
        SharedRules rules{client, prefix};
        EXPECT_TRUE(reactor.run(rules.set(config, json)));
    };
    set_there(R"({"emergency_mode": true})");
    wait_for(one, 503);
    own.stop();
    EXPECT_EQ(one.status("/"), 503);
    own.start();
    set_there(R"({"blacklist": ["192.0.2.1"]})");
    wait_for(one, 403);
    end_all();
}

TEST_F(SharedRulesTest, are_nobodys_business_unless_the_configuration_says_so) {
    config.dynamic_rules_redis = false;
    add();
    // Who listens to Redis has something to end first.
    following.back()->serving.waiter.resume();
    EXPECT_TRUE(following.back()->ended);
}

}  // namespace
}  // namespace portico::guard
