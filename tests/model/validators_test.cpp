#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "portico/model/annotated.hpp"
#include "portico/model/decimal.hpp"
#include "portico/model/schema.hpp"
#include "portico/model/validation_errors.hpp"
#include "tests/model/reading.hpp"

namespace portico::model {

namespace validators {
inline std::string order;

template <char Name>
struct Note {
    std::optional<std::string> operator()(Json&) const {
        order += Name;
        return std::nullopt;
    }
    std::optional<std::string> operator()(int& value) const {
        order += Name;
        ++value;
        return std::nullopt;
    }
};
inline constexpr auto kTrim = [](Json& input) -> std::optional<std::string> {
    if (!input.is_string()) return "a text, please";
    std::string text(input.as_string());
    std::erase(text, ' ');
    input = text;
    return std::nullopt;
};
inline constexpr auto kWords = [](Json& input) -> std::optional<std::string> {
    if (input.is_string()) input = Json::array({input});
    return std::nullopt;
};
inline constexpr auto kLower = [](std::string& text) -> std::optional<std::string> {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return std::nullopt;
};
inline constexpr auto kNoRoot = [](const std::string& text) -> std::optional<std::string> {
    if (text == "root") return "not root";
    return std::nullopt;
};

struct Account {
    Annotated<std::string, before_validator(kTrim), max_length(5), after_validator(kLower),
              check(kNoRoot)>
        name;
    Annotated<std::vector<std::string>, before_validator(kWords)> tags = empty;
    Annotated<std::optional<std::string>, before_validator(kTrim)> nick = std::nullopt;
};
struct Ordered {
    Annotated<int, before_validator(Note<'1'>{}), before_validator(Note<'2'>{}),
              after_validator(Note<'3'>{}), after_validator(Note<'4'>{})>
        value;
};
struct Stay {
    struct Guest {
        std::string name;
        int age;
    };
    int from;
    int until;
    Guest first;
    std::vector<Guest> guests;

