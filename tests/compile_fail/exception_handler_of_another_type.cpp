// expect: an exception handler is called as handler(const Request&, const E&)
#include "portico/app/app.hpp"

void add(portico::app::App& app) {
    app.exception_handler<portico::app::HTTPException>(
        [](const portico::http::Request&, int status) { return status; });
}
