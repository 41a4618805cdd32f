// expect: a dependency's finish(Outcome) returns Task<void>
#include "portico/app/app.hpp"

using namespace portico::app;

struct Session {
    void finish(portico::core::Outcome) {}
};
Session session() {
    return {};
}

void routes(App& app) {
    app.get("/items", [](Depends<session>) { return 1; });
}
