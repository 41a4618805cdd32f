#include "tests/conformance/apps/apps.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace portico::conformance {
namespace {

struct Common {
    std::optional<std::string> q;
    std::int64_t skip;
};

Common common(Query<std::optional<std::string>, "q"> q,
              Query<std::int64_t, "skip", ge(0), default_value(0)> skip) {
    return {*q, *skip};
}
std::string tenant(Header<std::string, "x_tenant", max_length(5)> name) {
    return *name;
}
std::string named_tenant(Depends<tenant> tenant, Query<std::int64_t, "number"> number) {
    return *tenant + "-" + std::to_string(*number);
}
void needs_pass(Header<std::optional<std::string>, "x_pass"> pass) {
    if (!*pass) throw HTTPException(403, "No pass");
}
Task<std::int64_t> later() {
    co_return 42;
}
int counted(Request& request) {
    struct Count {
        int value = 0;
    };
    if (request.state().get<Count>() == nullptr) request.state().set(Count{});
    return ++request.state().get<Count>()->value;
}
std::int64_t from_path(Path<std::int64_t, "id"> id) {
    return *id;
}
void sets_header(Response& response) {
    response.headers.set("X-Dependency", "yes");
}

}  // namespace

AppPointer make_dependencies() {
    auto made = std::make_unique<App>(AppOptions{.title = "dependencies"});
    App& app = *made;
    app.get("/common", [](Depends<common> value) -> Common { return *value; });
    app.get("/tenant", [](Depends<tenant> tenant) -> std::string { return *tenant; });
    app.get("/nested", [](Depends<named_tenant> name) -> std::string { return *name; });
    app.get("/twice", [](Depends<counted> a, Depends<counted> b) -> std::vector<std::int64_t> {
        return {*a, *b};
    });
    app.get("/uncached",
            [](Depends<counted, app::Caching::none> a, Depends<counted, app::Caching::none> b)
                -> std::vector<std::int64_t> { return {*a, *b}; });
    app.get("/later", [](Depends<later> value) -> std::int64_t { return *value; });
    app.get("/path/{id}", [](Path<std::int64_t, "id"> id, Depends<from_path> same) -> bool {
        return *id == *same;
    });
    app.get("/header", [](Depends<sets_header>) -> std::int64_t { return 1; });
    app.get("/guarded", []() -> std::int64_t { return 1; },
            {.dependencies = {depends<needs_pass>()}});
    app.get("/guarded-query", [](Query<std::int64_t, "n"> n) -> std::int64_t { return *n; },
            {.dependencies = {depends<needs_pass>()}});
    app.get("/order",
            [](Query<std::int64_t, "last"> last, Depends<named_tenant> name,
               Depends<common>) -> std::string { return *name + std::to_string(*last); });

    Router router{{.prefix = "/router", .dependencies = {depends<tenant>()}}};
    router.get("/x", []() -> std::int64_t { return 1; });
    router.get("/y", [](Query<std::int64_t, "n"> n) -> std::int64_t { return *n; },
               {.dependencies = {depends<needs_pass>()}});
    app.include(router);
    return made;
}

}  // namespace portico::conformance
