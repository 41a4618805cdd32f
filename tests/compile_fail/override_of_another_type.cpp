// expect: an override of another type: it must return what the dependency returns
#include <string>

#include "portico/app/app.hpp"

using namespace portico::app;

int number() {
    return 1;
}

void test(App& app) {
    app.override<number>([] { return std::string("1"); });
}
