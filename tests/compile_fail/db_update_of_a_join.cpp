// expect: rows of one table are changed: a query that joins can't be
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

void remove(db::Query<Item, User> query) {
    (void)query.purge();
}
