// What handlers need is made by functions that they name: nested, awaited, finished before the
// response. `app.override<find_tenant>(…)` puts another in its place: see testing.cpp.
#include <iostream>

#include <portico/portico.hpp>
using namespace portico;

struct Tenant {
    std::string name;
    int quota;
};

std::string tenant_name(Header<std::string, "X-Tenant", min_length(1)> name) {
    return *name;
}

// A coroutine that depends on another dependency. Asking a service over the network would block
// the loop, so it is done on a thread of the blocking executor.
Task<Tenant> find_tenant(Depends<tenant_name> name, App& app) {
    co_return co_await app.executors().blocking.run([name = *name]() -> Tenant {
        if (name == "acme") return {name, 3};
        throw NotFoundError("Tenant", name);
    });
}

// The value's `finish` is awaited before the first byte of the response, in the reverse order of
// making; an exception in it replaces the response. A database session commits there.
class Audit {
public:
    explicit Audit(std::string tenant) : tenant_(std::move(tenant)) {}

    void note(std::string_view what) { notes_ += " " + std::string(what); }

    Task<void> finish(Outcome outcome) {
        const char* end = outcome == Outcome::success ? ": kept" : ": dropped";
        std::clog << tenant_ + notes_ + end + "\n";
        co_return;
    }

private:
    std::string tenant_;
    std::string notes_;
};

// `find_tenant` runs once a request, however many depend on it.
Audit get_audit(Depends<find_tenant> tenant) {
    return Audit(tenant->name);
}

// An object, for a dependency with settings of its own. Nobody needs its value.
struct Only {
    std::string_view media_type;

    void operator()(const Request& request) const {
        if (request.header("Accept").contains(media_type)) return;
        throw HTTPException(406, "Only " + std::string(media_type));
    }
};

struct Order {
    Annotated<int, ge(1)> pieces;
};

int main(int argc, char** argv) {
    App app{{.title = "Dependencies"}};

    app.post(
        "/orders",
        [](Order order, Depends<find_tenant> tenant, Depends<get_audit> audit) -> Created<Order> {
            audit->note("order");
            if (order.pieces > tenant->quota) throw HTTPException(409, "Over the quota");
            return order;
        });
    app.get("/report",
            [](Depends<find_tenant> tenant) { return PlainTextResponse{tenant->name + "\n"}; },
            {.dependencies = {depends(Only{"text/plain"})}});
    return run(app, argc, argv);
}
