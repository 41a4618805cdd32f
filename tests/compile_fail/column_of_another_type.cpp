// expect: this column can't be compared with a value of this type
#include "portico/db/columns.hpp"
#include "portico/db/condition.hpp"

namespace db = portico::db;

struct User {
    static constexpr auto table = db::Table{"users"};
    portico::model::Annotated<std::int64_t, db::primary_key> id = 0;
    bool disabled = false;
};

const auto condition = db::column<&User::disabled> == std::string("no");
