#include "portico/model/read.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <set>
#include <variant>
#include <vector>

#include "portico/model/write.hpp"

namespace portico::model {
namespace {

enum class Kind2 { gadget, book };

struct Item {
    Annotated<std::string, min_length(1), max_length(10), description("Display name")> name;
    Annotated<double, gt(0)> price;
    std::optional<std::string> note;
    Annotated<std::vector<std::string>, max_items(2)> tags = empty;
    Annotated<Kind2> kind = Kind2::book;
    bool done = false;
};

template <class T>
std::string read(std::string_view json) {
    auto value = read_json<T>(json);
    return value ? to_json(*value) : value.error().to_json();
}

TEST(ReadJson, a_model_is_read_and_written) {
    EXPECT_EQ(read<Item>(R"({"name":"pen","price":2})"),
              R"({"name":"pen","price":2.0,"note":null,"tags":[],"kind":"book","done":false})");
    EXPECT_EQ(
        read<Item>(
            R"({"price":1.5,"tags":["a"],"kind":"gadget","note":"é","done":true,"name":"x","zzz":[1,{}]})"),
        R"({"name":"x","price":1.5,"note":"é","tags":["a"],"kind":"gadget","done":true})");
}

TEST(ReadJson, faults_are_in_the_order_of_the_fields) {
    EXPECT_EQ(
        read<Item>(R"({"kind":"x", "price":0,"tags":[1,"2"]})"),
        R"([{"type":"missing","loc":["body","name"],"msg":"Field required",)"
        R"("input":{"kind":"x","price":0,"tags":[1,"2"]}},)"
        R"({"type":"greater_than","loc":["body","price"],"msg":"Input should be greater than 0",)"
        R"("input":0,"ctx":{"gt":0.0}},)"
        R"({"type":"string_type","loc":["body","tags",0],"msg":"Input should be a valid string",)"
        R"("input":1},)"
        R"({"type":"enum","loc":["body","kind"],"msg":"Input should be 'gadget' or 'book'",)"
        R"("input":"x","ctx":{"expected":"'gadget' or 'book'"}}])");
}

}  // namespace
}  // namespace portico::model
