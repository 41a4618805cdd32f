#pragma once

#include <memory>

#include "portico/app/app.hpp"
#include "portico/model/json.hpp"

namespace portico::openapi {

/// What the pages show beyond the document.
struct DocsOptions {
    std::string init_oauth = {};     ///< A JSON object for Swagger UI's `initOAuth`.
    std::string ui_parameters = {};  ///< A JSON object merged over Swagger UI's options.
};

/// An application that documents itself: `/openapi.json`, `/docs` (Swagger UI, with its Authorize
/// dialog), `/docs/oauth2-redirect` and `/redoc`, at the addresses that `AppOptions` gives; an
/// empty address leaves the page out. This is `portico::App`.
///
/// The pages' scripts are part of the program: no request leaves the machine, and
/// `script-src 'self'` is enough for them. The document is made when it is first asked for.
class App : public app::App {
public:
    explicit App(app::AppOptions options = {}, DocsOptions docs = {});
    ~App() override;

    /// The document, as `/openapi.json` answers it.
    [[nodiscard]] model::Json openapi();

private:
    class Documents;
    void add_pages(const DocsOptions& docs);

    std::unique_ptr<Documents> documents_;
};

}  // namespace portico::openapi

namespace portico::app::detail {

/// Handlers and dependencies take the application as `App&`.
template <>
struct Parameter<openapi::App> {
    static constexpr ParameterTable kTable{.source = Source::app, .type = &typeid(openapi::App)};
};

}  // namespace portico::app::detail
