#include "portico/openapi/document.hpp"

#include <gtest/gtest.h>

namespace portico::openapi {
namespace {

using model::Json;

std::string yaml_of(std::string_view json) {
    return to_yaml(Json::parse(json).value());
}

TEST(Yaml, writes_objects_and_arrays_as_blocks) {
    EXPECT_EQ(
        yaml_of(R"({"info":{"title":"Shop"},"tags":[{"name":"a","k":1},["b",["c"]],{}],"x":[]})"),
        "info:\n"
        "  title: Shop\n"
        "tags:\n"
        "  - name: a\n"
        "    k: 1\n"
        "  - - b\n"
        "    - - c\n"
        "  - {}\n"
        "x: []\n");
}

TEST(Yaml, writes_other_values_as_json_does) {
    EXPECT_EQ(yaml_of(R"([true,null,1,-2.5,"a b"])"), "- true\n- null\n- 1\n- -2.5\n- a b\n");
    EXPECT_EQ(yaml_of("{}"), "{}\n");
    EXPECT_EQ(yaml_of("7"), "7\n");
}

class Quoted : public ::testing::TestWithParam<const char*> {};
TEST_P(Quoted, a_text_that_yaml_would_read_otherwise_is_quoted) {
    EXPECT_EQ(to_yaml(Json(GetParam())), Json(GetParam()).dump() + "\n");
    Json object = Json::object();
    object[GetParam()] = 1;
    EXPECT_EQ(to_yaml(object), Json(GetParam()).dump() + ": 1\n");
}
INSTANTIATE_TEST_SUITE_P(Texts, Quoted,
                         ::testing::Values("", " ", "200", "1.5", "-", "- a", "a ", " a", "true",
                                           "False", "NULL", "yes", "No", "on", "OFF", "y", "N", "~",
                                           "a: b", "a #b", "#a", "*a", "&a", "!a", "%a", "@a",
                                           "a\nb", "a\tb", "[a", "{a", "a]", "'a", "\"a", "a\\b",
                                           "?", ">", "|", ".inf", "2026-01-01", "0x1f", "<<", "=",
                                           "é", "\xe2\x80\xa8", "a,b"));

TEST(Yaml, leaves_plain_what_means_itself) {
    EXPECT_EQ(to_yaml("/items-1/x.y"), "/items-1/x.y\n");
    EXPECT_EQ(to_yaml("One more item"), "One more item\n");
}

}  // namespace
}  // namespace portico::openapi
