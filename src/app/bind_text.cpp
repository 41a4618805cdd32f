#include "app/body.hpp"
#include "app/text_fields.hpp"
#include "portico/app/exceptions.hpp"

namespace portico::app {

void bind_text(const Binding& binding, const http::Request& request, void* at,
               model::Faults& faults) {
    TextSource source;
    switch (binding.table->source) {
        case Source::path:
            source = {.word = "path", .pairs = request.path_params()};
            break;
        case Source::query:
            // Half a query would be read as if it were the whole.
            if (request.query_truncated()) throw HTTPException(400, "Too many query parameters");
            source = {
                .word = "query", .pairs = request.query_params(), .raw_query = request.raw_query()};
            break;
        case Source::cookie:
            source = {.word = "cookie", .pairs = request.cookies()};
            break;
        default:
            source = {.word = "header", .pairs = {}, .headers = &request.headers()};
    }
    bind_fields(binding, source, request.arena(), at, faults);
}

}  // namespace portico::app
