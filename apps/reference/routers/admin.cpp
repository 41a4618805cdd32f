#include "routers/routers.hpp"

#include "dependencies.hpp"
#include "models/error.hpp"
#include "services/user.hpp"

namespace reference {

namespace {

struct Paging {
    Annotated<std::int64_t, ge(0)> skip = 0;
    Annotated<std::int64_t, ge(1), le(1000)> limit = 100;
};

Task<std::vector<UserPublic>> list_users(Query<Paging> paging, Security<current_user, "admin">,
                                         Depends<get_user_service> service) {
    std::vector<UserPublic> users;
    for (const User& user : co_await service->list(paging->skip, paging->limit)) {
        users.push_back(to_public(user));
    }
    co_return users;
}

Task<UserPublic> update_user(Path<std::int64_t, "user_id"> id, Partial<AdminUserUpdate> update,
                             Security<current_user, "admin">, Depends<get_user_service> service) {
    co_return to_public(co_await service->update(*id, update));
}

}  // namespace

Router admin_router() {
    Router router{{.prefix = "/admin", .tags = {"admin"}, .responses = {inactive_user}}};
    router.get("/users", list_users, {.summary = "List users", .name = "list_users"});
    router.patch("/users/{user_id}", update_user,
                 {.summary = "Disable a user, or change the scopes",
                  .name = "update_user",
                  .responses = {response<404, ErrorResponse>("There is no such user"),
                                response<409, ErrorResponse>("The last admin stays")}});
    return router;
}

}  // namespace reference
