// expect: a hook or job is a function that takes App& or nothing
#include "portico/portico.hpp"

void start(portico::App& app) {
    app.on_startup([](int) {});
}
