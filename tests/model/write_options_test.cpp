#include "portico/model/write_options.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "portico/model/annotated.hpp"
#include "portico/model/partial.hpp"
#include "portico/model/read.hpp"
#include "portico/model/write.hpp"

namespace portico::model {

namespace written {
struct Part {
    Annotated<std::string> name = "bolt";
    Annotated<int, alias("unitPrice")> price = 1;
};
struct Box {
    static constexpr auto model_config = ModelConfig{.extra = Extra::allow};
    std::int64_t id;
    std::optional<std::string> note;
    Annotated<int> count = 3;
    Annotated<std::vector<Part>> parts = empty;
    std::map<std::string, std::optional<int>> rates;
    Part lid;
    Json any;
    Annotated<std::string, write_only> secret = "s";
    Annotated<std::map<std::string, Json>, extras> rest = empty;
    [[nodiscard]] std::optional<int> half() const {
        return count % 2 == 0 ? std::optional<int>(count / 2) : std::nullopt;
    }
    static constexpr Computed<&Box::half> computed_fields{};
};
}  // namespace written

namespace {

written::Box box() {
    written::Box box{.id = 7};
    box.parts.push_back({});
    box.parts.push_back({.name = "nut", .price = 2});
    box.rates = {{"a", std::nullopt}};
    box.rest["more"] = nullptr;
    return box;
}

TEST(WriteOptions, without_any_are_what_is_written_anyway) {
    EXPECT_EQ(to_json(box(), {}), to_json(box()));
}

TEST(WriteOptions, exclude_none_leaves_out_members_that_are_null_and_no_entries_of_maps) {
    EXPECT_EQ(to_json(box(), {.exclude_none = true}),
              R"({"id":7,"count":3,"parts":[{"name":"bolt","unitPrice":1},)"
              R"({"name":"nut","unitPrice":2}],"rates":{"a":null},)"
              R"("lid":{"name":"bolt","unitPrice":1}})");
}

TEST(WriteOptions, exclude_defaults_leaves_out_what_is_as_it_is_by_default) {
    EXPECT_EQ(to_json(box(), {.exclude_defaults = true}),
              R"({"id":7,"parts":[{},{"name":"nut","unitPrice":2}],"rates":{"a":null},"lid":{},)"
              R"("any":null,"more":null,"half":null})");
}

TEST(WriteOptions, include_and_exclude_reach_below_members_and_lists) {
    EXPECT_EQ(to_json(box(), {.include = {"id", "parts.price"}}),
              R"({"id":7,"parts":[{"unitPrice":1},{"unitPrice":2}]})");
    EXPECT_EQ(
        to_json(box(), {.include = {"parts", "lid", "more"}, .exclude = {"parts.name", "lid"}}),
        R"({"parts":[{"unitPrice":1},{"unitPrice":2}],"more":null})");
    EXPECT_EQ(to_json(std::vector<written::Part>{{}}, {.include = {"name"}}),
              R"([{"name":"bolt"}])");
    EXPECT_EQ(to_json(box(), {.include = {"secret"}}), "{}");
}

TEST(WriteOptions, without_aliases_members_have_their_names) {
    EXPECT_EQ(to_json(written::Part{}, {.by_alias = false}), R"({"name":"bolt","price":1})");
}

TEST(WriteOptions, of_a_partial_model_write_what_was_sent) {
    const auto part = read_json<Partial<written::Part>>(R"({"unitPrice":1})").value();
    EXPECT_EQ(to_json(part, {.by_alias = false, .exclude_defaults = true}), R"({"price":1})");
}

}  // namespace
}  // namespace portico::model
