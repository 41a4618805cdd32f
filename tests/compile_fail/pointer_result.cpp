// expect: a handler returns a value
#include "portico/app/app.hpp"

using namespace portico::app;

void routes(App& app) {
    app.get("/items", [] { return "text"; });
}
