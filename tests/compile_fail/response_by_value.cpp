// expect: take the response as Response&: what is set on it is merged into the answer
#include "portico/app/app.hpp"

void add(portico::app::App& app) {
    app.get("/x", [](portico::http::Response) { return 1; });
}
