// expect: whose parameters have types: a generic lambda can't be bound
#include "portico/app/app.hpp"

using namespace portico::app;

void routes(App& app) {
    app.get("/items", [](auto limit) { return limit; });
}
