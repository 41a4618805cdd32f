#include "tests/conformance/apps/apps.hpp"

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace portico::conformance {
namespace {

enum class Size { small, large };

struct Item {
    std::int64_t id;
    std::string name;
    double price;
    std::optional<std::string> note;
};
struct Aliased {
    Annotated<std::string, alias("fullName")> full_name;
};
struct Various {
    Annotated<Uuid> id;
    Annotated<DateTime> at;
    Annotated<Date> day;
    Annotated<Decimal> price;
    Annotated<SecretString> secret;
    Annotated<Size> size = Size::large;
    Annotated<std::map<std::string, std::int64_t>> counts = empty;
    Annotated<Json> any = Json();
};

constexpr std::string_view kId = "123E4567-E89B-12D3-A456-426614174000";

}  // namespace

AppPointer make_responses() {
    auto made = std::make_unique<App>(AppOptions{.title = "responses"});
    App& app = *made;
    app.get("/model", []() -> Item { return {1, "pen", 1.5, std::nullopt}; });
    app.get("/list", []() -> std::vector<Item> {
        return {{1, "pen", 1.0, std::nullopt}, {2, "ink", 0.1, "blue"}};
    });
    app.get("/empty-list", []() -> std::vector<Item> { return {}; });
    app.get("/map", []() -> std::map<std::string, std::int64_t> { return {{"a", 1}, {"b", 2}}; });
    app.get("/text", []() -> std::string { return "a \"quoted\" é \n \x01 \U0001F600 /"; });
    app.get("/int", []() -> std::int64_t { return 42; });
    app.get("/float", []() -> std::vector<double> {
        return {1.0, 0.1, 1e21, 1e-7, 100.0, 123456789.125, -0.0, 5e-324};
    });
    app.get("/bool", []() -> bool { return true; });
    app.get("/nothing", [] {});
    app.get("/big", []() -> std::vector<std::int64_t> {
        return {std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()};
    });
    app.get("/aliased", []() -> Aliased { return {.full_name = "Ada L"}; });
    app.get("/various", []() -> Various {
        return {.id = Uuid::parse(kId).value(),
                .at = DateTime::parse("2026-01-02T03:04:05.250Z").value(),
                .day = Date::parse("2026-01-02").value(),
                .price = Decimal::parse("19.90").value(),
                .secret = SecretString("hunter2"),
                .counts = std::map<std::string, std::int64_t>{{"x", 1}},
                .any = Json::object({{"k", Json::array({1, nullptr})}})};
    });
    app.post("/created", []() -> Created<Item> { return {1, "pen", 1.5, std::nullopt}; });
    app.post("/accepted", []() -> Accepted<Item> { return Item{1, "pen", 1.5, "x"}; });
    app.post("/status-code", []() -> std::int64_t { return 1; }, {.status_code = 201});
    app.delete_("/no-content", [] { return NoContent{}; });
    app.get("/redirect", [] { return Redirect{"/model"}; });
    app.get("/redirect-303", [] { return Redirect{"/model?a=b c", 303}; });
    app.get("/html", [] { return HTMLResponse{"<h1>Hi</h1>"}; });
    app.get("/plain", [] { return PlainTextResponse{"Hi é"}; });
    app.get("/raw", [] { return Response(202, "<a/>", "application/xml"); });
    app.get("/headers", [](Response& response) -> int {
        response.headers.set("X-One", "1");
        response.status = 202;
        return 1;
    });
    app.get("/cookie", [](Response& response) -> int {
        response.set_cookie({.name = "theme", .value = "dark"});
        return 1;
    });
    app.get("/stream", [] {
        return stream(
            [i = 0]() mutable -> Task<std::optional<std::string>> {
                if (i == 3) co_return std::nullopt;
                co_return std::to_string(i++) + "\n";
            },
            "text/plain");
    });
    return made;
}

}  // namespace portico::conformance
