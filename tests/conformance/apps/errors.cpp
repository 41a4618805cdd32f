#include "tests/conformance/apps/apps.hpp"

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
    Annotated<int> a;
    Annotated<int> b;
    Annotated<int> c;
    Annotated<std::vector<int>> list = empty;
};

}  // namespace

AppPointer make_errors() {
    auto made = std::make_unique<App>(AppOptions{.title = "errors"});
    App& app = *made;
    app.exception_handler<OutOfStock>(
        [](const Request&, const OutOfStock& error) -> Status<409, Problem> {
            return Problem{error.item};
        });
    app.get("/http/{status}",
            [](Path<int, "status"> status) -> int { throw HTTPException(*status, "It is so"); });
    app.get("/http-phrase/{status}",
            [](Path<int, "status"> status) -> int { throw HTTPException(*status); });
    app.get("/http-json", []() -> int {
        throw HTTPException(
            400, Json::object({{"why", Json::array({1, "two", nullptr})}, {"where", "here"}}));
    });
    app.get("/http-headers", []() -> int {
        throw HTTPException(401, "Who?", {{"WWW-Authenticate", "Bearer"}, {"X-Reason", "none"}});
    });
    app.get("/stock", []() -> int { throw OutOfStock("pen"); });
    app.get("/pens", []() -> int { throw OutOfPens("red pen"); });
    app.get("/unforeseen", []() -> int { throw std::runtime_error("the secret cause"); });
    app.post("/ten/{p}",
             [](Path<int, "p">, Query<int, "q">, Header<int, "x_h">, Cookie<int, "c">, Ten) -> int {
                 return 1;
             });
    app.post("/list", [](Body<std::vector<int>> list) -> std::size_t { return list->size(); });
    return made;
}

}  // namespace portico::conformance
