#include "portico/model/slot_of.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <variant>
#include <vector>

#include "portico/model/partial.hpp"
#include "portico/model/secret.hpp"
#include "portico/model/uuid.hpp"
#include "tests/model/reading.hpp"

namespace portico::model {

namespace shapes {
enum class Level : unsigned char { low = 1, high = 40 };
enum class Far { near, far = 1000 };
enum class Signed : int { minus = -3, zero = 0 };

/// A type of the user's own.
struct Color {
    unsigned rgb = 0;
};
}  // namespace shapes

template <>
struct TypeTraits<shapes::Far> {
    static constexpr EnumValue values[] = {{"close-by", shapes::Far::near},
                                           {"far-away", shapes::Far::far}};
};

template <>
struct TypeTraits<shapes::Color> {
    static std::expected<shapes::Color, std::string> parse(std::string_view text) {
        if (text.size() != 7 || text[0] != '#') return std::unexpected("a color is #rrggbb");
        return shapes::Color{
            static_cast<unsigned>(std::stoul(std::string(text.substr(1)), nullptr, 16))};
    }
    static std::string print(const shapes::Color& color) {
        char text[8];
        std::snprintf(text, sizeof text, "#%06x", color.rgb);
        return text;
    }
    static constexpr std::string_view schema = R"({"type":"string","format":"color"})";
};

namespace {

using namespace shapes;

struct Node {
    int value;
    std::vector<Node> children;
    std::unique_ptr<Node> next;
};

struct Login {
    Annotated<std::string> username;
    Annotated<SecretString, min_length(8)> password;
    std::optional<int> code;
};

struct Strict {
    static constexpr auto model_config = ModelConfig{.extra = Extra::forbid};
    Annotated<int, alias("maxCount")> max_count = 1;
};

struct Range {
    int low;
    int high;
    std::optional<std::string> validate() const {
        if (low > high) return "low is above high";
        return {};
    }
};

class Account {
public:
    int visible = 0;

private:
    std::string hidden_;

public:
    static constexpr Fields<&Account::visible, &Account::hidden_> fields{};
};

struct Base {
    int id;
};
struct Derived : Base {
    std::string name;
    static constexpr Fields<&Base::id, &Derived::name> fields{};
};

struct WithLists {
    Annotated<std::vector<int>, min_items(1), max_items(3)> list;
    Annotated<std::set<int>, max_length(2)> set = empty;
    Annotated<std::map<std::string, int>, max_length(2)> map = empty;
    std::deque<bool> flags;
    std::unordered_map<std::string, std::vector<double>> more;
};

struct Cat {
    std::string meow;
    Annotated<int> lives = 9;
};
struct Dog {
    std::string bark;
};
struct Many {
    std::vector<Cat> cats;
};

std::string names(const Type& type) {
    std::string out;
    for (const Field& field : fields_of(type)) {
        out += std::string(field.name) + ":" + std::string(field.slot.type->name) + " ";
    }
    return out;
}

// ---- reflection

TEST(Models, members_are_found_with_their_names_and_types) {
    EXPECT_EQ(names(*slot_of<Login>().type), "username:str password:password code:optional ");
    EXPECT_EQ(slot_of<Login>().type->name, "Login");
    EXPECT_EQ(fields_of(*slot_of<Strict>().type)[0].alias, "maxCount");
    EXPECT_EQ(fields_of(*slot_of<Strict>().type)[0].name, "max_count");
}

TEST(Models, private_and_inherited_members_are_listed_in_fields) {
    EXPECT_EQ(names(*slot_of<Account>().type), "visible:int hidden_:str ");
    EXPECT_EQ(names(*slot_of<Derived>().type), "id:int name:str ");
    EXPECT_EQ(read<Derived>(R"({"name":"x","id":3})"), R"({"id":3,"name":"x"})");
    EXPECT_EQ(read<Account>(R"({"hidden_":"x"})"), R"({"visible":0,"hidden_":"x"})");
}

TEST(Models, annotations_of_annotations_are_flattened) {
    const Slot slot = slot_of<Annotated<Annotated<int, ge(1)>, le(9), description("n")>>();
    EXPECT_EQ(slot.type, slot_of<int>().type);
    EXPECT_EQ(slot.annotations->ge.integer, 1);
    EXPECT_EQ(slot.annotations->le.integer, 9);
    EXPECT_EQ(slot.annotations->description, "n");
}

struct Indexed {
    bool unique;
};
struct indexed {
    using Mark = Indexed;
    bool unique = false;
    [[nodiscard]] constexpr Indexed value() const { return {unique}; }
};

TEST(Models, annotations_of_other_rooms_are_kept_as_marks) {
    const Slot slot = slot_of<Annotated<int, ge(1), indexed{.unique = true}>>();
    ASSERT_NE(mark<Indexed>(slot.annotations), nullptr);
    EXPECT_TRUE(mark<Indexed>(slot.annotations)->unique);
    EXPECT_EQ(mark<int>(slot.annotations), nullptr);
    EXPECT_EQ(mark<Indexed>(nullptr), nullptr);
}

TEST(Models, a_model_refers_to_itself) {
    EXPECT_EQ(
        read<Node>(
            R"({"value":1,"children":[{"value":2,"children":[],"next":{"value":3,"children":[]}}]})"),
        R"({"value":1,"children":[{"value":2,"children":[],"next":{"value":3,"children":[],"next":null}}],"next":null})");
}

// ---- enums and the user's types

TEST(Models, enums_are_read_by_name) {
    EXPECT_EQ(read<std::vector<Level>>(R"(["low","high"])"), R"(["low","high"])");
    EXPECT_EQ(read<std::vector<Signed>>(R"(["minus","zero"])"), R"(["minus","zero"])");
    EXPECT_EQ(read_json<Signed>(R"("minus")").value(), Signed::minus);
    EXPECT_EQ(read_json<Far>(R"("far-away")").value(), Far::far);
    EXPECT_EQ(to_json(Far::near), R"("close-by")");
    EXPECT_EQ(to_json(static_cast<Level>(7)), "null");
}

TEST(Models, a_type_of_the_users_own_is_a_text) {
    EXPECT_EQ(read<Color>(R"("#0a0B0c")"), R"("#0a0b0c")");
    EXPECT_EQ(verdict<Color>(R"("red")"),
              R"(value_error: Value error, a color is #rrggbb | {"error":{}} | "red")");
    EXPECT_EQ(verdict<std::optional<Color>>("7"),
              "string_type: Input should be a valid string |  | 7");
}

// ---- objects

TEST(Models, what_is_no_object_is_refused_in_pydantics_words) {
    EXPECT_EQ(verdict<Cat>("[]"),
              "model_attributes_type: Input should be a valid dictionary or object to extract "
              "fields from |  | []");
    EXPECT_EQ(read_json<Many>(R"({"cats":[5]})").error().list()[0].joined_loc(), "body.cats.0");
}

TEST(Models, of_members_of_one_name_the_last_counts_and_leaves_nothing_of_the_first) {
    EXPECT_EQ(read<Cat>(R"({"meow":1,"lives":"x","lives":2,"meow":"a"})"),
              R"({"meow":"a","lives":2})");
    EXPECT_EQ(read<Many>(R"({"cats":[{"meow":"a"}],"cats":[]})"), R"({"cats":[]})");
    EXPECT_EQ(verdict<Cat>(R"({"meow":"a","meow":1})"),
              "string_type: Input should be a valid string |  | 1");
}

TEST(Models, unknown_members_are_ignored_unless_forbidden) {
    EXPECT_EQ(read<Cat>(R"({"x":{"y":[1]},"meow":"a"})"), R"({"meow":"a","lives":9})");
    EXPECT_EQ(
        read<Strict>(R"({"maxCount":0,"b":[1, 2],"max_count":"x"})"),
        R"([{"type":"extra_forbidden","loc":["body","b"],"msg":"Extra inputs are not permitted","input":[1,2]},)"
        R"({"type":"extra_forbidden","loc":["body","max_count"],"msg":"Extra inputs are not permitted","input":"x"}])");
}

TEST(Models, keys_may_be_escaped) {
    EXPECT_EQ(read<Cat>(R"({"me\u006fw" : "a"})"), R"({"meow":"a","lives":9})");
}

TEST(Models, a_default_gives_way_entirely) {
    struct Outer {
        Annotated<Cat> cat = Cat{.meow = "old", .lives = 1};
        Annotated<std::vector<int>> list = {1, 2};
    };
    EXPECT_EQ(read<Outer>(R"({"cat":{"meow":"new"},"list":[3]})"),
              R"({"cat":{"meow":"new","lives":9},"list":[3]})");
    EXPECT_EQ(read<Outer>("{}"), R"({"cat":{"meow":"old","lives":1},"list":[1,2]})");
}

TEST(Models, validate_says_what_is_wrong_with_the_whole) {
    EXPECT_EQ(read<Range>(R"({"low":1,"high":2})"), R"({"low":1,"high":2})");
    EXPECT_EQ(verdict<Range>(R"({"low":2,"high":1})"),
              R"(value_error: Value error, low is above high | {"error":{}} | {"low":2,"high":1})");
    EXPECT_EQ(read_json<Range>(R"({"low":2})").error().list()[0].type, "missing");
}

TEST(Models, a_check_of_the_users_own) {
    using Odd = Annotated<int, ge(0), check([](const int& n) -> std::optional<std::string> {
                              if (n % 2 == 0) return "only odd numbers, please";
                              return {};
                          })>;
    EXPECT_EQ(read<Odd>("3"), "3");
    EXPECT_EQ(verdict<Odd>("4"),
              R"(value_error: Value error, only odd numbers, please | {"error":{}} | 4)");
    EXPECT_EQ(text_verdict<Odd>("4"),
              R"(value_error: Value error, only odd numbers, please | {"error":{}} | "4")");
}

// ---- lists, sets, maps

TEST(Models, items_are_counted) {
    EXPECT_EQ(read<WithLists>(
                  R"({"list":[1],"set":[1,1,2],"map":{"a":1},"flags":[true],"more":{"x":[1]}})"),
              R"({"list":[1],"set":[1,2],"map":{"a":1},"flags":[true],"more":{"x":[1.0]}})");
    const auto said = [](std::string_view json) { return verdict<WithLists>(json); };
    EXPECT_EQ(
        said(R"({"list":[],"flags":[],"more":{}})"),
        R"(too_short: List should have at least 1 item after validation, not 0 | {"field_type":"List","min_length":1,"actual_length":0} | [])");
    EXPECT_EQ(
        said(R"({"list":[1,2,"x",4,5],"flags":[],"more":{}})"),
        R"(too_long: List should have at most 3 items after validation, not 5 | {"field_type":"List","max_length":3,"actual_length":5} | [1,2,"x",4,5])");
    EXPECT_EQ(
        said(R"({"list":[1],"set":[1,2,3],"flags":[],"more":{}})"),
        R"(too_long: Set should have at most 2 items after validation, not more | {"field_type":"Set","max_length":2,"actual_length":null} | [1,2,3])");
    EXPECT_EQ(
        said(R"({"list":[1],"map":{"a":1,"b":2,"c":3},"flags":[],"more":{}})"),
        R"(too_long: Dictionary should have at most 2 items after validation, not more | {"field_type":"Dictionary","max_length":2,"actual_length":null} | {"a":1,"b":2,"c":3})");
    EXPECT_EQ(said(R"({"list":{},"flags":[],"more":{}})"),
              "list_type: Input should be a valid list |  | {}");
    EXPECT_EQ(said(R"({"list":[1],"set":1,"flags":[],"more":{}})"),
              "set_type: Input should be a valid set |  | 1");
    EXPECT_EQ(said(R"({"list":[1],"flags":[],"more":[]})"),
              "dict_type: Input should be a valid dictionary |  | []");
}

TEST(Models, a_list_of_parameters_takes_every_text) {
    const std::string_view texts[] = {"1", "x", "3"};
    std::vector<int> list{9};
    Faults faults;
    EXPECT_FALSE(
        read_text(texts, slot_of<std::vector<int>>(), &list, Location("tag", nullptr), faults));
    EXPECT_EQ(faults.to_text(),
              "tag.1: Input should be a valid integer, unable to parse string as an integer");
    faults.clear();
    std::set<int> set;
    const std::string_view good[] = {"3", "1", "3"};
    EXPECT_TRUE(read_text(good, slot_of<std::set<int>>(), &set, Location("tag"), faults));
    EXPECT_EQ(to_json(set), "[1,3]");
    int last = 0;
    EXPECT_TRUE(read_text(good, slot_of<int>(), &last, Location("n"), faults));
    EXPECT_EQ(last, 3);
}

TEST(Models, the_constraints_of_an_optional_are_those_of_its_value) {
    using Text = Annotated<std::optional<std::string>, max_length(3)>;
    EXPECT_EQ(read<Text>("null"), "null");
    EXPECT_EQ(read<Text>(R"("abc")"), R"("abc")");
    EXPECT_EQ(
        verdict<Text>(R"("abcd")"),
        R"(string_too_long: String should have at most 3 characters | {"max_length":3} | "abcd")");
}

// ---- variants

TEST(Models, a_variant_takes_the_alternative_that_fits_best) {
    using Either = std::variant<int, std::string>;
    EXPECT_EQ(read_json<Either>("1").value().index(), 0U);
    EXPECT_EQ(read_json<Either>(R"("1")").value().index(), 1U);
    using Numbers = std::variant<double, int>;
    EXPECT_EQ(read_json<Numbers>("1").value().index(), 1U);
    EXPECT_EQ(read_json<Numbers>("1.5").value().index(), 0U);
    using Lax = std::variant<int, bool>;
    EXPECT_EQ(read_json<Lax>(R"("yes")").value().index(), 1U);
    using Animals = std::variant<Cat, Dog>;
    EXPECT_EQ(read<Animals>(R"({"bark":"w"})"), R"({"bark":"w"})");
    EXPECT_EQ(read<Animals>(R"({"meow":"m","lives":3})"), R"({"meow":"m","lives":3})");
}

TEST(Models, of_models_that_fit_the_one_with_most_members_wins) {
    struct Small {
        Annotated<int> a;
    };
    struct Large {
        Annotated<int> a;
        Annotated<int> b = 0;
    };
    EXPECT_EQ((read<std::variant<Small, Large>>(R"({"a":1,"b":2})")), R"({"a":1,"b":2})");
    EXPECT_EQ((read_json<std::variant<Small, Large>>(R"({"a":1})").value().index()), 0U);
}

TEST(Models, where_no_alternative_fits_each_says_why) {
    EXPECT_EQ(
        (read<std::variant<int, Annotated<std::string, min_length(3)>, std::vector<int>, Cat>>(
            "\"x\"")),
        R"([{"type":"int_parsing","loc":["body","int"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"},)"
        R"({"type":"string_too_short","loc":["body","constrained-str"],"msg":"String should have at least 3 characters","input":"x","ctx":{"min_length":3}},)"
        R"({"type":"list_type","loc":["body","list[int]"],"msg":"Input should be a valid list","input":"x"},)"
        R"({"type":"model_attributes_type","loc":["body","Cat"],"msg":"Input should be a valid dictionary or object to extract fields from","input":"x"}])");
}

struct Tree {
    std::vector<std::variant<std::vector<Tree>, Tree, int>> nodes;
};

TEST(Models, alternatives_within_alternatives_do_not_multiply_without_end) {
    std::string json = R"("no tree")";
    for (int i = 0; i < 40; ++i) json = R"({"nodes":[)" + json + "]}";
    EXPECT_FALSE(read_json<Tree>(json));
}

// ---- Partial

struct Row {
    int id = 7;
    std::string name = "old";
    std::optional<double> price = 1.0;
    int stock = 3;
};
struct Change {
    Annotated<std::string, min_length(1)> name;
    Annotated<double, gt(0)> price;
    std::optional<int> stock;
};

TEST(PartialModel, knows_what_was_sent) {
    const auto change = read_json<Partial<Change>>(R"({"price":2})").value();
    EXPECT_TRUE(change.sent(&Change::price));
    EXPECT_FALSE(change.sent(&Change::name));
    EXPECT_EQ(change.sent(), std::vector<std::string_view>{"price"});
    EXPECT_EQ(change->price, 2.0);
    EXPECT_EQ(to_json(change), R"({"price":2.0})");
    EXPECT_TRUE(read_json<Partial<Change>>("{}").value().empty());
}

TEST(PartialModel, keeps_the_constraints) {
    EXPECT_EQ(verdict<Partial<Change>>(R"({"price":0})"),
              R"(greater_than: Input should be greater than 0 | {"gt":0.0} | 0)");
    EXPECT_EQ(verdict<Partial<Change>>(R"({"name":null})"),
              "string_type: Input should be a valid string |  | null");
}

TEST(PartialModel, applies_what_was_sent_to_the_members_of_the_same_name) {
    Row row;
    read_json<Partial<Change>>(R"({"name":"new","stock":5})").value().apply_to(row);
    EXPECT_EQ(to_json(row), R"({"id":7,"name":"new","price":1.0,"stock":5})");
    read_json<Partial<Change>>(R"({"price":2.5,"stock":null})").value().apply_to(row);
    EXPECT_EQ(to_json(row), R"({"id":7,"name":"new","price":2.5,"stock":5})");
}

TEST(PartialModel, refuses_a_target_that_does_not_match) {
    struct Other {
        int name = 0;
    };
    Other other;
    const auto named = read_json<Partial<Change>>(R"({"name":"x"})").value();
    try {
        named.apply_to(other);
        FAIL();
    } catch (const std::logic_error& error) {
        EXPECT_STREQ(
            error.what(),
            "Partial<Change>::apply_to(Other): member 'name' is a str here and a int there");
    }
    const auto priced = read_json<Partial<Change>>(R"({"price":1})").value();
    EXPECT_THROW(priced.apply_to(other), std::logic_error);
}

TEST(Models, a_wrong_pattern_is_an_error_of_the_program_when_the_table_is_built) {
    struct Broken {
        Annotated<std::string, pattern("(")> text;
    };
    EXPECT_THROW(static_cast<void>(fields_of(*slot_of<Broken>().type)), std::invalid_argument);
}

struct Shown {
    std::int64_t id;
    Annotated<std::string, alias("displayName")> name;
    std::optional<int> price;
};

TEST(Partials, can_be_filled_for_an_answer) {
    Partial<Shown> brief;
    EXPECT_EQ(to_json(brief), "{}");
    brief.set(&Shown::price, std::nullopt);
    brief.set(&Shown::name, "pen");
    EXPECT_EQ(to_json(brief), R"({"displayName":"pen","price":null})");
    EXPECT_TRUE(brief.sent(&Shown::name));
    brief.unset(&Shown::name);
    brief.set(&Shown::id, 7);
    EXPECT_EQ(to_json(brief), R"({"id":7,"price":null})");
}

}  // namespace
}  // namespace portico::model
