#pragma once

#include <memory>
#include <string>
#include <vector>

#include "portico/app/app.hpp"
#include "portico/model/json.hpp"
#include "portico/openapi/document.hpp"

namespace portico::openapi {

/// What the pages show beyond the document.
struct DocsOptions {
    std::string init_oauth = {};     ///< A JSON object for Swagger UI's `initOAuth`.
    std::string ui_parameters = {};  ///< A JSON object merged over Swagger UI's options.
};

/// An application that documents itself: `/openapi.json` (with `/openapi.yaml` and
/// `/openapi-3.0.json`), `/docs` (Swagger UI, with its Authorize dialog), `/docs/oauth2-redirect`,
/// `/redoc` and `/scalar`, at the addresses that `AppOptions` gives; an empty address leaves the
/// page out. This is `portico::App`.
///
/// The pages' scripts are part of the program: no request leaves the machine, and
/// `script-src 'self'` is enough for them. A document is made when it is first asked for. Two
/// routes with one operation id are an error at the start.
class App : public app::App {
public:
    explicit App(app::AppOptions options = {}, DocsOptions docs = {});
    ~App() override;

    /// The document, as `/openapi.json` answers it.
    [[nodiscard]] model::Json openapi();

    /// One more document, of a part of the routes, with pages of its own.
    ///
    ///     app.document("/v1/openapi.json", {.prefix = "/v1", .docs_url = "/v1/docs"});
    void document(std::string url, DocumentOptions options);

private:
    class Document;

    DocsOptions docs_;
    std::vector<std::unique_ptr<Document>> documents_;
};

}  // namespace portico::openapi

namespace portico::app::detail {

/// Handlers and dependencies take the application as `App&`.
template <>
struct Parameter<openapi::App> {
    static constexpr ParameterTable kTable{.source = Source::app, .type = &typeid(openapi::App)};
};

}  // namespace portico::app::detail
