// expect: returns a const value
#include "portico/app/app.hpp"

using namespace portico::app;

struct Counter {
    int value = 0;
};

void routes(App& app) {
    app.post("/count", [](State<Counter> counter) { return ++counter->value; });
}
