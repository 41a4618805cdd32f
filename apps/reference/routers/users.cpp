#include "routers/routers.hpp"

#include "dependencies.hpp"
#include "login_throttling.hpp"
#include "models/error.hpp"
#include "services/user.hpp"

namespace reference {

namespace {

Task<Created<UserPublic>> create_user(UserCreate user, Depends<get_login_throttling> throttling,
                                      Depends<get_user_service> service, const Request& request) {
    throttling->admit();
    co_return to_public(co_await service->create_user(std::move(user), {Scope::read, Scope::write},
                                                      request.clock()));
}

UserPublic read_me(Security<current_user, "read"> user) {
    return to_public(*user->user);
}

Task<UserPublic> update_me(Partial<UserUpdate> update, Security<current_user, "write"> user,
                           Depends<get_user_service> service) {
    if (!update.sent(&UserUpdate::email)) co_return to_public(*user->user);
    co_return to_public(co_await service->change_email(user->user->id, update->email));
}

Task<NoContent> change_password(PasswordChange change, Security<current_user, "write"> user,
                                Depends<get_login_throttling> throttling,
                                Depends<get_user_service> service) {
    auto attempt = co_await throttling->begin(user->user->username);
    const bool right =
        co_await throttling->prove(attempt, service->change_password(user->user->id, change));
    if (!right) throw HTTPException(400, "Incorrect password");
    attempt.succeeded();
    co_return NoContent{};
}

Task<Deleted> delete_user(Path<std::int64_t, "user_id"> id,
                          Security<current_user, "admin", "write">,
                          Depends<get_user_service> service) {
    co_await service->remove(*id);
    co_return Deleted{};
}

}  // namespace

Router users_router() {
    const auto taken = response<400, ErrorResponse>("The name or the address is taken");
    const auto throttled = response<429, ErrorResponse>("Too many tries");

    Router router{{.prefix = "/users", .tags = {"users"}}};
    router.post("/", create_user,
                {.summary = "Sign up", .name = "create_user", .responses = {taken, throttled}});
    router.get("/me", read_me,
               {.summary = "Who am I", .name = "read_me", .responses = {inactive_user}});
    router.patch("/me", update_me,
                 {.summary = "Change my address", .name = "update_me", .responses = {taken}});
    router.put(
        "/me/password", change_password,
        {.summary = "Change my password",
         .name = "change_password",
         .responses = {response<400, ErrorResponse>("The current password is wrong"), throttled}});
    router.delete_(
        "/{user_id}", delete_user,
        {.summary = "Delete a user with all that is theirs",
         .name = "delete_user",
         .responses = {inactive_user, response<404, ErrorResponse>("There is no such user"),
                       response<409, ErrorResponse>("The last admin stays")}});
    return router;
}

}  // namespace reference
