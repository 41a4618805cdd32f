// expect: a parameter without a name must be a struct, whose members are then the parameters
#include "portico/app/app.hpp"

using namespace portico::app;

void routes(App& app) {
    app.get("/items", [](Query<int> limit) { return *limit; });
}
