#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <portico/db.hpp>
#include <portico/portico.hpp>

namespace reference {

using namespace portico;

using Title = Annotated<std::string, min_length(1), max_length(100)>;
using Description = Annotated<std::string, max_length(1000)>;
using Price =
    Annotated<Decimal, gt(0), decimal_places(2), max_digits(15), description("Kept exactly")>;
using Tag = Annotated<std::string, min_length(1), max_length(30)>;
using Tags = Annotated<std::vector<Tag>, max_items(10)>;

struct ItemCreate {
    Title title;
    std::optional<Description> description;
    Price price;
    Tags tags = empty;
};

/// Every member of a `Partial<ItemUpdate>` may be left out; what was sent changes.
struct ItemUpdate {
    Title title;
    std::optional<Description> description;
    Price price;
    Tags tags;
};

/// A row of `items`.
struct Item {
    static constexpr auto table = db::Table{"items"};

    Annotated<std::int64_t, primary_key> id = 0;
    std::string title;
    std::optional<std::string> description;
    Price price;
    Tags tags;
    Annotated<std::int64_t, foreign_key("users.id", on_delete::cascade)> owner_id;
    DateTime created_at;
    /// Raised by every change: what the ETag is made of.
    std::int64_t version = 1;
};

struct ItemPublic {
    std::int64_t id;
    std::string title;
    std::optional<std::string> description;
    Price price;
    Tags tags;
    std::int64_t owner_id;
    DateTime created_at;
};

struct Stats {
    std::int64_t users;
    std::int64_t items;
};

}  // namespace reference
