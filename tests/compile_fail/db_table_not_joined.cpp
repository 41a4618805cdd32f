// expect: this condition is on a table that the query does not join
#include "portico/db/query.hpp"

namespace db = portico::db;

struct User {
    static constexpr auto table = db::Table{"users"};
    portico::model::Annotated<std::int64_t, db::primary_key> id = 0;
};
struct Item {
    static constexpr auto table = db::Table{"items"};
    portico::model::Annotated<std::int64_t, db::primary_key> id = 0;
};

void list(db::Query<Item> query) {
    query.where(&User::id, db::equals, 7);
}
