#include "portico/guard/detection_rule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "portico/guard/detection.hpp"

namespace portico::guard {
namespace {

using testing::HasSubstr;

Place first_place(const Rule& rule) {
    for (const Place place : {Place::query_value, Place::form_value, Place::body_value, Place::path,
                              Place::query_name, Place::file_name, Place::header}) {
        if ((rule.where & place_bit(place)) != 0) return place;
    }
    return Place::document;
}

/// A detector with no other rule: what is found was found by this one.
bool finds(const Detector& detector, const Rule& rule, std::string_view text) {
    Scan scan(detector);
    scan.value(first_place(rule), "", text);
    return std::ranges::any_of(scan.hits(), [&](const Hit& hit) { return hit.rule == rule.id; });
}

TEST(Rules, each_finds_its_attacks_and_passes_its_clean_texts) {
    // No threshold stops a scan before the rule in question is reached.
    const auto detector = Detector::create({.threshold = 100}).value();
    ASSERT_GT(detector.rules().size(), 80U);
    for (const Rule& rule : detector.rules()) {
        for (const std::string& text : rule.attack) {
            EXPECT_TRUE(finds(detector, rule, text)) << rule.id << " misses " << text;
        }
        for (const std::string& text : rule.clean) {
            EXPECT_FALSE(finds(detector, rule, text)) << rule.id << " finds " << text;
        }
    }
}

TEST(Rules, clean_texts_of_all_rules_are_no_attack) {
    const auto detector = Detector::create().value();
    for (const Rule& rule : detector.rules()) {
        for (const std::string& text : rule.clean) {
            Scan scan(detector);
            scan.value(Place::body_value, "", text);
            EXPECT_FALSE(scan.is_attack()) << rule.id << ": " << text << " " << scan.hits()[0].rule;
        }
    }
}

TEST(Rules, every_category_has_some) {
    const auto rules = built_in_rules();
    for (int c = 0; c < kCategories; ++c) {
        EXPECT_TRUE(std::ranges::any_of(rules, [&](const Rule& rule) {
            return rule.category == static_cast<Category>(c);
        })) << name_of(static_cast<Category>(c));
    }
}

constexpr std::string_view kOwn = R"(# a shop's own
let field: (coupon|voucher)
[acme-coupon]
category: code_injection
severity: medium
score: 5
where: query_value body_value
pattern: \b%field%_override\s*=
about: A switch of the old shop
attack: coupon_override=1
clean: a coupon override
)";

TEST(Rules, own_rules_are_read_and_found) {
    auto rules = parse_rules(kOwn, "own.rules");
    ASSERT_TRUE(rules) << rules.error();
    ASSERT_EQ(rules->size(), 1U);
    EXPECT_EQ(rules->front().patterns,
              std::vector<std::string>{R"(\b(coupon|voucher)_override\s*=)"});
    const auto detector = Detector::create({.rules = *rules}).value();
    EXPECT_TRUE(finds(detector, rules->front(), "x voucher_override = 2"));
    EXPECT_FALSE(finds(detector, rules->front(), "my_voucher_override=2"));
}

TEST(Rules, faults_are_named_with_their_lines) {
    const auto read = parse_rules("[Bad id]\nscore: 9\nwhere: moon\nnonsense\n", "own.rules");
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error(), HasSubstr("own.rules:1: an id is lower-case letters"));
    EXPECT_THAT(read.error(), HasSubstr("own.rules:2: a score is a number in 1–5"));
    EXPECT_THAT(read.error(), HasSubstr("own.rules:3: \"moon\" is no place"));
    EXPECT_THAT(read.error(), HasSubstr("own.rules:4: expected \"name: value\""));
    EXPECT_THAT(read.error(), HasSubstr("own.rules:1: [Bad id] lacks category, severity"));
}

TEST(Rules, a_pattern_that_can_not_be_compiled_is_an_error_of_its_rule) {
    for (const auto& [pattern, why] : std::to_array<std::pair<std::string, std::string>>({
             {"(a", "\"(\" that is not closed"},
             {"a)", "\")\" that closes nothing"},
             {"[a", "\"[\" that is not closed"},
             {"a**", "two repetitions in a row"},
             {"*a", "repeats nothing"},
             {"a{2", "\"{\" that is not closed"},
             {"a{2,}", "without an upper bound"},
             {"a{65}", "more than 64 times"},
             {"a^", "\"^\" that is not at its start"},
             {"a\\", "ends with a backslash"},
             {"a\\q", "an escape that is not known"},
             {"[z-a]", "ends before it begins"},
             {"|a", "empty alternative"},
         })) {
        Rule rule{.id = "own", .where = place_bit(Place::path), .patterns = {pattern}};
        const auto detector = Detector::create({.rules = {rule}});
        ASSERT_FALSE(detector) << pattern;
        EXPECT_THAT(detector.error(), HasSubstr("rule [own]")) << pattern;
        EXPECT_THAT(detector.error(), HasSubstr(why)) << pattern;
    }
}

TEST(Rules, a_rule_can_be_switched_off_and_an_unknown_one_is_an_error) {
    constexpr std::string_view kText = "<script>alert(1)</script>";
    const auto detector = Detector::create({.disabled_categories = {Category::xss}}).value();
    Scan scan(detector);
    scan.value(Place::query_value, "q", kText);
    EXPECT_TRUE(scan.hits().empty());

    const auto less = Detector::create({.disabled_rules = {"xss-script"}}).value();
    Scan other(less);
    other.value(Place::query_value, "q", kText);
    for (const Hit& hit : other.hits()) EXPECT_NE(hit.rule, "xss-script");

    const auto unknown = Detector::create({.disabled_rules = {"xss-skript"}});
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error(), "disabled_rules: there is no rule \"xss-skript\"");
    EXPECT_FALSE(Detector::create({.threshold = 0}));
    EXPECT_FALSE(Detector::create({.threshold = 101}));
    EXPECT_FALSE(Detector::create({.rules = {Rule{.id = "xss-script"}}}));
}

}  // namespace
}  // namespace portico::guard
