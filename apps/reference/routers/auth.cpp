#include "dependencies.hpp"
#include "login_throttling.hpp"
#include "models/error.hpp"
#include "routers/routers.hpp"

namespace reference {

namespace {

Task<Token> log_in(Form<OAuth2PasswordRequestForm> form, Depends<get_login_throttling> throttling,
                   Depends<get_user_service> users, Depends<get_token_service> tokens,
                   const Request& request, Response& response) {
    auto attempt = co_await throttling->begin(form->username);
    const std::optional<User> user =
        co_await throttling->prove(attempt, users->authenticate(form->username, form->password));
    if (!user) {
        throw HTTPException(401, "Incorrect username or password",
                            {{"WWW-Authenticate", "Bearer"}});
    }
    attempt.succeeded();
    if (user->disabled) throw HTTPException(400, "Inactive user");
    response.headers.set("Cache-Control", "no-store");
    co_return co_await tokens->issue(*user, form->scope, request.clock());
}

Task<Token> refresh(RefreshRequest body, Depends<get_token_service> tokens, const Request& request,
                    Response& response) {
    std::optional<Token> token = co_await tokens->refresh(body.refresh_token, request.clock());
    if (!token) throw auth::bad_credentials();
    response.headers.set("Cache-Control", "no-store");
    co_return *std::move(token);
}

Task<NoContent> log_out(RefreshRequest body, Security<current_user> user,
                        Depends<get_token_service> tokens) {
    co_await tokens->logout(user->user->id, user->claims, body.refresh_token);
    co_return NoContent{};
}

}  // namespace

Router auth_router() {
    const auto throttled = response<429, ErrorResponse>("Too many tries; see Retry-After");

    Router router{{.prefix = "/auth", .tags = {"authentication"}}};
    router.post(
        "/token", log_in,
        {.summary = "Log in",
         .description = "The OAuth2 password flow. Without `scope` the token holds all that "
                        "the user is granted but `admin`.",
         .name = "log_in",
         .responses = {response<400, ErrorResponse>("Disabled, or an invalid scope"),
                       response<401, ErrorResponse>("The name or the password is wrong"),
                       throttled}});
    router.post("/refresh", refresh,
                {.summary = "Trade a refresh token for a new pair",
                 .description = "A refresh token is good once; one that comes a second time ends "
                                "everything that came of its log-in.",
                 .name = "refresh",
                 .responses = {response<401, ErrorResponse>("Unknown, expired or used")}});
    router.post("/logout", log_out,
                {.summary = "Log out", .name = "log_out", .responses = {inactive_user}});
    return router;
}

}  // namespace reference
