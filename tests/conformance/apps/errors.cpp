#include "tests/conformance/apps/apps.hpp"

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace portico::conformance {
namespace {

struct OutOfStock : std::exception {
    std::string item;
    explicit OutOfStock(std::string of) : item(std::move(of)) {}
};
struct OutOfPens : OutOfStock {
    using OutOfStock::OutOfStock;
};
struct Problem {
    std::string item;
};
struct Ten {
    Annotated<std::int64_t> a;
    Annotated<std::int64_t> b;
    Annotated<std::int64_t> c;
    Annotated<std::vector<std::int64_t>> list = empty;
};

}  // namespace

AppPointer make_errors() {
    auto made = std::make_unique<App>(AppOptions{.title = "errors"});
    App& app = *made;
    app.exception_handler<OutOfStock>(
        [](const Request&, const OutOfStock& error) -> Status<409, Problem> {
            return Problem{error.item};
        });
    app.get("/http/{status}", [](Path<std::int64_t, "status"> status) -> std::int64_t {
        throw HTTPException(static_cast<int>(*status), "It is so");
    });
    app.get("/http-phrase/{status}", [](Path<std::int64_t, "status"> status) -> std::int64_t {
        throw HTTPException(static_cast<int>(*status));
    });
    app.get("/http-json", []() -> std::int64_t {
        throw HTTPException(
            400, Json::object({{"why", Json::array({1, "two", nullptr})}, {"where", "here"}}));
    });
    app.get("/http-headers", []() -> std::int64_t {
        throw HTTPException(401, "Who?", {{"WWW-Authenticate", "Bearer"}, {"X-Reason", "none"}});
    });
    app.get("/stock", []() -> std::int64_t { throw OutOfStock("pen"); });
    app.get("/pens", []() -> std::int64_t { throw OutOfPens("red pen"); });
    app.get("/unforeseen", []() -> std::int64_t { throw std::runtime_error("the secret cause"); });
    app.post("/ten/{p}",
             [](Path<std::int64_t, "p">, Query<std::int64_t, "q">, Header<std::int64_t, "x_h">,
                Cookie<std::int64_t, "c">, Ten) -> std::int64_t { return 1; });
    app.post("/list",
             [](Body<std::vector<std::int64_t>> list) -> std::size_t { return list->size(); });
    return made;
}

}  // namespace portico::conformance
