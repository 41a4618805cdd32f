#include "tests/conformance/apps/apps.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace portico::conformance {

AppPointer make_routing() {
    auto made = std::make_unique<App>(AppOptions{.title = "routing"});
    App& app = *made;
    app.get("/users/me", []() -> std::string { return "me"; });
    app.get("/users/{id}", [](Path<std::string, "id"> id) -> std::string { return "user " + *id; });
    app.delete_("/users/{id}",
                [](Path<std::string, "id"> id) -> std::string { return "deleted " + *id; });
    app.get("/items", []() -> std::string { return "items"; });
    app.post("/items", []() -> std::string { return "posted"; });
    app.get("/slash/", []() -> std::string { return "slash"; });
    app.post("/slash/", []() -> std::string { return "posted"; });
    app.put("/methods", []() -> std::string { return "put"; });
    app.patch("/methods", []() -> std::string { return "patch"; });
    app.options("/methods", []() -> std::string { return "options"; });
    app.head("/only-head", [](Response& response) { response.headers.set("X-Head", "yes"); });
    app.get("/n/{n:int}", [](Path<std::int64_t, "n"> n) -> std::int64_t { return *n; });
    app.get("/n/{text}", [](Path<std::string, "text"> text) -> std::string { return *text; },
            {.include_in_schema = false});  // to a document the same as the one above
    app.get("/f/{x:float}", [](Path<double, "x"> x) -> double { return *x; });
    app.get("/u/{id:uuid}", [](Path<Uuid, "id"> id) -> Uuid { return *id; });
    app.get("/files/{name:path}",
            [](Path<std::string, "name"> name) -> std::string { return *name; });
    app.get(
        "/v{version}/{name}.json",
        [](Path<std::int64_t, "version"> version, Path<std::string, "name"> name) -> std::string {
            return *name + std::to_string(*version);
        });
    app.get("/case/Sensitive", []() -> std::int64_t { return 1; });

    Router posts{{.prefix = "/posts", .tags = {"posts"}}};
    posts.get("", []() -> std::string { return "posts"; });
    posts.get("/{id}", [](Path<std::int64_t, "id"> id) -> std::int64_t { return *id; });
    Router people{{.prefix = "/people/{person}"}};
    people.get(within_prefix("/name"),
               [](Path<std::string, "person"> person) -> std::string { return *person; });
    people.include(posts);
    app.include(people, {.prefix = "/api"});
    app.include(posts, {.prefix = "/v1"});
    app.include(posts, {.prefix = "/v2"});
    return made;
}

}  // namespace portico::conformance
