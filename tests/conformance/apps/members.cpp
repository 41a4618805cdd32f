#include "tests/conformance/apps/apps.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace portico::conformance {
namespace {

using namespace model;

constexpr auto kTrim = [](Json& input) -> std::optional<std::string> {
    if (!input.is_string()) return "a text, please";
    std::string text(input.as_string());
    std::erase(text, ' ');
    input = text;
    return std::nullopt;
};
constexpr auto kLower = [](std::string& text) -> std::optional<std::string> {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return std::nullopt;
};
constexpr auto kNoRoot = [](const std::string& text) -> std::optional<std::string> {
    if (text == "root") return "not root";
    return std::nullopt;
};

struct TwoNames {
    Annotated<std::int64_t, validation_alias("in"), serialization_alias("out")> both;
    Annotated<std::int64_t, validation_alias("onlyIn")> only_in = 1;
    Annotated<std::int64_t, serialization_alias("onlyOut")> only_out = 2;
};
struct Camel {
    static constexpr auto model_config = ModelConfig{.alias_generator = &to_camel};
    Annotated<std::string> user_name;
    Annotated<std::int64_t, alias("years")> age_in_years = 3;
};
struct ByName {
    static constexpr auto model_config =
        ModelConfig{.alias_generator = &to_camel, .populate_by_name = true};
    Annotated<std::string> user_name;
    Annotated<std::int64_t> page_size = 3;
};
struct Pascal {
    static constexpr auto model_config = ModelConfig{.alias_generator = &to_pascal};
    Annotated<std::string> user_name;
};
struct Open {
    static constexpr auto model_config = ModelConfig{.extra = Extra::allow};
    Annotated<std::int64_t> a;
    Annotated<std::map<std::string, Json>, extras> rest = empty;
};
struct Numbers {
    static constexpr auto model_config = ModelConfig{.extra = Extra::allow};
    Annotated<std::int64_t> a;
    Annotated<std::map<std::string, std::int64_t>, extras> rest = empty;
};
struct Closed {
    static constexpr auto model_config =
        ModelConfig{.extra = Extra::forbid, .alias_generator = &to_camel};
    Annotated<std::int64_t> first_number;
};
struct Hidden {
    Annotated<std::string> name;
    Annotated<std::int64_t, exclude> internal = 1;
};
struct Order {
    Annotated<double> price;
    Annotated<std::int64_t> count;
    [[nodiscard]] double total() const { return price * static_cast<double>(count); }
    static constexpr Computed<&Order::total> computed_fields{};
};
struct Made {
    Annotated<std::string, default_factory([] { return std::string("made"); })> name;
    Annotated<std::vector<std::string>> tags = empty;
};
struct Account {
    Annotated<std::string, before_validator(kTrim), max_length(5), after_validator(kLower),
              check(kNoRoot)>
        name;
};
struct Sorted {
    Annotated<std::int64_t> low;
    Annotated<std::int64_t> high;
    std::optional<std::string> validate() {
        if (low == high) return "low and high are the same";
        if (low > high) std::swap(low, high);
        return std::nullopt;
    }
};
struct Pair {
    Annotated<std::int64_t> a;
    Annotated<std::int64_t> b;
    static std::optional<std::string> before_validate(Json& input) {
        if (input.is_array() && input.size() == 2) {
            input = Json::object({{"a", input[0]}, {"b", input[1]}});
        }
        if (input.is_number()) return "a pair, please";
        return std::nullopt;
    }
};
struct Exact {
    Annotated<std::int64_t, strict> number;
    Annotated<bool, strict> flag = true;
};
struct Cat {
    Annotated<Literal<"cat">> kind;
    Annotated<std::int64_t, ge(0)> lives;
};
struct Dog {
    Annotated<Literal<"dog", "puppy">> kind;
    Annotated<std::string> name;
};
struct Owner {
    Annotated<std::variant<Cat, Dog>, discriminator("kind")> pet;
};
struct Zoo {
    Annotated<std::vector<Annotated<std::variant<Cat, Dog>, discriminator("kind")>>> pets;
};
struct Parrot {
    Annotated<Literal<"bird">> kind;
    Annotated<Literal<"parrot">> species;
    Annotated<std::vector<std::string>> words;
};
struct Penguin {
    Annotated<Literal<"bird">> kind;
    Annotated<Literal<"penguin">> species;
    Annotated<double, gt(0)> height;
};
using Bird = Annotated<std::variant<Parrot, Penguin>, discriminator("species")>;
struct Aviary {
    Annotated<std::variant<Cat, Bird>, discriminator("kind")> pet;
};
struct ManyNames {
    Annotated<std::int64_t, validation_alias("n"), validation_alias("number")> count;
    Annotated<std::string, validation_alias("/data/0/name"), validation_alias("name")> name =
        "none";
};
struct Lenient {
    /// What is no number from 0 to 9 is one of them all the same; "never" is refused.
    Annotated<std::int64_t, ge(0), le(9),
              wrap_validator([](Json& input, std::int64_t& value, WrappedRead& read) {
                  if (input == "never") return std::optional<std::string>("never");
                  if (!read()) {
                      read.forget();
                      value = 5;
                  }
                  return std::optional<std::string>();
              })>
        digit;
};
struct Node {
    Annotated<std::int64_t> value;
    std::unique_ptr<Node> next;
};
template <class T>
struct Box {
    Annotated<T> content;
    Annotated<std::int64_t, ge(1)> count = 1;
};
struct Shelf {
    Annotated<Box<std::string>> texts;
    Annotated<Box<std::vector<std::int64_t>>> numbers;
};
struct Described {
    Annotated<std::string, title("The name"), description("As in the passport"), example("Ada")>
        name;
    Annotated<std::int64_t, deprecated> old = 1;
};
struct Profile {
    Annotated<std::int64_t, alias("profileId")> id;
    Annotated<std::string> city = "Ulm";
    Annotated<std::optional<std::string>> note = std::optional<std::string>();
};
struct Search {
    static constexpr auto model_config =
        ModelConfig{.extra = Extra::forbid, .alias_generator = &to_camel};
    Annotated<std::int64_t, ge(1)> page_size = 10;
    Annotated<std::string, before_validator(kTrim)> search_text = "";
};

}  // namespace

