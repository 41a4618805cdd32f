// expect: a condition on aggregates belongs into having()
#include "portico/db/query.hpp"

namespace db = portico::db;

struct User {
    static constexpr auto table = db::Table{"users"};
    portico::model::Annotated<std::int64_t, db::primary_key> id = 0;
};

void list(db::Query<User> query) {
    query.where(db::count() > 5);
}
