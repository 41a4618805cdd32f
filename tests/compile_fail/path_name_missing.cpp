// expect: the handler takes a Path<…> that this route's path lacks
#include "portico/app/app.hpp"

using namespace portico::app;

void routes(App& app) {
    app.get("/items/{id}", [](Path<int, "item_id"> id) { return *id; });
}
