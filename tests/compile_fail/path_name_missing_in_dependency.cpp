// expect: the handler takes a Path<…> that this route's path lacks
#include "portico/app/app.hpp"

using namespace portico::app;

int owner(Path<int, "owner_id"> id) {
    return *id;
}

void routes(App& app) {
    app.get("/items/{id}", [](Path<int, "id">, Depends<owner> of) { return *of; });
}
