#include "portico/model/fault.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "portico/model/secret.hpp"
#include "tests/model/reading.hpp"

namespace portico::model {
namespace {

struct Login {
    Annotated<std::string> username;
    Annotated<SecretString, min_length(8)> password;
    std::optional<int> code;
};

struct Wide {
    Annotated<int> a, b, c, d, e, f, g, h, i, j;
};

TEST(Faults, are_fifty_at_most) {
    std::string json = "[";
    for (int i = 0; i < 1000; ++i) json += "{},";
    json += "{}]";
    const auto faults = read_json<std::vector<Wide>>(json).error();
    EXPECT_EQ(faults.size(), Faults::kMost);
    EXPECT_EQ(faults.list()[49].joined_loc(), "body.4.j");
}

TEST(Faults, do_not_repeat_a_large_input) {
    // Each absent member's input is the whole object: elsewhere a body came back 5,300-fold.
    const std::string large(1000, 'x');
    std::string json = "[";
    for (int i = 0; i < 100; ++i) json += R"({"zzz":")" + large + R"("},)";
    json += "{}]";
    const auto faults = read_json<std::vector<Wide>>(json).error();
    for (const Fault& fault : faults.list()) EXPECT_LE(fault.input.size(), Faults::kInputBytes);
    EXPECT_LT(faults.to_json().size(), 50 * 300U);
    EXPECT_TRUE(Json::parse(faults.to_json()));
}

TEST(Faults, a_long_input_is_cut_between_characters_and_stays_json) {
    for (std::size_t pad = 0; pad < 8; ++pad) {
        std::string text(pad, 'a');
        for (int i = 0; i < 100; ++i) text += "é\\n\\u0001";
        const auto faults = read_json<int>("\"" + text + "\"").error();
        const std::string& input = faults.list()[0].input;
        EXPECT_LE(input.size(), Faults::kInputBytes);
        ASSERT_TRUE(Json::parse(input)) << input;
        EXPECT_TRUE(Json::parse(input)->as_string().ends_with("…"));
    }
    const auto number = read_json<std::string>(std::string(5000, '7')).error();
    EXPECT_LE(number.list()[0].input.size(), Faults::kInputBytes);
    EXPECT_TRUE(Json::parse(number.to_json()));
}

TEST(Faults, a_long_key_is_cut_between_characters) {
    // Fifty faults below one member of a megabyte gave an answer of fifty.
    for (std::size_t pad = 0; pad < 3; ++pad) {
        std::string key(pad, 'k');
        while (key.size() < 5000) key += "é";
        const auto faults =
            read_json<std::map<std::string, std::vector<int>>>("{\"" + key + R"(":["a","b"]})")
                .error();
        ASSERT_EQ(faults.size(), 2U);
        const std::string& step = faults.list()[0].loc[1].key;
        EXPECT_LE(step.size(), Faults::kInputBytes);
        EXPECT_TRUE(step.ends_with("é…"));
    }
    const std::string longest(Faults::kInputBytes, 'k');
    const auto faults =
        read_json<std::map<std::string, int>>("{\"" + longest + R"(":"a"})").error();
    EXPECT_EQ(faults.list()[0].loc[1].key, longest);
}

TEST(Faults, never_show_a_secret) {
    const char* inputs[] = {
        R"({"password":"hunter2"})",         // too short, and username is missing
        R"({"password":"hunter2hunter2"})",  // only username is missing
        R"({"pasword":"hunter2hunter2"})",   // misspelt
        R"({"username":"a","password":["hunter2"]})",
        R"({"username":"a","password":{"x":"hunter2"}})",
        R"({"username":1,"code":"x","other":{"a":"hunter2"}})",
        R"("hunter2")",
        R"(["hunter2"])",
    };
    for (const char* input : inputs) {
        for (const std::string& said :
             {read<Login>(input), read<std::vector<Login>>("[" + std::string(input) + "]"),
              read<std::optional<Login>>(input), read<std::variant<Login, int>>(input)}) {
            EXPECT_EQ(said.find("hunter2"), said.npos) << input << '\n' << said;
            EXPECT_TRUE(said.starts_with("[{")) << said;
        }
    }
    const auto missing =
        read_json<Login>(R"({"password":"hunter2hunter2","code":1,"x":2})").error();
    EXPECT_EQ(missing.list()[0].input, R"({"password":"**********","code":1,"x":"**********"})");
}

TEST(Faults, are_written_in_fastapis_order_of_keys) {
    Faults faults;
    const Location body("body");
    const Location items("items", &body);
    const Location third(3, &items);
    faults.add(third, "int_type", "Input should be \"whole\"", "1.5", R"({"a":1})");
    faults.add(body, "missing", "Field required", "null");
    EXPECT_EQ(
        faults.to_json(),
        R"([{"type":"int_type","loc":["body","items",3],"msg":"Input should be \"whole\"","input":1.5,"ctx":{"a":1}},)"
        R"({"type":"missing","loc":["body"],"msg":"Field required","input":null}])");
    EXPECT_EQ(faults.to_text(), "body.items.3: Input should be \"whole\"; body: Field required");
}

TEST(Faults, stay_in_the_order_of_the_fields_at_every_depth) {
    struct Inner {
        Annotated<int> x, y;
    };
    struct Outer {
        Annotated<int> first;
        Inner inner;
        Annotated<int> last;
    };
    const auto faults =
        read_json<Outer>(R"({"last":"q","inner":{"y":"b","x":"a"},"first":"z","last":"r"})")
            .error();
    EXPECT_EQ(faults.size(), 4U);
    EXPECT_EQ(faults.list()[0].joined_loc(), "body.first");
    EXPECT_EQ(faults.list()[1].joined_loc(), "body.inner.x");
    EXPECT_EQ(faults.list()[2].joined_loc(), "body.inner.y");
    EXPECT_EQ(faults.list()[3].joined_loc(), "body.last");
    EXPECT_EQ(faults.list()[3].input, "\"r\"");
}

TEST(Faults, a_full_list_takes_no_more_and_reading_fails) {
    Faults faults;
    for (std::size_t i = 0; i < 60; ++i) faults.add(Location("x"), "t", "m", "1");
    EXPECT_EQ(faults.size(), Faults::kMost);
    int out = 0;
    EXPECT_FALSE(read_json("1", slot_of<int>(), &out, Location("body"), faults));
}

}  // namespace
}  // namespace portico::model
