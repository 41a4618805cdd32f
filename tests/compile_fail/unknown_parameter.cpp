// expect: a parameter must say where its value comes from: Path<T, "name">
#include "portico/app/app.hpp"

using namespace portico::app;

void routes(App& app) {
    app.get("/items", [](int limit) { return limit; });
}
