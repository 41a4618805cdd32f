// expect: take the request as Request&
#include "portico/app/app.hpp"

using namespace portico::app;

struct Handler {
    int operator()(portico::http::Request&& request) { return request.http_version(); }
};

void routes(App& app) {
    app.get("/items", Handler{});
}
