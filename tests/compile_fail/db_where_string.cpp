// expect: no matching member function for call to 'where'
#include <string>

#include "portico/db/query.hpp"

struct User {
    static constexpr auto table = portico::db::Table{"users"};
    portico::model::Annotated<std::int64_t, portico::db::primary_key> id = 0;
};

void list(portico::db::Query<User> query, const std::string& condition) {
    query.where(condition);
}
