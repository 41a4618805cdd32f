#include "portico/model/member_options.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "portico/model/annotated.hpp"
#include "portico/model/partial.hpp"
#include "portico/model/schema.hpp"
#include "portico/model/secret.hpp"
#include "tests/model/reading.hpp"

namespace portico::model {

namespace named {
struct User {
    static constexpr auto model_config = ModelConfig{.alias_generator = &to_camel};
    std::string user_name;
    Annotated<int, alias("years")> age_years = 3;
    Annotated<int, validation_alias("in"), serialization_alias("out")> in_out = 1;
    Annotated<int, validation_alias("onlyIn")> only_in = 1;
};
struct ByName {
    static constexpr auto model_config =
        ModelConfig{.extra = Extra::forbid, .alias_generator = &to_camel, .populate_by_name = true};
    std::string user_name;
    Annotated<int> age = 3;
};
}  // namespace named
namespace direction {
struct Account {
    Annotated<std::int64_t, read_only> id;
    std::string name;
    Annotated<std::string, write_only> password;
    Annotated<int, exclude> internal = 1;
};
struct Strict {
    static constexpr auto model_config = ModelConfig{.extra = Extra::forbid};
    Annotated<int, read_only> id = 7;
};
}  // namespace direction
namespace extra {
struct Open {
    static constexpr auto model_config = ModelConfig{.extra = Extra::allow};
    int a;
    Annotated<std::map<std::string, Json>, extras> rest = empty;
    Annotated<int, read_only> id = 7;
    Annotated<int, serialization_alias("outB"), alias("b")> b = 1;
    [[nodiscard]] int twice() const { return a * 2; }
    static constexpr Computed<&Open::twice> computed_fields{};
};
struct Numbers {
    static constexpr auto model_config = ModelConfig{.extra = Extra::allow};
    int a;
    Annotated<std::map<std::string, int>, extras> rest = empty;
};
struct Secrets {
    static constexpr auto model_config = ModelConfig{.extra = Extra::allow};
    int a;
    Annotated<std::map<std::string, SecretString>, extras> rest = empty;
};
struct Bounded {
    static constexpr auto model_config = ModelConfig{.extra = Extra::allow};
    Annotated<std::map<std::string, Json>, extras, max_items(3)> rest = empty;
};
struct Nowhere {
    static constexpr auto model_config = ModelConfig{.extra = Extra::allow};
    int a;
};
}  // namespace extra
namespace sums {
struct Order {
    static constexpr auto model_config = ModelConfig{.alias_generator = &to_camel};
    double unit_price;
    int count;
    [[nodiscard]] double total_price() const { return unit_price * count; }
    [[nodiscard]] Annotated<std::string, description("For people"), alias("text")> label() const {
        return std::to_string(count) + " pieces";
    }
    static constexpr Computed<&Order::total_price, &Order::label> computed_fields{};
};
struct Cart {
    std::vector<Order> orders;
};
}  // namespace sums

namespace {

using Mode = SchemaBuilder::Mode;

Json definition(Slot slot, Mode mode, std::string_view name) {
    return json_schema(slot, mode)["$defs"][name];
}
template <class T>
Json sent(std::string_view name) {
    return definition(slot_of<T>(), Mode::validation, name);
}
template <class T>
Json answered(std::string_view name) {
    return definition(slot_of<T>(), Mode::serialization, name);
}
std::string names_of(const Json& object) {
    std::string names;
    for (const auto& [name, value] : object.members()) names += name + " ";
    return names;
}

TEST(AliasGenerator, makes_what_pydantics_makes) {
    const std::vector<std::vector<std::string>> cases = {
        {"user_name", "userName", "UserName"},
        {"userName", "userName", "Username"},
        {"a__b", "a__B", "A__B"},
        {"_private_x", "_privateX", "_PrivateX"},
        {"page2of", "page2Of", "Page2Of"},
        {"x_2y", "x2Y", "X2Y"},
        {"USER_NAME", "userName", "UserName"},
        {"user2_x", "user2X", "User2X"},
        {"n", "n", "N"},
    };
    for (const auto& each : cases) {
        EXPECT_EQ(to_camel(each[0]), each[1]);
        EXPECT_EQ(to_pascal(each[0]), each[2]);
    }
    EXPECT_EQ(to_kebab("user_name"), "user-name");
}

TEST(AliasGenerator, names_the_members_that_have_no_alias) {
    EXPECT_EQ(read<named::User>(R"({"userName":"a","years":4,"in":5,"onlyIn":6})"),
              R"({"userName":"a","years":4,"out":5,"onlyIn":6})");
    EXPECT_EQ(read<named::User>(R"({"user_name":"a"})"),
              R"([{"type":"missing","loc":["body","userName"],"msg":"Field required",)"
              R"("input":{"user_name":"a"}}])");
}

TEST(AliasGenerator, of_a_member_that_is_renamed_one_way_names_it_the_other_way) {
    EXPECT_EQ(read<named::User>(R"({"userName":"a","onlyIn":9})"),
              R"({"userName":"a","years":3,"out":1,"onlyIn":9})");
}

TEST(Aliases, are_those_of_the_way_in_the_schema) {
    EXPECT_EQ(names_of(sent<named::User>("User")["properties"]), "userName years in onlyIn ");
    EXPECT_EQ(names_of(answered<named::User>("User")["properties"]), "userName years out onlyIn ");
}

TEST(PopulateByName, takes_the_name_and_the_alias) {
    EXPECT_EQ(read<named::ByName>(R"({"user_name":"a"})"), R"({"userName":"a","age":3})");
    EXPECT_EQ(read<named::ByName>(R"({"userName":"a"})"), R"({"userName":"a","age":3})");
    EXPECT_EQ(verdict<named::ByName>(R"({})"), "missing: Field required |  | {}");
}

TEST(PopulateByName, tells_a_fault_where_it_was_sent) {
    EXPECT_EQ(read<named::ByName>(R"({"user_name":3})"),
              R"([{"type":"string_type","loc":["body","user_name"],)"
              R"("msg":"Input should be a valid string","input":3}])");
}

TEST(PopulateByName, the_alias_goes_first) {
    for (const auto* both :
         {R"({"user_name":"n","userName":"a"})", R"({"userName":"a","user_name":"n"})"}) {
        EXPECT_EQ(read<named::ByName>(both),
                  R"([{"type":"extra_forbidden","loc":["body","user_name"],)"
                  R"("msg":"Extra inputs are not permitted","input":"n"}])");
    }
    EXPECT_EQ(read<named::ByName>(R"({"user_name":"1","user_name":"2"})"),
              R"({"userName":"2","age":3})");
}

TEST(ReadOnly, is_not_taken_and_not_required) {
    EXPECT_EQ(read<direction::Account>(R"({"id":5,"name":"a","password":"p"})"),
              R"({"id":0,"name":"a"})");
    EXPECT_EQ(read<direction::Account>(R"({"id":"no number","name":"a","password":"p"})"),
              R"({"id":0,"name":"a"})");
}

TEST(ReadOnly, is_refused_where_extra_members_are) {
    EXPECT_EQ(verdict<direction::Strict>(R"({"id":5})"),
              "extra_forbidden: Extra inputs are not permitted |  | 5");
    EXPECT_EQ(read<direction::Strict>("{}"), R"({"id":7})");
}

TEST(WriteOnly, is_taken_and_never_answered) {
    const auto account =
        read_json<direction::Account>(R"({"name":"a","password":"p","internal":3})").value();
    EXPECT_EQ(account.password, "p");
    EXPECT_EQ(account.internal, 3);
    EXPECT_EQ(to_json(account), R"({"id":0,"name":"a"})");
    EXPECT_EQ(read<Partial<direction::Account>>(R"({"password":"p","id":1,"name":"b"})"),
              R"({"name":"b"})");
}

TEST(Direction, shows_in_the_schemas) {
    const Json in = sent<direction::Account>("Account");
    EXPECT_EQ(names_of(in["properties"]), "name password internal ");
    EXPECT_EQ(in["properties"]["password"]["writeOnly"], Json(true));
    EXPECT_EQ(in["required"].dump(), R"(["name","password"])");
    const Json out = answered<direction::Account>("Account");
    EXPECT_EQ(names_of(out["properties"]), "id name ");
    EXPECT_EQ(out["properties"]["id"]["readOnly"], Json(true));
    EXPECT_EQ(out["required"].dump(), R"(["id","name"])");
}

TEST(Direction, is_marked_in_a_schema_that_is_not_separate) {
    SchemaBuilder builder("#/", false);
    static_cast<void>(builder.schema_of(slot_of<direction::Strict>(), Mode::validation));
    static_cast<void>(builder.schema_of(slot_of<direction::Strict>(), Mode::serialization));
    EXPECT_EQ(builder.definitions().at("Strict")["properties"].dump(),
              R"({"id":{"type":"integer","maximum":2147483647,"minimum":-2147483648,)"
              R"("readOnly":true,"title":"Id"}})");
}

TEST(ExtraAllow, keeps_and_writes_what_the_model_does_not_know) {
    EXPECT_EQ(read<extra::Open>(R"({"z":[1,{"y":null}],"a":1,"c":"x"})"),
              R"({"a":1,"id":7,"outB":1,"c":"x","z":[1,{"y":null}],"twice":2})");
}

TEST(ExtraAllow, keeps_nothing_that_would_stand_beside_a_member_of_that_name) {
    EXPECT_EQ(read<extra::Open>(R"({"a":1,"id":9,"outB":9,"twice":9})"),
              R"({"a":1,"id":7,"outB":1,"twice":2})");
}

TEST(ExtraAllow, validates_the_values) {
    EXPECT_EQ(read<extra::Numbers>(R"({"b":"x","a":"y","c":2})"),
              R"([{"type":"int_parsing","loc":["body","a"],)"
              R"("msg":"Input should be a valid integer, unable to parse string as an integer",)"
              R"("input":"y"},{"type":"int_parsing","loc":["body","b"],)"
              R"("msg":"Input should be a valid integer, unable to parse string as an integer",)"
              R"("input":"x"}])");
    EXPECT_EQ(read<extra::Numbers>(R"({"b":1,"a":1,"b":2})"), R"({"a":1,"b":2})");
    EXPECT_EQ(read<Partial<extra::Numbers>>(R"({"b":1})"), R"({"b":1})");
}

TEST(ExtraAllow, shows_in_the_schema) {
    EXPECT_EQ(sent<extra::Open>("Open")["additionalProperties"], Json(true));
    EXPECT_EQ(sent<extra::Numbers>("Numbers")["additionalProperties"]["type"].as_string(),
              "integer");
}

TEST(ExtraAllow, shows_no_secret_that_was_kept) {
    EXPECT_EQ(verdict<extra::Secrets>(R"({"token":"hunter2"})"),
              R"(missing: Field required |  | {"token":"**********"})");
}

TEST(ExtraAllow, refuses_constraints_that_nobody_would_check) {
    EXPECT_THROW(static_cast<void>(read_json<extra::Bounded>("{}")), std::logic_error);
}

TEST(ExtraAllow, needs_a_member_to_keep_them_in) {
    EXPECT_THROW(static_cast<void>(read_json<extra::Nowhere>("{}")), std::logic_error);
}

TEST(Computed, is_written_behind_the_members_and_never_read) {
    EXPECT_EQ(read<sums::Order>(R"({"unitPrice":1.5,"count":2,"totalPrice":9,"text":1})"),
              R"({"unitPrice":1.5,"count":2,"totalPrice":3.0,"text":"2 pieces"})");
}

TEST(Computed, is_read_only_in_the_output_schema) {
    EXPECT_EQ(names_of(sent<sums::Order>("Order")["properties"]), "unitPrice count ");
    const Json out = answered<sums::Order>("Order");
    EXPECT_EQ(out["properties"]["totalPrice"].dump(),
              R"({"type":"number","title":"Totalprice","readOnly":true})");
    EXPECT_EQ(out["properties"]["text"]["description"].as_string(), "For people");
    EXPECT_EQ(out["required"].dump(), R"(["unitPrice","count","totalPrice","text"])");
}

TEST(Computed, makes_two_schemas_even_where_they_are_not_to_be_separate) {
    SchemaBuilder builder("#/", false);
    Json document = Json::array();
    document.push_back(builder.schema_of(slot_of<sums::Cart>(), Mode::validation));
    document.push_back(builder.schema_of(slot_of<sums::Cart>(), Mode::serialization));
    builder.settle(document);
    EXPECT_EQ(document.dump(), R"([{"$ref":"#/Cart-Input"},{"$ref":"#/Cart-Output"}])");
}

}  // namespace
}  // namespace portico::model
