#include "tests/conformance/apps/apps.hpp"

#include <optional>
#include <string>

namespace portico::conformance {
namespace {

/// 26 letters.
const std::string alphabet = PORTICO_CONFORMANCE_CASES "/files/alphabet.txt";

}  // namespace

AppPointer make_files() {
    auto made = std::make_unique<App>(AppOptions{.title = "files"});
    App& app = *made;
    app.get("/alphabet", [] { return FileResponse(alphabet); });
    app.get("/named", [] { return FileResponse(alphabet, {.filename = "letters.txt"}); });
    app.get("/unicode", [] { return FileResponse(alphabet, {.filename = "März 1.txt"}); });
    app.get("/inline", [] {
        return FileResponse(alphabet,
                            {.filename = "letters.txt", .content_disposition_type = "inline"});
    });
    app.get("/typed", [] { return FileResponse(alphabet, {.media_type = "application/x-abc"}); });
    app.get("/status", [] { return FileResponse(alphabet, {.status_code = 203}); });
    app.get("/missing", [] { return FileResponse::find(alphabet + ".none"); });
    return made;
}

}  // namespace portico::conformance
