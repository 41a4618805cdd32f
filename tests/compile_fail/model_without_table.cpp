// expect: this model is no table: give it a member `static constexpr auto table
#include "portico/db/repository.hpp"

struct User {
    std::int64_t id = 0;
};

void list(portico::db::Repository<User>& users) {
    (void)users.get_all();
}
