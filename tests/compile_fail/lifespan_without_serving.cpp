// expect: a lifespan function is Task<void>(App&, Serving&)
#include "portico/portico.hpp"

void start(portico::App& app) {
    app.lifespan([](portico::App&) -> portico::Task<void> { co_return; });
}
