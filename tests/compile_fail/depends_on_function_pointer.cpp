// expect: depends(object) is for objects: write depends<f>() for a function
#include "portico/app/app.hpp"

using namespace portico::app;

void check() {}

void routes(App& app) {
    app.get("/items", [] { return 1; }, {.dependencies = {depends(check)}});
}
