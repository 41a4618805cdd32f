#include "portico/model/json.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace portico::model {
namespace {

TEST(Json, is_built_and_dumped_in_order) {
    Json item = Json::object({{"name", "pen"}, {"price", 1.5}});
    item["tags"].push_back("new");
    item["tags"].push_back(nullptr);
    item["stock"]["berlin"] = 3;
    EXPECT_EQ(item.dump(),
              R"({"name":"pen","price":1.5,"tags":["new",null],"stock":{"berlin":3}})");
    EXPECT_EQ(Json::object({{"a", Json::array({1, Json::object()})}}).dump(2),
              "{\n  \"a\": [\n    1,\n    {}\n  ]\n}");
}

TEST(Json, looks_up_what_is_there_and_null_for_the_rest) {
    const Json json = Json::parse(R"({"a":[10,{"b":"x"}]})").value();
    EXPECT_EQ(json["a"][1]["b"].as_string(), "x");
    EXPECT_TRUE(json["a"][7]["nothing"].is_null());
    EXPECT_EQ(json.find("z"), nullptr);
    EXPECT_EQ(json["a"][0].as_int(), 10);
}

TEST(Json, an_item_is_found_by_a_literal_index_whether_it_can_be_changed_or_not) {
    Json list = Json::array({"a", "b"});
    EXPECT_EQ(list[0].as_string(), "a");
    EXPECT_EQ(list[std::size_t{1}].as_string(), "b");
    EXPECT_TRUE(list[2].is_null());
    EXPECT_EQ(Json::object({{"x", list}})["x"][0].as_string(), "a");
}

TEST(Json, is_copied_deeply_and_moved_from_its_own_part) {
    Json one = Json::parse(R"({"a":{"b":[1,2]}})").value();
    Json two = one;
    two["a"]["b"].push_back(3);
    EXPECT_EQ(one.dump(), R"({"a":{"b":[1,2]}})");
    one = std::move(one["a"]);
    EXPECT_EQ(one.dump(), R"({"b":[1,2]})");
    one = *&one;
    EXPECT_EQ(one.dump(), R"({"b":[1,2]})");
}

TEST(Json, numbers_are_equal_by_value_and_objects_whatever_their_order) {
    EXPECT_EQ(Json(1), Json(1.0));
    EXPECT_EQ(Json(1U), Json(std::int64_t{1}));
    EXPECT_FALSE(Json(-1) == Json(std::numeric_limits<std::uint64_t>::max()));
    EXPECT_FALSE(Json(1) == Json(true));
    EXPECT_EQ(Json::parse(R"({"a":1,"b":2})").value(), Json::parse(R"({"b":2,"a":1})").value());
    EXPECT_FALSE(Json::parse("[1,2]").value() == Json::parse("[2,1]").value());
}

TEST(Json, what_json_has_no_number_for_is_null) {
    EXPECT_EQ(Json(std::nan("")).dump(), "null");
    EXPECT_EQ(Json(std::numeric_limits<double>::infinity()).dump(), "null");
}

TEST(Json, numbers_out_of_range_are_the_nearest) {
    EXPECT_EQ(Json(1e300).as_int(), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(Json(-1e300).as_int(), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(Json(-1).as_uint(), 0U);
    EXPECT_EQ(Json(std::numeric_limits<std::uint64_t>::max()).dump(), "18446744073709551615");
}

TEST(Json, members_can_be_taken_out) {
    Json json = Json::parse(R"({"a":1,"b":2})").value();
    EXPECT_TRUE(json.erase("a"));
    EXPECT_FALSE(json.erase("a"));
    EXPECT_EQ(json.dump(), R"({"b":2})");
}

TEST(Json, an_exact_number_keeps_its_digits) {
    const Json price = Json::exact_number("0.10");
    EXPECT_TRUE(price.is_number());
    EXPECT_EQ(price.as_double(), 0.1);
    EXPECT_EQ(price, Json(0.1));
    Json copy = price;
    Json moved = std::move(copy);
    EXPECT_TRUE(copy.is_null());  // NOLINT(bugprone-use-after-move)
    moved = Json::array({moved, Json::exact_number("123456789012345678901"), 7});
    EXPECT_EQ(moved.dump(), "[0.10,123456789012345678901,7]");
    EXPECT_EQ(moved[1].as_int(), std::numeric_limits<std::int64_t>::max());
    for (const auto* text : {"", "1x", "x", "01", "-", " 1"}) {
        EXPECT_TRUE(Json::exact_number(text).is_null()) << text;
    }
}

TEST(Json, invalid_utf8_is_replaced_when_written) {
    EXPECT_EQ(Json("a\xFF\xC3z").dump(), "\"a\uFFFD\uFFFDz\"");
    EXPECT_EQ(Json("\x01\x1f").dump(), R"("\u0001\u001f")");
}

}  // namespace
}  // namespace portico::model
