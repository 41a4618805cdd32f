// Log in with a password, get a token, use it: OAuth2 as the Authorize dialog of /docs speaks it.
// apps/reference adds what a product needs: accounts in a database, refresh tokens, log-out.
#include <cstdlib>
#include <iostream>
#include <map>

#include <portico/auth.hpp>
#include <portico/portico.hpp>
using namespace portico;

inline const OAuth2PasswordBearer bearer{{
    .token_url = "/token",
    .scopes = {{"read", "Read notes"}, {"write", "Write notes"}},
}};

struct Claims {
    std::string sub;
    std::vector<std::string> scopes;
};

struct Token {
    std::string access_token;
    std::string token_type = "bearer";
};

struct Note {
    std::string text;
};

struct Users {  // who may log in: name and Argon2id hash
    std::map<std::string, std::string> hashes;

    std::optional<std::string> hash_of(const std::string& name) const {
        const auto found = hashes.find(name);
        return found == hashes.end() ? std::nullopt : std::optional(found->second);
    }
};

Task<Token> log_in(Form<OAuth2PasswordRequestForm> form, Request& request, State<Users> users,
                   State<PasswordHasher> hasher, State<auth::JwtSigner> signer,
                   State<auth::LoginThrottle> throttle, App& app) {
    auto attempt = co_await throttle->begin(form->username, request.client());
    if (!attempt) throw auth::too_many_requests(attempt.error());
    // As slow for a name that nobody has.
    const auto check =
        co_await hasher->check(app.executors().hashing, users->hash_of(form->username),
                               std::string(form->password.reveal()));
    if (!check) throw AuthenticationError("Incorrect username or password");
    attempt->succeeded();

    std::vector<std::string> granted;  // alice may only read
    for (const auto& scope : form->scopes()) {
        if (scope == "read") granted.push_back(scope);
    }
    co_return Token{signer->sign(Claims{form->username, granted}, request.clock())};
}

// Runs before the body is read; `asked` holds the scopes of the route.
Claims current_user(Security<bearer> token, const SecurityScopes& asked, const Request& request,
                    State<auth::JwtVerifier> verifier) {
    auto claims = verifier->verify<Claims>(*token, request.clock());
    if (!claims) throw auth::bad_credentials(asked);
    if (!asked.granted_by(claims->scopes)) throw auth::not_enough_permissions(asked);
    return *std::move(claims);
}

int main(int argc, char** argv) {
    const char* secret = std::getenv("SECRET_KEY");
    const auto key = auth::JwtKey::hmac(auth::Algorithm::HS256, secret != nullptr ? secret : "");
    if (!key) {
        std::cerr << "SECRET_KEY: " << describe(key.error()) << "\n";
        return 2;
    }

    App app{{.title = "Notes"}};
    app.state(std::make_unique<PasswordHasher>());
    app.state(std::make_unique<auth::LoginThrottle>());
    app.state(auth::JwtSigner{{.key = *key, .issuer = "notes", .audience = "notes"}});
    app.state(auth::JwtVerifier{{.keys = {*key}, .issuer = "notes", .audience = "notes"}});
    app.state(Users{{{"alice", PasswordHasher().hash("correct horse")}}});

    app.post("/token", log_in);
    app.get("/me", [](Security<current_user> user) { return user->sub; });
    app.get("/notes", [](Security<current_user, "read"> user) { return "Notes of " + user->sub; });
    app.post("/notes",
             [](Note note, Security<current_user, "write">) -> Created<Note> { return note; });
    return run(app, argc, argv);
}
