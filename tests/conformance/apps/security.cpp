#include "tests/conformance/apps/apps.hpp"

#include <portico/auth/oauth2_form.hpp>
#include <portico/auth/schemes.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace portico::conformance {
namespace {

const auth::OAuth2PasswordBearer oauth2{
    {.token_url = "/token", .scopes = {{"read", "Read access"}, {"write", "Write access"}}}};
const auth::HTTPBearer http_bearer;
const auth::HTTPBasic http_basic;
const auth::HTTPBasic http_basic_realm{{.realm = "simple", .scheme_name = "HTTPBasicRealm"}};
const auth::APIKeyHeader key_header{{.name = "X-Key"}};
const auth::APIKeyQuery key_query{{.name = "key"}};
const auth::APIKeyCookie key_cookie{{.name = "key"}};
const auth::Optional<auth::HTTPBearer> maybe_bearer{{.scheme_name = "MaybeBearer"}};
const auth::Optional<auth::HTTPBasic> maybe_basic{{.scheme_name = "MaybeBasic"}};

struct Item {
    Annotated<std::int64_t> n;
};
struct User {
    std::string name;
    std::string scopes;
};
struct TokenRequest {
    std::optional<std::string> grant_type;
    std::string username;
    std::vector<std::string> scopes;
    std::optional<std::string> client_id;
};

User current_user(Security<oauth2> token, const SecurityScopes& scopes) {
    if (*token == "weak" && !scopes.empty()) {
        throw HTTPException(403, "Not enough permissions",
                            {{"WWW-Authenticate", "Bearer scope=\"" + scopes.scope_str() + "\""}});
    }
    return {*token, scopes.scope_str()};
}
User active_user(Security<current_user, "read"> user) {
    return *user;
}

}  // namespace

AppPointer make_security() {
    auto made = std::make_unique<App>(AppOptions{.title = "security"});
    App& app = *made;
    app.get("/oauth2", [](Security<oauth2> token) -> std::string { return *token; });
    app.get("/bearer", [](Security<http_bearer> token) -> std::string { return *token; });
    app.get("/basic", [](Security<http_basic> user) -> std::vector<std::string> {
        return {user->username, user->password};
    });
    app.get("/basic-realm",
            [](Security<http_basic_realm> user) -> std::string { return user->username; });
    app.get("/key-header", [](Security<key_header> key) -> std::string { return *key; });
    app.get("/key-query", [](Security<key_query> key) -> std::string { return *key; });
    app.get("/key-cookie", [](Security<key_cookie> key) -> std::string { return *key; });
    app.get("/maybe-bearer", [](Security<maybe_bearer> token) -> std::string {
        return token->value_or("anonymous");
    });
    app.get("/maybe-basic", [](Security<maybe_basic> user) -> std::string {
        return *user ? (*user)->username : "anonymous";
    });
    app.get("/me", [](Security<current_user> user) -> User { return *user; });
    app.get("/active", [](Security<active_user, "write"> user) -> User { return *user; });
    app.post("/item", [](Item item, Security<current_user, "write"> user) -> std::string {
        return user->name + std::to_string(item.n);
    });
    app.post("/token", [](Form<auth::OAuth2PasswordRequestForm> form) -> TokenRequest {
        return {form->grant_type, form->username, form->scopes(), form->client_id};
    });
    return made;
}

}  // namespace portico::conformance
