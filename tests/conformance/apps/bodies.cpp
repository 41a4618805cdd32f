#include "tests/conformance/apps/apps.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace portico::conformance {
namespace {

enum class Size { small, large };

struct Item {
    Annotated<std::string, min_length(1), max_length(20)> name;
    Annotated<double, gt(0)> price;
    std::optional<std::string> description;
    Annotated<std::vector<std::string>> tags = empty;
};
struct Owner {
    Annotated<std::string> name;
    Annotated<std::int64_t, ge(0)> age = 18;
};
struct Image {
    Annotated<std::string, pattern("^https?://")> url;
    Annotated<std::string> name;
};
struct Offer {
    Annotated<std::string> title;
    Annotated<Owner> owner;
    Annotated<std::vector<Image>> images = empty;
    Annotated<std::map<std::string, Image>> named = empty;
    Annotated<std::set<std::string>> labels = empty;
    Annotated<Size> size = Size::small;
};
struct Tree {
    Annotated<std::string> name;
    Annotated<std::vector<Tree>> children = empty;
};
struct Strict {
    static constexpr auto model_config = model::ModelConfig{.extra = model::Extra::forbid};
    Annotated<std::int64_t> a;
    Annotated<std::int64_t> b = 2;
};
struct Aliased {
    Annotated<std::string, alias("fullName")> full_name;
    Annotated<std::vector<std::int64_t>, alias("luckyNumbers")> lucky_numbers = empty;
};
struct Interval {
    Annotated<std::int64_t> from;
    Annotated<std::int64_t> to;

    std::optional<std::string> validate() const {
        if (from > to) return "from must not be above to";
        return std::nullopt;
    }
};
struct Odd {
    Annotated<std::int64_t, model::check([](const std::int64_t& n) -> std::optional<std::string> {
                  if (n % 2 == 0) return "must be odd";
                  return std::nullopt;
              })>
        number;
};
struct Cat {
    Annotated<std::int64_t> lives;
};
struct Dog {
    Annotated<double> barks;
};
struct Pets {
    Annotated<std::variant<Cat, Dog>> pet;
    Annotated<std::variant<std::int64_t, std::string>> id =
        std::variant<std::int64_t, std::string>(0);
};
struct Account {
    Annotated<Uuid> id;
    Annotated<Email> email;
    Annotated<SecretString, min_length(8)> password;
    Annotated<DateTime> created;
    std::optional<Date> birthday;
    Annotated<Decimal, max_digits(6), decimal_places(2)> balance = Decimal();
};
struct Everything {
    Item item;
    Owner owner;
    std::int64_t count;
};
struct Changes {
    std::vector<std::string> sent;
};

}  // namespace

AppPointer make_bodies() {
    auto made = std::make_unique<App>(AppOptions{.title = "bodies"});
    App& app = *made;
    app.post("/item", [](Item item) -> Item { return item; });
    app.put(
        "/item/{id}",
        [](Path<std::int64_t, "id">, Item item, Query<std::int64_t, "q">) -> Item { return item; });
    app.post("/items", [](Body<std::vector<Item>> items) -> std::vector<Item> { return *items; });
    app.post("/items-by-name",
             [](Body<std::map<std::string, Item>> items) -> std::map<std::string, Item> {
                 return *items;
             });
    app.post("/optional", [](Body<std::optional<Item>> item) -> bool { return item->has_value(); });
    app.post("/offer", [](Offer offer) -> Offer { return offer; });
    app.post("/tree", [](Tree tree) -> Tree { return tree; });
    app.post("/strict", [](Strict strict) -> Strict { return strict; });
    app.post("/aliased", [](Aliased aliased) -> Aliased { return aliased; });
    app.post("/interval", [](Interval interval) -> Interval { return interval; });
    app.post("/odd", [](Odd odd) -> Odd { return odd; });
    app.post("/pets", [](Pets pets) -> Pets { return pets; });
    app.post("/account", [](Account account) -> Account { return account; });
    app.post("/embedded", [](Body<Item, "item"> item) -> Item { return *item; });
    app.post("/several",
             [](Body<Item, "item"> item, Body<Owner, "owner"> owner,
                Body<std::int64_t, "count", ge(1), default_value(1)> count) -> Everything {
                 return {*item, *owner, *count};
             });
    app.patch("/item", [](Partial<Item> changes) -> Changes {
        Changes sent;
        for (const auto name : changes.sent()) sent.sent.emplace_back(name);
        return sent;
    });
    app.delete_("/item", [](Item item) -> Item { return item; });
    return made;
}

}  // namespace portico::conformance
