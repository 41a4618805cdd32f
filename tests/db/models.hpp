#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "portico/db/columns.hpp"
#include "portico/model/annotated.hpp"
#include "portico/model/date_time.hpp"
#include "portico/model/decimal.hpp"
#include "portico/model/secret.hpp"
#include "portico/model/slot_of.hpp"
#include "portico/model/uuid.hpp"

namespace portico::db::test {

using model::Annotated;

struct User {
    static constexpr auto table = db::Table{"users"};

    Annotated<std::int64_t, primary_key> id = 0;
    Annotated<std::string, model::max_length(50), unique(nocase)> username;
    std::string email = "";
    bool disabled = false;
    Annotated<std::vector<std::string>> scopes = model::empty;
    model::DateTime created_at = {};
};

enum class Colour { red, green, blue };

struct Size {
    int width = 0;
    int height = 0;
};

/// One column of every kind.
struct Thing {
    static constexpr auto table = db::Table{"things", index_on("colour", "small")};

    Annotated<std::int64_t, primary_key> id = 0;
    Annotated<std::optional<std::int64_t>, foreign_key("users.id", on_delete::cascade)> owner_id =
        model::empty;
    std::int8_t small = 0;
    std::uint32_t large = 0;
    float narrow = 0;
    double wide = 0;
    Annotated<model::Decimal, model::decimal_places(2)> price = model::Decimal{};
    model::Decimal free = {};
    Colour colour = Colour::red;
    model::Uuid key = {};
    model::SecretString secret = {};
    std::optional<model::DateTime> seen_at = std::nullopt;
    std::optional<std::string> note = std::nullopt;
    Size size = {};
    std::map<std::string, int> counts = {};
};

}  // namespace portico::db::test
