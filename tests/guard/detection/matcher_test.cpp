#include "guard/detection/matcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "guard/detection/pattern.hpp"

namespace portico::guard::detail {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::string_view_literals;

Matcher matcher_of(const std::vector<std::string>& patterns) {
    Nfa nfa;
    std::vector<PatternStart> starts;
    for (std::uint32_t i = 0; i < patterns.size(); ++i) {
        EXPECT_TRUE(add_pattern(nfa, patterns[i], i, starts)) << patterns[i];
    }
    return Matcher({Automaton::build(nfa, starts).value()});
}

std::set<std::uint32_t> found(const Matcher& matcher, std::string_view text) {
    std::set<std::uint32_t> out;
    Budget budget(1'000'000);
    EXPECT_TRUE(
        matcher.search(text, ~0U, budget, [&](std::uint32_t id, std::size_t) { out.insert(id); }));
    return out;
}

bool matches(std::string pattern, std::string_view text) {
    return !found(matcher_of({std::move(pattern)}), text).empty();
}

TEST(Matcher, finds_every_pattern_wherever_it_stands) {
    const auto matcher = matcher_of({"cat", "catalogue", "dog|cow", "x"});
    EXPECT_THAT(found(matcher, "the catalogue of dogs"), ElementsAre(0, 1, 2));
    EXPECT_THAT(found(matcher, "COW x"), ElementsAre(2, 3));
    EXPECT_THAT(found(matcher, ""), IsEmpty());
    EXPECT_THAT(found(matcher, "ca"), IsEmpty());
}

TEST(Matcher, repetitions_and_classes) {
    EXPECT_TRUE(matches(R"(a\s*=\s*\d{2,3}[;$])", "A = 123;"));
    EXPECT_FALSE(matches(R"(a\s*=\s*\d{2,3}[;$])", "a = 1;"));
    EXPECT_FALSE(matches(R"(a\s*=\s*\d{2,3}[;$])", "a = 1234;"));
    EXPECT_TRUE(matches(R"([^a-z]\.\x41+$)", "1.aAa"));
    EXPECT_TRUE(matches(R"(<(b|i)(\s[^>]*)?>)", "x <I class=y>"));
    EXPECT_TRUE(matches(R"([]x-]y)", "]y"));
    EXPECT_TRUE(matches("a.c",
                        "a\xff"
                        "c"));
}

TEST(Matcher, anchors) {
    EXPECT_TRUE(matches("^get", "  get"));
    EXPECT_FALSE(matches("^get", "x get"));
    EXPECT_TRUE(matches(R"(\bor\b)", "x or y"));
    EXPECT_TRUE(matches(R"(\bor\b)", "or"));
    EXPECT_FALSE(matches(R"(\bor\b)", "xor ord"));
    EXPECT_TRUE(matches(R"(\bor\b\s*\()", "or ("));
    EXPECT_TRUE(matches(R"(\bor\b\s*\()", "or("));
    EXPECT_TRUE(matches("end$", "the end"));
    EXPECT_FALSE(matches("end$", "the ending"));
    EXPECT_TRUE(matches("(^|=)x", "x"));
    EXPECT_TRUE(matches("(^|=)x", "a=x"));
    EXPECT_FALSE(matches("(^|=)x", "ax"));
    EXPECT_TRUE(matches(R"(^a|\bb|c)", "xc"));
    EXPECT_FALSE(matches(R"(^a|\bb|c)", "xa xb"));
}

TEST(Matcher, control_characters_are_passed_over_in_the_middle_only) {
    EXPECT_TRUE(matches("script", "scr\0ip\x01t"sv));
    EXPECT_TRUE(matches(R"(x\x00y)", "x\0y"sv));
    EXPECT_FALSE(matches(R"(x\x00y)", "xy"));
    EXPECT_FALSE(matches(R"(a\sb)", "a\0b"sv));
}

TEST(Matcher, a_spent_budget_is_told) {
    const auto matcher = matcher_of({R"(a[^z]*z)"});
    const std::string text(2000, 'a');  // every byte begins a run to the end
    Budget budget(100'000);
    EXPECT_FALSE(matcher.search(text, ~0U, budget, [](std::uint32_t, std::size_t) {}));
    EXPECT_EQ(budget.left(), 0U);
}

TEST(Matcher, a_saved_automaton_is_the_same_when_loaded) {
    Nfa nfa;
    std::vector<PatternStart> starts;
    ASSERT_TRUE(add_pattern(nfa, R"(\bselect\s+\w+\s+from\b)", 7, starts));
    ASSERT_TRUE(add_pattern(nfa, "<script", 9, starts));
    const auto built = Automaton::build(nfa, starts).value();
    std::string saved;
    built.save(saved);
    built.save(saved);
    std::string_view rest = saved;
    std::vector<Automaton> loaded{Automaton::load(rest), Automaton::load(rest)};
    EXPECT_TRUE(rest.empty());
    const Matcher matcher(std::move(loaded));
    EXPECT_THAT(found(matcher, "SELECT a FROM b <script>"), ElementsAre(7, 9));
    EXPECT_THAT(found(matcher, "selects a from b"), IsEmpty());
}

TEST(Matcher, patterns_that_would_need_too_many_states_are_refused) {
    Nfa nfa;
    std::vector<PatternStart> starts;
    ASSERT_TRUE(add_pattern(nfa, "a.*b[ab]{20}c", 0, starts));
    const auto automaton = Automaton::build(nfa, starts);
    ASSERT_FALSE(automaton);
    EXPECT_THAT(automaton.error(), testing::HasSubstr("more than 20000 states"));
}

}  // namespace
}  // namespace portico::guard::detail
