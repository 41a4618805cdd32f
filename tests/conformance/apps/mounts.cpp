#include "tests/conformance/apps/apps.hpp"

#include <cstdint>
#include <exception>
#include <string>
#include <utility>

namespace portico::conformance {
namespace {

struct OutOfStock : std::exception {};

void needs_pass(Header<std::optional<std::string>, "X-Pass"> pass) {
    if (!*pass) throw HTTPException(403, "No pass");
}

/// The applications that are mounted; they outlive the one that they are mounted in.
struct Inner {
    App admin{{.title = "admin", .dependencies = {depends<needs_pass>()}}};
    App shop{{.title = "shop", .version = "2"}};
    App deep{{.title = "deep"}};
};
class Mounts : private Inner, public App {
public:
    Mounts() : App(AppOptions{.title = "mounts"}) {
        get("/x", []() -> std::string { return "outer"; });
        get("/shop/first", []() -> std::string { return "outer"; });
        exception_handler<OutOfStock>(
            [](const Request&, const OutOfStock&) { return PlainTextResponse{"outer", 409}; });
        get("/out", []() -> int { throw OutOfStock(); });

        admin.get("/x", []() -> std::string { return "admin"; });
        shop.get("/x", []() -> std::string { return "shop"; });
        shop.get("/first", []() -> std::string { return "shop"; });
        shop.get("/items/{id}", [](Path<std::int64_t, "id"> id) -> std::int64_t { return *id; });
        shop.get("/out", []() -> int { throw OutOfStock(); });
        shop.get("/", []() -> std::string { return "root of the shop"; });
        shop.exception_handler<OutOfStock>(
            [](const Request&, const OutOfStock&) { return PlainTextResponse{"inner", 410}; });
        deep.get("/x", []() -> std::string { return "deep"; });
        shop.mount("/deep", deep);
        mount("/shop", shop);
        mount("/admin", admin);
    }
};

}  // namespace

AppPointer make_mounts() {
    return std::make_unique<Mounts>();
}

}  // namespace portico::conformance