    void validate(ValidationErrors& errors) const {
        if (until < from) errors.add_at(until, "must not be before from");
        if (first.age < 18) errors.add_at(first.age, "is a child");
        for (std::size_t i = 0; i < guests.size(); ++i) {
            if (guests[i].name.empty()) errors.add_at({"guests", i, "name"}, "who?");
        }
        if (guests.size() > 2) errors.add("too many guests");
    }
};
struct Sorted {
    int low;
    int high;
    std::optional<std::string> validate() {
        if (low > high) std::swap(low, high);
        return std::nullopt;
    }
};
struct Pair {
    int a;
    int b;
    static std::optional<std::string> before_validate(Json& input) {
        if (input.is_array() && input.size() == 2) {
            input = Json::object({{"a", input[0]}, {"b", input[1]}});
        }
        if (input.is_number()) return "a pair, please";
        return std::nullopt;
    }
};
struct Line {
    Pair from;
    std::vector<Pair> to;
};
struct Elsewhere {
    int a;
    void validate(ValidationErrors& errors) const { errors.add_at(order, "?"); }
};
inline int next_number() {
    static int number = 0;
    return ++number;
}
inline std::string greeting() {
    return "hello";
}
struct Made {
    Annotated<int, default_factory(&next_number)> number;
    Annotated<std::string, default_factory(&greeting), description("Words")> text;
    int other;
};
}  // namespace validators

namespace {

TEST(BeforeValidator, changes_what_was_sent_before_it_is_read) {
    EXPECT_EQ(read<validators::Account>(R"({"name":" b o b ","tags":"one"})"),
              R"({"name":"bob","tags":["one"],"nick":null})");
}

TEST(BeforeValidator, finds_fault_in_what_was_sent) {
    EXPECT_EQ(verdict<validators::Account>(R"({"name": 7})"),
              R"(value_error: Value error, a text, please | {"error":{}} | 7)");
    EXPECT_EQ(verdict<validators::Account>(R"({"name":"a","nick":null})"),
              R"(value_error: Value error, a text, please | {"error":{}} | null)");
}

TEST(BeforeValidator, goes_before_constraints_and_faults_show_what_it_made) {
    EXPECT_EQ(verdict<validators::Account>(R"({"name":"a b c d e f"})"),
              R"(string_too_long: String should have at most 5 characters | {"max_length":5} | )"
              R"("abcdef")");
}

TEST(BeforeValidator, hides_no_error_of_syntax) {
    EXPECT_EQ(verdict<validators::Account>(R"({"name": "a)").substr(0, 12), "json_invalid");
}

TEST(BeforeValidator, sees_the_texts_of_a_parameter) {
    using Name = Annotated<std::string, before_validator(validators::kTrim)>;
    using Words = Annotated<std::vector<std::string>, before_validator(validators::kWords)>;
    EXPECT_EQ(text_verdict<Name>("a b"), R"("ab")");
    EXPECT_EQ(text_verdict<Words>("a b"), R"(["a b"])");
    EXPECT_EQ((text_verdict<Annotated<int, before_validator([](Json& input) {
                                          input = 7;
                                          return std::optional<std::string>();
                                      })>>("x")),
              "7");
}

TEST(AfterValidator, changes_the_value_and_checks_see_that) {
    EXPECT_EQ(read<validators::Account>(R"({"name":"BOB"})"),
              R"({"name":"bob","tags":[],"nick":null})");
    EXPECT_EQ(verdict<validators::Account>(R"({"name":"ROOT"})"),
              R"(value_error: Value error, not root | {"error":{}} | "ROOT")");
}

TEST(Validators, run_before_from_last_to_first_and_after_from_first_to_last) {
    validators::order.clear();
    EXPECT_EQ(read<validators::Ordered>(R"({"value":1})"), R"({"value":3})");
    EXPECT_EQ(validators::order, "2134");
}

TEST(ModelValidator, tells_several_faults_where_they_are) {
    const auto stay = read_json<validators::Stay>(
        R"({"from":2,"until":1,"first":{"name":"a","age":3},)"
        R"("guests":[{"name":"b","age":4},{"name":"","age":5},{"name":"c","age":6}]})");
    ASSERT_FALSE(stay);
    EXPECT_EQ(stay.error().to_text(),
              "body.until: Value error, must not be before from; "
              "body.first.age: Value error, is a child; "
              "body.guests.1.name: Value error, who?; "
              "body: Value error, too many guests");
    EXPECT_EQ(stay.error().list().front().type, "value_error");
    EXPECT_EQ(stay.error().list().front().ctx, R"({"error":{}})");
}

TEST(ModelValidator, may_change_the_model) {
    EXPECT_EQ(read<validators::Sorted>(R"({"low":2,"high":1})"), R"({"low":1,"high":2})");
}

TEST(ModelValidator, refuses_to_place_a_fault_at_what_is_no_member) {
    EXPECT_THROW(static_cast<void>(read_json<validators::Elsewhere>(R"({"a":1})")),
                 std::logic_error);
}

TEST(ModelBeforeValidator, sees_all_that_was_sent) {
    EXPECT_EQ(read<validators::Line>(R"({"from":[1,2],"to":[{"a":3,"b":4},[5,6]]})"),
              R"({"from":{"a":1,"b":2},"to":[{"a":3,"b":4},{"a":5,"b":6}]})");
    EXPECT_EQ(read<validators::Line>(R"({"from":7,"to":[]})"),
              R"([{"type":"value_error","loc":["body","from"],)"
              R"("msg":"Value error, a pair, please","input":7,"ctx":{"error":{}}}])");
    EXPECT_EQ(read<validators::Line>(R"({"from":[1,"x"],"to":[]})"),
              R"([{"type":"int_parsing","loc":["body","from","b"],)"
              R"("msg":"Input should be a valid integer, unable to parse string as an integer",)"
              R"("input":"x"}])");
}

TEST(DefaultFactory, makes_a_default_for_each_object_and_shows_none) {
    static_cast<void>(fields_of(*slot_of<validators::Made>().type));  // makes some for the table
    const auto first = read_json<validators::Made>(R"({"other":1})").value();
    const auto second = read_json<validators::Made>(R"({"other":1})").value();
    EXPECT_EQ(first.number + 1, second.number);
    EXPECT_EQ(first.text, "hello");
    EXPECT_EQ(read_json<validators::Made>(R"({"other":1,"number":-5})")->number, -5);
    const validators::Made made{.other = 3};
    EXPECT_EQ(made.number, second.number + 2);
    const Json schema = json_schema(slot_of<validators::Made>())["$defs"]["Made"];
    EXPECT_FALSE(schema["properties"]["number"].contains("default"));
    EXPECT_EQ(schema["required"].dump(), R"(["other"])");
}

TEST(Validators, what_a_before_validator_leaves_alone_keeps_its_digits) {
    using Price = Annotated<Decimal, before_validator([](Json&) -> std::optional<std::string> {
                                return std::nullopt;
                            })>;
    EXPECT_EQ(read<Price>("1.10"), "1.10");
    EXPECT_EQ(read<Price>("12345678901234567890.123456789"), "12345678901234567890.123456789");
    EXPECT_EQ(read<Price>("123456789012345678901234567890"), "123456789012345678901234567890");
    EXPECT_EQ(read<std::vector<Price>>("[0.30]"), "[0.30]");
}

struct Wrapped {
    Annotated<int, ge(0), wrap_validator([](Json&, int& value, WrappedRead& read) {
                  if (!read()) {
                      read.forget();
                      value = -1;
                  }
                  return std::optional<std::string>();
              })>
        lenient = 0;
    Annotated<std::string, max_length(3),
              wrap_validator([](Json& input, std::string& value, WrappedRead& read) {
                  if (input.is_string() && input.as_string() == "none") {
                      return std::optional<std::string>("none is no answer");
                  }
                  if (input == Json("all")) {
                      value = "everything";  // not read: not bounded
                      return std::optional<std::string>();
                  }
                  if (input.is_number()) input = input.dump();
                  read();
                  return std::optional<std::string>();
              })>
        text = "";
};

TEST(WrapValidators, decide_what_becomes_of_a_fault) {
    EXPECT_EQ(read<Wrapped>(R"({"lenient":5,"text":"abc"})"), R"({"lenient":5,"text":"abc"})");
    EXPECT_EQ(read<Wrapped>(R"({"lenient":"x"})"), R"({"lenient":-1,"text":""})");
    EXPECT_EQ(read<Wrapped>(R"({"lenient":-4})"), R"({"lenient":-1,"text":""})");
    EXPECT_EQ(read<Wrapped>(R"({"text":"all"})"), R"({"lenient":0,"text":"everything"})");
    EXPECT_EQ(read<Wrapped>(R"({"text":123})"), R"({"lenient":0,"text":"123"})");
    EXPECT_EQ(
        read<Wrapped>(R"({"text":1234})"),
        R"([{"type":"string_too_long","loc":["body","text"],"msg":"String should have at most 3 characters","input":"1234","ctx":{"max_length":3}}])");
    EXPECT_EQ(
        read<Wrapped>(R"({"text":"none"})"),
        R"([{"type":"value_error","loc":["body","text"],"msg":"Value error, none is no answer","input":"none","ctx":{"error":{}}}])");
}

TEST(WrapValidators, hold_for_parameters_and_alternatives) {
    using Lenient = decltype(Wrapped::lenient);
    EXPECT_EQ(text_verdict<Lenient>("x"), "-1");
    EXPECT_EQ(text_verdict<Lenient>("7"), "7");
    using Text = decltype(Wrapped::text);
    EXPECT_EQ(text_verdict<Text>("abcd").substr(0, 15), "string_too_long");
    EXPECT_EQ((read<std::variant<bool, Text>>(R"("abc")")), R"("abc")");
}

}  // namespace
}  // namespace portico::model
