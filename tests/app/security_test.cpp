#include "portico/app/security.hpp"

#include <gtest/gtest.h>

#include "portico/testing/test_client.hpp"

namespace portico::app {
namespace {

using core::Task;
using testing::TestClient;

class Bearer : public SecurityScheme {
public:
    std::string operator()(http::Request& request) const {
        const auto field = request.header("Authorization");
        if (!field.starts_with("Bearer ")) {
            throw HTTPException(401, "Not authenticated", {{"WWW-Authenticate", "Bearer"}});
        }
        ++asked;
        return std::string(field.substr(7));
    }
    std::string_view scheme_name() const override { return "Bearer"; }
    std::string openapi_json() const override { return R"({"type":"http","scheme":"bearer"})"; }

    mutable int asked = 0;
};

const Bearer bearer;

struct User {
    std::string name;
    std::string scopes;
};

int users_made = 0;
Task<User> current_user(Security<bearer> token, const SecurityScopes& scopes) {
    ++users_made;
    if (*token == "weak" && !scopes.empty()) {
        throw HTTPException(403, "Not enough permissions",
                            {{"WWW-Authenticate", "Bearer scope=\"" + scopes.scope_str() + "\""}});
    }
    co_return User{*token, scopes.scope_str()};
}
User active_user(Security<current_user, "read"> user) {
    return *user;
}

struct Body1 {
    model::Annotated<int> n;
};

TEST(Security, credentials_are_asked_before_the_body_is_read) {
    App app;
    app.post("/x", [](Body1 body, Security<current_user> user) {
        return user->name + std::to_string(body.n);
    });
    TestClient client(app);
    EXPECT_EQ(client.post("/x", {.json = "{broken"}).status_code, 401);
    EXPECT_EQ(client.post("/x", {.headers = {{"Authorization", "Bearer joe"}}, .json = "{broken"})
                  .status_code,
              422);
    EXPECT_EQ(
        client.post("/x", {.headers = {{"Authorization", "Bearer joe"}}, .json = R"({"n":1})"})
            .text,
        R"("joe1")");
}

TEST(Security, a_body_is_not_even_asked_for_before_the_credentials) {
    App app{{.max_body = 4}};
    app.post("/x", [](Body1, Security<current_user>) { return 1; });
    TestClient client(app, {.body_chunk = 1});
    // A chunked body, whose length nobody knows before it is read.
    EXPECT_EQ(
        client.post("/x", {.headers = {{"Authorization", "none"}}, .json = R"({})"}).status_code,
        401);
}

TEST(Security, scopes_add_up_on_the_way_to_a_dependency) {
    App app;
    app.get("/x", [](Security<active_user, "write"> user) { return user->scopes; });
    TestClient client(app);
    EXPECT_EQ(client.get("/x", {.headers = {{"Authorization", "Bearer joe"}}}).text,
              R"("write read")");
    const auto response = client.get("/x", {.headers = {{"Authorization", "Bearer weak"}}});
    EXPECT_EQ(response.status_code, 403);
    EXPECT_EQ(response.header("WWW-Authenticate"), "Bearer scope=\"write read\"");
}

TEST(Security, with_other_scopes_a_dependency_that_looks_at_them_is_another) {
    App app;
    users_made = 0;
    app.get("/x", [](Security<current_user, "a"> a, Security<current_user, "b"> b,
                     Security<current_user, "a"> again) {
        return a->scopes + "," + b->scopes + "," + again->scopes;
    });
    TestClient client(app);
    bearer.asked = 0;
    EXPECT_EQ(client.get("/x", {.headers = {{"Authorization", "Bearer joe"}}}).text, R"("a,b,a")");
    EXPECT_EQ(users_made, 2);
    EXPECT_EQ(bearer.asked, 1);
}

TEST(Security, a_route_may_need_credentials_without_their_value) {
    App app;
    app.get("/x", [] { return 1; }, {.dependencies = {security<current_user, "admin">()}});
    TestClient client(app);
    EXPECT_EQ(client.get("/x").status_code, 401);
    EXPECT_EQ(client.get("/x", {.headers = {{"Authorization", "Bearer weak"}}}).status_code, 403);
    EXPECT_EQ(client.get("/x", {.headers = {{"Authorization", "Bearer joe"}}}).status_code, 200);
}

TEST(Security, the_requirements_of_a_route_are_known_with_their_scopes) {
    App app;
    app.get("/x", [](Security<active_user, "write">) { return 1; });
    app.get("/open", [] { return 1; });
    const auto routes = app.routes();
    ASSERT_EQ(routes[0].security.size(), 1U);
    EXPECT_EQ(routes[0].security[0].scheme, &bearer);
    const std::vector<std::string> scopes{"write", "read"};
    EXPECT_EQ(routes[0].security[0].scopes, scopes);
    EXPECT_TRUE(routes[1].security.empty());
}

class Key : public Bearer {
public:
    std::string_view scheme_name() const override { return "Key"; }
};
const Key key;

std::string another(Security<bearer, "audit"> token) {
    return *token;
}

TEST(Security, scopes_are_required_of_the_scheme_that_they_were_asked_of) {
    App app;
    app.get("/two", [](Security<current_user, "read">, Security<key>) { return 1; });
    app.get("/both", [](Security<bearer, "read">, Depends<another>) { return 1; },
            {.dependencies = {security<key, "admin">()}});
    using Scopes = std::vector<std::string>;
    const auto two = app.routes()[0].security;
    ASSERT_EQ(two.size(), 2U);
    EXPECT_EQ(two[0].scopes, Scopes{"read"});
    EXPECT_EQ(two[1].scopes, Scopes{});
    const auto both = app.routes()[1].security;
    ASSERT_EQ(both.size(), 2U);
    EXPECT_EQ(both[0].scopes, Scopes{"admin"});
    EXPECT_EQ(both[1].scopes, (Scopes{"read", "audit"}));
}

TEST(Security, answers_to_credentials_are_not_stored_unless_the_route_says_so) {
    App app;
    app.get("/x", [](Security<current_user>) { return 1; });
    app.get("/own", [](Security<current_user>, http::Response& response) {
        response.headers.set("Cache-Control", "private");
        return 1;
    });
    app.get("/free", [](Security<current_user>) { return 1; }, {.no_store = false});
    app.get("/open", [] { return 1; });
    TestClient client(app, {.headers = {{"Authorization", "Bearer joe"}}});
    EXPECT_EQ(client.get("/x").header("Cache-Control"), "no-store");
    EXPECT_EQ(client.get("/own").header("Cache-Control"), "private");
    EXPECT_EQ(client.get("/free").header("Cache-Control"), "");
    EXPECT_EQ(client.get("/open").header("Cache-Control"), "");
}

TEST(Security, an_override_lets_everybody_in) {
    App app;
    app.get("/x", [](Security<current_user, "read"> user) { return user->name; });
    app.override<current_user>([] { return User{"fake", ""}; });
    TestClient client(app);
    EXPECT_EQ(client.get("/x").text, R"("fake")");
}

User signed_body(Body<std::string> body) {
    if (*body != "signed") throw HTTPException(401);
    return {*body, ""};
}

TEST(Security, credentials_in_the_body_are_asked_when_it_is_read) {
    App app;
    app.post("/x", [](Security<signed_body> user) { return user->name; });
    TestClient client(app);
    EXPECT_EQ(client.post("/x", {.json = R"("signed")"}).text, R"("signed")");
    EXPECT_EQ(client.post("/x", {.json = R"("forged")"}).status_code, 401);
}

TEST(SecurityScopes, are_granted_only_when_every_one_of_them_is_held) {
    const SecurityScopes asked({"read", "write"});
    EXPECT_TRUE(asked.granted_by(std::vector<std::string>{"write", "admin", "read"}));
    EXPECT_FALSE(asked.granted_by(std::vector<std::string>{"read", "admin"}));
    EXPECT_FALSE(asked.granted_by(std::vector<std::string>{}));
    EXPECT_TRUE(SecurityScopes().granted_by(std::vector<std::string>{}));
}

User signed_file(File<"signature"> file) {
    if (file->data() != "signed") throw HTTPException(401);
    return {std::string(*file->data()), ""};
}

TEST(Security, credentials_in_a_file_are_asked_when_it_is_uploaded) {
    App app;
    app.post("/x", [](Security<signed_file> user) { return user->name; });
    TestClient client(app);
    const auto post = [&](const std::string& text) {
        return client.post("/x",
                           {.headers = {{"Content-Type", "multipart/form-data; boundary=B"}},
                            .content = "--B\r\nContent-Disposition: form-data; name=\"signature\"; "
                                       "filename=\"s\"\r\n\r\n" +
                                       text + "\r\n--B--\r\n"});
    };
    EXPECT_EQ(post("signed").text, R"("signed")");
    EXPECT_EQ(post("forged").status_code, 401);
    EXPECT_EQ(client.post("/x").status_code, 422);
}

}  // namespace
}  // namespace portico::app