AppPointer make_members() {
    auto made = std::make_unique<App>(AppOptions{.title = "members"});
    App& app = *made;
    app.post("/two-names", [](TwoNames value) -> TwoNames { return value; });
    app.post("/camel", [](Camel value) -> Camel { return value; });
    app.post("/by-name", [](ByName value) -> ByName { return value; });
    app.post("/pascal", [](Pascal value) -> Pascal { return value; });
    app.post("/open", [](Open value) -> Open { return value; });
    app.post("/numbers", [](Numbers value) -> Numbers { return value; });
    app.post("/closed", [](Closed value) -> Closed { return value; });
    app.post("/hidden", [](Hidden value) -> Hidden { return value; });
    app.post("/order", [](Order value) -> Order { return value; });
    app.post("/made", [](Made value) -> Made { return value; });
    app.post("/account", [](Account value) -> Account { return value; });
    app.post("/sorted", [](Sorted value) -> Sorted { return value; });
    app.post("/pair", [](Pair value) -> Pair { return value; });
    app.post("/exact", [](Exact value) -> Exact { return value; });
    app.post("/owner", [](Owner value) -> Owner { return value; });
    app.post("/aviary", [](Aviary value) -> Aviary { return value; });
    app.post("/many-names", [](ManyNames value) -> ManyNames { return value; });
    app.post("/lenient", [](Lenient value) -> Lenient { return value; });
    app.post("/zoo", [](Zoo value) -> Zoo { return value; });
    app.post("/node", [](Node value) -> Node { return value; });
    app.post("/shelf", [](Shelf value) -> Shelf { return value; });
    app.post("/described", [](Described value) -> Described { return value; });
    app.post("/profile", [](Profile value) -> Profile { return value; });
    app.post("/profile-by-name", [](Profile value) -> Profile { return value; },
             {.response_model_by_alias = false});
    app.post("/profile-without-defaults", [](Profile value) -> Profile { return value; },
             {.response_model_exclude_defaults = true});
    app.post("/profile-without-null", [](Profile value) -> Profile { return value; },
             {.response_model_exclude_none = true});
    app.post("/profile-some", [](Profile value) -> Profile { return value; },
             {.response_model_include = {"id", "city"}});
    app.post("/profile-others", [](Profile value) -> Profile { return value; },
             {.response_model_exclude = {"city"}});
    app.get("/search", [](Query<Search> search) -> std::vector<std::string> {
        return {std::to_string(search->page_size), search->search_text};
    });
    return made;
}

}  // namespace portico::conformance
