#include "tests/conformance/apps/apps.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// What is sent in brackets, as lists in one text, and goes one way only. FastAPI has none of it.
namespace portico::conformance {
namespace {

struct Bounds {
    std::optional<double> gte;
    std::optional<double> lt;
};
struct Filter {
    static constexpr auto model_config = model::ModelConfig{.extra = model::Extra::forbid};
    std::optional<Bounds> price;
    Annotated<std::vector<std::string>> tags = empty;
    Annotated<std::int64_t, ge(1)> limit = 20;
};
struct Search {
    std::optional<Bounds> price;
    Annotated<std::vector<std::string>, explode(false)> tags = empty;
};
struct Line {
    Annotated<std::string, min_length(1)> name;
    Annotated<std::int64_t, ge(1)> count = 1;
};
struct Address {
    Annotated<std::string, min_length(1)> city;
};
struct Order {
    static constexpr auto model_config = model::ModelConfig{.extra = model::Extra::forbid};
    Annotated<Address> address;
    Annotated<std::vector<Line>> lines = empty;
    Annotated<std::map<std::string, std::int64_t>> counts = empty;
};
struct Account {
    Annotated<std::int64_t, default_factory([] { return std::int64_t{7}; }), read_only> id;
    Annotated<std::string> name;
    Annotated<std::string, write_only> password;
};

}  // namespace

AppPointer make_nested() {
    auto made = std::make_unique<App>(AppOptions{.title = "nested"});
    App& app = *made;
    app.get("/filter", [](Query<Filter, "filter"> filter) -> Filter { return *filter; });
    app.get("/optional", [](Query<std::optional<Filter>, "filter"> filter) -> bool {
        return filter->has_value();
    });
    app.get("/search", [](Query<Search> search) -> Search { return *search; });
    app.get("/ids",
            [](Query<std::vector<std::int64_t>, "ids", explode(false)> ids)
                -> std::vector<std::int64_t> { return *ids; });
    app.get("/header-ids",
            [](Header<std::vector<std::int64_t>, "X-Ids", explode(false)> ids)
                -> std::vector<std::int64_t> { return *ids; });
    app.post("/orders", [](Form<Order> order) -> Order { return *order; });
    app.post("/accounts", [](Account account) -> Account { return account; });
    return made;
}

}  // namespace portico::conformance
